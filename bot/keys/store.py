"""The keys of one data folder, in an SQLite file of their own: only the hash of a key is kept.

It does not know how a key travels in a request, nor what its scopes allow.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from bot.errors import KeyStoreError
from bot.store.database import Database, Format

Scope = Literal["ask", "ingest", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

FILE = "keys.sqlite"
"""Its name in the data folder."""
NAME_CHARACTERS = 80
SECRET_BYTES = 32
"""So many random bits cannot be guessed, however fast the hash: SHA-256 is enough, and costs no time per request."""

_KEY = re.compile(r"cmq_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)
_FORMAT = Format(
    name="key file",
    application=0x434F4D4B,  # "COMK"
    schema=1,
    tables="""
CREATE TABLE keys (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, scopes TEXT NOT NULL,
    created TEXT NOT NULL, revoked TEXT
) WITHOUT ROWID;
CREATE TABLE signing (secret BLOB NOT NULL);
""",
    make="make a key with `python -m bot keys create NAME`",
    repair="move the file aside and make new keys with `python -m bot keys create NAME`",
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: without the secret, which only its holder has."""

    id: str
    name: str
    scopes: frozenset[Scope]
    created: datetime
    revoked: datetime | None = None


class Keys:
    """The keys in the file `path`, for any number of threads; the file is made with the first key.

    Every method raises the errors of `bot.store.database`.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _FORMAT)

    def close(self) -> None:
        """Close the file where it is open; the next call opens it again."""
        self._database.close()

    def create(self, name: str, scopes: Collection[Scope]) -> tuple[Key, str]:
        """A new key and its text, which nothing can show again; raises KeyStoreError for a name it cannot take."""
        name = " ".join(name.split())
        if not name.isprintable() or not 0 < len(name) <= NAME_CHARACTERS:
            raise KeyStoreError(
                f"A key is named in 1 to {NAME_CHARACTERS} characters: say who will use it, as `team wiki`."
            )
        self._make()
        key = Key(secrets.token_hex(6), name, frozenset(scopes), datetime.now(UTC))
        text = f"cmq_{key.id}_{secrets.token_urlsafe(SECRET_BYTES)}"
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO keys (id, name, hash, scopes, created) VALUES (?, ?, ?, ?, ?)",
                (key.id, key.name, _hash(text), " ".join(sorted(key.scopes)), key.created.isoformat()),
            )
        return key, text

    def every(self) -> list[Key]:
        """Every key that was ever made, the oldest first."""
        return [
            _key(row) for row in self._rows("SELECT id, name, scopes, created, revoked FROM keys ORDER BY 4")
        ]

    def exist(self) -> bool:
        """Whether a key was ever made: from then on a caller needs one, also when all of them are revoked."""
        return bool(self._rows("SELECT 1 FROM keys LIMIT 1"))

    def find(self, text: str) -> Key | None:
        """The key with this text, also a revoked one; None where there is none."""
        parts = _KEY.fullmatch(text)
        if not parts:
            return None
        rows = self._rows("SELECT id, name, scopes, created, revoked, hash FROM keys WHERE id = ?", parts[1])
        if not rows or not hmac.compare_digest(rows[0][5], _hash(text)):
            return None
        return _key(rows[0])

    def get(self, key_id: str) -> Key | None:
        """The key of this id, also a revoked one."""
        rows = self._rows("SELECT id, name, scopes, created, revoked FROM keys WHERE id = ?", key_id)
        return _key(rows[0]) if rows else None

    def revoke(self, key_id: str) -> Key:
        """Let the key open nothing any more, from now on; raises KeyStoreError where there is none of this id."""
        if self.get(key_id) is None:
            raise KeyStoreError(
                f"There is no key {key_id!r}: `python -m bot keys list` shows those there are."
            )
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE keys SET revoked = coalesce(revoked, ?) WHERE id = ?",
                (datetime.now(UTC).isoformat(), key_id),
            )
        revoked = self.get(key_id)
        assert revoked is not None, "keys are never removed"
        return revoked

    def signing_secret(self) -> bytes:
        """What tokens are signed with: made with the first key, never shown."""
        return bytes(self._database.rows("SELECT secret FROM signing")[0][0])

    def _make(self) -> None:
        if self._exists():
            return
        self._database.create()
        self._database.path.chmod(0o600)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO signing SELECT ? WHERE NOT EXISTS (SELECT 1 FROM signing)",
                (secrets.token_bytes(SECRET_BYTES),),
            )

    def _exists(self) -> bool:
        path = self._database.path
        if not path.exists() or path.stat().st_size == 0:
            return False
        self._database.examine()
        return True

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        return self._database.rows(statement, *values) if self._exists() else []


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _key(row: Any) -> Key:
    return Key(
        id=row[0],
        name=row[1],
        scopes=frozenset(scope for scope in SCOPES if scope in row[2].split()),
        created=datetime.fromisoformat(row[3]),
        revoked=datetime.fromisoformat(row[4]) if row[4] else None,
    )
