"""What is in the corpus: releases, their versions, passages, definitions, full text, and what failed, in SQLite.

It does not know files, models or Chroma; it names the collection of vectors that belongs to it.
"""

import json
import math
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Self

from bot.domain import Definition, Passage, Release
from bot.errors import CommuniqueError, IndexMismatchError
from bot.items import vector_ids
from bot.store.database import Database, Format, run
from bot.store.failures import FAILURE, Failure, Place, failure_of, note
from bot.store.schema import (
    COPIED,
    DEFINITION,
    FULLTEXT,
    PASSAGE,
    RELEASE,
    SCHEMA,
    TABLES,
    Entry,
    SentenceVectors,
    Stamp,
    Summary,
    add,
    release_of,
    remove,
    sentences_of,
    sign,
    summary_of,
    times_of,
)
from bot.store.versions import (
    STORED,
    Link,
    Relation,
    Version,
    add_links,
    dangling,
    depart,
    forget,
    read_versions,
)

__all__ = [
    "FILE",
    "SCHEMA",
    "Catalog",
    "Entry",
    "Failure",
    "Link",
    "Relation",
    "SentenceVectors",
    "Stamp",
    "Summary",
    "Version",
]

FILE = "catalog.sqlite"
REBUILD = "python -m ingest --rebuild"
CACHED_RELEASES = 64
SEARCHED_TERMS = 64
SEARCHED_PASSAGES = 10_000
"""Of more terms the rarest are searched, and of those so many that no more passages hold one: the time grows with each
of them, and the frequent terms decide little."""
_LAST = "\U0010ffff"
"""The last character: what begins with a text is not after the text with it."""
TITLE_WEIGHT = 0.5
"""BM25 weight of a word in the release's title, against 1 in the passage."""

_FINDABLE = "kind IN ('body', 'contact')"
_FORMAT = Format(
    name="catalog",
    application=0x434F4D51,  # "COMQ"
    schema=SCHEMA,
    tables=f"{TABLES}{FULLTEXT}",
    make="make it with `python -m ingest`",
    repair=f"build it again with `{REBUILD}`",
)


class Catalog:
    """An open catalog, for any number of threads; `open` makes it.

    Every method raises IndexDamagedError where the file is not whole, IndexBusyError where another
    process keeps it locked, and StorageError where it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._database = Database(path, _FORMAT)
        self._cached = lru_cache(maxsize=CACHED_RELEASES)(self._load)
        self._counted = lru_cache(maxsize=1)(self._count)
        self._defined = lru_cache(maxsize=1)(self._load_definitions)

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
        for cached in (self._cached, self._counted, self._defined):
            cached.cache_clear()

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
    def changed(self) -> datetime | None:
        """When the generation began, in UTC; None where nothing was ever ingested."""
        moment = self._meta("changed")
        return self._database.decoded(lambda: datetime.fromisoformat(moment)) if moment else None

    @property
    def collection(self) -> str | None:
        """The name of the collection that holds the passages' vectors."""
        return self._meta("collection")

    @property
    def corpus(self) -> str | None:
        """The folder that was the corpus when the corpus was last ingested."""
        return self._meta("corpus")

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
        """How many passages can be found: all but boilerplate; counted once as long as the index is the same."""
        return self._counted(self.generation, self._database.identity)

    def passage_ids(self) -> set[str]:
        """The ids of the passages that can be found."""
        return {row[0] for row in self._database.rows(f"SELECT id FROM passages WHERE {_FINDABLE}")}

    def vector_ids(self) -> set[str]:
        """The ids of the vectors of the passages that can be found and of their items."""
        rows = self._database.rows(f"SELECT id, items FROM passages WHERE {_FINDABLE}")
        return {vector_id for passage_id, count in rows for vector_id in vector_ids(passage_id, count)}

    # Releases, passages, definitions

    def releases(self) -> list[Summary]:
        """Every release in its current revision, without its text, by id."""
        rows = self._database.rows(
            f"""SELECT {RELEASE}, characters, root, file, fingerprint, since, member
            FROM revisions JOIN releases ON id = release_id AND current = revision ORDER BY id"""
        )
        return self._database.decoded(lambda: [summary_of(row) for row in rows])

    def release(self, release_id: str, revision: str | None = None) -> Release | None:
        """The release as it reads now, or as it read in an earlier `revision`; None if it is not known.

        One that a correction replaced is known as long as that is, also where its file is gone.
        """
        rows = self._database.rows(
            f"""SELECT key, root, file, member FROM {STORED} JOIN revisions ON id = release_id
            WHERE id = ?1 AND revision = coalesce(?2, current)""",
            release_id,
            revision,
        )
        return self._cached(*rows[0], self._database.identity) if rows else None

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages in the order of `ids`; ids that are not known are left out."""
        rows = self._database.rows(
            f"SELECT {PASSAGE} FROM passages WHERE id IN (SELECT value FROM json_each(?))", json.dumps(ids)
        )
        known = {row[0]: Passage(*row) for row in rows}
        return [known[passage_id] for passage_id in ids if passage_id in known]

    def passages_of(self, release_id: str) -> list[Passage]:
        """The passages of the release in order: joined, they are its text."""
        rows = self._database.rows(
            f"SELECT {PASSAGE} FROM passages WHERE release_id = ? ORDER BY number", release_id
        )
        return [Passage(*row) for row in rows]

    def neighbours(self, passage: Passage, before: int, after: int) -> list[Passage]:
        """Up to `before` passages in front, `passage` itself and up to `after` behind it, in order."""
        rows = self._database.rows(
            f"""SELECT {PASSAGE} FROM passages
            WHERE release_id = ? AND revision = ? AND number BETWEEN ? AND ? ORDER BY number""",
            passage.release_id,
            passage.revision,
            passage.number - before,
            passage.number + after,
        )
        return [Passage(*row) for row in rows]

    def definitions(self) -> tuple[Definition, ...]:
        """All definitions, by acronym and release; the same tuple as long as the index is the same."""
        return self._defined(self.generation, self._database.identity)

    def sentence_vectors(self, ids: Sequence[str]) -> dict[str, SentenceVectors]:
        """The sentence vectors by passage id, for those passages that have them."""
        rows = self._database.rows(
            """SELECT id, spans, vectors FROM passages JOIN sentences USING (key)
            WHERE id IN (SELECT value FROM json_each(?))""",
            json.dumps(ids),
        )
        return self._database.decoded(lambda: {row[0]: sentences_of(row[1], row[2]) for row in rows})

    def containers(self) -> dict[tuple[str, str], str]:
        """The digests of the files that hold several releases, by root and file, as they were last read."""
        return {
            (root, file): digest for root, file, digest in self._database.rows("SELECT * FROM containers")
        }

    # Versions and failures

    def versions(self, release_ids: Sequence[str] | None = None) -> dict[str, Version]:
        """The versions of what these releases tell, or of all, by release; a release that stands alone has none.

        So of one release of an item all of its versions come back.
        """
        return read_versions(self._database.rows, release_ids)

    def published_near(
        self, day: date, within: int, characters: tuple[float, float], limit: int
    ) -> list[tuple[str, str, date]]:
        """Up to `limit` releases of at most `within` days before or after `day`: id, language, day; nearest first.

        `characters` are the least and the most that their text may have.
        """
        rows = self._database.rows(
            """SELECT id, language, published FROM revisions JOIN releases ON id = release_id AND revision = current
            WHERE published BETWEEN date(?1, ?2) AND date(?1, ?3) AND basis != 'not before'
            AND characters BETWEEN ?4 AND ?5
            ORDER BY abs(julianday(published) - julianday(?1)), id LIMIT ?6""",
            day.isoformat(),
            f"-{within} days",
            f"+{within} days",
            *characters,
            limit,
        )
        return [(row[0], row[1], date.fromisoformat(row[2])) for row in rows]

    def counterparts(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """The passages of other versions that tell the same, by passage id."""
        rows = self._database.rows(
            """SELECT passage_id, other_id FROM counterparts
            WHERE passage_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2""",
            json.dumps(ids),
        )
        found: dict[str, list[str]] = {}
        for passage_id, other in rows:
            found.setdefault(passage_id, []).append(other)
        return found

    def successor(self, release: Release) -> Release | None:
        """The release that answers in the place of this revision of one; None where itself does, or nothing."""
        version = self.versions([release.id]).get(release.id)
        current = self.release(version.superseded_by if version and version.superseded_by else release.id)
        same = current and (current.id, current.revision) == (release.id, release.revision)
        return None if same else current

    def failures(self) -> list[Failure]:
        """The files that could not be made releases of, by root and file."""
        rows = self._database.rows(f"SELECT {FAILURE} FROM failures ORDER BY root, file")
        return self._database.decoded(lambda: [failure_of(row) for row in rows])

    # Full text

    def search(self, terms: Sequence[str], limit: int) -> list[tuple[str, float]]:
        """Up to `limit` ids of passages with any of `terms` in text or title; by BM25, higher is better."""
        wanted = self._affordable([term for term in dict.fromkeys(map(_plain, terms)) if term])
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

    def _affordable(self, terms: Sequence[str]) -> list[str]:
        """Of the terms the rarest, as far as `SEARCHED_TERMS` and `SEARCHED_PASSAGES` go, but at least one."""
        counts = self.document_frequency(terms)
        kept: list[str] = []
        held = 0
        for term in sorted(terms, key=lambda term: counts[term] or math.inf)[:SEARCHED_TERMS]:
            if not kept or not counts[term] or held + counts[term] <= SEARCHED_PASSAGES:
                kept.append(term)
                held += counts[term]
        return kept

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

    def terms_from(self, beginning: str) -> dict[str, int]:
        """The index terms of texts that begin so, each with the number of passages that hold it."""
        return dict(
            self._database.rows(
                "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ? AND col = 'terms'",
                _plain(beginning),
                _plain(beginning) + _LAST,
            )
        )

    # Writing

    def apply(
        self,
        added: Sequence[Entry],
        removed: Sequence[str],
        *,
        stamp: Stamp,
        collection: str,
        links: Sequence[Link] = (),
        now: datetime | None = None,
    ) -> int:
        """Put the entries in, in place of what their releases were, and take the releases `removed` out.

        All or nothing. `links` join entries to each other and to what is there. A release that changed keeps the
        text of its earlier revisions; one that is removed leaves with all of them, unless one that stays
        corrects or copies it. Returns the new generation.
        """
        moment = (now or datetime.now(UTC)).isoformat(timespec="seconds")
        with self._database.writing() as connection:
            kept = depart(connection, removed)
            for release_id in removed:
                remove(connection, release_id)
            if removed:
                forget(connection, set(removed) - kept)
            since = times_of(connection, [entry.release.id for entry in added])
            for entry in added:
                remove(connection, entry.release.id)
            for entry in added:
                known = since.get((entry.release.id, entry.release.revision))
                add(connection, entry, known or moment)
            add_links(connection, links)
            return sign(connection, stamp, collection)

    def replace_all(self, staged: Path, *, stamp: Stamp, collection: str) -> int:
        """Put everything from the catalog file `staged` in the place of what is here, all or nothing.

        Earlier revisions of the releases that stay are kept, and so is what departed; failures stay as they are.
        Returns the new generation.
        """
        with self._database.writing(attached=staged) as connection:
            connection.execute(
                """UPDATE staged.releases SET since = known.since FROM main.releases AS known
                WHERE known.id = staged.releases.id AND known.current = staged.releases.current"""
            )
            removed = connection.execute(
                "SELECT id FROM main.releases WHERE id NOT IN (SELECT id FROM staged.releases)"
            ).fetchall()
            kept = depart(connection, [release_id for (release_id,) in removed])
            for (release_id,) in removed:
                remove(connection, release_id)
            connection.execute("DELETE FROM departed WHERE id IN (SELECT id FROM staged.releases)")
            forget(connection, {release_id for (release_id,) in removed} - kept)
            connection.execute(
                "DELETE FROM main.links WHERE release_id NOT IN (SELECT id FROM departed) "
                "AND other_id NOT IN (SELECT id FROM departed)"
            )
            connection.execute(
                "DELETE FROM main.revisions "
                "WHERE (release_id, revision) IN (SELECT release_id, revision FROM staged.revisions)"
            )
            for table in COPIED.keys() - {"revisions", "links"}:
                connection.execute(f"DELETE FROM main.{table}")
            connection.execute("DROP TABLE main.vocabulary")
            connection.execute("DROP TABLE main.fulltext")
            run(connection, FULLTEXT)
            for table, columns in {**COPIED, "fulltext": "rowid, terms, title"}.items():
                connection.execute(
                    f"INSERT OR REPLACE INTO main.{table} ({columns}) SELECT {columns} FROM staged.{table}"
                )
            return sign(connection, stamp, collection)

    def keep_containers(self, digests: Mapping[tuple[str, str], str]) -> None:
        """Remember, in place of what was, the SHA-256 of the containers that were read."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM containers")
            connection.executemany(
                "INSERT INTO containers (root, file, digest) VALUES (?, ?, ?)",
                [(*place, digest) for place, digest in digests.items()],
            )

    def move_root(self, old: str, new: str) -> None:
        """Let the releases of the folder `old` belong to the folder `new`."""
        with self._database.writing() as connection:
            for table in ("releases", "departed", "containers", "failures"):
                connection.execute(f"UPDATE OR REPLACE {table} SET root = ? WHERE root = ?", (new, old))

    def note_corpus(self, root: str | None) -> None:
        """Remember which folder is the corpus."""
        with self._database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('corpus', ?)", (root,))

    def adopt(self, collection: str, after: int) -> int:
        """Let the vectors be those of `collection`; returns the new generation, which is greater than `after`."""
        stamp = self.stamp
        assert stamp is not None, "an index with vectors was made by something"
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE meta SET value = max(CAST(value AS INTEGER), ?) WHERE key = 'generation'", (after,)
            )
            return sign(connection, stamp, collection)

    def note_failures(
        self, failed: Mapping[Place, str], settled: Iterable[Place], now: datetime | None = None
    ) -> None:
        """Count a try of what `failed`, by root and file, with its reason; strike out what is `settled`."""
        with self._database.writing() as connection:
            note(connection, failed, settled, now or datetime.now(UTC))

    def check(self) -> None:
        """Read everything: raises IndexDamagedError where file, full text or a release is not whole."""
        report = self._database.rows("PRAGMA quick_check")
        if report != [("ok",)]:
            raise self._database.damaged(str(report[0][0]))
        self._database.rows("INSERT INTO fulltext (fulltext) VALUES ('integrity-check')")
        if lost := dangling(self._database.rows):
            raise self._database.damaged(f"{lost[0]} is linked to what is not there")
        for (key,) in self._database.rows("SELECT key FROM revisions"):
            self._load(key, "", "", "", None)

    def _meta(self, key: str) -> str | None:
        rows = self._database.rows("SELECT value FROM meta WHERE key = ?", key)
        return rows[0][0] if rows else None

    def _count(self, generation: int, identity: object) -> int:
        return int(self._database.rows(f"SELECT count(*) FROM passages WHERE {_FINDABLE}")[0][0])

    def _load_definitions(self, generation: int, identity: object) -> tuple[Definition, ...]:
        rows = self._database.rows(f"SELECT {DEFINITION} FROM definitions ORDER BY 1, 3, 4")
        return tuple(Definition(*row) for row in rows)

    def _load(self, key: int, root: str, file: str, member: str, identity: object) -> Release:
        """One stored revision; `identity` tells the cache one catalog file from the next."""
        rows = self._database.rows(
            f"SELECT {RELEASE}, checksum, text, origin, pages FROM revisions WHERE key = ?", key
        )
        if not rows or zlib.crc32(rows[0][-3].encode()) != rows[0][-4]:
            raise self._database.damaged(f"the text of {file or 'a release'} is not what was stored")
        return self._database.decoded(lambda: release_of(rows[0], root, file, member))


def _plain(term: str) -> str:
    """`term` such that FTS5 takes none of it for syntax and SQLite can hold it."""
    return term.replace('"', " ").replace("\0", " ").encode(errors="ignore").decode().strip()
