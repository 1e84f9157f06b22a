"""How far two judges agree beyond what chance alone would make them.

It knows no set and no product.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa (1960) of two judges over the questions that are `counted`; each array has one item a question.

    1 where they always agree, 0 where no more than by chance, below 0 where less.
    """

    one: Bools
    other: Bools
    counted: Bools

    @property
    def questions(self) -> int:
        """How many questions count."""
        return int(self.counted.sum())

    @property
    def value(self) -> float | None:
        """The kappa; None where it is not defined: where both say the same of every question, or none counts."""
        found = float(self.resampled(np.ones((1, len(self.counted))))[0])
        return None if np.isnan(found) else found

    def resampled(self, weights: Floats) -> Floats:
        """The kappa where question i counts `weights[:, i]` times, a row each; not a number where it is not defined."""
        counted = weights * self.counted
        with np.errstate(invalid="ignore", divide="ignore"):
            total = counted.sum(axis=1)
            agreed = (counted @ (self.one == self.other)) / total
            yes, other_yes = (counted @ self.one) / total, (counted @ self.other) / total
            by_chance = yes * other_yes + (1 - yes) * (1 - other_yes)
            return np.asarray((agreed - by_chance) / (1 - by_chance))
