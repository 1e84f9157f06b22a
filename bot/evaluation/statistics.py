"""How sure a figure is that was measured on some questions, and whether two runs differ by more than chance.

It knows no set and no product.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.metrics import SEED, Share

LEVEL = 0.05
"""A difference that chance alone makes more rarely than this is beyond the noise."""
NORMAL_QUANTILE = 1.959963984540054
"""Of the standard normal distribution at 1 - LEVEL / 2."""
RESAMPLES = 2_000
ROWS = 200
"""Resamples that are held in memory at a time."""

Floats = NDArray[np.float64]
Interval = tuple[float, float]


class Statistic(Protocol):
    """A figure of a run that can be worked out again for any resample of its questions."""

    @property
    def questions(self) -> int:
        """How many questions count."""

    @property
    def value(self) -> float | None:
        """The figure, or None where no question counts."""

    def resampled(self, weights: Floats) -> Floats:
        """The figure where question i counts `weights[:, i]` times, a row each; not a number where none counts."""


@dataclass(frozen=True)
class Ratio:
    """`hits` over `totals`, each the sum of what the questions add: arrays with one item a question."""

    hits: Floats
    totals: Floats

    @property
    def questions(self) -> int:
        return int(np.count_nonzero(self.totals))

    @property
    def value(self) -> float | None:
        total = float(self.totals.sum())
        return float(self.hits.sum()) / total if total else None

    @property
    def share(self) -> Share | None:
        """The same as a share of questions, where each adds one or nothing."""
        if np.isin(self.totals, (0, 1)).all() and np.isin(self.hits, (0, 1)).all():
            return Share(int(self.hits.sum()), int(self.totals.sum()))
        return None

    def resampled(self, weights: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((weights @ self.hits) / (weights @ self.totals))


def intervals(statistics: Mapping[str, Statistic], asked: int) -> dict[str, Interval | None]:
    """The 95 % percentile bootstrap interval of each, all over the same `asked` questions; None of nothing.

    Whole questions are resampled, so facts or quotes of one question stay together. An interval is widened to hold
    the figure itself where resampling shifts it, as it does a calibration error. The same at every call.
    """
    shares = {name: each.share for name, each in statistics.items() if isinstance(each, Ratio) and each.share}
    rest = {name: each for name, each in statistics.items() if name not in shares and each.value is not None}
    found = _resampled({name: each.resampled for name, each in rest.items()}, asked)
    return {
        name: shares[name].interval()
        if name in shares
        else _widened(_percentiles(found.get(name)), each.value)
        for name, each in statistics.items()
    }


def differences(
    before: Mapping[str, Statistic], after: Mapping[str, Statistic], asked: int
) -> dict[str, Interval | None]:
    """The 95 % percentile bootstrap interval of `after` less `before`, both over the same `asked` questions in order.

    Both runs are resampled alike, so that what makes a question hard for both is no part of the noise. None where
    one has nothing.
    """

    def less(name: str) -> Callable[[Floats], Floats]:
        return lambda weights: after[name].resampled(weights) - before[name].resampled(weights)

    names = [name for name in before if name in after]
    found = _resampled({name: less(name) for name in names}, asked)
    return {
        name: None
        if before[name].value is None or after[name].value is None
        else _percentiles(found.get(name))
        for name in names
    }


def mcnemar(worse: int, better: int) -> float:
    """The two-sided p-value of McNemar's exact test (McNemar 1947).

    Of two runs over the same questions only those count that one has right and the other wrong: `worse` went from
    right to wrong, `better` from wrong to right. Without a difference each goes either way with probability one
    half, so this is the binomial test of the smaller number.
    """
    changed = worse + better
    tail = ways = 1
    for count in range(1, min(worse, better) + 1):
        ways = ways * (changed - count + 1) // count
        tail += ways
    return min(1.0, 2 * tail / (1 << changed))


def wilson(share: float, total: int) -> Interval:
    """The 95 % score interval of a share of `total` questions (Wilson 1927).

    Unlike a bootstrap it has a width at 0 and 1 too: 20 right of 20 do not prove that none is ever wrong.
    """
    squared = NORMAL_QUANTILE**2
    middle = (share + squared / (2 * total)) / (1 + squared / total)
    spread = share * (1 - share) / total + squared / (4 * total**2)
    half = NORMAL_QUANTILE * sqrt(max(0.0, spread)) / (1 + squared / total)
    return max(0.0, middle - half), min(1.0, middle + half)


def noise(statistic: Statistic, interval: Interval | None) -> Interval | None:
    """What chance makes likely around a figure: its interval, and for a share no less than Wilson's.

    A question that adds several facts or quotes to a share counts as one there, which errs to the wide side. A figure
    that is no ratio is shifted by resampling, as a calibration error is: there the interval's mirror image counts too.
    """
    value = statistic.value
    if interval is None or value is None:
        return None
    low, high = interval
    if not isinstance(statistic, Ratio):
        return min(value, max(0.0, min(low, 2 * value - high))), max(high, 2 * value - low)
    if not 0 <= value <= 1:
        return interval
    least, most = wilson(value, statistic.questions)
    return min(low, least), max(high, most)


def _resampled(figures: Mapping[str, Callable[[Floats], Floats]], questions: int) -> dict[str, Floats]:
    if not questions:
        return {}
    drawn: dict[str, list[Floats]] = {name: [] for name in figures}
    for weights in _weights(questions):
        for name, figure in figures.items():
            drawn[name].append(figure(weights))
    return {name: np.concatenate(parts) for name, parts in drawn.items()}


def _weights(questions: int) -> Iterator[Floats]:
    """How often each question is drawn when as many are drawn as there are, with replacement."""
    random = np.random.default_rng(SEED)
    rows = np.arange(ROWS)[:, None] * questions
    for _ in range(RESAMPLES // ROWS):
        drawn = random.integers(0, questions, size=(ROWS, questions)) + rows
        yield np.bincount(drawn.ravel(), minlength=ROWS * questions).reshape(ROWS, questions).astype(float)


def _percentiles(drawn: Floats | None) -> Interval | None:
    if drawn is None or np.isnan(drawn).all():
        return None
    low, high = np.nanquantile(drawn, (LEVEL / 2, 1 - LEVEL / 2))
    return float(low), float(high)


def _widened(interval: Interval | None, value: float | None) -> Interval | None:
    if interval is None or value is None:
        return None
    return min(interval[0], value), max(interval[1], value)
