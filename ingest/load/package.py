"""The parts of a document that is a ZIP archive (Word, OpenDocument), within limits.

It knows no part's meaning.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import CorpusError
from ingest.load.limits import FILE_BYTES, RATIO, RATIO_FREE_BYTES

_ENCRYPTED = 0x1
_PIECE = 1 << 20


class Package:
    """An open document; `read` gives its parts."""

    def __init__(self, archive: zipfile.ZipFile, named: str) -> None:
        self._archive = archive
        self._named = named
        self._left = FILE_BYTES
        self.names = frozenset(archive.namelist())

    def read(self, name: str) -> bytes:
        """The part of that name, empty where there is none; raises CorpusError where it is too large."""
        if name not in self.names:
            return b""
        content = unpacked(self._archive, self._archive.getinfo(name), f"{self._named} ({name})", self._left)
        self._left -= len(content)
        return content


@contextmanager
def opened(path: Path, named: str) -> Iterator[Package]:
    """The document at `path`. Raises CorpusError where it is damaged or encrypted."""
    with damage(named), zipfile.ZipFile(path) as archive:
        yield Package(archive, named)


@contextmanager
def damage(named: str) -> Iterator[None]:
    """Turn what is raised over a damaged archive into CorpusError."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
        KeyError,
    ) as error:
        raise CorpusError(f"{named} is damaged ({error}): save it again.") from error


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, named: str, limit: int) -> bytes:
    """The content of one member. Raises CorpusError where it has more than `limit` bytes, or shrank beyond belief."""
    if info.flag_bits & _ENCRYPTED:
        raise CorpusError(f"{named} is encrypted: save it without a password.")
    most = min(limit, info.compress_size * RATIO + RATIO_FREE_BYTES)
    if info.file_size > most:
        raise CorpusError(f"{named} unpacks to {info.file_size:,} bytes, more than is read: {_limit(limit)}.")
    found = bytearray()
    with archive.open(info) as file:  # what the archive says of the size need not be true
        while piece := file.read(_PIECE):
            found += piece
            if len(found) > most:
                raise CorpusError(f"{named} unpacks to more than it says: {_limit(limit)}.")
    return bytes(found)


def _limit(limit: int) -> str:
    return f"at most {limit >> 20} MiB, {RATIO} times its packed size"
