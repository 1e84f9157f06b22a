"""Proposes questions with their gold quotes for the releases of a corpus, for a person to accept, change or drop.

It reads no store and writes no file. The same corpus, limit and seed give the same questions.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from bot.catalog import Entry
from bot.domain import Passage, Release
from bot.evaluation.draft.absence import unanswered
from bot.evaluation.draft.choose import SHARE_CROSSED, chosen, cross_language, follow_up
from bot.evaluation.draft.entries import entry_of, unanswerable
from bot.evaluation.draft.fold import Answers, folded_together
from bot.evaluation.draft.from_model import worth_asking
from bot.evaluation.draft.proposal import Proposal
from bot.evaluation.draft.rules import asked_by_rules
from bot.evaluation.draft.unanswerable import Doubtful, swapped, unstated
from bot.evaluation.sets.questions import Question

LIMIT = 8
"""Questions of one release, all variants counted."""
PASSAGES = 3
"""Passages of a release that a chat model is asked about."""
DOUBTFUL = 12
"""Questions of a release that may turn out to be unanswerable; one is kept."""

Asking = Callable[[Release, Passage], list[Proposal]]
"""What a chat model asks about a passage."""


@dataclass(slots=True)
class _Drafted:
    """What was drafted so far."""

    questions: list[Question] = field(default_factory=list)
    doubtful: list[tuple[Release, list[Doubtful]]] = field(default_factory=list)
    answers: Answers = field(default_factory=Answers)


def propose(
    corpus: Iterable[Entry],
    *,
    limit: int = LIMIT,
    seed: int = 0,
    ask_model: Asking | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Question]:
    """Up to `limit` questions for each release, tagged as drafts, in the order of the corpus.

    The corpus is gone through twice, one release at a time; of its entries the release, the passages and the
    definitions are used. `progress` is told how many releases are done. Raises what `ask_model` raises.
    """
    if isinstance(corpus, Iterator):  # the second pass would find nothing
        corpus = list(corpus)
    drafted = _Drafted()
    for done, entry in enumerate(corpus, start=1):
        _draft(entry, limit, random.Random(f"{seed}:{entry.release.id}"), ask_model, drafted)
        progress(done)
    candidates = [each for _, several in drafted.doubtful for each in several]
    certain = {id(each) for each in unanswered(candidates, (entry.release.text for entry in corpus))}
    declined = [
        unanswerable(each, release.date)
        for release, several in drafted.doubtful
        for each in [one for one in several if id(one) in certain][:1]
    ]
    return folded_together([*drafted.questions, *declined], drafted.answers)


def _draft(entry: Entry, limit: int, rng: random.Random, ask_model: Asking | None, drafted: _Drafted) -> None:
    """Drafts the questions of a release: most asked outright, and one each of the other forms that fit the limit."""
    definitions = list(entry.definitions)
    proposals = asked_by_rules(entry.release, definitions)
    proposals += _by_model(entry, rng, ask_model) if ask_model else []
    for proposal in proposals:
        drafted.answers.add(proposal)
    follows = 1 if limit >= SHARE_CROSSED else 0
    crosses = limit // SHARE_CROSSED
    taken = chosen(proposals, max(1, limit - crosses - 2 * follows), rng)
    drafted.questions += [entry_of(proposal, definitions) for proposal in taken]
    drafted.questions += cross_language(taken, crosses, definitions, rng)
    if follows and (following := follow_up(taken, proposals, definitions)):
        drafted.questions.append(following)
    if follows:
        doubtful = [*unstated(proposals, definitions), *swapped(proposals, rng)]
        drafted.doubtful.append((entry.release, rng.sample(doubtful, min(len(doubtful), DOUBTFUL))))


def _by_model(entry: Entry, rng: random.Random, ask_model: Asking) -> Iterator[Proposal]:
    passages = worth_asking(entry.passages)
    for passage in rng.sample(passages, min(PASSAGES, len(passages))):
        yield from ask_model(entry.release, passage)
