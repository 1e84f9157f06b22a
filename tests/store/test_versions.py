"""Releases that tell the same: one answers, the older stay for their citations, and nothing outlives its successor."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.catalog import FILE, Catalog, Entry, Link, Stamp
from bot.domain import Passage, PublicationDate, Release

STAMP = Stamp("hash", "1")
COLLECTION = "communique-aaaa-bbbb"
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MARCH = date(2023, 3, 14)


def entry(name: str, language: str = "en", day: date | None = MARCH, title: str = "A title") -> Entry:
    """A release of one passage, which is named like it."""
    published = PublicationDate(day, "stated", "the day") if day else None
    text = f"What {name} says."
    release = Release(name, "/corpus", f"{name}.md", name.rjust(64, "0"), text, title, language, published)
    return Entry(release, "mark", [Passage(name, name, release.revision, 0, 0, len(text), text, language)])


class Corpus:
    """A catalog that grows a day with each change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.catalog = Catalog.open(path, create=True)
        self.now = FIRST

    def put(self, *entries: Entry, links: list[Link] | None = None, removed: list[str] | None = None) -> None:
        self.catalog.apply(
            entries, removed or [], stamp=STAMP, collection=COLLECTION, links=links or [], now=self.now
        )
        self.now += timedelta(days=1)

    def superseded(self) -> dict[str, str]:
        """What is superseded, by what."""
        found = self.catalog.versions()
        return {name: version.superseded_by for name, version in found.items() if version.superseded_by}


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    made = Corpus(tmp_path / FILE)
    with made.catalog:
        yield made
        made.catalog.check()


def test_a_release_that_stands_alone_has_no_versions(corpus: Corpus) -> None:
    corpus.put(entry("a"), entry("b"))
    assert corpus.catalog.versions() == corpus.catalog.versions(["a", "unknown"]) == {}
    release = corpus.catalog.release("a")
    assert release
    assert corpus.catalog.successor(release) is None


def test_one_of_an_item_brings_all_of_it(corpus: Corpus) -> None:
    corpus.put(
        *map(entry, "abcxy"),
        links=[
            Link("b", "a", "copy"),
            Link("c", "b", "copy"),
            Link("x", "y", "copy"),
        ],
    )
    assert sorted(corpus.catalog.versions(["c"])) == ["a", "b", "c"]
    assert {version.item for version in corpus.catalog.versions(["a"]).values()} == {"a"}
    assert {version.item for version in corpus.catalog.versions().values()} == {"a", "x"}


@pytest.mark.parametrize("relation", ["translation", "copy"])
def test_twins_and_copies_both_answer(corpus: Corpus, relation: str) -> None:
    corpus.put(entry("a"), entry("b", "fr"), links=[Link("a", "b", relation)])  # type: ignore[arg-type]
    assert corpus.superseded() == {}
    assert len(corpus.catalog.versions(["b"])) == 2


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (entry("z", day=date(2023, 3, 14)), entry("a", day=date(2023, 3, 15))),
        (entry("release"), entry("release-corrected")),
        (entry("communique"), entry("communique-rectifie")),
        (entry("z", title="The visit"), entry("a", title="The visit (updated)")),
        (entry("a"), entry("b")),
    ],
    ids=["by day", "by the file's name", "in French", "by its title", "by nothing but the name"],
)
def test_of_two_that_came_together_the_newest_answers(corpus: Corpus, older: Entry, newer: Entry) -> None:
    names = (newer.release.id, older.release.id)
    corpus.put(newer, older, links=[Link(*names, "revision")])
    assert corpus.superseded() == {older.release.id: newer.release.id}


@pytest.mark.parametrize("day", [MARCH, None])
def test_with_one_day_or_none_what_came_last_answers(corpus: Corpus, day: date | None) -> None:
    corpus.put(entry("b"))
    corpus.put(entry("a", day=day), links=[Link("a", "b", "revision")])
    assert corpus.superseded() == {"b": "a"}


def test_a_correction_answers_although_the_original_was_touched_since(corpus: Corpus) -> None:
    corpus.put(entry("a-corrected"))
    corpus.put(entry("a"), links=[Link("a", "a-corrected", "revision")])
    assert corpus.superseded() == {"a": "a-corrected"}


def test_a_translation_of_what_was_corrected_answers_still(corpus: Corpus) -> None:
    corpus.put(entry("en"), entry("fr", "fr"), links=[Link("fr", "en", "translation")])
    corpus.put(entry("en-2"), links=[Link("en-2", "en", "revision")])
    assert corpus.superseded() == {"en": "en-2"}
    assert len({version.item for version in corpus.catalog.versions().values()}) == 1


def test_a_changed_release_is_compared_anew(corpus: Corpus) -> None:
    link = Link("a", "b", "revision", (("a", "b"),))
    corpus.put(entry("a"), entry("b"), links=[link])
    assert corpus.catalog.counterparts(["a", "b"]) == {"a": ["b"], "b": ["a"]}
    corpus.put(entry("a"))
    assert corpus.catalog.versions() == corpus.catalog.counterparts(["a", "b"]) == {}


def test_what_a_correction_replaced_can_be_cited_when_its_file_is_gone(corpus: Corpus) -> None:
    old, new = entry("old"), entry("new")
    corpus.put(old)
    corpus.put(new, links=[Link("new", "old", "revision")])
    corpus.put(removed=["old"])
    catalog = corpus.catalog
    assert [summary.id for summary in catalog.releases()] == ["new"]
    assert catalog.passage_ids() == {"new"}
    for revision in (None, old.release.revision):
        assert catalog.release("old", revision) == old.release
    assert catalog.successor(old.release) == new.release
    assert not catalog.versions(["old"])["old"].present
    catalog.check()


def test_a_chain_of_corrections_leads_to_the_last_whatever_leaves_first(corpus: Corpus) -> None:
    one, two, three = entry("one"), entry("two"), entry("three")
    corpus.put(one)
    corpus.put(two, links=[Link("two", "one", "revision")])
    corpus.put(removed=["one"])
    corpus.put(three, links=[Link("three", "two", "revision")])
    corpus.put(removed=["two"])
    assert corpus.superseded() == {"one": "three", "two": "three"}
    assert corpus.catalog.successor(one.release) == three.release


def test_a_changed_successor_stays_the_successor(corpus: Corpus) -> None:
    corpus.put(entry("old"), entry("new"), links=[Link("new", "old", "revision")])
    corpus.put(removed=["old"])
    changed = entry("new", title="Another title")
    corpus.put(changed)
    assert corpus.superseded() == {"old": "new"}
    assert corpus.catalog.successor(entry("old").release) == changed.release


@pytest.mark.parametrize("together", [True, False])
def test_with_the_last_successor_everything_leaves(corpus: Corpus, together: bool) -> None:
    corpus.put(entry("old"), entry("new"), links=[Link("new", "old", "revision")])
    for removed in [["old", "new"]] if together else [["old"], ["new"]]:
        corpus.put(removed=removed)
    assert corpus.catalog.release("old") is None
    assert corpus.catalog.versions() == {}


def test_a_translation_that_is_removed_leaves(corpus: Corpus) -> None:
    corpus.put(entry("en"), entry("fr", "fr"), links=[Link("en", "fr", "translation")])
    corpus.put(removed=["fr"])
    assert corpus.catalog.release("fr") is None
    assert corpus.catalog.versions() == {}


def test_what_comes_back_is_in_the_corpus_again(corpus: Corpus) -> None:
    corpus.put(entry("old"), entry("new"), links=[Link("new", "old", "revision")])
    corpus.put(removed=["old"])
    corpus.put(entry("old"), links=[Link("old", "new", "revision")])
    assert corpus.superseded() == {"new": "old"}
    assert all(version.present for version in corpus.catalog.versions().values())


def test_an_earlier_revision_of_a_file_is_succeeded_by_the_present_one(corpus: Corpus) -> None:
    first = entry("a")
    corpus.put(first)
    second = Release("a", "/corpus", "a.md", "f" * 64, "Another text.", "A title", "en")
    corpus.put(Entry(second, "mark", []))
    assert corpus.catalog.successor(first.release) == second
    assert corpus.catalog.successor(second) is None


def test_a_rebuild_keeps_what_departed_and_when_releases_came(corpus: Corpus, tmp_path: Path) -> None:
    corpus.put(entry("older"))
    corpus.put(entry("newer"), links=[Link("newer", "older", "revision")])
    corpus.put(entry("lost"), links=[Link("lost", "newer", "revision")])
    corpus.put(removed=["lost"])
    corpus.put(entry("alone"))
    with Catalog.open(tmp_path / "staged.sqlite", create=True) as staged:
        link = Link("newer", "older", "revision", (("newer", "older"),))
        entries = [entry("older"), entry("newer"), entry("new")]
        staged.apply(entries, [], stamp=STAMP, collection=COLLECTION, links=[link], now=corpus.now)
    corpus.catalog.replace_all(tmp_path / "staged.sqlite", stamp=STAMP, collection="c-d-e")
    catalog = corpus.catalog
    assert corpus.superseded() == {"older": "newer", "lost": "newer"}
    assert catalog.counterparts(["newer"]) == {"newer": ["older"]}
    assert {summary.id: summary.since for summary in catalog.releases()} == {
        "older": FIRST,
        "newer": FIRST + timedelta(days=1),
        "new": corpus.now,
    }
    assert catalog.release("lost") == entry("lost").release
    assert catalog.release("alone") is None
