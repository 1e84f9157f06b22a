"""Files that could not be read stay listed, with their reason, until they can be or are gone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.catalog import FILE, Catalog, Failure

FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / FILE, create=True) as opened:
        yield opened


def test_each_try_is_counted_and_the_last_reason_told(catalog: Catalog) -> None:
    catalog.note_failures({("/corpus", "a.md", ""): "It is empty."}, [], FIRST)
    catalog.note_failures({("/corpus", "a.md", ""): "It is locked."}, [], FIRST + timedelta(days=1))
    assert catalog.failures() == [
        Failure("/corpus", "a.md", "It is locked.", FIRST, FIRST + timedelta(days=1), 2)
    ]
    assert catalog.failures()[0].to_json() == {
        "file": "/corpus/a.md",
        "reason": "It is locked.",
        "first_seen": "2026-01-01T12:00:00+00:00",
        "last_seen": "2026-01-02T12:00:00+00:00",
        "tries": 2,
    }


def test_what_is_settled_is_struck_out_and_the_rest_stays(catalog: Catalog) -> None:
    catalog.note_failures({("/corpus", "a.md", ""): "r", ("/corpus", "b.md", ""): "r"}, [], FIRST)
    catalog.note_failures({}, [("/corpus", "a.md", ""), ("/corpus", "never there.md", "")], FIRST)
    assert [failure.file for failure in catalog.failures()] == ["b.md"]
    catalog.note_failures({("/corpus", "a.md", ""): "r"}, [], FIRST)
    assert [(failure.file, failure.tries) for failure in catalog.failures()] == [("a.md", 1), ("b.md", 1)]


def test_a_name_that_is_not_utf_8_is_kept_and_struck_out(catalog: Catalog) -> None:
    place = ("/corpus", "caf\udce9.md", "")
    catalog.note_failures({place: "/corpus/caf\udce9.md cannot be opened."}, [], FIRST)
    assert [failure.file for failure in catalog.failures()] == ["caf\\udce9.md"]
    catalog.note_failures({}, [place], FIRST)
    assert catalog.failures() == []


def test_failures_are_no_change_of_what_is_answered(catalog: Catalog) -> None:
    catalog.note_failures({("/corpus", "a.md", ""): "r"}, [], FIRST)
    assert catalog.generation == 0
