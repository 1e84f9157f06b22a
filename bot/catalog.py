"""What is in the corpus: releases, revisions, passages, definitions and the full-text index, in SQLite.

The only file that knows the schema. It does not know files, models or Chroma; it names the collection of
vectors that belongs to it.
"""

import json
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bot.database import Database, Format, run
from bot.domain import Definition, Passage, PublicationDate, Release
from bot.errors import CommuniqueError, IndexMismatchError
from bot.packing import (
    Spans,
    pack_runs,
    pack_spans,
    pack_vectors,
    unpack_runs,
    unpack_spans,
    unpack_vectors,
)

if TYPE_CHECKING:
    from sqlite3 import Connection

    import numpy as np
    from numpy.typing import NDArray

SCHEMA = 1
"""Raise it with every change of the tables or of how terms are made."""
FILE = "catalog.sqlite"
REBUILD = "python -m ingest --rebuild"
CACHED_RELEASES = 64
SEARCHED_TERMS = 64
"""Of more terms the rarest are searched: the time grows with each, and the frequent ones decide little."""
TITLE_WEIGHT = 0.5
"""BM25 weight of a word in the release's title, against 1 in the passage."""

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE releases (
    id TEXT PRIMARY KEY, root TEXT NOT NULL, file TEXT NOT NULL, current TEXT NOT NULL,
    fingerprint TEXT NOT NULL, UNIQUE (root, file)
) WITHOUT ROWID;
-- AUTOINCREMENT: a key names one immutable row for ever, so that the cache needs no invalidation.
CREATE TABLE revisions (
    key INTEGER PRIMARY KEY AUTOINCREMENT, release_id TEXT NOT NULL, revision TEXT NOT NULL,
    title TEXT NOT NULL, language TEXT NOT NULL, published TEXT, basis TEXT, words TEXT,
    place TEXT, issuer TEXT,
    characters INTEGER NOT NULL, checksum INTEGER NOT NULL, text TEXT NOT NULL, origin BLOB NOT NULL,
    UNIQUE (release_id, revision)
);
CREATE TABLE passages (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, release_id TEXT NOT NULL, revision TEXT NOT NULL,
    number INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL,
    language TEXT NOT NULL, kind TEXT NOT NULL, UNIQUE (release_id, number)
);
CREATE INDEX passage_kinds ON passages (kind);
CREATE TABLE sentences (key INTEGER PRIMARY KEY, spans BLOB NOT NULL, vectors BLOB NOT NULL);
CREATE TABLE definitions (
    acronym TEXT NOT NULL COLLATE NOCASE, long_form TEXT NOT NULL, release_id TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE INDEX definition_acronyms ON definitions (acronym);
CREATE INDEX definition_releases ON definitions (release_id);
"""
# Terms arrive folded and stemmed; the tokenizer only takes them apart again. Marks (M*) belong to words.
_FULLTEXT = """
CREATE VIRTUAL TABLE fulltext USING fts5(
    terms, title, tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co M*' tokenchars '_'"
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(fulltext, col);
"""
_RELEASE = "release_id, revision, title, language, published, basis, words, place, issuer"
_PASSAGE = 'id, release_id, revision, number, start, "end", text, language, kind'
_DEFINITION = 'acronym, long_form, release_id, start, "end"'
_TEXT = "characters, checksum, text, origin"
_FINDABLE = "kind IN ('body', 'contact')"
_COPIED = {
    "releases": "id, root, file, current, fingerprint",
    "revisions": f"{_RELEASE}, {_TEXT}",
    "passages": f"key, {_PASSAGE}",
    "sentences": "key, spans, vectors",
    "definitions": _DEFINITION,
}
_FORMAT = Format(
    name="catalog",
    application=0x434F4D51,  # "COMQ"
    schema=SCHEMA,
    tables=f"{_TABLES}{_FULLTEXT}",
    make="make it with `python -m ingest`",
    repair=f"build it again with `{REBUILD}`",
)


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
    passage id, and `sentences` the vectors; a passage that is in neither is kept but never found.
    """

    release: Release
    fingerprint: str
    passages: Sequence[Passage]
    title_terms: Sequence[str] = ()
    terms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sentences: Mapping[str, SentenceVectors] = field(default_factory=dict)
    definitions: Sequence[Definition] = ()


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

    @property
    def date(self) -> date | None:
        return self.published.exact if self.published else None


class Catalog:
    """An open catalog, for any number of threads; `open` makes it.

    Every method raises IndexDamagedError where the file is not whole, IndexBusyError where another
    process keeps it locked, and StorageError where it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path, _FORMAT)
        self._cached = lru_cache(maxsize=CACHED_RELEASES)(self._load)

    @classmethod
    def open(cls, path: Path, *, create: bool) -> Self:
        """The catalog in the file `path`, made where it is missing and `create` is set.

        Raises IndexDamagedError where there is none, IndexMismatchError where another schema built it.
        """
        catalog = cls(path)
        try:
            if create:
                catalog._database.create()
            catalog._database.examine()
        except CommuniqueError:
            catalog.close()
            raise
        return catalog

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._database.close()
        self._cached.cache_clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything that this thread reads inside is of one generation, whatever others write meanwhile."""
        with self._database.snapshot():
            yield

    # What the index is

    @property
    def generation(self) -> int:
        """Grows by one with every committed change; 0 where nothing was ever ingested."""
        return self._database.decoded(lambda: int(self._meta("generation") or 0))

    @property
    def collection(self) -> str | None:
        """The name of the collection that holds the passages' vectors."""
        return self._meta("collection")

    @property
    def stamp(self) -> Stamp | None:
        """What built the index; None where nothing was ever ingested."""
        embeddings, splitter = self._meta("embeddings"), self._meta("splitter")
        return Stamp(embeddings, splitter) if embeddings and splitter else None

    def require(self, *, embeddings: str, splitter: str | None = None) -> None:
        """Raises IndexMismatchError, naming both, where something else built the index.

        Without `splitter` any will do: who only reads does not split.
        """
        stored = self.stamp
        if stored is None:
            return
        wanted = Stamp(embeddings, splitter or stored.splitter)
        if stored != wanted:
            raise IndexMismatchError(
                f"The index at {self.path} was built with {stored}; this program uses {wanted}. "
                f"Build it again with `{REBUILD}`, or go back to the settings that built it."
            )

    @property
    def passage_count(self) -> int:
        """How many passages can be found: all but boilerplate."""
        return int(self._database.rows(f"SELECT count(*) FROM passages WHERE {_FINDABLE}")[0][0])

    def passage_ids(self) -> set[str]:
        """The ids of the passages that can be found, and so have a vector."""
        return {row[0] for row in self._database.rows(f"SELECT id FROM passages WHERE {_FINDABLE}")}

    # Releases, passages, definitions

    def releases(self) -> list[Summary]:
        """Every release in its current revision, without its text, by id."""
        rows = self._database.rows(
            f"""SELECT {_RELEASE}, characters, root, file, fingerprint
            FROM revisions JOIN releases ON id = release_id AND current = revision ORDER BY id"""
        )
        return self._database.decoded(lambda: [_summary(row) for row in rows])

    def release(self, release_id: str, revision: str | None = None) -> Release | None:
        """The release as it reads now, or as it read in an earlier `revision`; None if it is not known."""
        rows = self._database.rows(
            """SELECT key, root, file FROM revisions JOIN releases ON id = release_id
            WHERE id = ?1 AND revision = coalesce(?2, current)""",
            release_id,
            revision,
        )
        return self._cached(*rows[0], self._database.identity) if rows else None

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages in the order of `ids`; ids that are not known are left out."""
        rows = self._database.rows(
            f"SELECT {_PASSAGE} FROM passages WHERE id IN (SELECT value FROM json_each(?))", json.dumps(ids)
        )
        known = {row[0]: Passage(*row) for row in rows}
        return [known[passage_id] for passage_id in ids if passage_id in known]

    def passages_of(self, release_id: str) -> list[Passage]:
        """The passages of the release in order: joined, they are its text."""
        rows = self._database.rows(
            f"SELECT {_PASSAGE} FROM passages WHERE release_id = ? ORDER BY number", release_id
        )
        return [Passage(*row) for row in rows]

    def neighbours(self, passage: Passage, before: int, after: int) -> list[Passage]:
        """Up to `before` passages in front, `passage` itself and up to `after` behind it, in order."""
        rows = self._database.rows(
            f"""SELECT {_PASSAGE} FROM passages
            WHERE release_id = ? AND revision = ? AND number BETWEEN ? AND ? ORDER BY number""",
            passage.release_id,
            passage.revision,
            passage.number - before,
            passage.number + after,
        )
        return [Passage(*row) for row in rows]

    def definitions(self, acronym: str | None = None) -> list[Definition]:
        """The definitions of `acronym` in any case, or all of them, by acronym and release."""
        rows = self._database.rows(
            f"SELECT {_DEFINITION} FROM definitions WHERE ?1 IS NULL OR acronym = ?1 ORDER BY 1, 3, 4",
            acronym,
        )
        return [Definition(*row) for row in rows]

    def sentence_vectors(self, ids: Sequence[str]) -> dict[str, SentenceVectors]:
        """The sentence vectors by passage id, for those passages that have them."""
        rows = self._database.rows(
            """SELECT id, spans, vectors FROM passages JOIN sentences USING (key)
            WHERE id IN (SELECT value FROM json_each(?))""",
            json.dumps(ids),
        )
        return self._database.decoded(lambda: {row[0]: _sentences(row[1], row[2]) for row in rows})

    # Full text

    def search(self, terms: Sequence[str], limit: int) -> list[tuple[str, float]]:
        """Up to `limit` ids of passages with any of `terms` in text or title; by BM25, higher is better."""
        wanted = [term for term in dict.fromkeys(map(_plain, terms)) if term]
        if len(wanted) > SEARCHED_TERMS:
            counts = self.document_frequency(wanted)
            wanted = sorted(wanted, key=lambda term: counts[term] or math.inf)[:SEARCHED_TERMS]
        if not wanted or limit < 1:
            return []
        return self._database.rows(
            f"""SELECT id, -score FROM (
                SELECT rowid AS found, bm25(fulltext, 1.0, {TITLE_WEIGHT}) AS score FROM fulltext
                WHERE fulltext MATCH ? ORDER BY score, found LIMIT ?
            ) JOIN passages ON key = found ORDER BY score, found""",
            " OR ".join(f'"{term}"' for term in wanted),
            limit,
        )

    def document_frequency(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many passages each of `terms` stands, titles not counted; 0 where in none."""
        counts = dict(
            self._database.rows(
                """SELECT term, doc FROM vocabulary
                WHERE term IN (SELECT value FROM json_each(?)) AND col = 'terms'""",
                json.dumps([_plain(term) for term in terms]),
            )
        )
        return {term: int(counts.get(_plain(term), 0)) for term in terms}

    # Writing

    def apply(self, added: Sequence[Entry], removed: Sequence[str], *, stamp: Stamp, collection: str) -> int:
        """Put the entries in, in place of what their releases were, and take the releases `removed` out.

        All or nothing. A release that changed keeps the text of its earlier revisions, one that is removed
        leaves with all of them. Returns the new generation.
        """
        with self._database.writing() as connection:
            for release_id in removed:
                _remove(connection, release_id)
                connection.execute("DELETE FROM revisions WHERE release_id = ?", (release_id,))
            for entry in added:
                _remove(connection, entry.release.id)
            for entry in added:
                _add(connection, entry)
            return _sign(connection, stamp, collection)

    def replace_all(self, staged: Path, *, stamp: Stamp, collection: str) -> int:
        """Put everything from the catalog file `staged` in the place of what is here, all or nothing.

        Earlier revisions of the releases that stay are kept. Returns the new generation.
        """
        with self._database.writing(attached=staged) as connection:
            connection.execute(
                """DELETE FROM main.revisions WHERE release_id NOT IN (SELECT id FROM staged.releases)
                OR (release_id, revision) IN (SELECT release_id, revision FROM staged.revisions)"""
            )
            for table in _COPIED.keys() - {"revisions"}:
                connection.execute(f"DELETE FROM main.{table}")
            connection.execute("DROP TABLE main.vocabulary")
            connection.execute("DROP TABLE main.fulltext")
            run(connection, _FULLTEXT)
            for table, columns in {**_COPIED, "fulltext": "rowid, terms, title"}.items():
                connection.execute(
                    f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM staged.{table}"
                )
            return _sign(connection, stamp, collection)

    def move_root(self, old: str, new: str) -> None:
        """Let the releases of the folder `old` belong to the folder `new`."""
        with self._database.writing() as connection:
            connection.execute("UPDATE releases SET root = ? WHERE root = ?", (new, old))

    def check(self) -> None:
        """Read everything: raises IndexDamagedError where file, full text or a release is not whole."""
        report = self._database.rows("PRAGMA quick_check")
        if report != [("ok",)]:
            raise self._database.damaged(str(report[0][0]))
        self._database.rows("INSERT INTO fulltext (fulltext) VALUES ('integrity-check')")
        for (key,) in self._database.rows("SELECT key FROM revisions"):
            self._load(key, "", "", None)

    def _meta(self, key: str) -> str | None:
        rows = self._database.rows("SELECT value FROM meta WHERE key = ?", key)
        return rows[0][0] if rows else None

    def _load(self, key: int, root: str, file: str, identity: object) -> Release:
        """One stored revision; `identity` tells the cache one catalog file from the next."""
        rows = self._database.rows(
            f"SELECT {_RELEASE}, checksum, text, origin FROM revisions WHERE key = ?", key
        )
        if not rows or zlib.crc32(rows[0][-2].encode()) != rows[0][-3]:
            raise self._database.damaged(f"the text of {file or 'a release'} is not what was stored")
        return self._database.decoded(lambda: _release(rows[0], root, file))


def _add(connection: "Connection", entry: Entry) -> None:
    release = entry.release
    published = release.published
    connection.execute(
        "INSERT INTO releases (id, root, file, current, fingerprint) VALUES (?, ?, ?, ?, ?)",
        (release.id, release.root, release.file, release.revision, entry.fingerprint),
    )
    connection.execute(
        f"INSERT OR REPLACE INTO revisions ({_RELEASE}, {_TEXT}) VALUES ({_marks(13)})",
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
            len(release.text),
            zlib.crc32(release.text.encode()),
            release.text,
            pack_runs(release.origin),
        ),
    )
    title = " ".join(entry.title_terms)
    for passage in entry.passages:
        key = connection.execute(
            f"INSERT INTO passages ({_PASSAGE}) VALUES ({_marks(9)})",
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
        f"INSERT INTO definitions ({_DEFINITION}) VALUES ({_marks(5)})",
        [(each.acronym, each.long_form, each.release_id, each.start, each.end) for each in entry.definitions],
    )


def _remove(connection: "Connection", release_id: str) -> None:
    """Take out what is current of a release; its revisions stay."""
    keys = connection.execute("SELECT key FROM passages WHERE release_id = ?", (release_id,)).fetchall()
    connection.executemany("DELETE FROM fulltext WHERE rowid = ?", keys)
    connection.executemany("DELETE FROM sentences WHERE key = ?", keys)
    connection.execute("DELETE FROM passages WHERE release_id = ?", (release_id,))
    connection.execute("DELETE FROM definitions WHERE release_id = ?", (release_id,))
    connection.execute("DELETE FROM releases WHERE id = ?", (release_id,))


def _sign(connection: "Connection", stamp: Stamp, collection: str) -> int:
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
        ],
    )
    return generation


def _release(row: tuple[Any, ...], root: str, file: str) -> Release:
    release_id, revision, title, language, value, basis, words, place, issuer, _, text, origin = row
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
    )


def _summary(row: tuple[Any, ...]) -> Summary:
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
        characters,
        root,
        file,
        mark,
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
    )


def _published(value: str | None, basis: Any, words: str) -> PublicationDate | None:
    return PublicationDate(date.fromisoformat(value), basis, words) if value else None


def _sentences(spans: bytes, vectors: bytes) -> SentenceVectors:
    found = unpack_spans(spans)
    return SentenceVectors(found, unpack_vectors(vectors, len(found)))


def _plain(term: str) -> str:
    """`term` such that FTS5 takes none of it for syntax and SQLite can hold it."""
    return term.replace('"', " ").replace("\0", " ").encode(errors="ignore").decode().strip()


def _marks(number: int) -> str:
    return ", ".join("?" * number)
