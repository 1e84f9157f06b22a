"""Holds a run to what was claimed of the last: no fall beyond the noise, and no rise that nobody claims.

It reads no file and draws nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.evaluation.compare import Comparison
from bot.evaluation.gate_file import Demand, Gate
from bot.evaluation.measures import Measured
from bot.evaluation.statistics import Interval

ROUNDING = 0.0005
"""A claim has three decimals; a figure that rounds to it is the one claimed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sentences that say why a run may not pass; it passes where there are none."""

    demands: int
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


def judge(gate: Gate, measured: Mapping[str, Measured], comparison: Comparison | None = None) -> Verdict:
    """Whether a run with these figures passes; `comparison` sets it beside a baseline, where there is one.

    A figure is beyond the noise where the claim lies outside `Measured.noise`, or, with a baseline, where the paired
    test of `Difference` says so. A figure that is claimed as it is passes, unless it is less than the least accepted
    or more than the most.
    """
    failures = [
        reason for demand in gate.demands for reason in _reasons(demand, gate.file.name, measured, comparison)
    ]
    return Verdict(len(gate.demands), tuple(failures))


def _reasons(
    demand: Demand, file: str, measured: Mapping[str, Measured], comparison: Comparison | None
) -> list[str]:
    name, place = demand.measure.name, f"{file}, line {demand.line}"
    figure = measured.get(name)
    if figure is None:
        return [
            f"{name} has no figure: nothing in this run counts for it ({place}). Remove the line if so it is meant."
        ]
    stands = f"{name} is {_shown(figure)}"
    if demand.least is not None and figure.value < demand.least:
        return [f"{stands}: less than the least that is accepted, {demand.least:g} ({place})."]
    if demand.most is not None and figure.value > demand.most:
        return [f"{stands}: more than the most that is accepted, {demand.most:g} ({place})."]
    if demand.claimed is None or abs(figure.value - demand.claimed) <= ROUNDING:
        return []
    noise = _noise(demand.claimed, figure, comparison)
    if noise is None:
        return []
    worse, reason = noise
    if worse:
        return [f"{stands}: worse than before and beyond the noise, {reason} ({place})."]
    if (figure.value > demand.claimed) != demand.measure.higher_is_better:
        return []  # better than the baseline, but still short of the claim, and within the noise of that
    return [
        f"{stands}: better than is claimed and beyond the noise, {reason}. If that was meant, change line "
        f"{demand.line} of {file} to: {demand.line_claiming(figure.value)}"
    ]


def _noise(claimed: float, figure: Measured, comparison: Comparison | None) -> tuple[bool, str] | None:
    """Whether the figure is worse, and the reason why that is more than chance; None where it is not."""
    if figure.noise and not figure.noise[0] <= claimed <= figure.noise[1]:
        worse = (figure.value < claimed) == figure.measure.higher_is_better
        return worse, f"which reaches {_interval(figure.noise)}, while {claimed:.3f} was claimed"
    paired = comparison.differences.get(figure.measure.name) if comparison else None
    if paired is None or not paired.beyond_noise:
        return None
    test = (
        f"McNemar's exact test gives p = {paired.probability:.2g}"
        if paired.probability is not None
        else f"the difference lies {_interval(paired.interval)}"
    )
    return not paired.better, f"from {paired.before:.3f} in the baseline over the same questions: {test}"


def _interval(interval: Interval | None) -> str:
    return f"from {interval[0]:.3f} to {interval[1]:.3f}" if interval else ""


def _shown(figure: Measured) -> str:
    of = f" ({figure.hits:g} of {figure.total:g})" if figure.total and figure.measure.unit == "share" else ""
    return f"{figure.value:.3f}{of}"
