"""What a file is: its content decides, and its name where the content fits several kinds.

It reads the beginning of a file and parses nothing.
"""

import re
from pathlib import Path
from typing import Literal

from bot.errors import CorpusError

Kind = Literal[
    "text", "html", "pdf", "word", "odt", "rtf", "mail", "outlook", "zip", "json", "jsonl", "csv", "record"
]

SUFFIXES: dict[str, Kind] = {
    **dict.fromkeys((".txt", ".text", ".md", ".markdown"), "text"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    ".pdf": "pdf",
    **dict.fromkeys((".docx", ".docm"), "word"),
    **dict.fromkeys((".odt", ".fodt"), "odt"),
    ".rtf": "rtf",
    ".eml": "mail",
    ".msg": "outlook",
    ".zip": "zip",
    ".json": "json",
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
}
CONTAINERS: frozenset[Kind] = frozenset(("zip", "json", "jsonl", "csv", "mail", "outlook"))
"""Kinds that hold releases of their own, or may."""
PLAIN: frozenset[Kind] = frozenset(("text",))
"""Kinds that no library parses: safe to read in any process."""

_HEAD_BYTES = 8192
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFUSED = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"SQLite format 3\0": "a database",
}
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.{0,2000}?-->\s*)*<(?:!doctype html|html)\b", re.I | re.S
)
_FLAT_ODT = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"


def kind_of(path: Path, named: str) -> Kind:
    """The kind of the file; messages call it `named`, and the suffix of that counts as its own.

    Raises CorpusError where it cannot be read, or is of a kind that no release is kept in.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise CorpusError(
            f"{named} cannot be read ({error.strerror or error}): check the file and its permissions."
        ) from error
    suffix = Path(named).suffix.lower()
    by_name = SUFFIXES.get(suffix)
    for signature, refused in _REFUSED.items():
        if head.startswith(signature):
            raise CorpusError(f"{named} is {refused}, not text: save its text as UTF-8 or remove it.")
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(head)
    if head.startswith(_OLD_OFFICE):
        return _compound(path, named)
    if head.lstrip()[:5] == b"{\\rtf":
        return "rtf"
    if by_name == "odt" and _FLAT_ODT in head:
        return "odt"
    if _HTML.match(head):
        return "html"
    if by_name in ("mail", "json", "jsonl", "csv", "html"):
        return by_name
    if by_name is None:
        supported = ", ".join(sorted(SUFFIXES))
        raise CorpusError(f"{named} is not in a supported format: save it as one of {supported}.")
    if by_name != "text" and b"\0" in head:
        raise CorpusError(
            f"{named} is not what its suffix says, nor any other supported format: save it again."
        )
    return "text"


def _zipped(head: bytes) -> Kind:
    """What kind of ZIP archive it is, by the names of its first members."""
    if head[30:38] == b"mimetype":
        return "odt"
    if head[30:].startswith((b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"customXml/")):
        return "word"
    return "zip"


def _compound(path: Path, named: str) -> Kind:
    """Outlook's messages and encrypted documents have the wrapping of the old Office formats."""
    content = path.read_bytes()
    if "__properties_version1.0".encode("utf-16-le") in content:
        return "outlook"
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise CorpusError(f"{named} is encrypted: save it without a password.")
    raise CorpusError(f"{named} is an old Office document, not text: save it as DOCX or PDF.")
