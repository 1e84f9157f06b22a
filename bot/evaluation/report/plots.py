"""What the charts of a report show, each with a name, a sentence that reads it, and its numbers.

It draws nothing itself: `bot.evaluation.report.charts` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.evaluation.calibration import Point
from bot.evaluation.measures import Measured
from bot.evaluation.report.charts import Bar, bars, calibration_chart, risk_coverage_chart
from bot.evaluation.report.phrases import language_name, stage_words
from bot.evaluation.scores import Scores

GROUPS_DRAWN = 24
"""Bars of a chart at most: those of the most questions; the table of measures holds the rest."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart with its title, what it says, and its numbers as a table: the heads, and the rows below them."""

    title: str
    reading: str
    drawing: Markup
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def plots(scores: Scores) -> list[Plot]:
    """The charts for which the run has figures."""
    drawn = [
        _lost_at(scores),
        _by_group(scores, "languages.", "Right by language", "language"),
        _by_group(scores, "tags.", "Right by tag", "tag"),
        _risk_coverage(scores),
        _calibration(scores),
        _stage_seconds(scores),
    ]
    return [plot for plot in drawn if plot]


def _lost_at(scores: Scores) -> Plot | None:
    lost = scores.lost_at
    if not lost:
        return None
    stage, most = next(iter(lost.items()))
    reading = (
        f"Of {len(scores.flawed)} wrong answers {most} have this in common: {stage_words(stage).lower()}."
    )
    if unknown := len(scores.flawed) - sum(lost.values()):
        reading += f" Of {unknown} the stage is not known."
    rows = [Bar(stage_words(stage), number, str(number)) for stage, number in lost.items()]
    table = tuple((stage_words(stage), str(number)) for stage, number in lost.items())
    drawing = bars("where-wrong-answers-were-lost", reading, rows, most)
    return Plot("Where wrong answers were lost", reading, drawing, ("stage", "wrong answers"), table)


def _by_group(scores: Scores, prefix: str, title: str, kind: str) -> Plot | None:
    found = [each for name, each in scores.measured.items() if name.startswith(prefix)]
    if len(found) < 2:
        return None
    shown = sorted(
        sorted(found, key=lambda each: -each.questions)[:GROUPS_DRAWN], key=lambda each: each.value
    )
    worst = shown[0]
    reading = f"The fewest are right for {_group(worst, prefix)}: {_of(worst)}. The lines are 95% intervals."
    if len(found) > len(shown):
        reading += f" Shown are the {len(shown)} with the most questions, of {len(found)}."
    rows = [Bar(_group(each, prefix), each.value, _of(each), each.spread) for each in shown]
    table = tuple((_group(each, prefix), _of(each), f"{each.value:.1%}", _interval(each)) for each in shown)
    drawing = bars(title.lower().replace(" ", "-"), reading, rows, 1.0)
    return Plot(title, reading, drawing, (kind, "right", "share", "95% interval"), table)


def _risk_coverage(scores: Scores) -> Plot | None:
    points = scores.risk_coverage
    if not points:
        return None
    last = points[-1]
    reading = f"{last.coverage:.0%} of the questions were answered, {last.risk:.0%} of those wrongly."
    half = [point for point in points if point.coverage <= last.coverage / 2]
    if half:
        surest = half[-1]
        reading += f" Of the surest, {surest.coverage:.0%} of the questions, {surest.risk:.0%} were wrong."
    table = tuple(
        (f"{point.probability:.2f}", f"{point.coverage:.1%}", f"{point.risk:.1%}")
        for point in _thinned(points)
    )
    drawing = risk_coverage_chart("risk-and-coverage", reading, points)
    return Plot("Risk and coverage", reading, drawing, ("answering from", "answered", "wrong"), table)


def _calibration(scores: Scores) -> Plot | None:
    bins = scores.calibration
    error = scores.measured.get("calibration_error")
    if not bins or error is None:
        return None
    judged = sum(each.count for each in bins)
    meant = sum(each.count * each.probability for each in bins) / judged
    right = sum(each.right for each in bins) / judged
    reading = (
        f"Answers were given with a probability of {meant:.0%} on average, and {right:.0%} were right. "
        f"The expected calibration error is {error.value:.3f}; each circle bears its number of answers."
    )
    table = tuple(
        (f"{each.low:.1f} to {each.high:.1f}", f"{each.probability:.2f}", f"{each.right} of {each.count}")
        for each in bins
    )
    drawing = calibration_chart("calibration", reading, bins)
    return Plot("Calibration", reading, drawing, ("probability", "mean", "right"), table)


def _stage_seconds(scores: Scores) -> Plot | None:
    taken = scores.stage_seconds
    if not taken:
        return None
    slowest = max(taken, key=lambda stage: taken[stage][0])
    reading = (
        f"Half of the questions took at least {_seconds(taken[slowest][0])} to {slowest}, the slowest stage. "
        "Bars show the median; the line reaches to the 95th percentile."
    )
    rows = [
        Bar(stage, median, f"{_seconds(median)}, p95 {_seconds(p95)}", (median, p95))
        for stage, (median, p95) in taken.items()
    ]
    table = tuple((stage, _seconds(median), _seconds(p95)) for stage, (median, p95) in taken.items())
    drawing = bars("time-by-stage", reading, rows, max(p95 for _, p95 in taken.values()))
    return Plot("Time by stage", reading, drawing, ("stage", "median", "95th percentile"), table)


def _thinned(points: Sequence[Point], most: int = 20) -> list[Point]:
    step = max(1, -(-len(points) // most))
    return [*points[step - 1 :: step], *([] if len(points) % step == 0 else [points[-1]])]


def _group(each: Measured, prefix: str) -> str:
    group = each.measure.name.removeprefix(prefix).removesuffix(".accuracy")
    return language_name(group) if prefix == "languages." else group


def _of(each: Measured) -> str:
    return f"{each.hits:g} of {each.total:g}"


def _interval(each: Measured) -> str:
    return f"{each.spread[0]:.0%} to {each.spread[1]:.0%}" if each.spread else ""


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"
