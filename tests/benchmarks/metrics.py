"""What the benchmarks print, as functions of rankings, probabilities and words; it knows no set.

What the product measures too is the product's own.
"""

import math

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.calibration import calibration_error as calibration_error
from bot.evaluation.ranking import ndcg as ndcg
from bot.evaluation.ranking import recall as recall
from bot.evaluation.ranking import reciprocal_rank as reciprocal_rank
from bot.evaluation.spans import exact as exact
from bot.evaluation.spans import overlap as overlap


def auroc(score: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """The chance that a positive scores above a negative, a tie half (Mann and Whitney 1947)."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    positives = int(positive.sum())
    above = ranks[positive].sum() - positives * (positives + 1) / 2
    return float(above / (positives * (len(score) - positives)))


def decline_below(answered: NDArray[np.float64], false: float) -> float:
    """The highest threshold below which at most the share `false` of the answerable questions falls."""
    place = math.floor(false * len(answered) + 1e-9)
    return float(np.sort(answered)[place]) if place < len(answered) else math.inf


def declined(probability: NDArray[np.float64], threshold: float) -> float:
    """The share of the questions whose probability is below the threshold."""
    return float((probability < threshold).mean())
