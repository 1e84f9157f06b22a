"""Containers unpacked in a guarded process into a folder of their own, which is gone at the end.

It knows no format; `ingest.unpack` does.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from bot.errors import CorpusError, StorageError
from ingest.guard import Guard
from ingest.load import Kind
from ingest.unpack import Unpacked, unpack

_SECONDS = 600.0
"""How long one container may take: a large one is much work, and honest."""


class Unpacker:
    """What unpacks containers below `folder`; `open` makes it."""

    def __init__(self, folder: Path, guard: Guard) -> None:
        self._folder = folder
        self._guard = guard

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> "Iterator[Unpacker]":
        """An unpacker that uses the folder, and empties it of what an interrupted run left."""
        shutil.rmtree(folder, ignore_errors=True)
        try:
            with Guard(seconds=_SECONDS) as guard:
                yield cls(folder, guard)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def unpack(self, path: Path, named: str, kind: Kind, known: Mapping[str, str]) -> Unpacked:
        """What the container holds, as `ingest.unpack.unpack`. Raises CorpusError where it cannot be unpacked."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            folder = Path(mkdtemp(dir=self._folder))
        except OSError as error:
            raise StorageError(
                f"{self._folder} cannot be written ({error.strerror}): make the data folder writable, "
                "or set COMMUNIQUE_DATA_DIR to one that is."
            ) from error
        try:
            return self._guard.call(named, unpack, path, named, kind, dict(known), folder)
        except CorpusError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
