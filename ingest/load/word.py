"""Word documents (DOCX): paragraphs, lists, tables, text boxes and footnotes; deleted and hidden text is left out.

Of the properties the title is a hint, and the dates are none: they tell when somebody typed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import CorpusError
from ingest.load.blocks import Block, item, joined, paragraph, row
from ingest.load.loaded import Loaded, Said
from ingest.load.package import Package, opened
from ingest.load.titles import usable
from ingest.load.xml import attribute, parsed, tag

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LEFT_OUT = {
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "delInstrText",
    "pict",
    "Fallback",
    "commentReference",
    "rPr",
    "pPr",
}
_BODY = "word/document.xml"


def load(path: Path, named: str) -> Loaded:
    """The text of the document. Raises CorpusError where it is damaged, encrypted or of another kind."""
    with opened(path, named) as package:
        if _BODY not in package.names:
            kind = (
                "a spreadsheet"
                if any(name.startswith("xl/") for name in package.names)
                else "no Word document"
            )
            raise CorpusError(f"{named} is {kind}: save its text as DOCX, PDF or UTF-8 text.")
        body = parsed(package.read(_BODY), named)
        styles = _list_styles(package, named)
        numbered = _numbered(package, named)
        blocks = [*_blocks(body, styles, numbered), *_footnotes(package, named)]
        title = _title(package, named)
    return Loaded(joined(blocks), hints=Said(title=title))


def _blocks(parent: "Element", styles: frozenset[str], numbered: frozenset[str]) -> Iterator[Block]:
    for element in parent:
        name = tag(element)
        if name == "p":
            yield from _paragraph(element, styles, numbered)
        elif name == "tbl":
            yield from _table(element, styles, numbered)
        elif name not in _LEFT_OUT:
            yield from _blocks(element, styles, numbered)


def _paragraph(element: "Element", styles: frozenset[str], numbered: frozenset[str]) -> Iterator[Block]:
    boxes: list[Element] = []
    text = "".join(_words(element, boxes))
    properties = next((each for each in element if tag(each) == "pPr"), None)
    number, style = None, ""
    if properties is not None:
        style = next((attribute(each, "val") for each in properties if tag(each) == "pStyle"), "")
        number = next((attribute(each, "val") for each in properties.iter() if tag(each) == "numId"), None)
    listed = number not in (None, "0") if number is not None else style in styles
    if text.strip():
        heading = style.casefold().startswith(("heading", "titre", "title"))
        yield item(text) if listed and number not in numbered and not heading else paragraph(text)
    for box in boxes:
        yield from _blocks(box, styles, numbered)


def _words(element: "Element", boxes: "list[Element]") -> Iterator[str]:
    for each in element:
        name = tag(each)
        if name == "t":
            yield each.text or ""
        elif name == "tab":
            yield "\t"
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"
        elif name == "txbxContent":
            boxes.append(each)
        elif name == "r" and _is_hidden(each):
            continue
        elif name not in _LEFT_OUT:
            yield from _words(each, boxes)


def _is_hidden(run: "Element") -> bool:
    return any(
        tag(mark) == "vanish" and attribute(mark, "val") not in ("0", "false")
        for each in run
        if tag(each) == "rPr"
        for mark in each
    )


def _table(table: "Element", styles: frozenset[str], numbered: frozenset[str]) -> Iterator[Block]:
    """The rows; a table of one column lays out the page, and its cells are paragraphs."""
    rows = [[cell for cell in each if tag(cell) == "tc"] for each in table.iter() if tag(each) == "tr"]
    for cells in rows:
        contents = [list(_blocks(cell, styles, numbered)) for cell in cells]
        filled = [content for content in contents if content]
        if len(filled) == 1:
            yield from filled[0]
        elif filled:
            yield row(" ".join(block.text for block in content) for content in contents)


def _list_styles(package: Package, named: str) -> frozenset[str]:
    """The paragraph styles that make list items."""
    content = package.read("word/styles.xml")
    if not content:
        return frozenset()
    return frozenset(
        attribute(style, "styleId")
        for style in parsed(content, named)
        if tag(style) == "style" and any(tag(each) == "numId" for each in style.iter())
    )


def _numbered(package: Package, named: str) -> frozenset[str]:
    """The ids of lists whose items have no mark at all."""
    content = package.read("word/numbering.xml")
    if not content:
        return frozenset()
    root = parsed(content, named)
    bare = {
        attribute(each, "abstractNumId")
        for each in root
        if tag(each) == "abstractNum"
        and next((attribute(mark, "val") for mark in each.iter() if tag(mark) == "numFmt"), "") == "none"
    }
    return frozenset(
        attribute(each, "numId")
        for each in root
        if tag(each) == "num"
        and any(tag(one) == "abstractNumId" and attribute(one, "val") in bare for one in each)
    )


def _footnotes(package: Package, named: str) -> Iterator[Block]:
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        content = package.read(part)
        for note in parsed(content, named) if content else ():
            if attribute(note, "type") in ("", "normal"):
                yield from _blocks(note, frozenset(), frozenset())


def _title(package: Package, named: str) -> str | None:
    content = package.read("docProps/core.xml")
    titles = [each.text for each in parsed(content, named) if tag(each) == "title"] if content else []
    return usable(titles[0] if titles else None)
