"""Adds an entry to a question set without touching a byte of what stands there: whole, or not at all.

It does not know what the entry says.
"""

import codecs
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from bot.errors import QuestionError, StorageError
from bot.evaluation.sets.entries import read_entries

TO_DO = "# To do: write in facts what a right answer holds, or set answerable to false. Until then it is unscored."
SUFFIXES = (".yaml", ".yml")
_WIDTH = 100
_BREAKS = frozenset("\n\r\x85\u2028\u2029")


class _Dumper(yaml.SafeDumper):
    """Writes text of several lines in double quotes, which no change of indentation alters."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if _BREAKS & set(text) else None
    # YAML has no way to write half of a surrogate pair.
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", text.encode("utf-8", "replace").decode(), style=style
    )


_Dumper.add_representer(str, _represent_text)


def entries_in(file: Path) -> Sequence[dict[str, Any]]:
    """The entries of a set as they are read; none where there is no file. Raises QuestionError."""
    if file.suffix.lower() not in SUFFIXES:
        raise QuestionError(f"{file} is not a YAML file: give a question set that ends in .yaml.")
    return [entry.values for entry in read_entries(file)] if file.exists() else []


def append(entry: Mapping[str, Any], file: Path) -> None:
    """Put the entry after those of the set in `file`, which is made, with its folder, where it is missing.

    What results is read before it takes the place of the set. Raises QuestionError where the set cannot be
    read or leaves no place for an entry, and StorageError where it cannot be written.
    """
    before = entries_in(file)
    wanted = [*before, _as_read(entry)]
    target = file.resolve()  # a link stays a link
    try:
        content = target.read_bytes() if target.exists() else b""
        target.parent.mkdir(parents=True, exist_ok=True)
        written = target.with_name(f".{target.stem}-{uuid4().hex}{target.suffix}")
        try:
            if not any(_holds(written, candidate, wanted) for candidate in _candidates(content, entry)):
                raise QuestionError(
                    f"{file} leaves no place for another entry: write its questions as a YAML list of entries "
                    "that start with '- ', and run again."
                )
            _put(written, target, content)
        finally:
            with suppress(FileNotFoundError):
                written.unlink()
    except OSError as error:
        raise StorageError(
            f"{file} cannot be written: {error.strerror or error}. Free space, check its permissions, or give "
            "another file with --to."
        ) from error


def _holds(file: Path, content: bytes, wanted: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the content, once in the file, is read as the wanted entries."""
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    try:
        return entries_in(file) == wanted
    except QuestionError:
        return False


def _put(written: Path, target: Path, content: bytes) -> None:
    """Let the new file take the place of the set, if that still holds `content`."""
    if target.exists():
        if target.read_bytes() != content:
            raise QuestionError(f"{target} was changed meanwhile, and is left as it is. Run again.")
        shutil.copymode(target, written)
    written.replace(target)


def _candidates(content: bytes, entry: Mapping[str, Any]) -> Iterator[bytes]:
    """The set with the entry at each place where it may stand, the likeliest first."""
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    if encoding == "utf-16":
        encoding += "-le" if content.startswith(codecs.BOM_UTF16_LE) else "-be"
    text = content.decode(encoding)
    mark = text[:1] if text[:1] == "\ufeff" else ""
    yield from ((mark + new).encode(encoding) for new in _texts(text[len(mark) :], entry))


def _texts(text: str, entry: Mapping[str, Any]) -> Iterator[str]:
    listed = _list_in(text)
    if listed is not None and listed.flow_style:
        closing = listed.end_mark.index - 1
        written = _dump(entry, flow=True)
        for comma in (", ", ""):
            yield text[:closing] + comma + written + text[closing:]
        return
    line_end = "\r\n" if "\r\n" in text else "\n"
    indent = " " * (listed.start_mark.column if listed is not None else 0)
    lines = [TO_DO, *_dump([entry], flow=False).split("\n")]
    block = "".join(f"{indent}{line}{line_end}" for line in lines)
    for place in _places(text, listed):
        before = text[:place]
        if before and not before.endswith(("\n", "\r")):
            before += line_end
        for gap in (line_end, "") if before else ("",):
            yield before + gap + block + text[place:]


def _places(text: str, listed: yaml.SequenceNode | None) -> Iterator[int]:
    """Where a list that is not in brackets may go on: at the end of the text, or of the list before that."""
    yield len(text)
    if listed is None:
        return
    end = text.rfind("\n", 0, listed.end_mark.index) + 1
    last = text[:end].rstrip()
    while last.rpartition("\n")[2].lstrip().startswith("#"):  # what follows is remarked upon there
        last = last.rpartition("\n")[0].rstrip()
    yield text.find("\n", len(last)) + 1
    yield end


def _list_in(text: str) -> yaml.SequenceNode | None:
    """The list of entries, as `bot.evaluation.sets.entries` looks for it."""
    node = yaml.compose(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if isinstance(node, yaml.MappingNode):
        node = next((value for key, value in node.value if key.value == "questions"), None)
    return node if isinstance(node, yaml.SequenceNode) else None


def _dump(value: Any, *, flow: bool) -> str:
    return yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        default_flow_style=flow,
        sort_keys=False,
        width=sys.maxsize if flow else _WIDTH,
    ).rstrip("\n")


def _as_read(value: Any) -> Any:
    """The value as the reader of question sets gives it back: every scalar as text."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case Mapping():
            return {key: _as_read(held) for key, held in value.items()}
        case str():
            return value.encode("utf-8", "replace").decode()
        case Sequence():
            return [_as_read(held) for held in value]
        case _:
            return str(value)
