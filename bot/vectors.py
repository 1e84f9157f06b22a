"""The vectors of the passages, by passage id, in Chroma: in the data folder, or on a server.

The only file that names chromadb. It does not know passages: the catalog says which ids count and which
collection is current.

In the data folder each collection is a Chroma database of its own, so that a rebuild cannot touch the
collection in use and dropping one frees its disk. One process may write at a time: the caller locks.
"""

import logging
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from bot.errors import CommuniqueError, IndexBusyError, IndexDamagedError, SettingsError, StorageError

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api import ServerAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection
    from numpy.typing import NDArray

FOLDER = "chroma"
PREFIX = "communique"
REBUILD = "python -m ingest --rebuild"
BATCH = 1000
"""Vectors written at once: Chroma takes 5,461 at most, and persists its index every 1,000."""
HNSW: "CreateHNSWConfiguration" = {"space": "cosine", "ef_construction": 200, "ef_search": 200}
"""Twice Chroma's default effort: recall matters more than a millisecond."""
PAGE = 100
"""Collections listed at once."""
IDS_AT_ONCE = 5_000
"""Ids of vectors read at once: Chroma takes several times the memory of what it gives."""
SERVER_SECONDS = 60.0
"""How long a Chroma server may take for one request."""
CHECKED = 50
"""Vectors that `check` looks for."""

_SQLITE_CODE = re.compile(r"\(code: (\d+)\)")
_BUSY_CODES = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED
_STORAGE_CODES = {8, 10, 13, 14}  # SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN


def new_collection(current: str | None) -> str:
    """A name for a collection that replaces `current`: the same index, another build."""
    index = current.split("-")[1] if current else secrets.token_hex(4)
    return f"{PREFIX}-{index}-{secrets.token_hex(4)}"


@dataclass(eq=False, slots=True)
class _Opened:
    """A collection in use: `stop` frees it when the last of its `users` is done and it is `retired`."""

    name: str
    collection: "Collection"
    stop: Callable[[], None]
    users: int = 0
    retired: bool = False


class Vectors:
    """The collections of one index, for any number of threads; `open` makes it.

    Every method raises IndexDamagedError where a collection is missing or not whole, and StorageError
    where the folder cannot be written or the server does not answer.
    """

    def __init__(self, folder: Path, url: str | None) -> None:
        self._folder = folder
        self._url = url
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    @classmethod
    def open(cls, data_dir: Path, url: str | None = None) -> Self:
        """The vectors in the data folder, or on the Chroma server at `url`; nothing is read or made yet.

        Raises SettingsError where `url` is not the address of a server.
        """
        if url is not None and not _is_address(url):
            raise SettingsError(f"COMMUNIQUE_CHROMA_URL {url!r} is no address: write it as http://host:8000.")
        return cls(data_dir / FOLDER, url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store; the next call opens it again."""
        with self._lock:
            self._retire()

    def reopen(self) -> None:
        """See what another process has written: Chroma reads its index once, when it is opened."""
        self.close()

    def create(self, collection: str) -> None:
        """Make an empty collection, where there is none of that name."""
        with self._explained(collection):
            if self._url is None:
                self._folder.mkdir(parents=True, exist_ok=True)
            with self._server(collection) as server:
                server.get_or_create_collection(collection, configuration={"hnsw": HNSW})

    def upsert(self, collection: str, ids: Sequence[str], vectors: "NDArray[np.float32]") -> None:
        """Store `vectors` (ids, dimensions) under `ids`, in place of any that are there."""
        with self._using(collection) as store:
            for start in range(0, len(ids), BATCH):
                store.upsert(ids=list(ids[start : start + BATCH]), embeddings=vectors[start : start + BATCH])

    def delete(self, collection: str, ids: Sequence[str]) -> None:
        """Take the vectors of `ids` out; ids that are not there are ignored."""
        with self._using(collection) as store:
            for start in range(0, len(ids), BATCH):
                store.delete(ids=list(ids[start : start + BATCH]))

    def ids(self, collection: str) -> list[str]:
        """The ids that have a vector, once for each vector."""
        found: list[str] = []
        with self._using(collection) as store:
            while page := store.get(include=[], limit=IDS_AT_ONCE, offset=len(found))["ids"]:
                found += page
        return found

    def query(
        self, collection: str, vector: "Sequence[float] | NDArray[np.float32]", limit: int
    ) -> list[tuple[str, float]]:
        """Up to `limit` ids with their cosine similarity to `vector`, in -1 to 1, best first."""
        import numpy as np

        return self.queries(collection, np.asarray(vector, np.float32)[None], limit)[0]

    def queries(
        self, collection: str, vectors: "NDArray[np.float32]", limit: int
    ) -> list[list[tuple[str, float]]]:
        """The same for each of `vectors` (questions, dimensions)."""
        if limit < 1:
            return [[] for _ in vectors]
        with self._using(collection) as store:
            found = store.query(query_embeddings=vectors, n_results=limit, include=["distances"])
        similar = (
            [
                (passage_id, max(-1.0, min(1.0, 1.0 - distance)))
                for passage_id, distance in zip(*row, strict=True)
            ]
            for row in zip(found["ids"], found["distances"] or [[]], strict=True)
        )
        return [sorted(row, key=lambda item: (-item[1], item[0])) for row in similar]

    def similarities(
        self, collection: str, ids: Sequence[str], vector: "NDArray[np.float32]"
    ) -> dict[str, float]:
        """The cosine similarity to `vector`, in -1 to 1, of those of `ids` that are stored."""
        import numpy as np

        found, rows = self.stored(collection, ids)
        if not found:
            return {}
        cosines = rows @ vector / (np.linalg.norm(rows, axis=1) * np.linalg.norm(vector))
        return dict(zip(found, np.clip(cosines, -1.0, 1.0).tolist(), strict=True))

    def stored(self, collection: str, ids: Sequence[str]) -> "tuple[list[str], NDArray[np.float32]]":
        """Those of `ids` that are stored, and their vectors: (ids, dimensions)."""
        import numpy as np

        if not ids:  # Chroma takes none for all
            return [], np.empty((0, 0), np.float32)
        with self._using(collection) as store:
            stored = store.get(ids=list(ids), include=["embeddings"])
        return list(stored["ids"]), np.asarray(stored["embeddings"], np.float32)

    def drop_other_collections(self, keep: str | None) -> None:
        """Remove what earlier builds of this index left; only `keep` stays.

        A server may hold other indexes too: there, only collections of the index of `keep` are removed.
        """
        for name in self._names() - {keep}:
            if self._url is None:
                with self._explained(name):
                    shutil.rmtree(self._folder / name)
            elif keep is not None and name.split("-")[1] == keep.split("-")[1]:
                with self._explained(name), self._server(name) as server:
                    server.delete_collection(name)

    def check(self, collection: str) -> None:
        """Raises IndexDamagedError where a stored vector is not what a search for it finds first.

        Chroma may end the process over a damaged index file: run it in one that may end.
        """
        import numpy as np

        with self._using(collection) as store:
            stored = store.get(limit=CHECKED, include=["embeddings"])
        for passage_id, vector in zip(stored["ids"], np.asarray(stored["embeddings"]), strict=True):
            best = self.query(collection, vector, 1)
            if not best or best[0][1] < 0.999:
                raise self._damaged(collection, f"the vector of {passage_id} is not found")

    def _names(self) -> set[str]:
        """The collections of any index of ours."""
        with self._explained(PREFIX):
            if self._url is None:
                return {folder.name for folder in self._folder.glob(f"{PREFIX}-*-*") if folder.is_dir()}
            found: list[str] = []
            with self._server("") as server:
                while page := server.list_collections(limit=PAGE, offset=len(found)):
                    found.extend(each.name for each in page)
        return {name for name in found if name.startswith(f"{PREFIX}-") and name.count("-") == 2}

    @contextmanager
    def _using(self, name: str) -> Iterator["Collection"]:
        """The collection, kept open for as long as any thread is inside."""
        with self._explained(name):
            with self._lock:
                if self._opened is None or self._opened.name != name:
                    self._retire()
                    self._opened = self._open(name)
                opened = self._opened
                opened.users += 1
            try:
                yield opened.collection
            finally:
                with self._lock:
                    opened.users -= 1
                    if opened.retired and opened.users == 0:
                        opened.stop()

    def _retire(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.retired = True
            if opened.users == 0:
                opened.stop()

    def _open(self, name: str) -> _Opened:
        from chromadb.api.models.Collection import Collection

        if self._url is None and not (self._folder / name).exists():
            raise self._damaged(name, "it is missing")
        server, stop = self._connect(name)
        try:
            return _Opened(name, Collection(server, server.get_collection(name), None), stop)
        except BaseException:
            stop()
            raise

    @contextmanager
    def _server(self, name: str) -> Iterator["ServerAPI"]:
        server, stop = self._connect(name)
        try:
            yield server
        finally:
            stop()

    def _connect(self, name: str) -> tuple["ServerAPI", Callable[[], None]]:
        """Chroma itself, and what frees it.

        Below chromadb's clients: those of one path share what they have read, so that they cannot be
        opened anew, and those of a server are never closed.
        """
        from chromadb.api import ServerAPI
        from chromadb.config import Settings, System

        logging.getLogger("chromadb").setLevel(logging.CRITICAL)
        # Without _env_file Chroma would take settings from this project's .env.
        private: dict[str, Any] = {"_env_file": None, "anonymized_telemetry": False}
        if self._url is None:
            private |= {"is_persistent": True, "persist_directory": str(self._folder / name)}
        else:
            private |= {
                "chroma_api_impl": "chromadb.api.fastapi.FastAPI",
                "chroma_server_host": self._url.rstrip("/"),
                "chroma_server_http_port": 8000,  # required, but the one in the URL counts
            }
        system = System(Settings(**private))
        server = system.instance(ServerAPI)  # type: ignore[type-abstract]
        system.start()
        if self._url is None:
            return server, system.stop
        session = server._session  # type: ignore[attr-defined]
        session.timeout = SERVER_SECONDS
        return server, session.close

    @contextmanager
    def _explained(self, name: str) -> Iterator[None]:
        try:
            yield
        except CommuniqueError:
            raise
        except BaseException as error:
            ours = self._ours(error, name)
            if ours is None:
                raise
            raise ours from error

    def _ours(self, error: BaseException, name: str) -> CommuniqueError | None:
        """Our error for Chroma's; None for one that is not Chroma's."""
        import httpx
        from chromadb.errors import ChromaError, NotFoundError

        if self._url is not None and isinstance(error, httpx.HTTPError | httpx.InvalidURL):
            return StorageError(
                f"The Chroma server at {self._url} does not answer ({error}): start it (`chroma run`), "
                "or correct COMMUNIQUE_CHROMA_URL, or unset it to keep the vectors in the data folder."
            )
        if isinstance(error, NotFoundError):
            return self._damaged(name, "it is missing")
        if isinstance(error, OSError):
            return self._not_writable(error.strerror or str(error))
        # Chroma's core is Rust: what it did not expect arrives as a PanicException, which is no Exception.
        if not isinstance(error, ChromaError) and type(error).__name__ != "PanicException":
            return None
        message = str(error)
        codes = {int(code) for code in _SQLITE_CODE.findall(message)}
        if codes & _BUSY_CODES:
            return IndexBusyError(
                f"The vectors in {self._folder} are locked by another process: try again when it is done."
            )
        if codes & _STORAGE_CODES or "os error" in message:
            return self._not_writable(message)
        return self._damaged(name, message)

    def _not_writable(self, reason: str) -> StorageError:
        return StorageError(
            f"The vectors in {self._folder} cannot be written ({reason}): "
            "check free space and permissions of the data folder, then try again."
        )

    def _damaged(self, name: str, reason: str) -> IndexDamagedError:
        where = self._url or self._folder
        return IndexDamagedError(
            f"The vectors {name} in {where} cannot be read ({reason}): build them again with `{REBUILD}`."
        )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
