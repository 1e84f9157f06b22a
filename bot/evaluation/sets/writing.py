"""Writes questions as a question set, so that reading it gives the same questions again.

It judges no question.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.errors import StorageError
from bot.evaluation.sets.importing.drafts import as_text
from bot.evaluation.sets.questions import Question

WIDTH = 110


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes a value in full wherever it stands, never as a reference to where it stood before."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _Block(dict[str, Any]):
    """An entry: one key a line, however short its values are."""


_Dumper.add_representer(
    _Block, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=False)
)


def write_questions(questions: Sequence[Question], file: Path) -> None:
    """Writes the questions in their order, each with what is not a default; the file is whole or not there.

    Keys that a question set does not know are written as texts. Raises StorageError, naming the file.
    """
    try:
        entries = [_Block(_entry(question)) for question in questions]
        # What a scalar looks like decides how it is quoted, so that other readers of YAML see a text too.
        text = yaml.dump(
            entries, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=None
        )
        unfinished = file.with_name(f"{file.name}.unfinished")
        unfinished.write_text(text, "utf-8", newline="\n")
        unfinished.replace(file)
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(f"{file} cannot be written: {reason}. Free space or give another file.") from error
    except ValueError as error:
        raise StorageError(f"{file} cannot be written: {error}. Correct the question.") from None


def _entry(question: Question) -> dict[str, Any]:
    given = {
        name: getattr(question, name)
        for name, field in Question.model_fields.items()
        if field.is_required() or getattr(question, name) != field.default
    }
    entry = {key: as_text(value) for key, value in {**given, **(question.model_extra or {})}.items()}
    return {**entry, "answerable": False} if "answerable" in given else entry
