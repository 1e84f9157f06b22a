"""Conversations, their turns and the feedback on answers, in one SQLite file shared by threads and processes.

It does not know how a question is answered or drawn; an answer is kept as its public JSON contract.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self
from uuid import uuid4

from bot.domain import Answer, Turn
from bot.errors import StorageError

Thumbs = Literal["up", "down"]

BUSY_SECONDS = 10.0
"""How long a statement waits for another process that is writing."""
TITLE_CHARACTERS = 80
VERSION = 1
_REFUSED = (
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conversation_updated ON conversation (updated);
CREATE TABLE IF NOT EXISTS turn (
    number INTEGER PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    answer_id TEXT NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS turn_conversation ON turn (conversation);
CREATE TABLE IF NOT EXISTS feedback (
    answer_id TEXT PRIMARY KEY,
    thumbs TEXT,
    comment TEXT NOT NULL,
    given TEXT NOT NULL
);
PRAGMA user_version = {VERSION};
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation; `created` and `updated` are in UTC, and the id cannot be guessed."""

    id: str
    title: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person thought of an answer; `given` is in UTC."""

    answer_id: str
    thumbs: Thumbs | None
    comment: str
    given: datetime


class History:
    """The stored conversations; every method may be called from any thread and raises StorageError."""

    def __init__(self, connection: sqlite3.Connection, place: str) -> None:
        self._connection = connection
        self._place = place
        self._file = _identity(place)
        self._lock = threading.Lock()

    @staticmethod
    def open(path: Path) -> "History":
        """The history in the file at `path`, made with its folder where it is missing."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unusable(str(path), error) from error
        return _opened(str(path))

    @staticmethod
    def in_memory() -> "History":
        """A history that lasts as long as this process, for when the file cannot be used."""
        return _opened(":memory:")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_current(self) -> bool:
        """Whether its file is still the one at its path: not moved aside, deleted or replaced since."""
        return _identity(self._place) == self._file

    def close(self) -> None:
        """Close the file; nothing can be asked of it any more."""
        with self._lock:
            self._connection.close()

    def create(self, title: str = "") -> Conversation:
        """A new conversation; without a title the first question gives it one."""
        now = datetime.now(UTC)
        conversation = Conversation(uuid4().hex, _as_title(title), now, now)
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO conversation VALUES (?, ?, ?, ?)",
                (conversation.id, conversation.title, _stamp(now), _stamp(now)),
            )
        return conversation

    def list(self) -> tuple[Conversation, ...]:
        """Every conversation, the one with the newest turn first."""
        return tuple(
            Conversation(row[0], row[1], _moment(row[2]), _moment(row[3]))
            for row in self._rows(
                "SELECT id, title, created, updated FROM conversation ORDER BY updated DESC, rowid DESC"
            )
        )

    def rename(self, conversation_id: str, title: str) -> None:
        """Give the conversation another title; a blank one keeps the old."""
        if not _as_title(title):
            return
        with self._writing() as connection:
            changed = connection.execute(
                "UPDATE conversation SET title = ? WHERE id = ?", (_as_title(title), conversation_id)
            )
            _expect_one(changed.rowcount)

    def delete(self, conversation_id: str) -> None:
        """Forget the conversation, its turns and the feedback on its answers; gone already is fine."""
        with self._writing() as connection:
            connection.execute(
                "DELETE FROM feedback WHERE answer_id IN (SELECT answer_id FROM turn WHERE conversation = ?)",
                (conversation_id,),
            )
            connection.execute("DELETE FROM conversation WHERE id = ?", (conversation_id,))

    def turns(self, conversation_id: str) -> tuple[Turn, ...]:
        """The turns of the conversation in order; none where it does not exist."""
        rows = self._rows(
            "SELECT content FROM turn WHERE conversation = ? ORDER BY number", (conversation_id,)
        )
        try:
            return tuple(_turn(json.loads(content)) for (content,) in rows)
        except (KeyError, TypeError, ValueError) as error:
            raise StorageError(
                f"A turn of the conversation {conversation_id} in {self._place} cannot be read ({error!r}). "
                "Delete the conversation, or start a new one."
            ) from error

    def add(self, conversation_id: str, turn: Turn) -> None:
        """Append the turn; an untitled conversation takes its title from the question."""
        content = json.dumps({"question": turn.question, "answer": turn.answer.to_json()})
        with self._writing() as connection:
            changed = connection.execute(
                "UPDATE conversation SET updated = ?, title = iif(title = '', ?, title) WHERE id = ?",
                (_stamp(datetime.now(UTC)), _as_title(turn.question), conversation_id),
            )
            _expect_one(changed.rowcount)
            connection.execute(
                "INSERT INTO turn (conversation, answer_id, content) VALUES (?, ?, ?)",
                (conversation_id, turn.answer.id, content),
            )

    def rate(self, answer_id: str, thumbs: Thumbs | None, comment: str = "") -> None:
        """Store what a person thought of the answer, in place of what was stored; nothing removes it."""
        comment = _storable(comment).strip()
        with self._writing() as connection:
            if thumbs is None and not comment:
                connection.execute("DELETE FROM feedback WHERE answer_id = ?", (answer_id,))
            else:
                connection.execute(
                    "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?)",
                    (answer_id, thumbs, comment, _stamp(datetime.now(UTC))),
                )

    def rating(self, answer_id: str) -> Feedback | None:
        """What a person thought of this answer."""
        rows = self._rows("SELECT * FROM feedback WHERE answer_id = ?", (answer_id,))
        return _feedback(rows[0]) if rows else None

    def feedback(self) -> tuple[Feedback, ...]:
        """All feedback, newest first."""
        return tuple(
            _feedback(row) for row in self._rows("SELECT * FROM feedback ORDER BY given DESC, rowid DESC")
        )

    def _rows(self, query: str, values: Sequence[object] = ()) -> Sequence[Any]:
        try:
            with self._lock:
                return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _unusable(self._place, error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction that takes the write lock at its start and is undone by any error."""
        try:
            with self._lock, self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
        except sqlite3.Error as error:
            raise _unusable(self._place, error) from error


def _opened(place: str) -> History:
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(
            place, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise StorageError(
                f"The history {place} was written by a newer version of Communiqué. "
                "Update Communiqué, or move the file aside to start an empty history."
            )
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA foreign_keys = ON")
        if version < VERSION:
            connection.executescript(_SCHEMA)
    except (sqlite3.Error, StorageError) as error:
        if connection:
            connection.close()
        raise error if isinstance(error, StorageError) else _unusable(place, error) from error
    return History(connection, place)


def _identity(place: str) -> tuple[int, int] | None:
    try:
        found = Path(place).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _unusable(place: str, error: sqlite3.Error | OSError) -> StorageError:
    """Our error for what SQLite or the file system said about the history at `place`."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageError(
            f"The history {place} is being written by another process. Try again in a moment."
        )
    if isinstance(error, OSError) or code in _REFUSED:
        return StorageError(
            f"The history {place} cannot be opened or written: {error}. Check the permissions and the free "
            "space of its folder, or choose another folder with COMMUNIQUE_DATA_DIR."
        )
    return StorageError(
        f"The history {place} is damaged: {error}. Move the file aside to start an empty history; "
        "releases and answers are not affected."
    )


def _expect_one(changed: int) -> None:
    if not changed:
        raise StorageError("This conversation no longer exists: it was deleted. Start a new one.")


def _turn(content: dict[str, Any]) -> Turn:
    return Turn(content["question"], Answer.from_json(content["answer"]))


def _feedback(row: Sequence[Any]) -> Feedback:
    return Feedback(row[0], row[1], row[2], _moment(row[3]))


def _as_title(text: str) -> str:
    """One printable line of at most TITLE_CHARACTERS characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in _storable(text)).split())
    if len(line) <= TITLE_CHARACTERS:
        return line
    cut = line[: TITLE_CHARACTERS - 1]
    head, _, tail = cut.rpartition(" ")
    return f"{head if head and len(tail) < TITLE_CHARACTERS // 2 else cut}…"


def _storable(text: str) -> str:
    """The text without lone surrogates, which UTF-8 and so SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode()


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
