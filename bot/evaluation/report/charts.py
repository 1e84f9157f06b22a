"""Draws the charts of a report as SVG with labels and a text alternative; the colours are the page's.

It computes no figure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.evaluation.calibration import Bin, Point

WIDTH = 340
"""Of every chart, in units of which one is about a pixel on a phone."""
ROW = 40
LABEL_CHARACTERS = 36
LEFT, RIGHT, TOP, BOTTOM = 54, 14, 14, 44
SIDE = WIDTH - LEFT - RIGHT
HEIGHT = 210
"""Of the field of a plot."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart: `value` on the scale, `text` as it is written; `spread` is drawn over the bar."""

    label: str
    value: float
    text: str
    spread: tuple[float, float] | None = None


def bars(name: str, reading: str, rows: Sequence[Bar], most: float) -> Markup:
    """A bar for each row, its label and its text above it; the whole width stands for `most`."""
    scale = WIDTH / most if most > 0 else 0.0
    parts: list[Markup] = []
    for place, row in enumerate(rows):
        top = place * ROW
        parts.append(_text(0, top + 14, _clipped(row.label), "label"))
        parts.append(_text(WIDTH, top + 14, row.text, "value", "end"))
        parts.append(_rectangle(0, top + 20, WIDTH, 10, "track"))
        parts.append(_rectangle(0, top + 20, max(0.0, min(WIDTH, row.value * scale)), 10, "bar"))
        if row.spread:
            low, high = (max(0.0, min(WIDTH, end * scale)) for end in row.spread)
            parts.append(_line(low, top + 25, high, top + 25, "spread"))
            parts += [_line(end, top + 21, end, top + 29, "spread") for end in (low, high)]
    return _drawing(name, reading, max(1, len(rows)) * ROW, parts)


def risk_coverage_chart(name: str, reading: str, points: Sequence[Point]) -> Markup:
    """The share of wrong answers over the share of questions answered, from the surest on."""
    top = _nice(max((point.risk for point in points), default=0.0))
    x, y = _across(1.0), _up(top)
    along = " ".join(f"{x(point.coverage):.1f},{y(point.risk):.1f}" for point in points)
    parts = _axes(1.0, top, "questions answered", "of those wrong")
    parts.append(Markup('<polyline class="curve" points="{}"/>').format(along))
    if points:
        last = points[-1]
        parts.append(_circle(x(last.coverage), y(last.risk), 5, "point"))
        place = max(LEFT + 40.0, min(x(last.coverage), WIDTH - 40.0))
        parts.append(
            _text(place, max(TOP + 2.0, y(last.risk) - 12), f"{last.risk:.0%} wrong", "value", "middle")
        )
    return _drawing(name, reading, TOP + HEIGHT + BOTTOM, parts)


def calibration_chart(name: str, reading: str, bins: Sequence[Bin]) -> Markup:
    """The share that was right over the probability that was given; on the line both are the same."""
    x, y = _across(1.0), _up(1.0)
    parts = _axes(1.0, 1.0, "probability given", "of those right")
    parts.append(_line(x(0), y(0), x(1), y(1), "ideal"))
    most = max((each.count for each in bins), default=1)
    for each in bins:
        place = x(each.probability), y(each.right / each.count)
        parts.append(_line(place[0], place[1], place[0], y(each.probability), "gap"))
        radius = 3 + 6 * (each.count / most) ** 0.5
        parts.append(_circle(*place, radius, "point"))
        # On the side away from the line, where nothing else stands.
        above = each.right / each.count >= each.probability
        beside = place[1] - radius - 4 if above else place[1] + radius + 12
        parts.append(_text(place[0], beside, str(each.count), "tick", "middle"))
    return _drawing(name, reading, TOP + HEIGHT + BOTTOM, parts)


def _axes(across: float, up: float, across_label: str, up_label: str) -> list[Markup]:
    """The grid with its percentages, and what each axis is, in words beside it."""
    parts: list[Markup] = []
    x, y = _across(across), _up(up)
    for step in range(5):
        share = step / 4
        parts.append(
            _line(LEFT, y(share * up), WIDTH - RIGHT, y(share * up), "axis" if step == 0 else "grid")
        )
        parts.append(_text(LEFT - 6, y(share * up) + 4, _percent(share * up), "tick", "end"))
        parts.append(_text(x(share * across), TOP + HEIGHT + 17, _percent(share * across), "tick", "middle"))
    parts.append(_text(LEFT + SIDE / 2, TOP + HEIGHT + 38, across_label, "label", "middle"))
    turned = Markup('<g transform="translate(12 {}) rotate(-90)">{}</g>')
    parts.append(turned.format(TOP + HEIGHT / 2, _text(0, 0, up_label, "label", "middle")))
    return parts


def _across(most: float) -> Callable[[float], float]:
    return lambda value: LEFT + SIDE * value / most


def _up(most: float) -> Callable[[float], float]:
    return lambda value: TOP + HEIGHT * (1 - value / most)


def _nice(most: float) -> float:
    """The end of an axis that holds `most`, a round share."""
    return next((end for end in (0.04, 0.08, 0.2, 0.4, 0.6, 0.8) if most <= end), 1.0)


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _clipped(label: str) -> str:
    return label if len(label) <= LABEL_CHARACTERS else f"{label[: LABEL_CHARACTERS - 1]}…"


def _drawing(name: str, reading: str, height: float, parts: Sequence[Markup]) -> Markup:
    """The SVG; whoever cannot see it hears the name and the reading."""
    return Markup(
        '<svg role="img" viewBox="0 0 {width} {height}" aria-labelledby="{name}-t {name}-d">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{reading}</desc>{parts}</svg>'
    ).format(
        width=WIDTH,
        height=height,
        name=name,
        title=name.replace("-", " ").capitalize(),
        reading=reading,
        parts=Markup("").join(parts),
    )


def _text(x: float, y: float, text: str, kind: str, anchor: str = "start") -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" class="{}" text-anchor="{}">{}</text>').format(
        x, y, kind, anchor, text
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(
        x1, y1, x2, y2, kind
    )


def _rectangle(x: float, y: float, width: float, height: float, kind: str) -> Markup:
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}" rx="3" class="{}"/>').format(
        x, y, width, height, kind
    )


def _circle(x: float, y: float, radius: float, kind: str) -> Markup:
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" class="{}"/>').format(x, y, radius, kind)
