"""Reads a question set: what to ask, what goes before it, and the facts a right answer holds.

It asks nothing and knows no release.
"""

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from bot.errors import QuestionError
from bot.evaluation.entries import FORM, Entry, read_entries
from bot.evaluation.metrics import folded

PROBLEMS_SHOWN = 5


def _empty_when_null(value: object) -> object:
    return () if value is None else value


def _grouped(value: object) -> object:
    if isinstance(value, list):
        return [[group] if isinstance(group, str) else group for group in value]
    return _empty_when_null(value)


_Text = Annotated[str, Field(min_length=1)]
_Texts = Annotated[tuple[_Text, ...], BeforeValidator(_empty_when_null)]
_Alternatives = Annotated[tuple[_Text, ...], Field(min_length=1)]
_Facts = Annotated[tuple[_Alternatives, ...], BeforeValidator(_grouped)]


class Question(BaseModel):
    """One entry of a question set.

    Each group of `facts` is met by any of its alternatives; a group of one may be written as plain text.
    `history` holds the questions that go before, oldest first. `releases` names the releases that
    answer. Keys that are not known here (such as `seed`) are kept in `model_extra`.
    """

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    id: _Text
    question: _Text
    history: _Texts = ()
    facts: _Facts = ()
    releases: _Texts = ()
    answerable: bool = True
    language: str | None = None
    tags: _Texts = ()

    @field_validator("answerable", mode="before")
    @classmethod
    def _is_answerable_when_null(cls, value: object) -> object:
        return True if value is None else value

    @field_validator("facts")
    @classmethod
    def _can_be_found(cls, facts: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        for fact in (fact for group in facts for fact in group):
            if not folded(fact).strip():
                raise ValueError(f"{fact!r} holds no word or number that could be found in an answer")
        return facts


def read_questions(file: Path) -> tuple[Question, ...]:
    """The questions of a set, in the order of the file: at least one, each with an id of its own.

    Raises QuestionError, naming the file, the line, the entry and the field.
    """
    questions: list[Question] = []
    lines: dict[str, int] = {}
    problems: list[str] = []
    for number, entry in enumerate(read_entries(file), start=1):
        try:
            question = Question.model_validate(entry.values)
        except ValidationError as error:
            problems += [_explained(problem, number, entry) for problem in error.errors()]
            continue
        if question.id in lines:
            problems.append(
                f"line {entry.line}: the id {question.id!r} was used on line {lines[question.id]}"
            )
            continue
        lines[question.id] = entry.line
        questions.append(question)
    if problems:
        more = f"; and {len(problems) - PROBLEMS_SHOWN} more" if len(problems) > PROBLEMS_SHOWN else ""
        shown = "; ".join(problems[:PROBLEMS_SHOWN])
        raise QuestionError(f"{file} cannot be used: {shown}{more}. Correct the file and run again.")
    if not questions:
        raise QuestionError(f"{file} holds no questions. {FORM}.")
    return tuple(questions)


def _explained(problem: Any, number: int, entry: Entry) -> str:
    field, *position = problem["loc"]
    line = entry.lines.get(field, entry.line)
    identity = entry.values.get("id")
    named = f"entry {identity!r}" if isinstance(identity, str) and identity else f"entry {number}"
    if problem["type"] == "missing":
        return f"line {line}: {named} has no {field}"
    items = [str(step + 1) for step in position if isinstance(step, int)]
    place = f"{field} (item {'.'.join(items)})" if items else str(field)
    if field == "facts" and problem["type"] != "value_error":
        reason = "write groups of alternatives, for example [[23 June 2023, June 23], [New York]]"
    else:
        reason = problem["msg"].removeprefix("Value error, ")
    return f"line {line}: {named}: {place}: {reason}"
