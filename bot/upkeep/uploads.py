"""Files that people send: named safely, kept in a folder of the data folder, and never overwritten in silence.

It does not know what is in them, nor who sent them.
"""

import hashlib
import os
import re
import secrets
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import CorpusError, StorageError

UPLOADS = "uploads"
"""The folder of what was sent, in the data folder: a root of its own beside the corpus folder."""
REMOVED = "removed"
"""The folder of what was replaced or removed: nothing that a person sent is lost by a press of a button."""
UPLOAD_MEGABYTES = 50
"""The largest file that is taken."""
NAME_BYTES = 150
"""Of a name in UTF-8: file systems take 255, and a name may grow on its way into an archive."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_OF_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_NOT_RELEASES = re.compile(r"manifest\.(ya?ml|json)|readme(\.md|\.txt)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is in its place now; `is_new` unless the very same was there before."""

    path: Path
    size: int
    is_new: bool


def safe_name(name: str) -> str:
    """The last part of `name` as a file name that every system takes and that hides nothing.

    Raises CorpusError where nothing is left of it, or where the ingest would take it for no release.
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    shown = "".join(each for each in last if unicodedata.category(each)[0] != "C")
    plain = _FORBIDDEN.sub("-", " ".join(shown.split())).strip(". ")
    stem, dot, suffix = plain.rpartition(".")
    if not stem:
        stem, dot, suffix = plain, "", ""
    while len(f"{stem}{dot}{suffix}".encode()) > NAME_BYTES and stem:
        stem = stem[:-1]
    plain = f"{stem.rstrip('. ')}{dot}{suffix}"
    if not stem or not re.search(r"\w", stem):
        raise CorpusError(f"{name[:200]!r} is no name for a file: give it one, as 2026-01-31-summit.pdf.")
    if _NOT_RELEASES.fullmatch(plain):
        raise CorpusError(f"{plain} describes a folder and is no release: name another file.")
    return f"_{plain}" if _OF_DEVICES.fullmatch(plain) else plain


def keep(name: str, content: bytes, data_dir: Path, *, replace: bool = False) -> Upload:
    """Put a file into the folder of uploads.

    With `replace` it takes the place of one of its name, which moves to the folder of what was removed. Raises
    CorpusError for a name or a size that is not taken, and for another file of that name without `replace`;
    StorageError where it cannot be written.
    """
    plain = safe_name(name)
    if not content:
        raise CorpusError(f"{plain} is empty: choose the file again.")
    if len(content) > UPLOAD_MEGABYTES * 1024 * 1024:
        raise CorpusError(
            f"{plain} is larger than {UPLOAD_MEGABYTES} MB: put it into the corpus folder instead."
        )
    path = data_dir / UPLOADS / plain
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if _is_same(path, content):
            return Upload(path, len(content), is_new=False)
        if replace:
            set_aside(path, data_dir)
        _write(path, content)
    except FileExistsError:
        raise CorpusError(
            f"There is another file {plain} already: rename yours, or let it replace that one."
        ) from None
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror or error}): free space.") from None
    return Upload(path, len(content), is_new=True)


def set_aside(path: Path, data_dir: Path) -> Path | None:
    """Move a file to the folder of what was removed; None where it is not there. Raises OSError."""
    import shutil

    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    place = data_dir / REMOVED / f"{moment}-{secrets.token_hex(3)}" / path.name
    if not (path.is_file() or path.is_symlink()):
        return None
    place.parent.mkdir(parents=True)
    return Path(shutil.move(path, place))


def _is_same(path: Path, content: bytes) -> bool:
    try:
        with path.open("rb") as file:
            there = hashlib.file_digest(file, "sha256").digest()
    except FileNotFoundError:
        return False
    return there == hashlib.sha256(content).digest()


def _write(path: Path, content: bytes) -> None:
    """Write a file that appears whole, or not at all; raises FileExistsError where one of its name is there."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")  # hidden, so that no ingest takes it
    try:
        part.write_bytes(content)
        try:
            os.link(part, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            with path.open("xb") as file:
                file.write(content)
    finally:
        with suppress(OSError):
            part.unlink()
