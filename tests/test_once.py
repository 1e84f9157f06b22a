"""What is found in several versions takes one place, in the version that fits the question."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.catalog import FILE, Catalog, Entry, Link, Relation, Stamp
from bot.domain import Passage, PublicationDate, Release
from bot.once import Found, once

Ranked = Callable[..., list[tuple[str, float]]]


def entry(name: str, language: str, passages: int = 2, day: int = 1) -> Entry:
    texts = [f"{name} {number}." for number in range(passages)]
    published = PublicationDate(date(2023, 1, day), "stated", "the day")
    revision = name.rjust(64, "0")
    release = Release(name, "/c", f"{name}.md", revision, "".join(texts), name, language, published)
    pieces = [
        Passage(f"{name}#{number}", name, revision, number, 0, len(text), text, language)
        for number, text in enumerate(texts)
    ]
    return Entry(release, "mark", pieces)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / FILE, create=True) as opened:
        yield opened


def put(catalog: Catalog, *entries: Entry, links: Sequence[Link] = ()) -> None:
    catalog.apply(entries, [], stamp=Stamp("hash", "1"), collection="c", links=links)


def linked(one: str, other: str, relation: Relation, *pairs: tuple[int, int]) -> Link:
    return Link(one, other, relation, tuple((f"{one}#{a}", f"{other}#{b}") for a, b in pairs))


@pytest.fixture
def ranked(catalog: Catalog) -> Ranked:
    """The ids and scores of what is left of passages found in this order, from .9 down."""

    def rank(*ids: str, language: str = "en", near: float = 0.5) -> list[tuple[str, float]]:
        found = [Found(passage, 0.8, 0.9 - place / 10) for place, passage in enumerate(catalog.passages(ids))]
        left = once(found, language, catalog, lambda missing: dict.fromkeys(missing, near))
        return [(item.passage.id, round(item.score, 2)) for item in left]

    return rank


def test_without_versions_everything_stays(catalog: Catalog, ranked: Ranked) -> None:
    put(catalog, entry("a", "en"), entry("b", "fr"))
    assert ranked("a#0", "b#0", "a#1") == [("a#0", 0.9), ("b#0", 0.8), ("a#1", 0.7)]


def test_the_version_in_the_questions_language_takes_the_best_place(catalog: Catalog, ranked: Ranked) -> None:
    twins = linked("a", "b", "translation", (0, 0), (1, 1))
    put(catalog, entry("a", "en"), entry("b", "fr"), entry("c", "en"), links=[twins])
    for language, first in (("en", "a#0"), ("fr", "b#0")):
        assert ranked("a#0", "c#0", "b#0", language=language) == [(first, 0.9), ("c#0", 0.8)]


def test_a_version_that_was_not_found_itself_takes_the_place(catalog: Catalog, ranked: Ranked) -> None:
    put(catalog, entry("a", "en"), entry("b", "fr"), links=[linked("a", "b", "translation", (0, 0))])
    assert ranked("a#0", "a#1", language="fr") == [("b#0", 0.9), ("a#1", 0.8)]


def test_a_passage_that_is_two_in_the_other_language_gives_way_to_both(
    catalog: Catalog, ranked: Ranked
) -> None:
    split = linked("a", "b", "translation", (0, 0), (0, 1))
    put(catalog, entry("a", "en"), entry("b", "fr"), links=[split])
    assert ranked("a#0", language="fr") == [("b#0", 0.9), ("b#1", 0.9)]
    assert ranked("b#1", "b#0", language="en") == [("a#0", 0.9)]


def test_in_a_third_language_what_fits_best_stays(catalog: Catalog, ranked: Ranked) -> None:
    put(catalog, entry("a", "en"), entry("b", "fr"), links=[linked("a", "b", "translation", (0, 0))])
    assert ranked("b#0", "a#0", language="es") == [("b#0", 0.9)]


def test_of_copies_the_newest_is_shown(catalog: Catalog, ranked: Ranked) -> None:
    copies = linked("a", "b", "copy", (0, 0), (1, 1))
    put(catalog, entry("a", "en", day=2), entry("b", "en", day=1), links=[copies])
    assert ranked("b#0", "a#0", "b#1") == [("a#0", 0.9), ("a#1", 0.7)]


def test_what_was_corrected_is_not_found(catalog: Catalog, ranked: Ranked) -> None:
    put(
        catalog,
        entry("old", "en", day=1),
        entry("new", "en", day=2),
        links=[linked("old", "new", "revision")],
    )
    assert ranked("old#0", "new#0", "old#1") == [("new#0", 0.8)]


def test_what_matches_nothing_stays_in_every_version(catalog: Catalog, ranked: Ranked) -> None:
    put(catalog, entry("a", "en"), entry("b", "fr"), links=[linked("a", "b", "translation", (0, 0))])
    assert ranked("a#1", "b#1") == [("a#1", 0.9), ("b#1", 0.8)]


def test_a_version_without_a_vector_is_not_shown(catalog: Catalog) -> None:
    put(catalog, entry("a", "en"), entry("b", "fr"), links=[linked("a", "b", "translation", (0, 0))])
    found = [Found(passage, 0.8, 0.9) for passage in catalog.passages(["a#0"])]
    assert [item.passage.id for item in once(found, "fr", catalog, lambda _: {})] == ["a#0"]
