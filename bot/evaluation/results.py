"""What one question scored, in the form in which a run keeps it and another run reads it.

It adds nothing up and judges nothing: `bot.evaluation.outcomes` and `bot.evaluation.counts` do.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.evaluation.counts import counts
from bot.evaluation.outcomes import Outcome

_Number = Annotated[float, Field(allow_inf_nan=False)]
_Probability = Annotated[float, Field(ge=0, le=1)]


class Result(BaseModel):
    """What a question scored, beside what was asked and expected.

    `right` is None where nothing says what would be right; `counts` is what it adds to each measure, hits and of
    how many; `probability` is that of the best sentence; `judged_right` is what a chat model that judged it says;
    `seconds` is the time that asking it took.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    history: tuple[str, ...] = ()
    answerable: bool = True
    facts: tuple[tuple[str, ...], ...] = ()
    language: str | None = None
    tags: tuple[str, ...] = ()
    right: bool | None
    answered: bool
    declined: bool
    stage: str | None = None
    probability: _Probability | None = None
    judged_right: bool | None = None
    seconds: _Number
    counts: dict[str, tuple[_Number, _Number]]

    @property
    def given(self) -> bool:
        """Whether an answer was given, and it was no decline."""
        return self.answered and not self.declined

    def asks_the_same(self, other: "Result") -> bool:
        """Whether both ask the same and expect the same, so that their answers can be set side by side."""
        return self._asked == other._asked

    @property
    def _asked(self) -> tuple[object, ...]:
        return self.question, self.history, self.answerable, self.facts


def result_of(outcome: Outcome) -> Result:
    """What the outcome scored."""
    question, answer = outcome.question, outcome.answer
    return Result(
        id=question.id,
        question=question.question,
        history=question.history,
        answerable=question.answerable,
        facts=question.facts,
        language=question.language,
        tags=question.tags,
        right=outcome.right,
        answered=answer is not None,
        declined=outcome.declined,
        stage=outcome.stage,
        probability=min(1.0, max(0.0, answer.probability)) if answer else None,
        judged_right=outcome.judged_right,
        seconds=outcome.seconds,
        counts=counts(outcome),
    )
