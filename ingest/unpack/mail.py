"""A mail as a container: its text, and the attachments that are releases.

A short text beside such attachments is a covering note, and no release.
"""

import mimetypes
from collections.abc import Iterator
from pathlib import Path

from ingest.load import SUFFIXES, mail, outlook
from ingest.load.kind import Kind
from ingest.unpack.part import Part, plain_name

COVERING_CHARACTERS = 500
"""A text up to so long beside an attached release only says what is attached."""


def parts(path: Path, named: str, kind: Kind) -> Iterator[Part]:
    """The attachments, and the mail itself unless it only covers them. Raises CorpusError where it is no mail."""
    attached = list(_outlook(path, named) if kind == "outlook" else _attached(path, named))
    releases = [part for part in attached if Path(part.name).suffix.lower() in SUFFIXES]
    text = (
        outlook.text_of(outlook.opened(path, named), named)
        if kind == "outlook"
        else mail.text_of(mail.opened(path, named), named)
    )
    if not releases or len(" ".join(text.split())) > COVERING_CHARACTERS:
        yield Part("", kind=kind)
    yield from attached


def _attached(path: Path, named: str) -> Iterator[Part]:
    for number, part in enumerate(mail.opened(path, named).iter_attachments(), 1):
        if part.get_content_type() == "message/rfc822":
            yield Part(f"{number}.eml", part.get_content().as_bytes())
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            suffix = mimetypes.guess_extension(part.get_content_type()) or ""
            yield Part(plain_name(part.get_filename() or "") or f"{number}{suffix}", content)


def _outlook(path: Path, named: str) -> Iterator[Part]:
    for number, part in enumerate(outlook.opened(path, named).attachments, 1):
        content = part.file_bytes if part.attached_by_value else None
        if content is not None:
            yield Part(plain_name(part.file_name or "") or str(number), content)
