"""Of all that can be asked about a release, a few questions of many kinds, some in another form.

Nothing here depends on other releases.
"""

import random
from collections.abc import Sequence

from bot.domain import Definition
from bot.evaluation.draft.entries import crossed, entry_of
from bot.evaluation.draft.proposal import Proposal, spoken
from bot.evaluation.sets.questions import Question

SHARE_CROSSED = 4
"""One question in so many is asked in the other language besides."""


def chosen(proposals: Sequence[Proposal], limit: int, rng: random.Random) -> list[Proposal]:
    """Up to `limit` of the proposals: one of each kind, then another of each, in the order of the release."""
    by_kind: dict[str, list[Proposal]] = {}
    for proposal in proposals:
        by_kind.setdefault(proposal.kind, []).append(proposal)
    kinds = sorted(by_kind)
    rng.shuffle(kinds)
    for kind in kinds:
        rng.shuffle(by_kind[kind])
    taken: list[Proposal] = []
    while len(taken) < limit and any(by_kind.values()):
        taken += [by_kind[kind].pop() for kind in kinds if by_kind[kind]][: limit - len(taken)]
    return sorted(taken, key=lambda proposal: (proposal.start, proposal.question))


def follow_up(
    taken: Sequence[Proposal], proposals: Sequence[Proposal], definitions: Sequence[Definition]
) -> Question | None:
    """A question about what one of those taken is about, which names it by a pronoun only; None where none can be."""
    for first in taken:
        for second in proposals:
            same = first.subject and first.subject == second.subject and first.question != second.question
            if same and second.pronoun and second.language == first.language and second.kind != first.kind:
                asked = spoken(second.form.replace("{}", second.pronoun), second.language)
                return entry_of(second, definitions, history=[first.question], follow_up=asked)
    return None


def cross_language(
    taken: Sequence[Proposal], limit: int, definitions: Sequence[Definition], rng: random.Random
) -> list[Question]:
    """Up to `limit` of the questions, asked in the other language where there is a wording for it."""
    able = [proposal for proposal in taken if proposal.other]
    picked = rng.sample(able, min(limit, len(able)))
    return [crossed(proposal, definitions) for proposal in sorted(picked, key=lambda each: each.start)]
