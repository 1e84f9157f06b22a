"""The paragraphs, list items and table rows that a format gives, as the plain text that all releases are.

It knows no format. What it adds is white space and the marks of list items.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

BULLET = "• "
_SPACE = re.compile(r"[^\S\n]+")
_MARKED = re.compile(
    r"(?:[-*•‣◦▪●·–—o\uf0b7\uf0a7]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)])[ \t\u00a0]+(?=\S)"
)
_SYMBOL_BULLETS = dict.fromkeys(map(ord, "\uf0b7\uf0a7\uf076\uf0d8\uf0fc"), "•")
"""Bullets of the Symbol and Wingdings fonts, which have no character of their own."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row; of these the last two stand on lines next to each other."""

    text: str
    close: bool = False


def item(text: str, number: int | None = None) -> Block:
    """A list item; without a number it has a bullet, where its text has no mark of its own."""
    words = text.strip()
    if number is None and _MARKED.match(words):
        return Block(words, close=True)
    return Block(f"{BULLET if number is None else f'{number}. '}{words}", close=True)


def row(cells: Iterable[str]) -> Block:
    """The row of a table, its cells apart by tabs."""
    return Block("\t".join(" ".join(cell.split()) for cell in cells).rstrip("\t"), close=True)


def paragraph(text: str) -> Block:
    """A paragraph, or a list item where it begins with the mark of one."""
    words = text.strip().translate(_SYMBOL_BULLETS)
    marked = _MARKED.match(words)
    if not marked:
        return Block(words)
    return Block(f"{words[: marked.end()].strip()} {words[marked.end() :]}", close=True)


def joined(blocks: Iterable[Block]) -> str:
    """The text: blocks apart by a blank line, list items and rows by a line break, words by one space.

    Tabs stay, for they part the cells of a row.
    """
    parts: list[str] = []
    before: Block | None = None
    for block in blocks:
        text = "\n".join(_one_space(line) for line in block.text.split("\n")).strip("\n ")
        if not text.strip():
            continue
        if before is not None:
            parts.append("\n" if before.close and block.close else "\n\n")
        parts.append(text)
        before = block
    return "".join(parts)


def _one_space(line: str) -> str:
    return _SPACE.sub(lambda found: "\t" if "\t" in found[0] else " ", line).strip(" ")
