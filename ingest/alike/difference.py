"""Whether two texts in one language are the same release, word for word or but for a correction.

To take two releases for one is worse than to miss that they are: one of them would no longer answer. So a series,
such as monthly statements that differ in a figure and a date, must not pass for corrections.
"""

from difflib import SequenceMatcher
from typing import Literal

import numpy as np

from ingest.alike.told import Told

SHORTEST = 30
"""Words of a text that says enough to be compared."""
COPIED_SHARE = 0.85
"""Of the words of the longer one, so many stand in the other: the rest is what a site puts around."""
COPIED_DAYS = 7
"""The same words are one release when they were published within so many days."""
ALIKE = 0.6
"""Least share of shingles that two texts have in common for one to correct the other, where both are of one day."""
NEARLY_ALIKE = 0.8
"""The same where a day is not known."""
CORRECTED_DAYS = 60
"""What calls itself a correction may be published so many days later."""
_SAME_TITLE = 0.9
_SPELLED_ALIKE = 0.75
_LOOKED_AT = 10
"""More names than these are not another spelling of each other, and would take long to compare."""


def difference(one: Told, other: Told) -> Literal["copy", "revision"] | None:
    """`copy` for the same words, `revision` where one corrects the other, None for two releases."""
    shorter, longer = sorted((len(one.words), len(other.words)))
    if one.language != other.language or shorter < SHORTEST or shorter < longer * ALIKE:
        return None
    apart = _days_apart(one, other)
    common = len(np.intersect1d(one.shingles, other.shingles, assume_unique=True))
    shared = common / (len(one.shingles) + len(other.shingles) - common)
    if shared < ALIKE:
        return None
    if (apart is None or apart <= COPIED_DAYS) and _stands_in(one, other):
        return "copy"
    return "revision" if _corrects(one, other, shared, apart) else None


def _corrects(one: Told, other: Told, shared: float, apart: int | None) -> bool:
    marked = one.is_correction != other.is_correction
    if not _same_title(one.title, other.title):
        return False
    days = _exchanged(one.days, other.days)
    numbers = _exchanged(one.figures, other.figures)
    names = _exchanged_names(one.names, other.names)
    if marked:
        return (apart or 0) <= CORRECTED_DAYS and names + numbers <= 4
    if apart is None:
        return shared >= NEARLY_ALIKE and not (days or numbers or names)
    return apart == 0 and names + numbers <= 2 and not (names and numbers)


def _stands_in(one: Told, other: Told) -> bool:
    """Whether all words of the shorter stand in the longer, in one piece, and are most of it."""
    short, long = sorted((one.words, other.words), key=len)
    first = short[:3]
    return len(short) >= COPIED_SHARE * len(long) and any(
        long[place : place + 3] == first and long[place : place + len(short)] == short
        for place in range(len(long) - len(short) + 1)
    )


def _same_title(one: str, other: str) -> bool:
    if one == other:
        return True
    figures = [[word for word in title.split() if any(map(str.isdigit, word))] for title in (one, other)]
    return figures[0] == figures[1] and SequenceMatcher(None, one, other).ratio() >= _SAME_TITLE


def _exchanged(one: frozenset[object], other: frozenset[object]) -> int:
    """How many of one stand in the place of as many of the other."""
    return min(len(one - other), len(other - one))


def _exchanged_names(one: frozenset[str], other: frozenset[str]) -> int:
    """The same for names, of which another spelling is no other name."""
    gone, come = one - other, other - one
    if min(len(gone), len(come)) > _LOOKED_AT:
        return _exchanged(one, other)
    alike = sum(
        any(SequenceMatcher(None, name, new).ratio() >= _SPELLED_ALIKE for new in come) for name in gone
    )
    return max(0, min(len(gone), len(come)) - alike)


def _days_apart(one: Told, other: Told) -> int | None:
    if one.published is None or other.published is None:
        return None
    return abs((one.published - other.published).days)
