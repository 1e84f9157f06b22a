"""An SQLite file that many threads and processes use at once, with SQLite's errors turned into ours.

It does not know what is stored: its owner brings the tables.
"""

import random
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import IndexBusyError, IndexDamagedError, IndexMismatchError, StorageError

BUSY_SECONDS = 10.0
"""How long a statement waits for another process's write."""

_STORAGE = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM")
_Decoded = TypeVar("_Decoded")


@dataclass(frozen=True, slots=True)
class Format:
    """What makes a file one of its kind: `application` and `schema` numbers, and the `tables`.

    `name` is what messages call it; `make` and `repair` are what they tell the user to do.
    """

    name: str
    application: int
    schema: int
    tables: str
    make: str
    repair: str


class Database:
    """The file `path`: a pool of connections, one a thread at a time; none of its methods imports or creates.

    Every method raises IndexDamagedError where the file is missing or not whole, IndexBusyError where
    another process keeps it locked for `BUSY_SECONDS`, and StorageError where it cannot be written.
    """

    def __init__(self, path: Path, kind: Format) -> None:
        self.path = path
        self.kind = kind
        self.identity: tuple[int, int] | None = None
        """Device and inode of the file in use: another file may take its place."""
        self._idle: deque[sqlite3.Connection] = deque()
        self._held = threading.local()

    def create(self) -> None:
        """Make the file with its tables where it is missing or empty."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch()
        except OSError as error:
            raise StorageError(
                f"{self.path} cannot be written ({error.strerror}): make the data folder writable, "
                "or set COMMUNIQUE_DATA_DIR to one that is."
            ) from error
        if self._is_empty():
            with self._connection() as connection:
                try:
                    write_ahead(connection, BUSY_SECONDS)
                except sqlite3.Error as error:
                    raise self._ours(error) from error
            with self.writing() as connection:
                if self._is_empty():  # another process may have been first
                    run(connection, self.kind.tables)
                    connection.execute(f"PRAGMA application_id = {self.kind.application}")
                    connection.execute(f"PRAGMA user_version = {self.kind.schema}")

    def examine(self) -> None:
        """Raises IndexDamagedError for another kind of file, IndexMismatchError for another schema."""
        if self._is_empty():
            raise self._missing()
        if self.rows("PRAGMA application_id") != [(self.kind.application,)]:
            raise self.damaged("it is another program's file")
        schema = self.rows("PRAGMA user_version")[0][0]
        if schema != self.kind.schema:
            raise IndexMismatchError(
                f"{self._named()} was built with schema {schema}; "
                f"this program uses schema {self.kind.schema}: {self.kind.repair}."
            )

    def close(self) -> None:
        """Close the connections that are not in use; the next statement opens a new one."""
        while self._idle:
            with suppress(IndexError):
                self._idle.pop().close()

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """The rows of one statement, as tuples."""
        with self._connection() as connection:
            try:
                return self._execute(connection, statement, *values)
            except UnicodeEncodeError:
                return []  # half a surrogate pair: no stored text has one

    def decoded(self, decode: Callable[[], _Decoded]) -> _Decoded:
        """What `decode` makes of stored values; values that it cannot decode are damage."""
        try:
            return decode()
        except (ValueError, TypeError) as error:
            raise self.damaged(str(error)) from error

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything that this thread reads inside is of one moment, whatever others write meanwhile."""
        if self._in_use() is not None:
            yield
            return
        with self._holding() as connection:
            self._execute(connection, "BEGIN")
            try:
                yield
            finally:
                self._execute(connection, "COMMIT")

    @contextmanager
    def writing(self, attached: Path | None = None) -> Iterator[sqlite3.Connection]:
        """A transaction that is committed at the end, or leaves nothing where anything fails.

        The file `attached` can be read in it under the name ``staged``.
        """
        with self._holding() as connection:
            if attached is not None:
                self._execute(connection, "ATTACH ? AS staged", str(attached))
            try:
                self._execute(connection, "BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise self._ours(error) from error
            finally:
                # The first error is the one to tell.
                with suppress(sqlite3.Error):
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    if attached is not None:
                        connection.execute("DETACH staged")

    def damaged(self, reason: str) -> IndexDamagedError:
        return IndexDamagedError(f"{self._named()} is damaged ({reason}): {self.kind.repair}.")

    def _missing(self) -> IndexDamagedError:
        return IndexDamagedError(f"There is no {self.kind.name} at {self.path}: {self.kind.make}.")

    def _named(self) -> str:
        return f"The {self.kind.name} {self.path}"

    def _is_empty(self) -> bool:
        return self.rows("SELECT count(*) FROM sqlite_schema") == [(0,)]

    def _in_use(self) -> sqlite3.Connection | None:
        """The connection on which this thread is inside a transaction."""
        return getattr(self._held, "connection", None)

    @contextmanager
    def _holding(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            self._held.connection = connection
            try:
                yield connection
            finally:
                self._held.connection = None

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        held = self._in_use()
        if held is not None:
            yield held
            return
        self._notice_another_file()
        identity = self.identity
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            yield connection
        finally:
            if identity == self.identity:
                self._idle.append(connection)
            else:
                connection.close()

    def _notice_another_file(self) -> None:
        """A repair may have put another file in place: connections to the first one must not live on."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            raise self._missing() from None
        except OSError as error:
            raise StorageError(
                f"{self.path} cannot be read ({error.strerror}): check COMMUNIQUE_DATA_DIR."
            ) from error
        if self.identity != (status.st_dev, status.st_ino):
            self.close()
            self.identity = status.st_dev, status.st_ino

    def _connect(self) -> sqlite3.Connection:
        try:
            # A connection serves one thread at a time, but not always the same one. `rw` never creates.
            return sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.Error as error:
            raise self._ours(error) from error

    def _execute(self, connection: sqlite3.Connection, statement: str, *values: Any) -> list[Any]:
        try:
            return connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._ours(error) from error

    def _ours(self, error: sqlite3.Error) -> Exception:
        """Our error for SQLite's; a mistake in our own statements stays what it is."""
        name = getattr(error, "sqlite_errorname", None) or ""
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.InterfaceError):
            return error
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return IndexBusyError(f"{self._named()} is locked by another process: try again when it is done.")
        if name.startswith(_STORAGE) and name != "SQLITE_IOERR_SHORT_READ":
            return StorageError(
                f"{self._named()} cannot be used ({error}): "
                "check free space and permissions of the data folder, then try again."
            )
        return self.damaged(str(error))


def copy(source: Path, target: Path) -> None:
    """Write into the new file `target` what the SQLite file `source` holds at one moment, whoever writes meanwhile.

    Raises StorageError where one cannot be read or the other written, and where what is read is not whole.
    """
    try:
        with (
            closing(
                sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)
            ) as one,
            closing(sqlite3.connect(target)) as other,
        ):
            one.backup(other)  # all pages in one step: so it is one moment
            (found,) = other.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise StorageError(f"{source} cannot be copied to {target} ({error}): check both places.") from error
    if found != "ok":
        raise StorageError(f"{source} is damaged ({found}): `python -m bot doctor` says what to do.")


def write_ahead(connection: sqlite3.Connection, seconds: float) -> None:
    """Let readers and a writer use the file at once; raises SQLite's error where it stays locked for so long.

    SQLite itself does not wait here: two processes that changed a new file at once would wait for one another.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.005, 0.02))  # not in step with the other
        else:
            return


def run(connection: sqlite3.Connection, script: str) -> None:
    """Execute the statements of `script` within the transaction (`executescript` would commit it first)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""


def set_aside(path: Path) -> Path:
    """Move a file that cannot be used to ``<name>.damaged-<n>``, with its log; returns where it went."""
    number = 1
    while (target := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        for suffix in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                path.with_name(f"{path.name}{suffix}").replace(target.with_name(f"{target.name}{suffix}"))
    except OSError as error:
        raise StorageError(
            f"{path} cannot be moved aside ({error.strerror}): make its folder writable and try again."
        ) from error
    return target
