"""What came of the questions that were read, and the figures made of it; it knows no set and no product."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.metrics import auroc, calibration_error, decline_below, declined, exact, overlap

FALSE_DECLINES = 0.1
"""The share of answerable questions that may be declined where declines are compared."""
CURVE = np.linspace(0, 1, 21)
"""Shares of false declines at which the curve has a point."""


@dataclass(frozen=True)
class Tally:
    """What came of the questions; probabilities are those of the best evidence, 0 where there is none.

    `own` is of answerable questions over their own passages, `unanswerable` of the others, `missing` of answerable
    ones over what is found without their own, `anywhere` of the same over all passages, `right` whether that evidence
    answers, and `inside` whether the best of their own passages does. `seconds` is retrieving and reading all passages,
    `own_seconds` reading one's own.
    """

    own: list[float] = field(default_factory=list)
    unanswerable: list[float] = field(default_factory=list)
    missing: list[float] = field(default_factory=list)
    anywhere: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    inside: list[bool] = field(default_factory=list)
    spans: list[tuple[str | None, tuple[str, ...]]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    own_seconds: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """The figures, by name; None where there is nothing to make one of."""
        declinable = self.unanswerable or self.missing
        answered = self.own if self.unanswerable else self.anywhere
        threshold = decline_below(np.array(answered), FALSE_DECLINES) if answered and declinable else None
        read = [(span or "", answers) for span, answers in self.spans]
        marked = any(span for span, _ in self.spans)
        return {
            "sentence_recall@1": _mean(self.right),
            "sentence_in_passage": _mean(self.inside),
            "em": _mean([exact(*pair) for pair in read]) if marked else None,
            "f1": _mean([overlap(*pair) for pair in read]) if marked else None,
            "answerability_auroc": _auroc(self.own, self.unanswerable),
            "answerability_auroc_missing": _auroc(self.anywhere, self.missing),
            "calibration_error": _calibration_error(self),
            "declines_at_10%_false": None
            if threshold is None
            else _rounded(declined(np.array(declinable), threshold)),
            "threshold_at_10%_false": _rounded(threshold),
            "curve": None if threshold is None else _curve(np.array(answered), np.array(declinable)),
            "questions": len(self.own) + len(self.unanswerable),
            "milliseconds_per_question": round(1000 * statistics.median(self.seconds or self.own_seconds), 1),
        }


def _auroc(answered: Sequence[float], declinable: Sequence[float]) -> float | None:
    if not answered or not declinable:
        return None
    positive = np.array([True] * len(answered) + [False] * len(declinable))
    return _rounded(auroc(np.array([*answered, *declinable]), positive))


def _calibration_error(tally: Tally) -> float | None:
    """Over answerable questions, asked with their own passages and without."""
    if not tally.right:
        return None
    right = np.array(tally.right + [False] * len(tally.missing))
    return _rounded(calibration_error(np.array(tally.anywhere + tally.missing), right))


def _curve(answered: NDArray[np.float64], declinable: NDArray[np.float64]) -> list[list[float]]:
    """Points of (false declines, declines), as the threshold rises."""
    thresholds = [decline_below(answered, share) for share in CURVE.tolist()]
    points = [(declined(answered, each), declined(declinable, each)) for each in thresholds]
    return [[round(false, 4), round(share, 4)] for false, share in dict.fromkeys(points)]


def _mean(values: Sequence[float]) -> float | None:
    return round(statistics.fmean(values), 4) if values else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
