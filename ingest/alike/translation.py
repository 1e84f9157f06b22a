"""Whether two texts in two languages are the same release, translated.

All of their passages must be near each other and in the same order, and what no translation changes (days, figures)
must be the same. Two releases on one matter share much of that: where they differ in it, they are two.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.alike.told import Told

SIMILAR = 0.865
"""Least mean, over all passages, of the cosine with the nearest one of the other text. Measured (English, French,
Spanish): translations .873 to .93, two releases on one matter up to .861, two out of one template up to .907."""
MATCHED = 0.87
"""Least cosine of two passages that tell the same."""
COVERED = 0.5
"""Of each text, so much must stand in passages that tell the same."""
IN_ORDER = 0.8
"""Of the steps from passage to passage, so many lead forward in the other text."""
LENGTHS = 1.8
"""A translation has at most so many times the words of the other."""
TRANSLATED_DAYS = 3
"""A translation is published within so many days."""
OTHER_FIGURES = 0.15
"""Of the fewer figures, at most so many stand in one text only, and one where both are of one day: out of one
template, two of eight did."""
SHARED_DAYS = 0.6
TELLING = 4
"""Days, figures and names that must be the same where the days of publication are not known to be."""
SHARED_NAMES = 0.4
"""Of the fewer names, so many must stand in both, by their first letters. Measured: translations .46 to .67, two
releases on other matters up to .43."""
FEW_NAMES, MOST_NAMES = 8, 0.8
"""Where less names than that are shared, nearly all must be: of texts so short and so alike that may come out of one
template, a subject is what tells them apart."""
_ROOT = 5

Floats = NDArray[np.float32]


def may_translate(one: Told, other: Told) -> bool:
    """Whether languages, lengths, days, figures and names let the one be a translation of the other."""
    shorter, longer = sorted((len(one.words), len(other.words)))
    if one.language == other.language or not shorter or longer > LENGTHS * shorter:
        return False
    if one.published and other.published and abs((one.published - other.published).days) > TRANSLATED_DAYS:
        return False
    same_day = one.published is not None and one.published == other.published
    fewer = min(len(one.figures), len(other.figures))
    missing = fewer - len(one.figures & other.figures)
    if missing > max(OTHER_FIGURES * fewer, same_day) or _share(one.days, other.days) < SHARED_DAYS:
        return False
    if not _share_names(one.names, other.names):
        return False
    shared = len(one.figures & other.figures) + len(one.days & other.days) + len(one.names & other.names)
    return shared >= (1 if same_day else TELLING)


def matching(cosines: Floats, sizes: tuple[Sequence[int], Sequence[int]]) -> list[tuple[int, int]]:
    """The pairs of passages that tell the same, by number, where the one text translates the other; else nothing.

    `cosines` are those of the passages of one (rows) and the other (columns), `sizes` how long each of them is.
    """
    if 0 in cosines.shape:
        return []
    similarity = min(
        float(np.average(cosines.max(axis=1), weights=sizes[0])),
        float(np.average(cosines.max(axis=0), weights=sizes[1])),
    )
    steps = np.concatenate([np.diff(cosines.argmax(axis=1)), np.diff(cosines.argmax(axis=0))])
    if similarity < SIMILAR or (len(steps) and float(np.mean(steps >= 0)) < IN_ORDER):
        return []
    nearest = {(row, int(column)) for row, column in enumerate(cosines.argmax(axis=1))}
    nearest |= {(int(row), column) for column, row in enumerate(cosines.argmax(axis=0))}
    matched = sorted(pair for pair in nearest if cosines[pair] >= MATCHED)
    for side in (0, 1):
        covered = sum(sizes[side][number] for number in {pair[side] for pair in matched})
        if covered < COVERED * sum(sizes[side]):
            return []
    return matched


def _share_names(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether what is named is the same, as far as names stay the same in another language."""
    ours, theirs = ({name[:_ROOT] for name in names} for names in (one, other))
    shared = _share(frozenset(ours), frozenset(theirs))
    return shared >= (SHARED_NAMES if len(ours & theirs) >= FEW_NAMES else MOST_NAMES)


def _share(one: frozenset[object], other: frozenset[object]) -> float:
    """How much of the smaller set stands in the other; all of it where one is empty."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 1.0
