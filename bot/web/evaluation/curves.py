"""The curves of a run as Altair charts: risk over coverage, and truth over probability.

It computes no figure; colours suit a light and a dark page alike.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.evaluation.calibration import Bin, Point
from bot.evaluation.results import Result
from bot.web.evaluation.wording import TeamWording

if TYPE_CHECKING:
    import altair as alt
    import numpy as np
    from numpy.typing import NDArray

HEIGHT = 280
"""Of a chart, in pixels."""
LINE = "#3f8ad6"
QUIET = "#8a99a8"
MARGIN = 0.04
"""How far the axes go beyond what they show, so that marks at their ends are whole."""


def points_of(results: Sequence[Result]) -> list[Point]:
    """What answering only above a probability gains; none where no answer can be judged."""
    from bot.evaluation.calibration import risk_coverage

    asked = sum(result.right is not None for result in results)
    return risk_coverage(*_judged(results), asked) if asked else []


def bins_of(results: Sequence[Result]) -> list[Bin]:
    """How often answers given with some probability were right."""
    from bot.evaluation.calibration import reliability

    return reliability(*_judged(results))


def risk_coverage_chart(points: Sequence[Point], words: TeamWording) -> "alt.LayerChart | alt.FacetChart":
    """The share of wrong answers over the share of questions answered, from the surest on."""
    import altair as alt

    rows = [
        {"coverage": point.coverage, "risk": point.risk, "probability": point.probability} for point in points
    ]
    top = min(1.0, max((point.risk for point in points), default=0.0) * 1.2 + MARGIN)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=_axis(alt.X("coverage:Q"), words.coverage_axis, 1.0),
        y=_axis(alt.Y("risk:Q"), words.risk_axis, top),
        tooltip=[
            alt.Tooltip("probability:Q", title=words.answering_from, format=".2f"),
            alt.Tooltip("coverage:Q", title=words.coverage_axis, format=".1%"),
            alt.Tooltip("risk:Q", title=words.risk_axis, format=".1%"),
        ],
    )
    line = base.mark_line(color=LINE, strokeWidth=2.5, interpolate="step-after")
    last = alt.Chart(alt.InlineData(values=rows[-1:])).mark_point(color=LINE, filled=True, size=90)
    return _sized(alt.layer(line, base.mark_point(color=LINE, filled=True, size=18), _like(last, base)))


def calibration_chart(bins: Sequence[Bin], words: TeamWording) -> "alt.LayerChart | alt.FacetChart":
    """The share that was right over the probability that was given; on the line both are the same."""
    import altair as alt

    rows = [
        {"probability": each.probability, "right": each.right / each.count, "count": each.count}
        for each in bins
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=_axis(alt.X("probability:Q"), words.probability_axis, 1.0),
        y=_axis(alt.Y("right:Q"), words.right_axis, 1.0),
        tooltip=[
            alt.Tooltip("probability:Q", title=words.probability_axis, format=".1%"),
            alt.Tooltip("right:Q", title=words.right_axis, format=".1%"),
            alt.Tooltip("count:Q", title=words.answers_axis),
        ],
    )
    ends = alt.InlineData(values=[{"probability": 0, "right": 0}, {"probability": 1, "right": 1}])
    ideal = _like(alt.Chart(ends).mark_line(color=QUIET, strokeDash=[5, 5], strokeWidth=1.5), base)
    gaps = base.mark_rule(color=QUIET, strokeWidth=1.5).encode(y2="probability:Q")
    size = alt.Size("count:Q", legend=None, scale=alt.Scale(range=[50, 500], zero=True))
    circles = base.mark_circle(color=LINE, opacity=0.9).encode(size=size)
    return _sized(alt.layer(ideal, gaps, circles))


def _like(chart: Any, base: Any) -> Any:
    return chart.encode(x=base.encoding.x, y=base.encoding.y)


def _axis(channel: Any, title: str, most: float) -> Any:
    import altair as alt

    scale = alt.Scale(domain=[-MARGIN * most, most * (1 + MARGIN)], nice=False)
    ticks = [most * step / 4 for step in range(5)] if most == 1.0 else alt.Undefined
    axis = alt.Axis(format=".0%", values=ticks, tickCount=5, titlePadding=8, titleFontWeight="normal")
    return channel.title(title).scale(scale).axis(axis)


def _sized(chart: "alt.LayerChart | alt.FacetChart") -> "alt.LayerChart | alt.FacetChart":
    return chart.properties(height=HEIGHT, padding={"left": 0, "top": 8, "right": 8, "bottom": 10})


def _judged(results: Sequence[Result]) -> "tuple[NDArray[np.float64], NDArray[np.bool_]]":
    """The probability of each answer that was given and can be judged, and whether it was right."""
    import numpy as np

    judged = [result for result in results if result.given and result.right is not None]
    probability = np.array([result.probability or 0.0 for result in judged])
    return probability, np.array([result.right for result in judged], bool)
