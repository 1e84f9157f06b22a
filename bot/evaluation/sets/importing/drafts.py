"""Makes questions of drafts: every draft becomes a question or is named with the reason why not.

It does not know where a draft comes from.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.evaluation.sets.questions import Question, explained
from bot.facts.folding import folded

MAXIMUM_DEPTH = 12
"""Lists in lists beyond this become one text, well before the reader of sets refuses them."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands at `place` of a source, by the keys of a question set.

    `label` is what the place is called in an id; `problem` says why there is no question.
    """

    place: str
    label: str
    values: dict[str, Any]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What stands at `place` could not be used, for this `reason`."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """The questions of a source; what was refused; and `notes`, what a person should know of the rest."""

    questions: tuple[Question, ...]
    refused: tuple[Refused, ...]
    notes: tuple[str, ...]


def assembled(drafts: Iterable[Draft], name: str, notes: Iterable[str]) -> Imported:
    """The drafts as questions, in their order, each with an id of its own.

    A draft without an id is named after the source and its label; of drafts with the same id, the
    later ones are told apart by `~2`, `~3`. Keys and values keep what they say; numbers and truth
    values of keys that a question set does not know become the texts that YAML shows.
    """
    drafts, notes = list(drafts), list(notes)
    prefix = "-".join(folded(name).split()) or "question"
    given = {str(draft.values["id"]) for draft in drafts if draft.values.get("id")}
    used: set[str] = set()
    questions: list[Question] = []
    refused: list[Refused] = []
    for draft in drafts:
        wanted = str(draft.values.get("id") or "")
        named = wanted or f"{prefix}-{draft.label}"
        identity = named if named not in (used if wanted else used | given) else _copy(named, used | given)
        try:
            if draft.problem:
                raise ValueError(draft.problem)
            question = Question.model_validate(as_text({**draft.values, "id": identity}))
        except ValidationError as error:
            reasons = "; ".join(explained(problem, str(problem["loc"][0])) for problem in error.errors())
            refused.append(Refused(draft.place, reasons))
            continue
        except ValueError as error:
            refused.append(Refused(draft.place, str(error)))
            continue
        if wanted and identity != wanted:
            notes.append(f"{draft.place}: the id {wanted!r} is taken; this question is {identity!r}.")
        used.add(identity)
        questions.append(question)
    return Imported(tuple(questions), tuple(refused), tuple(notes))


def _copy(identity: str, taken: set[str]) -> str:
    number = 2
    while f"{identity}~{number}" in taken:
        number += 1
    return f"{identity}~{number}"


def as_text(value: Any, depth: int = 0) -> Any:
    """`value` as the reader of question sets would give it: texts, None, lists and mappings of these.

    Raises ValueError where a text cannot be stored.
    """
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ValueError(f"{value[:60]!r} holds half a character (a lone surrogate)")
        return value
    if value is None:
        return None
    if isinstance(value, dict | list | tuple) and depth >= MAXIMUM_DEPTH:
        return as_text(json.dumps(value, ensure_ascii=False))
    if isinstance(value, dict):
        return {as_text(str(key)): as_text(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_text(part, depth + 1) for part in value]
    return json.dumps(value) if isinstance(value, bool) else str(value)
