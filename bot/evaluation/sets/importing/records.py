"""Reads JSON and JSON lines, with every number as the text that is written.

It does not know what a record means.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import QuestionError
from bot.evaluation.sets.importing.drafts import Refused


def read_bytes(file: Path) -> bytes:
    """The content of a file. Raises QuestionError where it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise QuestionError(
            f"{file} cannot be read: {reason}. Give a table, a JSON file or a folder."
        ) from None


def parsed(content: bytes | str) -> Any:
    """The value that JSON gives, numbers as text. Raises ValueError."""
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def lines(file: Path, refused: list[Refused]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON lines with their line numbers; what is none goes to `refused`."""
    for number, line in enumerate(read_bytes(file).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            record = parsed(line)
        except ValueError as error:
            refused.append(Refused(f"{file.name}, line {number}", f"it is not JSON: {error}"))
            continue
        if isinstance(record, dict):
            yield number, record
        else:
            refused.append(
                Refused(f"{file.name}, line {number}", "it is not an object with an id and a question")
            )
