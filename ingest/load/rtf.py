"""RTF documents: their text without headers, footers and properties."""

import re
from pathlib import Path

from bot.errors import CorpusError
from ingest.load.blocks import joined, paragraph
from ingest.load.limits import FILE_BYTES
from ingest.load.loaded import Loaded, Said
from ingest.load.titles import usable

_END = "\ue000"
"""No text has this character. It marks the end of a paragraph, which the parser cannot tell from a line break."""
_PARAGRAPH = re.compile(r"\\(?:par|sect|page|row)(?![a-z])")
_TITLE = re.compile(r"\{\\title ([^{}\\]{1,300})\}")
_PICTURE = re.compile(r"\\bin\d+ ")


def load(path: Path, named: str) -> Loaded:
    """The text of the document. Raises CorpusError where it cannot be parsed."""
    from striprtf.striprtf import rtf_to_text

    content = path.read_bytes()
    if len(content) > FILE_BYTES:
        raise CorpusError(f"{named} is larger than {FILE_BYTES >> 20} MiB: split it.")
    source = content.decode("latin-1")
    if _PICTURE.search(source):
        raise CorpusError(
            f"{named} holds binary data that cannot be told from its text: save it again as DOCX."
        )
    title = _TITLE.search(source)
    marked = _PARAGRAPH.sub(lambda found: f"\\u{ord(_END)}?{found[0]}", source)
    text: str = rtf_to_text(marked, errors="replace")  # type: ignore[no-untyped-call]
    blocks = [paragraph(part.strip("\n")) for part in text.replace("|\n", "\n").split(_END)]
    return Loaded(joined(blocks), hints=Said(title=usable(title[1] if title else None)))
