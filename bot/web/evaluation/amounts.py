"""How the pages write figures, in the language of the interface; it computes none."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath

from bot.evaluation.measures import Measured, Unit
from bot.web.evaluation.kept import Kept
from bot.web.evaluation.wording import TeamWording


def percent(share: float, words: TeamWording, digits: int = 1) -> str:
    """`76.3%`, `76,3 %`."""
    sign = "\u00a0%" if words.language == "fr" else "%"
    return f"{number(share * 100, words, digits)}{sign}"


def number(value: float, words: TeamWording, digits: int = 0) -> str:
    """With so many digits after the decimal sign."""
    from babel.numbers import format_decimal

    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return str(format_decimal(value, pattern, locale=words.language))


def figure(value: float, unit: Unit, words: TeamWording) -> str:
    """A value in the unit of its measure."""
    match unit:
        case "share":
            return percent(value, words)
        case "seconds":
            return seconds(value, words)
        case "index":
            return number(value, words, 3)
        case _:
            return number(value, words, 1 if abs(value) >= 1 else 4)


def interval(measured: Measured, words: TeamWording) -> str:
    """From where to where; nothing where there is no interval."""
    if measured.spread is None:
        return ""
    low, high = (figure(end, measured.measure.unit, words) for end in measured.spread)
    return words.interval.format(low=low, high=high)


def count(measured: Measured, words: TeamWording) -> str:
    """Of how many it is."""
    if measured.measure.unit == "share" and measured.hits is not None and measured.total is not None:
        return words.hits_of.format(
            hits=number(measured.hits, words, 0 if float(measured.hits).is_integer() else 1),
            total=number(measured.total, words),
        )
    return words.questions(measured.questions)


def seconds(value: float, words: TeamWording) -> str:
    """`0.35 s`, `48 s`, `3 min`."""
    if value >= 90:
        return f"{number(value / 60, words)}\u00a0min"
    return f"{number(value, words, 0 if value >= 10 else 2)}\u00a0s"


def moment(when: datetime, words: TeamWording) -> str:
    """A day and the time of it, as the machine's clock has them."""
    from babel.dates import format_datetime

    return str(format_datetime(when.astimezone(), "d MMM y, HH:mm", locale=words.language))


def run_labels(runs: Sequence[Kept], words: TeamWording, going: str | None = None) -> dict[str, str]:
    """By name, each run in one line of its own: when, which set, how many questions, and whether it ended."""
    lines = {run.name: _run_line(run, words, run.name == going) for run in runs}
    often = Counter(lines.values())
    return {name: line if often[line] == 1 else f"{line} · {name}" for name, line in lines.items()}


def _run_line(run: Kept, words: TeamWording, is_going: bool) -> str:
    parts = [run.name]
    if run.about:
        when = moment(run.about.started, words)
        parts = [when, PurePath(run.about.set).name, words.questions(run.about.questions)]
    if is_going:
        parts.append(words.running)
    elif not run.ended:
        parts.append(words.unfinished)
    return " · ".join(parts)
