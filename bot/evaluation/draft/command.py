"""`python -m bot evaluate --draft`: a question set drafted from a corpus, for a person to go through.

It drafts nothing itself.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.catalog import Entry
from bot.domain import Passage, Release
from bot.errors import ChatModelError, QuestionError, StorageError
from bot.evaluation.draft.from_model import open_proposer
from bot.evaluation.draft.proposal import Proposal
from bot.evaluation.draft.propose import LIMIT, Asking, propose
from bot.evaluation.draft.stored import Stored
from bot.evaluation.sets.importing.sources import SETS
from bot.evaluation.sets.writing import write_questions
from bot.settings import Settings


def check_target(out: Path) -> None:
    """Raises StorageError where the set is there already or is no YAML file: what a person accepted stays."""
    if out.suffix.lower() not in SETS:
        raise StorageError(f"{out} is no YAML file: give a question set that ends in .yaml with --out.")
    if out.exists():
        raise StorageError(f"{out} is there already: remove it, or give another file with --out.")


def run(
    corpus: Stored | Sequence[Entry], out: Path, settings: Settings, *, limit: int | None, seed: int
) -> int:
    """Writes the drafted questions and says on stderr how many there are of each kind; returns 0.

    Raises QuestionError where the corpus gives none, and StorageError where `out` cannot be written.
    """
    from rich.console import Console
    from rich.progress import Progress

    check_target(out)
    proposer = open_proposer(settings)
    asking = _Patient(proposer) if proposer else None
    notes = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    with Progress(console=notes, transient=True, disable=not notes.is_terminal) as bar:
        task = bar.add_task("Drafting", total=len(corpus))
        questions = propose(
            corpus,
            limit=LIMIT if limit is None else limit,
            seed=seed,
            ask_model=asking,
            progress=lambda done: bar.update(task, completed=done),
        )
    if asking and asking.failure:
        print(f"{asking.failure} From there on the questions are those of rules.", file=sys.stderr)
    if not questions:
        raise QuestionError(
            "No question could be drafted: the releases are in no language with rules (English, French), or say too "
            "little in whole sentences. Set a chat model, or write the questions by hand."
        )
    write_questions(questions, out)
    kinds = Counter(question.tags[1] for question in questions)
    told = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    print(f"{len(questions)} questions from {len(corpus)} releases are in {out}: {told}.", file=sys.stderr)
    print("Each is tagged draft. Read them before you trust a score.", file=sys.stderr)
    return 0


class _Patient:
    """Asks until the chat model fails once; what the rules give stands without it."""

    def __init__(self, ask: Asking) -> None:
        self._ask = ask
        self.failure: ChatModelError | None = None

    def __call__(self, release: Release, passage: Passage) -> list[Proposal]:
        if self.failure:
            return []
        try:
            return self._ask(release, passage)
        except ChatModelError as error:
            self.failure = error
            return []
