"""Which releases of the index tell the same as those that are about to join it, found by their vectors and days.

It judges no pair: `ingest.alike.difference` and `ingest.alike.translation` do.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.catalog import Catalog, Entry, Link
from bot.domain import Passage, Release
from bot.items import nearest
from bot.vectors import Vectors
from ingest.alike.difference import difference
from ingest.alike.told import told
from ingest.alike.translation import LENGTHS, TRANSLATED_DAYS, matching, may_translate

PROBES = 4
"""Passages of a release whose neighbours are looked up, spread over it."""
NEIGHBOURS = 16
"""Of each of these, so many: what a change costs must not grow with the index."""
NEAR = 0.95
"""Least cosine of a neighbour that may be the same passage, but for a correction."""
NEAR_TRANSLATION = 0.84
"""The same in another language."""
SAME_DAY = 24
"""Releases of about the same day that are compared, at most."""
REMEMBERED = 256


class Relater:
    """Finds what releases tell the same, in one catalog and one collection."""

    def __init__(self, catalog: Catalog, vectors: Vectors, collection: str) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._collection = collection
        self._told = lru_cache(maxsize=REMEMBERED)(told)

    def links(self, entries: Sequence[Entry]) -> list[Link]:
        """How the entries are linked to each other and to what is in the catalog, where they are not yet.

        Their vectors must be stored.
        """
        coming = {entry.release.id: entry for entry in entries}
        near = self._near(coming)
        pairs = {
            tuple(sorted((entry.release.id, other)))
            for entry in entries
            for other in near[entry.release.id].union(self._of_the_day(entry.release, coming.values()))
            if other != entry.release.id
        }
        found = (self._link(one, other, coming) for one, other in sorted(pairs))
        return [link for link in found if link]

    def _near(self, coming: Mapping[str, Entry]) -> dict[str, set[str]]:
        """The releases that hold a passage near to one of each entry's."""
        own = {passage.id: passage for entry in coming.values() for passage in entry.passages}
        probes = [passage for entry in coming.values() for passage in _spread(_telling(entry.passages))]
        stored = self._stored(probes)
        near: dict[str, set[str]] = {release_id: set() for release_id in coming}
        if not stored:
            return near
        probes = [passage for passage in probes if passage.id in stored]
        matrix = np.stack([stored[passage.id] for passage in probes])
        neighbours = self._vectors.queries(self._collection, matrix, NEIGHBOURS)
        for probe, found in zip(probes, neighbours, strict=True):
            cosines = {id_: near.similarity for id_, near in nearest(found).items()}
            known = self._catalog.passages([id_ for id_ in cosines if id_ not in own])
            for passage in [*known, *(own[id_] for id_ in cosines if id_ in own)]:
                least = NEAR if passage.language == probe.language else NEAR_TRANSLATION
                if cosines[passage.id] >= least:
                    near[probe.release_id].add(passage.release_id)
        return near

    def _of_the_day(self, release: Release, coming: Collection[Entry]) -> Iterator[str]:
        """Releases of the same day, in other languages of about the same, that are about as long."""
        if release.date is None:
            return
        sizes = len(release.text) / LENGTHS, len(release.text) * LENGTHS
        known = self._catalog.published_near(release.date, TRANSLATED_DAYS, sizes, SAME_DAY)
        there = [(each.release.id, each.release.language, each.release.date) for each in coming]
        for other_id, language, day in [*known, *there]:
            days = TRANSLATED_DAYS if language != release.language else 0
            if day and abs((day - release.date).days) <= days:
                yield other_id

    def _link(self, one_id: str, other_id: str, coming: Mapping[str, Entry]) -> Link | None:
        one, other = self._release(one_id, coming), self._release(other_id, coming)
        if one is None or other is None:
            return None
        told_one, told_other = self._told(one), self._told(other)
        if one.language == other.language:
            relation = difference(told_one, told_other)
            if relation == "revision" and (one.recognised or other.recognised):
                return None  # what differs may be what a machine misread, and that corrects nothing
            if relation != "copy":
                return Link(one_id, other_id, relation) if relation else None
            return Link(one_id, other_id, relation, self._same(one_id, other_id, coming))
        if not may_translate(told_one, told_other):
            return None
        sides = (_telling(self._passages(each, coming)) for each in (one_id, other_id))
        pairs = self._translated(*sides)
        return Link(one_id, other_id, "translation", pairs) if pairs else None

    def _same(self, one_id: str, other_id: str, coming: Mapping[str, Entry]) -> tuple[tuple[str, str], ...]:
        """The passages of two releases that have the same words."""
        by_words = {_words(passage): passage.id for passage in self._passages(other_id, coming)}
        ours = self._passages(one_id, coming)
        return tuple((each.id, by_words[_words(each)]) for each in ours if _words(each) in by_words)

    def _translated(self, ours: Sequence[Passage], theirs: Sequence[Passage]) -> tuple[tuple[str, str], ...]:
        """The passages of two texts in two languages that match, where one text translates the other."""
        stored = self._stored([*ours, *theirs])
        ours, theirs = ([each for each in side if each.id in stored] for side in (ours, theirs))
        if not ours or not theirs:
            return ()
        rows, columns = (np.stack([_unit(stored[each.id]) for each in side]) for side in (ours, theirs))
        sizes = [len(each.text) for each in ours], [len(each.text) for each in theirs]
        return tuple((ours[row].id, theirs[column].id) for row, column in matching(rows @ columns.T, sizes))

    def _stored(self, passages: Sequence[Passage]) -> dict[str, NDArray[np.float32]]:
        ids, vectors = self._vectors.stored(self._collection, [passage.id for passage in passages])
        return dict(zip(ids, vectors, strict=True))

    def _release(self, release_id: str, coming: Mapping[str, Entry]) -> Release | None:
        return coming[release_id].release if release_id in coming else self._catalog.release(release_id)

    def _passages(self, release_id: str, coming: Mapping[str, Entry]) -> Sequence[Passage]:
        return coming[release_id].passages if release_id in coming else self._catalog.passages_of(release_id)


def _telling(passages: Sequence[Passage]) -> list[Passage]:
    return [passage for passage in passages if passage.kind == "body"]


def _spread(passages: Sequence[Passage]) -> list[Passage]:
    """Some of the passages, from the first to the last."""
    places = np.linspace(0, len(passages) - 1, min(PROBES, len(passages))).round()
    return [passages[int(place)] for place in places]


def _words(passage: Passage) -> str:
    return " ".join(passage.text.split())


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vector / np.linalg.norm(vector), np.float32)
