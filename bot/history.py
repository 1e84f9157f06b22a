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
from bot.store.database import run, write_ahead

Thumbs = Literal["up", "down"]

FILE = "history.sqlite"
"""Its name in the data folder."""
BUSY_SECONDS = 10.0
"""How long a statement waits for another process that is writing."""
TITLE_CHARACTERS = 80
_REFUSED = (
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)
_STEPS = (
    """
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
""",
    # A turn of the first version has no time of its own: that of the conversation's newest turn is the nearest
    # known. It may be null, because a process of that version may still be writing.
    """
ALTER TABLE turn ADD COLUMN asked TEXT;
UPDATE turn SET asked = (SELECT updated FROM conversation WHERE id = conversation);
CREATE INDEX turn_answer ON turn (answer_id);
""",
    # A table of its own: a process of an earlier version may still be writing conversations of four columns.
    """
CREATE TABLE owner (
    conversation TEXT PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE, name TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX owner_name ON owner (name);
""",
)
"""What makes a file of each version out of one of the version before; nothing is ever taken away."""
VERSION = len(_STEPS)

_STORED = """
SELECT answer_id, thumbs, comment, given, turn.number, conversation, coalesce(asked, updated), content
"""
_WITH_TURN = f"""{_STORED}
FROM turn JOIN conversation ON conversation.id = conversation LEFT JOIN feedback USING (answer_id)
"""
_WITH_FEEDBACK = f"""{_STORED}
FROM feedback LEFT JOIN (turn JOIN conversation ON conversation.id = conversation) USING (answer_id)
"""
_CONVERSATION = """
SELECT id, title, created, updated, coalesce(name, '') AS owner
FROM conversation LEFT JOIN owner ON owner.conversation = id
"""
_IS_DECLINED = "iif(json_valid(content), json_extract(content, '$.answer.declined'), 0)"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation; `created` and `updated` are in UTC, and the id cannot be guessed.

    `owner` names who began it, over the API or logged in; it is empty for those of a chat page without login, which
    everyone there sees.
    """

    id: str
    title: str
    created: datetime
    updated: datetime
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person thought of an answer; `given` is in UTC."""

    answer_id: str
    thumbs: Thumbs | None
    comment: str
    given: datetime


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer as the store knows it: when it was asked for, after which questions, what a person thought of it.

    Feedback may stand on an answer that was never stored, or a turn without feedback: then the other is None.
    """

    id: str
    turn: Turn | None
    asked: datetime | None
    conversation: str | None
    history: tuple[str, ...]
    feedback: Feedback | None

    @property
    def when(self) -> datetime:
        """When there was last something to say of it: the feedback was given, or else the question asked."""
        moment = self.feedback.given if self.feedback else self.asked
        assert moment is not None, "what is stored is a turn, feedback or both"
        return moment


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

    def create(self, title: str = "", owner: str = "") -> Conversation:
        """A new conversation; without a title the first question gives it one."""
        now = datetime.now(UTC)
        conversation = Conversation(uuid4().hex, _as_title(title), now, now, owner)
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO conversation VALUES (?, ?, ?, ?)",
                (conversation.id, conversation.title, _stamp(now), _stamp(now)),
            )
            if owner:
                connection.execute("INSERT INTO owner VALUES (?, ?)", (conversation.id, owner))
        return conversation

    def find(self, conversation_id: str) -> Conversation | None:
        """The conversation of this id."""
        rows = self._rows(f"{_CONVERSATION} WHERE id = ?", (_storable(conversation_id),))
        return _conversation(rows[0]) if rows else None

    def page(
        self, owner: str, limit: int, after: tuple[datetime, str] | None = None
    ) -> tuple[Conversation, ...]:
        """Up to `limit` conversations of `owner`, the one with the newest turn first.

        `after` is time and id of the last one of the page before.
        """
        values = (owner, limit) if after is None else (owner, limit, _stamp(after[0]), after[1])
        older = "" if after is None else "AND (updated, id) < (?3, ?4)"
        rows = self._rows(
            f"{_CONVERSATION} WHERE coalesce(name, '') = ?1 {older} ORDER BY updated DESC, id DESC LIMIT ?2",
            values,
        )
        return tuple(_conversation(row) for row in rows)

    def list(self, owner: str = "") -> tuple[Conversation, ...]:
        """Every conversation of `owner`, the one with the newest turn first; those of the chat page have none."""
        rows = self._rows(
            f"{_CONVERSATION} WHERE coalesce(name, '') = ? ORDER BY updated DESC, conversation.rowid DESC",
            (owner,),
        )
        return tuple(_conversation(row) for row in rows)

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
        return tuple(self._turn(content, conversation_id) for (content,) in rows)

    def add(self, conversation_id: str, turn: Turn) -> None:
        """Append the turn; an untitled conversation takes its title from the question."""
        content = json.dumps({"question": turn.question, "answer": turn.answer.to_json()})
        now = _stamp(datetime.now(UTC))
        with self._writing() as connection:
            changed = connection.execute(
                "UPDATE conversation SET updated = ?, title = iif(title = '', ?, title) WHERE id = ?",
                (now, _as_title(turn.question), conversation_id),
            )
            _expect_one(changed.rowcount)
            connection.execute(
                "INSERT INTO turn (conversation, answer_id, content, asked) VALUES (?, ?, ?, ?)",
                (conversation_id, turn.answer.id, content, now),
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

    def rated(self) -> tuple[StoredAnswer, ...]:
        """Every answer that has feedback, the newest feedback first."""
        return self._stored(_WITH_FEEDBACK)

    def declined(self) -> tuple[StoredAnswer, ...]:
        """Every stored answer that declines, with feedback or without, the newest first."""
        return self._stored(f"{_WITH_TURN} WHERE {_IS_DECLINED}")

    def answer(self, answer_id: str) -> StoredAnswer | None:
        """The stored answer of this id; of several, which only a damaged store has, the newest."""
        found = self._stored(f"{_WITH_TURN} WHERE answer_id = ?", (_storable(answer_id),))
        return found[0] if found else None

    def begins(self, answer_id: str) -> tuple[StoredAnswer, ...]:
        """The stored answers whose id begins so, the newest first."""
        beginning = _storable(answer_id)
        return self._stored(f"{_WITH_TURN} WHERE substr(answer_id, 1, ?) = ?", (len(beginning), beginning))

    def _stored(self, query: str, values: Sequence[object] = ()) -> tuple[StoredAnswer, ...]:
        found = []
        asked_in: dict[str, Sequence[tuple[int, str]]] = {}
        for answer_id, thumbs, comment, given, number, conversation, asked, content in self._rows(
            f"{query} ORDER BY turn.number DESC", values
        ):
            if content is not None and conversation not in asked_in:
                asked_in[conversation] = self._questions(conversation)
            found.append(
                StoredAnswer(
                    id=answer_id,
                    turn=None if content is None else self._turn(content, conversation),
                    asked=None if asked is None else _moment(asked),
                    conversation=conversation,
                    history=tuple(question for n, question in asked_in.get(conversation, ()) if n < number),
                    feedback=None if given is None else Feedback(answer_id, thumbs, comment, _moment(given)),
                )
            )
        return tuple(sorted(found, key=lambda answer: answer.when, reverse=True))

    def _questions(self, conversation_id: str) -> Sequence[tuple[int, str]]:
        """The questions of a conversation in order, each after the number of its turn."""
        return [
            (number, self._turn(content, conversation_id).question)
            for number, content in self._rows(
                "SELECT number, content FROM turn WHERE conversation = ? ORDER BY number", (conversation_id,)
            )
        ]

    def _turn(self, content: str, conversation_id: str) -> Turn:
        try:
            turn = json.loads(content)
            return Turn(turn["question"], Answer.from_json(turn["answer"]))
        except (KeyError, TypeError, ValueError) as error:
            raise StorageError(
                f"A turn of the conversation {conversation_id} in {self._place} cannot be read ({error!r}). "
                "Delete the conversation, or start a new one."
            ) from error

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
        write_ahead(connection, BUSY_SECONDS)
        connection.execute("PRAGMA foreign_keys = ON")
        if version < VERSION:
            _bring_up_to_date(connection)
    except (sqlite3.Error, StorageError) as error:
        if connection:
            connection.close()
        raise error if isinstance(error, StorageError) else _unusable(place, error) from error
    return History(connection, place)


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Take the steps that the file lacks, all or none."""
    connection.execute("BEGIN IMMEDIATE")
    # Read again: another process may have been first.
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for step in _STEPS[version:]:
        run(connection, step)
    connection.execute(f"PRAGMA user_version = {max(version, VERSION)}")
    connection.execute("COMMIT")


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


def _conversation(row: Sequence[Any]) -> Conversation:
    return Conversation(row[0], row[1], _moment(row[2]), _moment(row[3]), row[4])


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
