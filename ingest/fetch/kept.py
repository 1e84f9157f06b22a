"""What was fetched, kept as files below a folder of the data folder, with the address that each came from.

It fetches nothing. `manifest.json` tells the ingest the addresses; a hidden file remembers what a later request
needs, and which feeds and sitemaps there are.
"""

import hashlib
import json
import re
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.errors import CorpusError, StorageError
from ingest.load.kind import SUFFIXES
from ingest.metadata.manifest import FETCHED_FILE

FETCHED = "fetched"
"""The folder, in the data folder: a root of its own beside the corpus folder."""
STATE = ".addresses.json"
SLUG_CHARACTERS = 80
_MEDIA = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "message/rfc822": ".eml",
    "application/json": ".json",
    "text/csv": ".csv",
    "application/zip": ".zip",
}
_UNTOLD = ("", "application/octet-stream", "binary/octet-stream")


@dataclass(slots=True)
class Known:
    """What is remembered of an address: `file` is below the folder, and absent where nothing of it is kept.

    `form` is what it was: a page, or a listing, of which the pages name it as `source`. `modified` is what the
    listing said of it. A page that `is_asked` was given by a person; one that `is_carried` came whole with its feed.
    """

    form: str = "page"
    file: str | None = None
    address: str = ""
    etag: str = ""
    last_modified: str = ""
    modified: str = ""
    source: str | None = None
    is_asked: bool = False
    is_carried: bool = False


@dataclass(slots=True)
class Kept:
    """The folder and what is remembered of its addresses; `save` writes that down."""

    folder: Path
    known: dict[str, Known] = field(default_factory=dict)

    @classmethod
    def load(cls, data_dir: Path) -> "Kept":
        """What was kept before. Raises CorpusError where that cannot be read, and StorageError for the folder."""
        folder = data_dir / FETCHED
        try:
            folder.mkdir(parents=True, exist_ok=True)
            text = (folder / STATE).read_text(encoding="utf-8") if (folder / STATE).exists() else "{}"
            return cls(folder, {url: Known(**values) for url, values in json.loads(text).items()})
        except OSError as error:
            raise StorageError(
                f"{folder} cannot be used ({error.strerror or error}): check its permissions."
            ) from None
        except (ValueError, TypeError, AttributeError):
            raise CorpusError(
                f"{folder / STATE} is damaged: remove it, and name the addresses again that it held."
            ) from None

    def has(self, known: Known) -> bool:
        """Whether the file is still there: who took it away does not want it back with the next run."""
        return known.file is not None and (self.folder / known.file).is_file()

    def write(self, url: str, known: Known, suffix: str, content: bytes) -> bool:
        """Keep the content of an address; returns whether it is new. Raises StorageError where it cannot be written."""
        file = _file(url, suffix)
        path = self.folder / file
        if known.file and known.file != file:
            with suppress(OSError):
                (self.folder / known.file).unlink()
        known.file = file
        if path.is_file() and path.read_bytes() == content:
            return False
        _put(path, content)
        return True

    def save(self) -> None:
        """Write down what is remembered. Raises StorageError where it cannot be written."""
        files = {known.file: {"url": known.address or url} for url, known in self.known.items() if known.file}
        state: dict[str, Any] = {url: asdict(known) for url, known in self.known.items()}
        _put(self.folder / FETCHED_FILE, json.dumps({"releases": files}, ensure_ascii=False).encode())
        _put(self.folder / STATE, json.dumps(state, ensure_ascii=False).encode())


def suffix_of(media_type: str, url: str) -> str | None:
    """The suffix that a file of this type gets; where the type says nothing that of the address. None for others."""
    if media_type in _UNTOLD:
        suffix = Path(urlsplit(url).path).suffix.lower()
        return suffix if suffix in SUFFIXES else None
    return _MEDIA.get(media_type)


def _file(url: str, suffix: str) -> str:
    """A file name that tells the address to a person, and is its own."""
    parts = urlsplit(url)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2]
    slug = re.sub(r"[^\w-]+", "-", last.rsplit(".", 1)[0]).strip("-_")[:SLUG_CHARACTERS] or "page"
    host = re.sub(r"[^\w.-]+", "-", parts.netloc).strip(".-")
    return f"{host}/{slug}-{hashlib.sha256(url.encode()).hexdigest()[:10]}{suffix}"


def _put(path: Path, content: bytes) -> None:
    """Write a file that appears whole; one that is the same is left alone, so that no watch takes it for a change."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror or error}): free space.") from None
    finally:
        with suppress(OSError):
            part.unlink()
