"""What came of one question, set beside what was expected.

It asks nothing and adds nothing up.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain import Answer, Usage
from bot.evaluation.judge import Judgement
from bot.evaluation.metrics import facts_found, told
from bot.evaluation.sets.questions import Question
from bot.language.terms import language_of
from bot.settings import READING


@dataclass(frozen=True, slots=True)
class RankedEvidence:
    """A sentence that was weighed: the id of its release, its words, and of those the ones that answer."""

    release: str
    quote: str
    probability: float
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    `answer` is None where asking failed, and `error` says why. `missing` holds the groups of
    facts that the answer does not tell. `quotes` counts the quotes shown for the question and for
    the questions before it; `verbatim` those that the stored release holds at their span.

    What follows is there where it is known. `stage` names where the answer was lost and `reason` is the
    sentence that says why. `evidence` is what was weighed, the most probable first. `stage_seconds` says how
    long each stage took. `usage_before` is what a chat model was asked for the questions before it, `judgement` what
    one says of the answer.
    """

    question: Question
    answer: Answer | None
    seconds: float
    quotes: int = 0
    verbatim: int = 0
    error: str | None = None
    missing: tuple[tuple[str, ...], ...] = ()
    stage: str | None = None
    reason: str = ""
    evidence: tuple[RankedEvidence, ...] = ()
    stage_seconds: Mapping[str, float] = field(default_factory=dict)
    usage_before: Usage | None = None
    judgement: Judgement | None = None

    @property
    def judged_right(self) -> bool | None:
        """Whether the answer is right to the chat model that judged it; None without a verdict."""
        return self.judgement.right if self.judgement else None

    @property
    def usage(self) -> Usage | None:
        """What a chat model was asked for the question and for those before it; None where none was."""
        return total_usage([self.usage_before, self.answer.usage if self.answer else None])

    @property
    def lost_at(self) -> str | None:
        """Where the answer was lost, as far as that is known; a question that failed was lost in that."""
        if self.error is not None:
            return "failed"
        if self.verbatim < self.quotes:
            return "quoted what does not stand there"
        return self.stage or ("answered in another language" if self.in_its_language is False else None)

    @property
    def in_its_language(self) -> bool | None:
        """Whether the answer says it is in the question's language, and its own words are; quotes are as they are.

        None where nothing was answered, or the question states no language.
        """
        answer, wanted = self.answer, _primary(self.question.language)
        if answer is None or not wanted:
            return None
        quotes_only = answer.mode == READING and not answer.declined
        written = wanted if quotes_only else _primary(language_of(answer.text, wanted))
        return _primary(answer.language) == wanted == written

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


def total_usage(usages: Iterable[Usage | None]) -> Usage | None:
    """All of them together; None where no chat model was asked. The cost is known where each one's is."""
    asked = [usage for usage in usages if usage]
    if not asked:
        return None
    costs = [usage.cost for usage in asked if usage.cost is not None]
    return Usage(
        calls=sum(usage.calls for usage in asked),
        tokens_in=sum(usage.tokens_in for usage in asked),
        tokens_out=sum(usage.tokens_out for usage in asked),
        cost=math.fsum(costs) if len(costs) == len(asked) else None,
    )


def _primary(language: str | None) -> str:
    return (language or "").replace("_", "-").partition("-")[0].casefold()


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
