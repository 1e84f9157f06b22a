"""Reads a question set: what to ask, what goes before it, and the facts a right answer holds.

It asks nothing and knows no release.
"""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.errors import QuestionError
from bot.evaluation.sets.entries import FORM, Entry, read_entries
from bot.facts.folding import folded

PROBLEMS_SHOWN = 5


def _empty_when_null(value: object) -> object:
    return () if value is None else value


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else _empty_when_null(value)


def _grouped(value: object) -> object:
    if isinstance(value, list):
        return [[group] if isinstance(group, str) else group for group in value]
    return _empty_when_null(value)


def _iso(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value) if _ISO_DATE.fullmatch(value) else value
        except ValueError:
            return value
    return value


_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_Text = Annotated[str, Field(min_length=1)]
_Texts = Annotated[tuple[_Text, ...], BeforeValidator(_empty_when_null)]
_OneOrMore = Annotated[tuple[_Text, ...], BeforeValidator(_listed)]
_Alternatives = Annotated[tuple[_Text, ...], Field(min_length=1)]
_Facts = Annotated[tuple[_Alternatives, ...], BeforeValidator(_grouped)]


class Question(BaseModel):
    """One entry of a question set.

    Keys that are not known here are kept, as they stand, in `model_extra`.
    """

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    id: _Text = Field(description="Names the entry in every report; no other entry of the set has it.")
    question: _Text = Field(description="What is asked.")
    history: _Texts = Field((), description="What the same person asked before, oldest first.")
    facts: _Facts = Field(
        (),
        description="What a right answer tells: each fact is a text, or a list of texts of which any will do. "
        "Numbers and dates are compared by value, names without case and accents.",
    )
    releases: _OneOrMore = Field((), description="The ids of the releases that answer; `seed` says the same.")
    quotes: _OneOrMore = Field(
        (), description="What a right answer quotes, word for word as a release has it."
    )
    answerable: bool = Field(True, description="False where no release answers and declining is right.")
    language: str | None = Field(None, description="The language that is asked in, as an ISO 639-1 code.")
    tags: _OneOrMore = Field((), description="What the scores are also given by, such as a topic or a kind.")
    as_of: Annotated[date | None, BeforeValidator(_iso)] = Field(
        None, strict=True, description="The day on which the expected answer was right, such as 2023-06-23."
    )
    note: str = Field("", description="A remark for people.")

    @model_validator(mode="before")
    @classmethod
    def _seeded(cls, values: Any) -> Any:
        # Beside `releases`, a seed says what the question was made from: it stays what it is.
        if (
            not isinstance(values, dict)
            or "seed" not in values
            or values.get("releases") not in (None, [], ())
        ):
            return values
        others = {key: value for key, value in values.items() if key not in ("seed", "releases")}
        return {**others, "releases": values["seed"]}

    @field_validator("note", mode="before")
    @classmethod
    def _is_empty_when_null(cls, value: object) -> object:
        return "" if value is None else value

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
    field = str(problem["loc"][0])
    if field == "releases" and "releases" not in entry.lines:
        field = "seed"
    identity = entry.values.get("id")
    named = f"entry {identity!r}" if isinstance(identity, str) and identity else f"entry {number}"
    line = entry.lines.get(field, entry.line)
    return f"line {line}: {named}{':' if problem['type'] != 'missing' else ''} {explained(problem, field)}"


def explained(problem: Any, field: str) -> str:
    """A problem of a `ValidationError` with `field`, in words: which item of it, and why."""
    if problem["type"] == "missing":
        return f"has no {field}"
    items = [str(step + 1) for step in problem["loc"][1:] if isinstance(step, int)]
    place = f"{field} (item {'.'.join(items)})" if items else field
    if field == "facts" and problem["type"] != "value_error":
        reason = "write groups of alternatives, for example [[23 June 2023, June 23], [New York]]"
    elif field == "as_of":
        reason = "write a day as 2023-06-23"
    else:
        reason = problem["msg"].removeprefix("Value error, ")
    return f"{place}: {reason}"
