"""Reads gate.yaml: what each measure was last claimed to be, and what is accepted; it knows no run.

accuracy: {claimed: 0.745, least: 0.7}
quotes_verbatim: {claimed: 1, least: 1}
tags.follow-up.accuracy: 0.65
seconds_p95: {most: 3}
"""

import codecs
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot.errors import SettingsError
from bot.evaluation.measures import NAMED, Measure, measure

FORM = "Write a line for each measure, for example `accuracy: {claimed: 0.745, least: 0.7}`"
MAXIMUM_DEPTH = 5
BYTES = 1_000_000
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


@dataclass(frozen=True, slots=True)
class Demand:
    """What the gate asks of a measure; `line`, counted from 1, is that of the claim, or of the measure without one.

    `before` and `after` are what stands on that line around the claim.
    """

    measure: Measure
    line: int
    claimed: float | None = None
    least: float | None = None
    most: float | None = None
    before: str = ""
    after: str = ""

    def line_claiming(self, value: float) -> str:
        """The line as it has to be to claim `value`."""
        return f"{self.before}{value:.3f}{self.after}".strip()


@dataclass(frozen=True, slots=True)
class Gate:
    """The demands of a file, in its order."""

    file: Path
    demands: tuple[Demand, ...]


def read_gate(file: Path) -> Gate:
    """The demands of a gate file, at least one. Raises SettingsError, naming the file, the line and the field."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{file} cannot be read: {error.strerror or error}. Give the path of a gate file. {FORM}."
        ) from None
    if len(content) > BYTES:
        raise SettingsError(f"{file} has {len(content):,} bytes, too many for a gate file. {FORM}.")
    try:
        text = content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
        depth = 0
        for event in yaml.parse(text, yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAXIMUM_DEPTH:
                raise SettingsError(f"{file} is nested too deeply for a gate file. {FORM}.")
        top = yaml.compose(text, yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not YAML: {_where(error)}. {FORM}.") from None
    demands = tuple(_demands(top, text.splitlines(), file))
    if not demands:
        raise SettingsError(f"{file} names no measure. {FORM}.")
    return Gate(file, demands)


def _demands(top: Any, lines: list[str], file: Path) -> Iterator[Demand]:
    if top is None or (isinstance(top, yaml.ScalarNode) and not top.value):
        return
    if not isinstance(top, yaml.MappingNode):
        raise _wrong(file, top, "this is not a measure with what is claimed of it")
    first: dict[str, int] = {}
    for key, value in top.value:
        name = str(key.value)
        of = measure(name)
        if of is None:
            known = ", ".join(each.name for each in NAMED)
            raise _wrong(
                file,
                key,
                f"{name!r} is no measure. There are {known}, languages.NAME.accuracy and tags.NAME.accuracy",
            )
        if name in first:
            raise _wrong(file, key, f"{name} stands on line {first[name]} already. Remove one")
        first[name] = key.start_mark.line + 1
        yield _checked(_demand(of, key, value, lines, file), file, key)


def _demand(of: Measure, key: Any, value: Any, lines: list[str], file: Path) -> Demand:
    demand = Demand(of, key.start_mark.line + 1)
    if isinstance(value, yaml.ScalarNode):
        return _claiming(demand, value, _number(of, "claimed", value, file), lines)
    if not isinstance(value, yaml.MappingNode):
        raise _wrong(file, value, f"{of.name}: {FORM[0].lower()}{FORM[1:]}")
    seen: set[str] = set()
    for field, given in value.value:
        name = str(field.value)
        if name in seen:
            raise _wrong(file, field, f"{of.name}: {name} is given twice. Remove one")
        seen.add(name)
        if name == "claimed":
            demand = _claiming(demand, given, _number(of, name, given, file), lines)
        elif name == "least":
            demand = replace(demand, least=_number(of, name, given, file))
        elif name == "most":
            demand = replace(demand, most=_number(of, name, given, file))
        else:
            raise _wrong(file, field, f"{of.name}: {name!r} is not known. Write claimed, least or most")
    return demand


def _claiming(demand: Demand, node: Any, claimed: float, lines: list[str]) -> Demand:
    start, end = node.start_mark, node.end_mark
    line = lines[start.line] if start.line < len(lines) else ""
    return replace(
        demand,
        line=start.line + 1,
        claimed=claimed,
        before=line[: start.column],
        after=line[end.column :] if end.line == start.line else "",
    )


def _number(of: Measure, field: str, node: Any, file: Path) -> float:
    text = node.value if isinstance(node, yaml.ScalarNode) else None
    if text is None or not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
        raise _wrong(
            file, node, f"{of.name}: {field}: {'this' if text is None else repr(text)} is not a number"
        )
    number = float(text)
    if of.unit in ("share", "index") and not 0 <= number <= 1:
        raise _wrong(
            file,
            node,
            f"{of.name}: {field}: it lies between 0 and 1: write 0.745 for 74.5 %, not {text}",
        )
    return number


def _checked(demand: Demand, file: Path, key: Any) -> Demand:
    name, claimed, least, most = demand.measure.name, demand.claimed, demand.least, demand.most
    if claimed is None and least is None and most is None:
        raise _wrong(file, key, f"{name}: give claimed, least or most")
    if demand.measure.unit == "seconds" and claimed is not None:
        raise _wrong(file, key, f"{name}: claimed: a time depends on the machine. Give most instead")
    low, high = -math.inf if least is None else least, math.inf if most is None else most
    if low > high:
        raise _wrong(file, key, f"{name}: least is {least:g}, above most, {most:g}")
    if claimed is not None and not low <= claimed <= high:
        raise _wrong(file, key, f"{name}: claimed is {claimed:g}, which least and most do not accept")
    return demand


def _wrong(file: Path, node: Any, problem: str) -> SettingsError:
    return SettingsError(
        f"{file} cannot be used: line {node.start_mark.line + 1}: {problem}. Correct the file and run again."
    )


def _where(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error).partition("\n")[0]
