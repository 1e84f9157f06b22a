"""Sets two runs over the same questions side by side: what got better, what got worse, and whether by chance.

It judges no answer and draws nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from bot.evaluation.measures import Measure, measure, statistics_of
from bot.evaluation.results import Result
from bot.evaluation.runs import Reply, Run
from bot.evaluation.statistics import LEVEL, Interval, Ratio, Statistic, differences, mcnemar

Kind = Literal["worse", "better", "changed", "same"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question that both runs were asked, with what each scored and answered."""

    before: Result
    after: Result
    reply_before: Reply
    reply_after: Reply

    @property
    def kind(self) -> Kind:
        """By the verdict, then the facts told; `changed` where only the words or the quotes did."""
        before, after = _merit(self.before), _merit(self.after)
        if before != after:
            return "better" if after > before else "worse"
        return "same" if self.reply_before == self.reply_after else "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure over the questions of both runs.

    `probability` is the p-value of McNemar's exact test where each question is right or wrong; for all else
    `interval` is the 95 % bootstrap interval of the difference, each question resampled with both its answers.
    """

    measure: Measure
    before: float
    after: float
    probability: float | None
    interval: Interval | None

    @property
    def beyond_noise(self) -> bool:
        if self.probability is not None:
            return self.probability < LEVEL
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]

    @property
    def better(self) -> bool:
        return self.after != self.before and (self.after > self.before) == self.measure.higher_is_better


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side.

    `altered` are questions of the same id that ask or expect something else now: they are compared no more than
    those that `appeared` or `disappeared`.
    """

    pairs: tuple[Pair, ...]
    appeared: tuple[Result, ...]
    disappeared: tuple[Result, ...]
    altered: tuple[Result, ...]
    differences: Mapping[str, Difference] = field(default_factory=dict)

    def of_kind(self, kind: Kind) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.kind == kind)

    @property
    def turned(self) -> tuple[int, int]:
        """How many questions went from right to wrong, and how many from wrong to right."""
        both = [(pair.before.right, pair.after.right) for pair in self.pairs]
        return both.count((True, False)), both.count((False, True))

    @property
    def probability(self) -> float:
        """How often chance alone would turn answers at least as unevenly: McNemar's exact test, two-sided."""
        return mcnemar(*self.turned)


def compare(baseline: Run, run: Run) -> Comparison:
    """What became of each question of the baseline in the run; the order is the run's."""
    same, altered = [], []
    for identity, after in run.results.items():
        before = baseline.results.get(identity)
        if before is None:
            continue
        if before.asks_the_same(after):
            same.append(Pair(before, after, baseline.replies[identity], run.replies[identity]))
        else:
            altered.append(after)
    return Comparison(
        pairs=tuple(same),
        appeared=tuple(each for key, each in run.results.items() if key not in baseline.results),
        disappeared=tuple(each for key, each in baseline.results.items() if key not in run.results),
        altered=tuple(altered),
        differences=_differences(
            statistics_of([pair.before for pair in same]),
            statistics_of([pair.after for pair in same]),
            len(same),
        ),
    )


def _differences(
    before: Mapping[str, Statistic], after: Mapping[str, Statistic], asked: int
) -> dict[str, Difference]:
    bounds = differences(before, after, asked)
    found: dict[str, Difference] = {}
    for name, interval in bounds.items():
        of, was, now = measure(name), before[name].value, after[name].value
        if of is not None and was is not None and now is not None:
            found[name] = Difference(of, was, now, _exact(before[name], after[name]), interval)
    return found


def _exact(before: Statistic, after: Statistic) -> float | None:
    """McNemar's p-value where both count the same questions, each as a hit or none; else None."""
    if not isinstance(before, Ratio) or not isinstance(after, Ratio) or not (before.share and after.share):
        return None
    if not np.array_equal(before.totals, after.totals):
        return None
    lost = int(((before.hits == 1) & (after.hits == 0)).sum())
    won = int(((before.hits == 0) & (after.hits == 1)).sum())
    return mcnemar(lost, won)


def _merit(result: Result) -> tuple[bool, float, bool]:
    """What makes an answer better than another: to be right, then the facts it tells, then to be one at all."""
    return result.right is True, result.counts.get("facts_found", (0.0, 0.0))[0], result.answered
