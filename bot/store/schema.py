"""The tables of the catalog, and how releases become their rows and rows become releases.

It opens no file and commits nothing; with `bot.catalog`, which asks the questions, the only place that knows
the schema.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from bot.domain import Definition, Passage, PublicationDate, Release
from bot.store import failures, versions
from bot.store.packing import (
    Spans,
    pack_pages,
    pack_runs,
    pack_spans,
    pack_vectors,
    unpack_pages,
    unpack_runs,
    unpack_spans,
    unpack_vectors,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

    import numpy as np
    from numpy.typing import NDArray

SCHEMA = 3
"""Raise it with every change of the tables, of how terms are made, or of what is embedded."""

TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE releases (
    id TEXT PRIMARY KEY, root TEXT NOT NULL, file TEXT NOT NULL, current TEXT NOT NULL,
    fingerprint TEXT NOT NULL, since TEXT NOT NULL, member TEXT NOT NULL, UNIQUE (root, file)
) WITHOUT ROWID;
-- Files that hold several releases, as they were last read.
CREATE TABLE containers (
    root TEXT NOT NULL, file TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (root, file)
) WITHOUT ROWID;
-- AUTOINCREMENT: a key names one immutable row for ever, so that the cache needs no invalidation.
CREATE TABLE revisions (
    key INTEGER PRIMARY KEY AUTOINCREMENT, release_id TEXT NOT NULL, revision TEXT NOT NULL,
    title TEXT NOT NULL, language TEXT NOT NULL, published TEXT, basis TEXT, words TEXT,
    place TEXT, issuer TEXT, url TEXT,
    characters INTEGER NOT NULL, checksum INTEGER NOT NULL, text TEXT NOT NULL, origin BLOB NOT NULL,
    pages BLOB NOT NULL,
    UNIQUE (release_id, revision)
);
CREATE INDEX revision_days ON revisions (published);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, release_id TEXT NOT NULL, revision TEXT NOT NULL,
    number INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
    language TEXT NOT NULL, kind TEXT NOT NULL, items INTEGER NOT NULL, UNIQUE (release_id, number)
);
CREATE INDEX passage_kinds ON passages (kind);
CREATE TABLE sentences (key INTEGER PRIMARY KEY, spans BLOB NOT NULL, vectors BLOB NOT NULL);
CREATE TABLE definitions (
    acronym TEXT NOT NULL COLLATE NOCASE, long_form TEXT NOT NULL, release_id TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE INDEX definition_acronyms ON definitions (acronym);
CREATE INDEX definition_releases ON definitions (release_id);
{failures.TABLE}{versions.TABLES}"""
# Terms arrive folded and stemmed; the tokenizer only takes them apart again. Marks (M*) belong to words.
FULLTEXT = """
CREATE VIRTUAL TABLE fulltext USING fts5(
    terms, title, tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*' tokenchars '_'"
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(fulltext, col);
"""
RELEASE = "release_id, revision, title, language, published, basis, words, place, issuer, url"
PASSAGE = 'id, release_id, revision, number, start, "end", text, language, kind'
DEFINITION = 'acronym, long_form, release_id, start, "end"'
TEXT = "characters, checksum, text, origin, pages"
COPIED = {
    "releases": "id, root, file, current, fingerprint, since, member",
    "containers": "root, file, digest",
    "revisions": f"{RELEASE}, {TEXT}",
    "passages": f"key, {PASSAGE}, items",
    "sentences": "key, spans, vectors",
    "definitions": DEFINITION,
    "links": "release_id, other_id, relation",
    "counterparts": "passage_id, other_id",
}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What built an index: the embedding model, the splitter version and the schema."""

    embeddings: str
    splitter: str
    schema: int = SCHEMA

    def __str__(self) -> str:
        return f"embeddings {self.embeddings}, splitter {self.splitter}, schema {self.schema}"


@dataclass(frozen=True, slots=True)
class SentenceVectors:
    """Spans of the sentences within a passage's text, and their vectors: (sentences, dimensions)."""

    spans: Spans
    vectors: "NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything the catalog stores of one release.

    `fingerprint` changes with whatever the release was made from. `terms` holds the index terms by
    passage id, and `sentences` the vectors; a passage that is in neither is kept but never found. `items` says how
    many items of a passage have vectors of their own, where some do.
    """

    release: Release
    fingerprint: str
    passages: Sequence[Passage]
    title_terms: Sequence[str] = ()
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sentences: Mapping[str, SentenceVectors] = field(default_factory=dict)
    definitions: Sequence[Definition] = ()
    items: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """A release without its text; `characters` is the text's length."""

    id: str
    root: str
    file: str
    revision: str
    fingerprint: str
    title: str
    language: str
    published: PublicationDate | None
    place: str | None
    issuer: str | None
    characters: int
    since: datetime
    """When its current revision was ingested, in UTC."""
    member: str = ""
    url: str | None = None

    @property
    def container(self) -> str:
        """The path below `root` of the file on disk that holds the release."""
        return self.file.removesuffix(f"/{self.member}") if self.member else self.file

    @property
    def date(self) -> date | None:
        return self.published.exact if self.published else None


def add(connection: "Connection", entry: Entry, since: str) -> None:
    """Put a release in; `since` says when its revision came, in ISO 8601."""
    release = entry.release
    published = release.published
    connection.execute(
        f"INSERT INTO releases (id, root, file, current, fingerprint, since, member) VALUES ({_marks(7)})",
        (
            release.id,
            release.root,
            release.file,
            release.revision,
            entry.fingerprint,
            since,
            release.member,
        ),
    )
    versions.come_back(connection, release.id)
    connection.execute(
        f"INSERT OR REPLACE INTO revisions ({RELEASE}, {TEXT}) VALUES ({_marks(15)})",
        (
            release.id,
            release.revision,
            release.title,
            release.language,
            published and published.value.isoformat(),
            published and published.basis,
            published and published.words,
            release.place,
            release.issuer,
            release.url,
            len(release.text),
            zlib.crc32(release.text.encode()),
            release.text,
            pack_runs(release.origin),
            pack_pages(release.pages, release.recognised),
        ),
    )
    title = " ".join(entry.title_terms)
    for passage in entry.passages:
        key = connection.execute(
            f"INSERT INTO passages ({PASSAGE}, items) VALUES ({_marks(10)})",
            (
                passage.id,
                passage.release_id,
                passage.revision,
                passage.number,
                passage.start,
                passage.end,
                passage.text,
                passage.language,
                passage.kind,
                entry.items.get(passage.id, 0),
            ),
        ).lastrowid
        if passage.id in entry.terms:
            connection.execute(
                "INSERT INTO fulltext (rowid, terms, title) VALUES (?, ?, ?)",
                (key, " ".join(entry.terms[passage.id]), title),
            )
        if passage.id in entry.sentences:
            found = entry.sentences[passage.id]
            connection.execute(
                "INSERT INTO sentences (key, spans, vectors) VALUES (?, ?, ?)",
                (key, pack_spans(found.spans), pack_vectors(found.vectors)),
            )
    connection.executemany(
        f"INSERT INTO definitions ({DEFINITION}) VALUES ({_marks(5)})",
        [(each.acronym, each.long_form, each.release_id, each.start, each.end) for each in entry.definitions],
    )


def remove(connection: "Connection", release_id: str) -> None:
    """Take out what is current of a release; its revisions stay."""
    versions.drop_links(connection, release_id)
    connection.execute(
        """DELETE FROM counterparts WHERE passage_id IN (SELECT id FROM passages WHERE release_id = ?1)
        OR other_id IN (SELECT id FROM passages WHERE release_id = ?1)""",
        (release_id,),
    )
    keys = connection.execute("SELECT key FROM passages WHERE release_id = ?", (release_id,)).fetchall()
    connection.executemany("DELETE FROM fulltext WHERE rowid = ?", keys)
    connection.executemany("DELETE FROM sentences WHERE key = ?", keys)
    connection.execute("DELETE FROM passages WHERE release_id = ?", (release_id,))
    connection.execute("DELETE FROM definitions WHERE release_id = ?", (release_id,))
    connection.execute("DELETE FROM releases WHERE id = ?", (release_id,))


def times_of(connection: "Connection", release_ids: Sequence[str]) -> dict[tuple[str, str], str]:
    """When the current revisions of these releases came, by release and revision."""
    found = {}
    for release_id in release_ids:
        row = connection.execute("SELECT current, since FROM releases WHERE id = ?", (release_id,)).fetchone()
        if row:
            found[release_id, row[0]] = row[1]
    return found


def sign(connection: "Connection", stamp: Stamp, collection: str) -> int:
    """Write down what the index is now; returns its new generation."""
    (found,) = connection.execute(
        "SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE key = 'generation'"
    ).fetchone()
    generation = int(found) + 1
    connection.executemany(
        "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
        [
            ("generation", str(generation)),
            ("collection", collection),
            ("embeddings", stamp.embeddings),
            ("splitter", stamp.splitter),
            ("changed", datetime.now(UTC).isoformat(timespec="seconds")),
        ],
    )
    return generation


def release_of(row: tuple[Any, ...], root: str, file: str, member: str) -> Release:
    release_id, revision, title, language, value, basis, words, place, issuer, url, _, text, origin, pages = (
        row
    )
    starts, recognised = unpack_pages(pages)
    return Release(
        id=release_id,
        root=root,
        file=file,
        revision=revision,
        text=text,
        title=title,
        language=language,
        published=_published(value, basis, words),
        place=place,
        issuer=issuer,
        origin=unpack_runs(origin),
        member=member,
        pages=starts,
        recognised=recognised,
        url=url,
    )


def summary_of(row: tuple[Any, ...]) -> Summary:
    (
        release_id,
        revision,
        title,
        language,
        value,
        basis,
        words,
        place,
        issuer,
        url,
        characters,
        root,
        file,
        mark,
        since,
        member,
    ) = row
    return Summary(
        id=release_id,
        root=root,
        file=file,
        revision=revision,
        fingerprint=mark,
        title=title,
        language=language,
        published=_published(value, basis, words),
        place=place,
        issuer=issuer,
        characters=characters,
        since=datetime.fromisoformat(since),
        member=member,
        url=url,
    )


def _published(value: str | None, basis: Any, words: str) -> PublicationDate | None:
    return PublicationDate(date.fromisoformat(value), basis, words) if value else None


def sentences_of(spans: bytes, vectors: bytes) -> SentenceVectors:
    found = unpack_spans(spans)
    return SentenceVectors(found, unpack_vectors(vectors, len(found)))


def _marks(number: int) -> str:
    return ", ".join("?" * number)
