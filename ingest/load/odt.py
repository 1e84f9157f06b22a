"""OpenDocument texts (ODT, also as one flat XML file): paragraphs, lists, tables and notes; deleted text is left out.

Of the properties the title is a hint.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import CorpusError
from ingest.load.blocks import Block, item, joined, paragraph, row
from ingest.load.limits import FILE_BYTES
from ingest.load.loaded import Loaded, Said
from ingest.load.package import opened
from ingest.load.titles import usable
from ingest.load.xml import attribute, parsed, tag

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LEFT_OUT = {
    "tracked-changes",
    "annotation",
    "annotation-end",
    "note-citation",
    "sequence-decls",
    "forms",
    "object",
}
_MOST_SPACES = 100


def load(path: Path, named: str) -> Loaded:
    """The text of the document. Raises CorpusError where it is damaged, encrypted or no text document."""
    with path.open("rb") as file:
        flat = file.read(2) != b"PK"
    if flat:
        content = meta = _flat(path, named)
    else:
        with opened(path, named) as package:
            content, meta = package.read("content.xml"), package.read("meta.xml")
            if b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise CorpusError(f"{named} is encrypted: save it without a password.")
    if not content:
        raise CorpusError(f"{named} is no OpenDocument text: save it again as ODT.")
    root = parsed(content, named)
    body = next((each for each in root.iter() if tag(each) == "text" and "office" in str(each.tag)), None)
    if body is None:
        raise CorpusError(f"{named} is an OpenDocument file without text: save its text as ODT or PDF.")
    notes: list[Element] = []
    blocks = list(_blocks(body, notes, None))
    for note in notes:
        blocks += _blocks(note, [], None)
    titles = [each.text for each in parsed(meta, named).iter() if tag(each) == "title"] if meta else []
    return Loaded(joined(blocks), hints=Said(title=usable(titles[0] if titles else None)))


def _flat(path: Path, named: str) -> bytes:
    if path.stat().st_size > FILE_BYTES:
        raise CorpusError(f"{named} is larger than {FILE_BYTES >> 20} MiB: split it.")
    return path.read_bytes()


def _blocks(parent: "Element", notes: "list[Element]", listed: int | None) -> Iterator[Block]:
    """The blocks below `parent`; `listed` is the number of paragraphs its list item has had."""
    for element in parent:
        name = tag(element)
        if name in ("p", "h"):
            boxes: list[Element] = []
            text = "".join(_words(element, notes, boxes))
            if text.strip():
                first = listed == 0
                listed = listed + 1 if listed is not None else None
                yield item(text) if first else paragraph(text)
            for box in boxes:
                yield from _blocks(box, notes, None)
        elif name == "list":
            for entry in element:
                yield from _blocks(entry, notes, None if tag(entry) == "list-header" else 0)
        elif name == "table":
            yield from _table(element, notes)
        elif name not in _LEFT_OUT:
            yield from _blocks(element, notes, listed)


def _table(table: "Element", notes: "list[Element]") -> Iterator[Block]:
    """The rows; a row with one filled cell lays out the page, and its cell is paragraphs."""
    for each in table.iter():
        if tag(each) != "table-row":
            continue
        contents = [list(_blocks(cell, notes, None)) for cell in each if tag(cell) == "table-cell"]
        filled = [content for content in contents if content]
        if len(filled) == 1:
            yield from filled[0]
        elif filled:
            yield row(" ".join(block.text for block in content) for content in contents)


def _words(element: "Element", notes: "list[Element]", boxes: "list[Element]") -> Iterator[str]:
    yield element.text or ""
    for each in element:
        name = tag(each)
        if name == "s":
            count = attribute(each, "c")
            yield " " * min(_MOST_SPACES, int(count) if count.isdecimal() else 1)
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name == "text-box":
            boxes.append(each)
        elif name == "note":
            notes.extend(part for part in each if tag(part) == "note-body")
        elif name and name not in _LEFT_OUT:
            yield from _words(each, notes, boxes)
        yield each.tail or ""
