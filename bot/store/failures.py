"""Files that should be releases and cannot be read: why, since when, and how often that was tried.

It opens no file and commits nothing: `bot.catalog` does, and what is read or tried again is the ingest's to say.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite3 import Connection

TABLE = """
CREATE TABLE failures (
    root TEXT NOT NULL, file TEXT NOT NULL, member TEXT NOT NULL, reason TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, tries INTEGER NOT NULL, PRIMARY KEY (root, file)
) WITHOUT ROWID;
"""
FAILURE = "root, file, member, reason, first_seen, last_seen, tries"

Place = tuple[str, str, str]
"""Root, file and member, as releases have them."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be made a release of, the last time at `last_seen`; times are in UTC.

    `file` has a backslash escape in place of every byte that is not UTF-8.
    """

    root: str
    file: str
    reason: str
    first_seen: datetime
    last_seen: datetime
    tries: int
    member: str = ""

    @property
    def path(self) -> Path:
        """What messages call it; of a member of a container its name goes on below that."""
        return Path(self.root, self.file)

    def to_json(self) -> dict[str, Any]:
        """The failure as plain JSON types."""
        return {
            "file": str(self.path),
            "reason": self.reason,
            "first_seen": self.first_seen.isoformat(),
            "last_seen": self.last_seen.isoformat(),
            "tries": self.tries,
        }


def failure_of(row: tuple[Any, ...]) -> Failure:
    root, file, member, reason, first, last, tries = row
    seen = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return Failure(root, file, reason, *seen, tries, member)


def note(
    connection: "Connection", failed: Mapping[Place, str], settled: Iterable[Place], now: datetime
) -> None:
    """Count one more try of what `failed`, with its reason, and strike out what is `settled`."""
    moment = now.isoformat(timespec="seconds")
    connection.executemany(
        "DELETE FROM failures WHERE root = ? AND file = ?", [stored_place(place)[:2] for place in settled]
    )
    connection.executemany(
        f"""INSERT INTO failures ({FAILURE}) VALUES (?1, ?2, ?3, ?4, ?5, ?5, 1)
        ON CONFLICT (root, file) DO UPDATE SET reason = ?4, last_seen = ?5, tries = tries + 1""",
        [(*stored_place(place), _writable(reason), moment) for place, reason in failed.items()],
    )


def stored_place(place: Place) -> Place:
    """The place as SQLite can hold it: a name need not be UTF-8."""
    root, file, member = place
    return _writable(root), _writable(file), _writable(member)


def _writable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()
