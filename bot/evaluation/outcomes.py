"""What came of one question, set beside what was expected.

It asks nothing and adds nothing up.
"""

from dataclasses import dataclass

from bot.domain import Answer
from bot.evaluation.metrics import facts_found, told
from bot.evaluation.questions import Question


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    `answer` is None where asking failed, and `error` says why. `missing` holds the groups of
    facts that the answer does not tell. `quotes` counts the quotes shown for the question and for
    the questions before it; `verbatim` those that the stored release holds at their span.
    """

    question: Question
    answer: Answer | None
    seconds: float
    quotes: int = 0
    verbatim: int = 0
    error: str | None = None
    missing: tuple[tuple[str, ...], ...] = ()

    @property
    def declined(self) -> bool:
        return self.answer is not None and self.answer.declined

    @property
    def right(self) -> bool | None:
        """Whether every fact was told, or an unanswerable question declined.

        None for an answerable question without facts: nothing says what would be right.
        """
        if not self.question.answerable:
            return self.declined
        if not self.question.facts:
            return None
        return self.answer is not None and not self.declined and not self.missing

    @property
    def cites_right_release(self) -> bool:
        """Whether one of the releases that answer is cited."""
        cited = {citation.release_id for citation in self.answer.citations} if self.answer else set()
        return not cited.isdisjoint(self.question.releases)


def outcome_of(
    question: Question,
    answer: Answer | None,
    seconds: float,
    quotes: int = 0,
    verbatim: int = 0,
    error: str | None = None,
) -> Outcome:
    """The outcome of a question, with the groups of facts that its answer does not tell."""
    found = facts_found(question.facts, told(answer) if answer else "")
    missing = tuple(group for group, is_found in zip(question.facts, found, strict=True) if not is_found)
    return Outcome(question, answer, seconds, quotes, verbatim, error, missing)


def expected(outcome: Outcome) -> str:
    """What a right answer would have held that this one does not: the first alternative of each group."""
    if not outcome.question.answerable:
        return "a decline"
    wanted = outcome.missing or outcome.question.facts
    return "; ".join(group[0] for group in wanted) or "an answer"


def came(outcome: Outcome) -> str:
    """What came instead."""
    if outcome.answer is None:
        return f"error: {outcome.error}"
    return "declined" if outcome.declined else outcome.answer.text
