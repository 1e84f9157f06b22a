"""The text of a release into passages: paragraphs, headings and lists, joined or cut to a readable size.

The passages tile the text: white space between two blocks belongs to the passage before it.
It knows no model; sizes are in characters, of which a token of the embedding model takes about four.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.domain import Passage, PassageKind
from bot.language.sentences import sentences
from bot.language.terms import language_of
from ingest.kinds import asks_to_contact, holds_addresses, is_boilerplate

SPLITTER_VERSION = "1"
"""Stored in the index; a change of the passages for the same text needs another one."""

Span = tuple[int, int, PassageKind]

TARGET = 700
"""Characters up to which small neighbours are joined."""
MAXIMUM = 1200
"""Characters of a passage at most, about 300 tokens."""
_SMALL = 200
"""A passage below this is joined to its neighbour beyond the target."""
_LONGEST_HEADING = 250
_SHORTEST_TELLING = 60
"""Characters below which a passage is taken to be in the release's language."""

_LINE = re.compile(r"[^\n\r]*+(?:\r\n|\n|\r|\Z)")
_ITEM = re.compile(r"[^\S\n\r]*+(?:[-*•‣◦▪●–—·]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])[^\S\n\r]")
_CLOSED = re.compile(r"""[.!?:;,…。！？：；]["'”’»)\]]*+\s*+\Z""")
_WRAPPED_LINE = range(45, 121)
"""Characters of a line that may end because the page was full rather than the paragraph."""
_CLAUSE_ENDS = ("; ", ": ", ", ", "；", "，", "、")


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, heading or list item, with the white space after it; `tied` to the block that follows."""

    start: int
    end: int
    kind: PassageKind = "body"
    item: bool = False
    tied: bool = False


def split(release_id: str, revision: str, text: str, language: str) -> list[Passage]:
    """The passages of a release's text, in order; joined they are the text. Empty for the empty text."""
    spans = [span for section in _sections(_blocks(text), text) for span in _sized(section, text)]
    passages: list[Passage] = []
    for number, (start, end, kind) in enumerate(_joined(spans)):
        content = text[start:end]
        passages.append(
            Passage(
                id=f"{release_id}@{revision[:12]}#{number}",
                release_id=release_id,
                revision=revision,
                number=number,
                start=start,
                end=end,
                text=content,
                language=_language(content, kind, language),
                kind=kind if content.strip() else "boilerplate",
            )
        )
    return passages


def _language(content: str, kind: PassageKind, language: str) -> str:
    telling = kind == "body" and len(content.strip()) >= _SHORTEST_TELLING
    return language_of(content.strip(), language) if telling else language


def _blocks(text: str) -> list[_Block]:
    """The blocks of the text with their kinds; they tile it."""
    blocks: list[_Block] = []
    open_ = False  # whether the next line may continue the last block
    for match in _LINE.finditer(text):
        start, end = match.span()
        line = match.group().strip()
        if not line:
            open_ = False
            if blocks:
                blocks[-1] = replace(blocks[-1], end=end)
            continue
        start = start if blocks else 0
        if is_boilerplate(line):
            blocks.append(_Block(start, end, "boilerplate"))
            open_ = False
            continue
        item = _ITEM.match(match.group()) is not None
        if open_ and not item and _continues(text, blocks[-1], line):
            blocks[-1] = replace(blocks[-1], end=end)
        else:
            blocks.append(_Block(start, end, "body", item))
        open_ = True
    if not blocks:
        return [_Block(0, len(text))] if text else []
    return _with_ties(_with_contacts(blocks, text), text)


def _continues(text: str, block: _Block, line: str) -> bool:
    """Whether a line goes on with the block before it, rather than begin one of its own."""
    before = text[max(block.start, block.end - max(_WRAPPED_LINE) - 80) : block.end].rstrip()
    last_line = re.split(r"[\n\r]", before)[-1]
    if line[0].islower():
        return not re.search(r"[.!?]\Z", before)
    return len(last_line) in _WRAPPED_LINE and not _CLOSED.search(last_line)


def _with_contacts(blocks: list[_Block], text: str) -> list[_Block]:
    """Blocks that say whom to ask, and those with addresses that follow them, as contact."""
    found: list[_Block] = []
    expected = False  # whether a contact block just announced what follows
    for block in blocks:
        content = text[block.start : block.end].strip()
        asks = asks_to_contact(content)
        listed = holds_addresses(content) and (
            (found and found[-1].kind == "contact")
            or (len(content) <= _SMALL and not _CLOSED.search(content))
        )
        announced = expected and len(content) <= _SMALL
        if block.kind == "body" and (asks or listed or announced):
            found.append(replace(block, kind="contact"))
            expected = content.endswith(":") or (expected and not asks)
        else:
            found.append(block)
            expected = False
    return found


def _with_ties(blocks: list[_Block], text: str) -> list[_Block]:
    """Headings tied to what they head, lead-ins to their list, list items to one another."""
    found: list[_Block] = []
    for block, following in pairwise(blocks):
        content = text[block.start : block.end].strip()
        heading = not block.item and len(content) <= _LONGEST_HEADING and not _CLOSED.search(content)
        leads = content.endswith((":", "：")) or block.item
        tied = block.kind == following.kind == "body" and (
            (heading and not following.item) or (leads and following.item)
        )
        found.append(replace(block, tied=tied))
    return [*found, blocks[-1]]


def _sections(blocks: list[_Block], text: str) -> Iterator[list[_Block]]:
    """Blocks that are tied together."""
    section: list[_Block] = []
    for block in blocks:
        section.append(block)
        if not block.tied:
            yield section
            section = []


def _sized(section: list[_Block], text: str) -> Iterator[Span]:
    """A section whole, or cut into parts of like size, between blocks first and sentences next."""
    start, end, kind = section[0].start, section[-1].end, section[0].kind
    if end - start <= MAXIMUM:
        yield start, end, kind
        return
    pieces = [piece for block in section for piece in _pieces(block, text)]
    parts = max(math.ceil((end - start) / MAXIMUM), round((end - start) / TARGET))
    goal = (end - start) / parts
    part_start = pieces[0][0]
    for (_, piece_end), (next_start, next_end) in pairwise(pieces):
        size, following = piece_end - part_start, next_end - next_start
        if size + following > MAXIMUM or size + following / 2 > goal:
            yield part_start, piece_end, kind
            part_start = next_start
    yield part_start, end, kind


def _pieces(block: _Block, text: str) -> Iterator[tuple[int, int]]:
    """The block whole if it is small, else its sentences, each cut where it alone is too long."""
    if block.end - block.start <= TARGET:
        yield block.start, block.end
        return
    starts = [block.start + sentence.start for sentence in sentences(text[block.start : block.end])]
    edges = [block.start, *starts[1:], block.end]
    for start, end in pairwise(edges):
        place = start
        while end - place > MAXIMUM:
            cut = _cut(text, place)
            yield place, cut
            place = cut
        yield place, end


def _cut(text: str, place: int) -> int:
    """Where to cut a sentence that is too long: after a clause, else a word, else a whole character."""
    low, high = place + MAXIMUM // 2, place + MAXIMUM
    for mark in _CLAUSE_ENDS:
        if (found := text.rfind(mark, low, high)) >= 0:
            return found + len(mark)
    if (found := max(text.rfind(space, low, high) for space in " \n\t\r")) >= 0:
        return found + 1
    cut = high
    while cut > low and (unicodedata.category(text[cut])[0] == "M" or "\u200d" in text[cut - 1 : cut + 1]):
        cut -= 1
    return cut if cut > low else high


def _joined(spans: list[Span]) -> list[Span]:
    """Neighbours of one kind joined up to the target; one that is then still small joins beyond it."""
    whole: list[Span] = []
    for span in spans:
        if whole and _fit(whole[-1], span, TARGET):
            span = (whole.pop()[0], *span[1:])
        whole.append(span)
    found: list[Span] = []
    for span in whole:
        small = found and min(span[1] - span[0], found[-1][1] - found[-1][0]) < _SMALL
        if small and _fit(found[-1], span, MAXIMUM):
            span = (found.pop()[0], *span[1:])
        found.append(span)
    return found


def _fit(one: Span, other: Span, limit: int) -> bool:
    return one[2] == other[2] and other[1] - one[0] <= limit
