"""Reads a run from its folder, answers.jsonl and scores.json: what each question scored, and what was answered.

It compares nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.errors import StorageError
from bot.evaluation.results import Result

ADVICE = (
    "Give the folder of a run that ended: `python -m bot evaluate QUESTIONS.yaml --out FOLDER` writes one."
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote that was shown, and the id of its release."""

    release: str
    quote: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered: its text and its quotes, or why asking failed."""

    text: str
    quotes: tuple[Quoted, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run that ended: by the id of the question, in the order asked, what it scored and what was answered."""

    results: Mapping[str, Result]
    replies: Mapping[str, Reply]


def read_run(folder: Path) -> Run:
    """The run in a folder. Raises StorageError, naming the file and the line, where it cannot be used."""
    scores = folder / "scores.json"
    data = _parsed(_text(scores), str(scores))
    if not isinstance(data, dict) or "by_question" not in data:
        raise StorageError(
            f"{scores} does not say what each question scored: it is from an earlier version, or no scores. {ADVICE}"
        )
    try:
        results = TypeAdapter(list[Result]).validate_python(data["by_question"])
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, ("by_question", *problem["loc"])))
        raise StorageError(
            f"{scores} cannot be used: {place}: {problem['msg']}. Evaluate the questions again."
        ) from None
    replies = _replies(folder / "answers.jsonl")
    if missing := [result.id for result in results if result.id not in replies]:
        raise StorageError(
            f"{folder / 'answers.jsonl'} has no answer to {missing[0]!r}, which scores.json names: they are of two "
            "runs. Evaluate the questions again."
        )
    return Run({result.id: result for result in results}, replies)


def _replies(file: Path) -> dict[str, Reply]:
    replies: dict[str, Reply] = {}
    for number, line in enumerate(_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{file}, line {number}"
        try:
            row = _parsed(line, place)
            quotes = tuple(Quoted(str(each["release_id"]), str(each["quote"])) for each in row["citations"])
            replies[str(row["id"])] = Reply(str(row["answer"]), quotes, row.get("error"))
        except (KeyError, TypeError, AttributeError):
            raise StorageError(f"{place} is no answer. {ADVICE}") from None
    return replies


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{file} cannot be read: {error.strerror or error}. {ADVICE}") from None
    except UnicodeDecodeError:
        raise StorageError(f"{file} is not UTF-8 text. {ADVICE}") from None


def _parsed(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
        raise StorageError(f"{place} is not JSON: {reason}. {ADVICE}") from None
