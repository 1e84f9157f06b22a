"""A backup file: what is put in comes out byte for byte, or not at all.

It knows no stores. The last member names every other with its size and sum, so that a file which was cut short or
changed is found out before anything of it is used.
"""

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from bot.errors import BackupError, StorageError

FORMAT = 1
LAST = "backup.json"
"""The member that names the others."""
LIST_BYTES = 64 * 1024 * 1024
CHUNK = 1024 * 1024
QUICK = 1
"""Of gzip's levels: vectors and texts are hardly smaller with a slower one."""
_PART = r"[^/\\\0]*[^/\\\0.][^/\\\0]*"  # neither `.` nor `..`
_NAME = re.compile(rf"{_PART}(/{_PART})*")


@dataclass
class Contents:
    """What a backup holds: `facts` about the whole, and size and SHA-256 of each member."""

    facts: dict[str, Any] = field(default_factory=dict)
    members: dict[str, tuple[int, str]] = field(default_factory=dict)


class Packing:
    """A backup that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._contents = Contents()

    def add(self, name: str, source: Path) -> None:
        """Put a file in, which nobody changes meanwhile."""
        member = tarfile.TarInfo(name)
        member.size = source.stat().st_size
        member.mode = 0o600
        with source.open("rb") as file:
            counted = _Summing(file)
            self._tar.addfile(member, counted)
        self._contents.members[name] = member.size, counted.sum.hexdigest()

    def end(self, facts: dict[str, Any]) -> None:
        """Say what the whole is: with this it is whole."""
        told = {"format": FORMAT, "facts": facts, "members": self._contents.members}
        content = json.dumps(told).encode()
        member = tarfile.TarInfo(LAST)
        member.size = len(content)
        self._tar.addfile(member, io.BytesIO(content))


@contextmanager
def packing(path: Path, *, force: bool) -> Iterator[Packing]:
    """A new backup at `path`, which is there at the end, or not at all; only its owner may read it.

    Raises BackupError where there is a file already and it may not be replaced, StorageError where none can be written.
    """
    if path.exists() and not force:
        raise BackupError(f"{path} is there already: give another name, or --force to replace it.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with (
                gzip.GzipFile(fileobj=file, mode="wb", compresslevel=QUICK, mtime=0) as packed,
                tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                yield Packing(tar)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written ({error.strerror or error}): give another place."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def unpack(path: Path, folder: Path) -> Contents:
    """Write what the backup at `path` holds into `folder`, which is empty; returns what that is.

    Raises BackupError where the file is none of ours, was cut short or changed, or names a place outside the folder.
    """
    found: dict[str, tuple[int, str]] = {}
    last: dict[str, Any] | None = None
    try:
        with gzip.open(path) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            for member in tar:
                if (
                    last is not None
                    or member.name in found
                    or not member.isreg()
                    or not _is_inside(member.name)
                ):
                    raise BackupError(
                        f"{path} holds {member.name[:200]!r}, which no backup does: it is none of ours."
                    )
                content = tar.extractfile(member)
                assert content is not None, "a regular file"
                if member.name == LAST:
                    last = json.loads(content.read(LIST_BYTES))
                else:
                    found[member.name] = _write(content, folder / member.name)
            while packed.read(CHUNK):
                pass  # to its end, where gzip has its own sum
    except (tarfile.TarError, EOFError, zlib.error, ValueError, gzip.BadGzipFile) as error:
        raise BackupError(
            f"{path} is no backup, or was cut short or changed ({error}): take another."
        ) from error
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {path}.") from error
    except OSError as error:
        raise StorageError(
            f"{path} cannot be unpacked ({error.strerror or error}): free space, then try again."
        ) from error
    if last is None:
        raise BackupError(f"{path} was cut short: take another backup.")
    if last.get("format") != FORMAT:
        raise BackupError(f"{path} has format {last.get('format')!r}: this program reads format {FORMAT}.")
    if {name: list(each) for name, each in found.items()} != last["members"]:
        raise BackupError(f"{path} does not hold what was put in: take another backup.")
    return Contents(last["facts"], found)


def _is_inside(name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and len(name) < 1000


def _write(content: IO[bytes], to: Path) -> tuple[int, str]:
    """Size and sum of what was written."""
    to.parent.mkdir(parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := content.read(CHUNK):
            size += len(chunk)
            digest.update(chunk)
            file.write(chunk)
    return size, digest.hexdigest()


class _Summing:
    """A file that is summed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.sum.update(chunk)
        return chunk
