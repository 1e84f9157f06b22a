"""Releases that tell the same: twins in another language, copies from another place, and what a correction replaced.

It knows the links that were found between two releases and derives from them which of them answers. It finds no
link, opens no file and commits nothing.

Of releases that correct each other the newest answers: the one published last; where the days are the same or not
known, the one whose title or file calls itself a correction; else the one ingested last.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from sqlite3 import Connection

Relation = Literal["translation", "copy", "revision"]

TABLES = """
-- Both directions of every link.
CREATE TABLE links (
    release_id TEXT NOT NULL, other_id TEXT NOT NULL, relation TEXT NOT NULL, PRIMARY KEY (release_id, other_id)
) WITHOUT ROWID;
CREATE INDEX link_others ON links (other_id);
-- Passages of two versions that tell the same, both directions.
CREATE TABLE counterparts (
    passage_id TEXT NOT NULL, other_id TEXT NOT NULL, PRIMARY KEY (passage_id, other_id)
) WITHOUT ROWID;
CREATE INDEX counterpart_others ON counterparts (other_id);
-- Releases whose file is gone and whose text stays, because one that stays took their place.
CREATE TABLE departed (
    id TEXT PRIMARY KEY, root TEXT NOT NULL, file TEXT NOT NULL, current TEXT NOT NULL,
    member TEXT NOT NULL
) WITHOUT ROWID;
"""
STORED = """(
    SELECT id, root, file, member, current, since, 1 AS present FROM releases
    UNION ALL SELECT id, root, file, member, current, '', 0 FROM departed
)"""
"""Every release that can be read: those in the corpus and those that left it with a successor."""

CORRECTION = re.compile(
    r"(?<![^\W_])(?:correct(?:ed|ion)|updated?|revised|amended|v[2-9]"
    r"|corrig[ée]e?|rectifi(?:[ée]e?|catif)|mise? [aà] jour|modifi[ée]e?)(?![^\W_])",
    re.IGNORECASE,
)
"""What a title, a file or the first words of a text calls a correction, in English and French."""


@dataclass(frozen=True, slots=True)
class Link:
    """Two releases that tell the same, and how they differ; `passages` are the pairs of theirs that match."""

    release_id: str
    other_id: str
    relation: Relation
    passages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One of several releases that tell the same: all of them have the same `item`.

    `superseded_by` is the release that answers in its place. It is not `present` where its file is gone and only
    its text is kept.
    """

    release_id: str
    item: str
    language: str
    title: str
    date: date | None
    superseded_by: str | None
    present: bool


@dataclass(frozen=True, slots=True)
class _Member:
    """What of a release decides whether it is the newest; `since` is when it came, in ISO 8601."""

    id: str
    language: str
    title: str
    file: str
    date: date | None
    since: str
    present: bool


def read_versions(rows: Callable[..., list[Any]], release_ids: Sequence[str] | None) -> dict[str, Version]:
    """The versions of the items of these releases, or of all, by release; a release alone has none."""
    start = "SELECT release_id FROM links"
    if release_ids is not None:
        start = "SELECT value FROM json_each(?) WHERE value IN (SELECT release_id FROM links)"
    links = rows(
        f"""WITH RECURSIVE member (id) AS (
            {start} UNION SELECT other_id FROM links JOIN member ON release_id = id
        ) SELECT release_id, other_id, relation FROM links WHERE release_id IN (SELECT id FROM member)""",
        *([] if release_ids is None else [json.dumps(release_ids)]),
    )
    if not links:
        return {}
    found = rows(
        f"""SELECT id, language, title, file, CASE basis WHEN 'not before' THEN NULL ELSE published END,
            since, present FROM {STORED} JOIN revisions ON release_id = id AND revision = current
        WHERE id IN (SELECT value FROM json_each(?))""",
        json.dumps(sorted({link[0] for link in links})),
    )
    members = {
        id_: _Member(
            id_, language, title, file, date.fromisoformat(day) if day else None, since, bool(present)
        )
        for id_, language, title, file, day, since, present in found
    }
    return _versions(members, [link for link in links if link[0] in members and link[1] in members])


def _versions(
    members: Mapping[str, _Member], links: Sequence[tuple[str, str, Relation]]
) -> dict[str, Version]:
    items = _groups(members, links)
    editions = _groups(members, [link for link in links if link[2] != "translation"])
    copies = _groups(members, [link for link in links if link[2] == "copy"])
    by_edition: dict[str, list[_Member]] = {}
    for each in members.values():
        by_edition.setdefault(editions[each.id], []).append(each)
    newest = {edition: _newest(group).id for edition, group in by_edition.items()}
    versions = {}
    for each in members.values():
        successor = newest[editions[each.id]]
        answers = each.present and copies[each.id] == copies[successor]
        versions[each.id] = Version(
            each.id,
            items[each.id],
            each.language,
            each.title,
            each.date,
            None if answers else successor,
            each.present,
        )
    return versions


def _newest(group: Sequence[_Member]) -> _Member:
    dated = all(each.date for each in group)

    def age(each: _Member) -> tuple[bool, date, bool, str, str]:
        day = each.date if dated and each.date else date.min
        calls_itself_newer = bool(CORRECTION.search(f"{each.title} {each.file}"))
        return each.present, day, calls_itself_newer, each.since, each.file

    return max(group, key=age)


def _groups(ids: Iterable[str], links: Sequence[tuple[str, str, Relation]]) -> dict[str, str]:
    """For each id the first of those that links join it to."""
    group = {id_: id_ for id_ in ids}

    def first(id_: str) -> str:
        while group[id_] != id_:
            id_ = group[id_]
        return id_

    for one, other, _ in links:
        low, high = sorted((first(one), first(other)))
        group[high] = low
    return {id_: first(id_) for id_ in group}


def dangling(rows: Callable[..., list[Any]]) -> list[str]:
    """Ends of links, and passages, that are not there; nothing after a run, however it ended."""
    return [
        id_
        for (id_,) in rows(
            f"""SELECT release_id FROM links WHERE release_id NOT IN (SELECT id FROM {STORED})
            UNION SELECT a.release_id FROM links AS a WHERE NOT EXISTS (
                SELECT 1 FROM links AS b WHERE b.release_id = a.other_id AND b.other_id = a.release_id)
            UNION SELECT passage_id FROM counterparts WHERE passage_id NOT IN (SELECT id FROM passages)
            UNION SELECT id FROM departed WHERE id IN (SELECT id FROM releases)
                OR id NOT IN (SELECT release_id FROM links)"""
        )
    ]


def drop_links(connection: "Connection", release_id: str) -> None:
    """Forget how a release is linked to others of the corpus: its text is replaced, and will be compared anew.

    The links of what has departed stay: it cannot be compared again.
    """
    connection.execute(
        """DELETE FROM links WHERE (release_id = ?1 OR other_id = ?1)
        AND release_id NOT IN (SELECT id FROM departed) AND other_id NOT IN (SELECT id FROM departed)""",
        (release_id,),
    )


def add_links(connection: "Connection", links: Iterable[Link]) -> None:
    for link in links:
        ends = (link.release_id, link.other_id)
        connection.executemany(
            "INSERT OR REPLACE INTO links (release_id, other_id, relation) VALUES (?, ?, ?)",
            [(*ends, link.relation), (*reversed(ends), link.relation)],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO counterparts (passage_id, other_id) VALUES (?, ?)",
            [pair for one, other in link.passages for pair in ((one, other), (other, one))],
        )


def come_back(connection: "Connection", release_id: str) -> None:
    """Let a release that may have departed be one of the corpus again."""
    if connection.execute("DELETE FROM departed WHERE id = ?", (release_id,)).rowcount:
        drop_links(connection, release_id)


def depart(connection: "Connection", removed: Sequence[str]) -> set[str]:
    """Keep the text of those of the `removed` releases that one which stays corrects or copies; returns them."""
    gone = set(removed)
    kept = set()
    for release_id in removed:
        links = connection.execute(
            "SELECT other_id FROM links JOIN releases ON id = other_id "
            "WHERE release_id = ? AND relation != 'translation'",
            (release_id,),
        ).fetchall()
        successor = next((other for (other,) in links if other not in gone), None)
        if successor is None:
            continue
        kept.add(release_id)
        connection.execute(
            "INSERT INTO departed (id, root, file, current, member) "
            "SELECT id, root, file, current, member FROM releases WHERE id = ?",
            (release_id,),
        )
        earlier = connection.execute(
            "SELECT other_id FROM links JOIN departed ON id = other_id WHERE release_id = ?", (release_id,)
        ).fetchall()
        add_links(connection, [Link(other, successor, "revision") for (other,) in earlier])
    return kept


def forget(connection: "Connection", removed: Iterable[str]) -> None:
    """Let the texts of `removed` releases go, and those that departed and have no successor left."""
    for release_id in removed:
        connection.execute("DELETE FROM links WHERE release_id = ?1 OR other_id = ?1", (release_id,))
        connection.execute("DELETE FROM revisions WHERE release_id = ?", (release_id,))
    orphans = connection.execute(
        "SELECT id FROM departed WHERE id NOT IN "
        "(SELECT release_id FROM links JOIN releases ON releases.id = other_id)"
    ).fetchall()
    for orphan in orphans:
        connection.execute("DELETE FROM departed WHERE id = ?", orphan)
        connection.execute("DELETE FROM links WHERE release_id = ?1 OR other_id = ?1", orphan)
        connection.execute("DELETE FROM revisions WHERE release_id = ?", orphan)
