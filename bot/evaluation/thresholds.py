"""Fits the probability below which to decline to a wanted risk, from answers that were given with nothing declined.

It asks nothing and knows no settings.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np

STEPS = 20
THRESHOLDS = tuple(step / STEPS for step in range(STEPS))
"""The thresholds that are tried. They are few and fixed before any answer is seen, so that the bounds stay honest."""
CONFIDENCE = 0.95
"""With which all bounds of a curve hold together."""

Aim = Literal["risk", "false declines"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What would come of a question at each of THRESHOLDS: whether an answer is `shown`, and whether that is `right`.

    `right` is None where nothing says what would be; `language` is the one in which the bot took the question.
    """

    language: str
    answerable: bool
    shown: tuple[bool, ...]
    right: tuple[bool, ...] | None


@dataclass(frozen=True, slots=True)
class Level:
    """What a threshold would have shown and declined.

    `wrong` of the `shown` answers that can be judged, of so many `judged` questions; `declined_falsely` of the
    `answerable` and `declined` of the `unanswerable` questions. `risk_bound` and `false_declines_bound` are the most
    that the two shares may really be.
    """

    threshold: float
    judged: int
    shown: int
    wrong: int
    risk_bound: float
    answerable: int
    declined_falsely: int
    false_declines_bound: float
    unanswerable: int
    declined: int

    @property
    def risk(self) -> float | None:
        """The share of wrong ones among the answers shown; None where none is."""
        return self.wrong / self.shown if self.shown else None

    @property
    def coverage(self) -> float | None:
        """The share of the judged questions that are answered."""
        return self.shown / self.judged if self.judged else None

    @property
    def false_declines(self) -> float | None:
        """The share of the answerable questions that are declined."""
        return self.declined_falsely / self.answerable if self.answerable else None

    def bound(self, aim: Aim) -> float:
        """The most that the share aimed at may really be."""
        return self.risk_bound if aim == "risk" else self.false_declines_bound


@dataclass(frozen=True, slots=True)
class Fit:
    """The curve of a language, the level that was chosen on it, if any reaches the aim, and the lowest reachable."""

    language: str
    questions: int
    curve: tuple[Level, ...]
    chosen: Level | None
    lowest: Level

    def to_json(self) -> dict[str, Any]:
        """The fit as plain JSON types."""
        return {
            "questions": self.questions,
            "threshold": self.chosen.threshold if self.chosen else None,
            "lowest": asdict(self.lowest),
            "curve": [asdict(level) for level in self.curve],
        }


def fits(trials: Sequence[Trial], aim: Aim, most: float) -> list[Fit]:
    """The fit of each language, that with the most questions first.

    A threshold is chosen that answers the most questions with a risk of no more than `most`, or declines the most with
    no more false declines than that.
    """
    found = []
    for language, count in Counter(trial.language for trial in trials).most_common():
        curve = levels([trial for trial in trials if trial.language == language])
        good = [level for level in curve if level.bound(aim) <= most]
        chosen = good[0 if aim == "risk" else -1] if good else None
        found.append(Fit(language, count, curve, chosen, min(curve, key=lambda level: level.bound(aim))))
    return found


def levels(trials: Sequence[Trial]) -> tuple[Level, ...]:
    """The curve: what each threshold would have done, the lowest first."""
    return tuple(_level(place, trials) for place in range(STEPS))


def questions_needed(most: float) -> int:
    """How many answers, none of them wrong, it takes to prove a share of no more than `most`."""
    return math.ceil(math.log(_miss()) / math.log1p(-most))


@lru_cache(maxsize=4096)
def upper_bound(hits: int, total: int, miss: float) -> float:
    """The largest share with which as few as `hits` of `total` happen at least as often as `miss`.

    It is the one-sided limit of Clopper and Pearson (1934), exact for small numbers; 1 of nothing.
    """
    if hits >= total:
        return 1.0
    counts = np.arange(hits + 1)
    ways = np.concatenate([[0.0], np.cumsum(np.log((total - counts[1:] + 1) / counts[1:]))])
    low, high = hits / total, 1.0
    for _ in range(50):  # halves the interval to less than a double can tell apart
        share = (low + high) / 2
        tail = np.exp(ways + counts * math.log(share) + (total - counts) * math.log1p(-share)).sum()
        low, high = (share, high) if tail > miss else (low, share)
    return high


def _miss() -> float:
    """How often one bound may fail: shared out over all thresholds (Bonferroni), as the best of them is chosen."""
    return (1 - CONFIDENCE) / STEPS


def _level(place: int, trials: Sequence[Trial]) -> Level:
    judged = [(trial.shown[place], trial.right[place]) for trial in trials if trial.right is not None]
    shown = sum(is_shown for is_shown, _ in judged)
    wrong = sum(is_shown and not is_right for is_shown, is_right in judged)
    answerable = [trial.shown[place] for trial in trials if trial.answerable]
    unanswerable = [trial.shown[place] for trial in trials if not trial.answerable]
    return Level(
        threshold=THRESHOLDS[place],
        judged=len(judged),
        shown=shown,
        wrong=wrong,
        risk_bound=upper_bound(wrong, shown, _miss()),
        answerable=len(answerable),
        declined_falsely=answerable.count(False),
        false_declines_bound=upper_bound(answerable.count(False), len(answerable), _miss()),
        unanswerable=len(unanswerable),
        declined=unanswerable.count(False),
    )
