"""Whether a probability means what it says, and what answering only above it would gain.

It knows no set and no product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

BINS = 10
"""Equal parts of 0 to 1 over which a probability is compared with what came true."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def calibration_error(probability: Floats, right: Bools) -> float:
    """How far probability and truth are apart in a bin, the mean over bins by what they hold (Guo et al. 2017)."""
    return float(CalibrationError(probability, right, np.ones(len(right), bool)).resampled(_once(right))[0])


@dataclass(frozen=True)
class _OfProbabilities:
    """A figure over the questions that are `counted`; each array has one item a question."""

    probability: Floats
    right: Bools
    counted: Bools

    @property
    def questions(self) -> int:
        return int(self.counted.sum())

    @property
    def value(self) -> float | None:
        """Between 0 and 1, or None of nothing."""
        return float(self.resampled(_once(self.right))[0]) if self.questions else None

    def resampled(self, weights: Floats) -> Floats:
        """The figure where question i counts `weights[:, i]` times, a row each; not a number where none counts."""
        raise NotImplementedError


@dataclass(frozen=True)
class CalibrationError(_OfProbabilities):
    """The expected calibration error over the questions that are `counted`; each array has one item a question."""

    def resampled(self, weights: Floats) -> Floats:
        """The error where question i counts `weights[:, i]` times, a row each; not a number where none counts."""
        gaps = np.zeros((len(self.right), BINS))
        places = np.arange(len(self.right))
        gaps[places, _bins(self.probability)] = self.counted * (self.probability - self.right)
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(weights @ gaps).sum(axis=1) / (weights @ self.counted.astype(float)))


@dataclass(frozen=True, slots=True)
class Bin:
    """Of the answers whose probability lies between `low` and `high`: how many, their mean, how many were right."""

    low: float
    high: float
    count: int
    probability: float
    right: int


def reliability(probability: Floats, right: Bools) -> list[Bin]:
    """The bins of the calibration error that hold anything, the lowest first."""
    bins = _bins(probability)
    return [
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=int((bins == number).sum()),
            probability=float(probability[bins == number].mean()),
            right=int(right[bins == number].sum()),
        )
        for number in sorted(set(bins.tolist()))
    ]


@dataclass(frozen=True, slots=True)
class Point:
    """Answering only from `probability` upward, `coverage` of the questions are answered, `risk` of those wrongly."""

    probability: float
    coverage: float
    risk: float


def risk_coverage(probability: Floats, right: Bools, asked: int) -> list[Point]:
    """The points of the curve, by growing coverage, one for each probability that was given (El-Yaniv and Wiener 2010).

    `probability` and `right` are those of the answers given; `asked` counts the questions, declined ones too.
    """
    points = []
    for threshold in np.unique(probability)[::-1]:
        answered = probability >= threshold
        risk = 1 - float(right[answered].mean())
        points.append(Point(float(threshold), int(answered.sum()) / asked, risk))
    return points


@dataclass(frozen=True)
class RiskCoverageArea(_OfProbabilities):
    """The mean risk over the coverages from the surest answer to all `counted` ones; 0 where none was wrong.

    Answers of the same probability stand in no order: the mean over all orders counts (Geifman and El-Yaniv 2017,
    for whom all questions are answered; here the curve ends where declining begins).
    """

    def resampled(self, weights: Floats) -> Floats:
        """The area where question i counts `weights[:, i]` (a whole number of) times, a row each.

        Not a number where none counts.
        """
        places, starts = self._order
        if not len(places):
            return np.full(len(weights), np.nan)
        taken = weights[:, places]
        held = np.add.reduceat(taken, starts, axis=1)
        wrong = np.add.reduceat(taken * ~self.right[places], starts, axis=1)
        # Of `held` equal ones after `before` others, of which `wrong_before` were wrong, the j-th adds the risk
        # (wrong_before + wrong * j / held) / (before + j); the sums over j are differences of harmonic numbers.
        before, wrong_before = np.cumsum(held, axis=1) - held, np.cumsum(wrong, axis=1) - wrong
        reciprocals = 1 / np.arange(1, int(taken.sum(axis=1).max(initial=0)) + 1)
        harmonic = np.concatenate([[0.0], np.cumsum(reciprocals)])
        inverse = harmonic[(before + held).astype(int)] - harmonic[before.astype(int)]
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(held > 0, wrong / held, 0.0)
            return np.asarray(
                (wrong_before * inverse + share * (held - before * inverse)).sum(axis=1) / taken.sum(axis=1)
            )

    @cached_property
    def _order(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The places of the counted, the surest first, and where in that order each probability begins."""
        places = np.flatnonzero(self.counted)
        places = places[np.argsort(-self.probability[places], kind="stable")]
        sorted_ = self.probability[places]
        return places, np.flatnonzero(np.concatenate([[True], sorted_[1:] != sorted_[:-1]])[: len(places)])


def _bins(probability: Floats) -> NDArray[np.intp]:
    return np.clip((probability * BINS).astype(np.intp), 0, BINS - 1)


def _once(questions: Sequence[object] | Bools) -> Floats:
    return np.ones((1, len(questions)))
