"""Reads a YAML list of mappings and remembers on which line everything stands.

It does not know what an entry means: `bot.evaluation.sets.questions` does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import QuestionError

MAXIMUM_DEPTH = 20
FORM = "Write a list of entries, each with an id and a question"


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads every scalar as the text that is written, save null and merge keys."""


# `1.10`, `no` and `2023-06-23` are facts as they stand, not a number, a truth value and a date.
_Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0].endswith((":null", ":merge"))]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A mapping that starts on `line`, counted from 1; `lines` holds that of each key."""

    line: int
    values: dict[str, Any]
    lines: dict[str, int]


def read_entries(file: Path) -> Iterator[Entry]:
    """The entries of a list, or of the list under the key `questions`; all scalars are text or None.

    Raises QuestionError, naming the file and the line.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise QuestionError(f"{file} cannot be read: {reason}. Give the path of a question set.") from None
    try:
        _check_depth(content, file)
        loader = _Loader(content)
        try:
            for node in _listed(loader.get_single_node(), file):
                yield _entry(loader, node, file)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise QuestionError(f"{file} is not YAML: {_where(error)}. {FORM}.") from None
    except RecursionError:  # a long chain of aliases nests as deeply, without brackets
        raise _too_deep(file) from None


def _check_depth(content: bytes, file: Path) -> None:
    # Composing is recursive in libyaml's binding, where too deep a nesting kills the process; parsing is not.
    depth = 0
    for event in yaml.parse(content, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAXIMUM_DEPTH:
            raise _too_deep(file)


def _too_deep(file: Path) -> QuestionError:
    return QuestionError(f"{file} is nested too deeply for a question set. {FORM}.")


def _listed(top: Any, file: Path) -> list[Any]:
    if isinstance(top, yaml.MappingNode):
        top = next((value for key, value in top.value if key.value == "questions"), top)
    if top is None or top.tag.endswith(":null"):
        return []
    if not isinstance(top, yaml.SequenceNode):
        raise QuestionError(f"{file} holds no list of questions. {FORM}.")
    return list(top.value)


def _entry(loader: Any, node: Any, file: Path) -> Entry:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode) or not all(
        isinstance(key, yaml.ScalarNode) for key, _ in node.value
    ):
        raise QuestionError(f"{file}, line {line}: this is not an entry. {FORM}.")
    lines: dict[str, int] = {}
    for key, _ in node.value:
        if key.value in lines:
            raise QuestionError(
                f"{file}, line {key.start_mark.line + 1}: the entry that starts on line {line} gives "
                f"{key.value!r} twice. Remove one, or start a new entry with '- '."
            )
        lines[key.value] = key.start_mark.line + 1
    loader.flatten_mapping(node)
    return Entry(
        line, {key.value: loader.construct_object(value, deep=True) for key, value in node.value}, lines
    )


def _where(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error).partition("\n")[0]
