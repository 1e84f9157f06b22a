"""Whether a file yields the passages of the plain text."""

import re
from pathlib import Path

from bot.catalog import Entry
from ingest.prepare import prepare
from ingest.scope import Source

_MARK = re.compile(r"^[-•] ", re.MULTILINE)


def entry_of(path: Path) -> Entry:
    return prepare(Source(str(path.parent), path.name), "release", "0" * 64, "", None)


def passages(entry: Entry) -> list[tuple[str, str, str]]:
    """Text, kind and language of each passage, markup aside: the marks of list items and white space."""
    return [
        (" ".join(_MARK.sub("", passage.text).split()), passage.kind, passage.language)
        for passage in entry.passages
    ]


def assert_same(entry: Entry, plain: Entry) -> None:
    assert passages(entry) == passages(plain)
    release, expected = entry.release, plain.release
    assert (release.title, release.language, release.place, release.issuer) == (
        expected.title,
        expected.language,
        expected.place,
        expected.issuer,
    )
    assert release.published == expected.published
    assert "".join(passage.text for passage in entry.passages) == release.text
