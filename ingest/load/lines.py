"""Lines of printed pages joined to paragraphs, without headers, footers, page numbers and hyphenation.

It knows no file format. Where a paragraph ends is told from the distance to the next line, the size of the
letters, the indent, and lines that end before the margin.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.load.blocks import BULLET

_EDGE_LINES = 3
"""Lines at the top and at the bottom of a page among which headers and footers are looked for."""
_EDGE_SHARE = 0.15
"""Of the height of a page: how far from its edge they stand."""
_REPEATED_SHARE = 0.5
"""Of the pages: on so many a header or footer stands."""
_WIDER = 1.25
"""A distance so many times the usual one ends a paragraph."""
_LARGER = 1.08
_APART = 2.2
"""Sizes of the letters: so far apart may lines of one sentence be."""
_ROUNDING = 2.0
"""Points by which a line may seem to have room for a word that it had none for."""
_NARROW, _WIDE = set("ijlftrI.,;:'’‘!|()[]-/ "), set("mwMWGOQ@—%ŒÆ")
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|p\.|página)?\s*\d{1,4}(?:\s*(?:/|of|de|sur|von)\s*\d{1,4})?\W*|\W*[ivx]{1,6}\W*",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?:[-*•‣◦▪●·–—o\uf0b7\uf0a7\u2023\u25cf]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)")
_BULLETS = "•‣◦▪●\uf0b7\uf0a7\u25cf"
_BARE_MARK = re.compile(r"[•‣◦▪●·\uf0b7\uf0a7o]\s*")
_SENTENCE_END = re.compile(r"""[.!?:;…]["'”’»)\]]*\s*\Z""")
_ITEM_END = re.compile(r"(?:[,;.]|[,;] (?:and|or|et|ou))\s*\Z")
_HYPHEN = re.compile(r"(\w+)[-\u2010]\Z")
_JOINED_PREFIXES = set(
    "co non anti multi re pre post inter sub counter high low long short self well vice cross all mid semi ex pro"
    " sous mi demi auto contre après avant non quasi".split()
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: where its baseline begins and ends, in points from the lower left, and the size of its letters.

    `inner` is where the text after the mark of a list item begins.
    """

    text: str
    x: float
    y: float
    size: float
    end: float
    inner: float | None = None

    def followed_by(self, text: str, x: float, end: float) -> "Line":
        """The line with more text on it."""
        marked = self.inner is None and text.strip() and _BARE_MARK.fullmatch(self.text.strip())
        return replace(self, text=self.text + text, end=max(self.end, end), inner=x if marked else self.inner)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its lines in reading order, and where it ends below and above."""

    lines: tuple[Line, ...]
    bottom: float = 0.0
    top: float = 842.0


def joined(sheets: Sequence[Sheet]) -> tuple[str, tuple[int, ...]]:
    """The text in paragraphs, and the character at which each page begins."""
    pages = [_mended(each) for each in _without_furniture(sheets)]
    words = Counter(
        word.casefold() for page in pages for line in page for word in re.findall(r"[\w-]+", line.text)
    )
    text = ""
    starts: list[int] = []
    before: Line | None = None
    for page in pages:
        shape = _Shape.of(page)
        if not page:
            starts.append(len(text))
            continue
        gaps = [_between_pages(before, page[0], shape) if before else "", *_gaps(page, shape, before)]
        for number, (gap, line) in enumerate(zip(gaps, _listed(page, gaps, shape, before), strict=True)):
            if gap == " ":
                text, content = _hyphenated(text, line.text, words)
            else:
                text, content = text.rstrip() + gap, line.text
            if number == 0:
                starts.append(len(text))
            text += content
        before = page[-1]
    return text, tuple(starts)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is usual on a page: its margins in points, and the distance of lines by size."""

    left: float
    right: float
    leading: dict[float, float]

    @staticmethod
    def of(lines: Sequence[Line]) -> "_Shape":
        leading = {}
        for size in {round(line.size, 1) for line in lines}:
            steps = Counter(
                round(one.y - two.y, 1)
                for one, two in pairwise(lines)
                if round(one.size, 1) == round(two.size, 1) == size and 0 < one.y - two.y < 3 * max(size, 1)
            )
            # The usual distance is the smallest of the frequent ones: between paragraphs it is larger.
            frequent = [step for step, count in steps.items() if count >= max(1, max(steps.values()) * 0.3)]
            leading[size] = min(frequent, default=1.2 * size)
        lefts = Counter(round(line.x) for line in lines if len(line.text) > 30) or Counter(
            round(line.x) for line in lines
        )
        left = min((x for x, count in lefts.items() if count >= 0.15 * sum(lefts.values())), default=0)
        usual = Counter(round(line.size, 1) for line in lines).most_common(1)
        right = max((line.end for line in lines if round(line.size, 1) == usual[0][0]), default=left)
        return _Shape(float(left), right, leading)


def _gaps(page: Sequence[Line], shape: _Shape, before: Line | None) -> Iterator[str]:
    """What stands between each two lines: a space, a line break, or a blank line."""
    listed = before is not None and _announces(before)
    for one, two in pairwise(page):
        size = round(one.size, 1)
        step = one.y - two.y
        larger = max(one.size, two.size) > _LARGER * min(one.size, two.size)
        listed = two.x > shape.left + 0.8 * two.size and (listed or _announces(one))
        wide = step > _WIDER * shape.leading.get(size, 1.2 * size) and not _goes_on(one, two)
        if larger or step < -1 or wide:
            yield "\n\n"
        elif _begins_item(one, two, listed):
            yield "\n"
        elif _ends_early(one, two, shape):
            indented = two.x > one.x + 0.8 * two.size and not _MARK.match(one.text)
            yield "\n\n" if indented and _SENTENCE_END.search(one.text) else "\n"
        elif (
            two.x > shape.left + 0.8 * two.size
            and abs(one.x - shape.left) < 1
            and _SENTENCE_END.search(one.text)
        ):
            yield "\n\n"  # a first line that is indented
        else:
            yield " "


def _goes_on(one: Line, two: Line) -> bool:
    """Whether a sentence is in the middle, where lines stand apart but not far."""
    near = one.y - two.y < _APART * one.size
    return (
        near and two.text[:1].islower() and not _SENTENCE_END.search(one.text) and not _MARK.match(two.text)
    )


def _begins_item(one: Line, two: Line, listed: bool) -> bool:
    """Whether the second line begins a list item; inside a list whose marks are drawn, ends and capitals tell."""
    if _MARK.match(two.text):
        sure = two.text[0] in _BULLETS or _announces(one) or _MARK.match(one.text) is not None
        return sure or abs(two.x - (one.inner or one.x)) > 1
    ended = abs(one.x - two.x) < 1 and _ITEM_END.search(one.text) is not None
    return listed and ended and not two.text[:1].islower()


def _announces(line: Line) -> bool:
    """Whether a list is to follow."""
    return line.text.rstrip().endswith((":", "："))


def _ends_early(one: Line, two: Line, shape: _Shape) -> bool:
    """Whether the first word of the next line would have had room on this one."""
    words = one.text.strip()
    if _HYPHEN.search(words):
        return False
    following = two.text.split(maxsplit=1)[0] if two.text.split() else ""
    if following[:1].islower():
        return False
    room = _ems(f" {following}") * (one.end - one.x) / max(_ems(words), 1.0)
    return one.end + room < shape.right - _ROUNDING


def _ems(words: str) -> float:
    """About how wide words are, in sizes of their letters."""
    return sum(
        0.28 if each in _NARROW else 0.8 if each in _WIDE else 0.66 if each.isupper() else 0.5
        for each in words
    )


def _between_pages(one: Line, two: Line, shape: _Shape) -> str:
    """What stands between the last line of a page and the first of the next."""
    if round(one.size, 1) != round(two.size, 1):
        return "\n\n"
    if _MARK.match(two.text):
        return "\n"
    if two.text.lstrip()[:1].islower() or _HYPHEN.search(one.text.strip()):
        return " "
    if _SENTENCE_END.search(one.text) or _ends_early(one, two, shape):
        return "\n" if two.x > shape.left + 0.8 * two.size and abs(one.x - two.x) < 1 else "\n\n"
    return " "


def _listed(page: Sequence[Line], gaps: Sequence[str], shape: _Shape, before: Line | None) -> Iterator[Line]:
    """The lines; where the marks of an indented list are drawn and not written, its items get marks."""
    inside = before is not None and before.x > shape.left + 0.8 * before.size
    for gap, line in zip(gaps, page, strict=True):
        if line.x <= shape.left + 0.8 * line.size:
            inside = False
        elif gap != " " and not _MARK.match(line.text):
            inside = (inside and gap == "\n") or (before is not None and _announces(before))
        before = line
        yield (
            replace(line, text=BULLET + line.text)
            if inside and gap != " " and not _MARK.match(line.text)
            else line
        )


def _hyphenated(text: str, following: str, words: Counter[str]) -> tuple[str, str]:
    """A text and the line that goes on with it, joined; a hyphen stays where it is the word's own."""
    stripped = text.rstrip()
    if stripped.endswith("\u00ad"):
        return stripped[:-1], following.lstrip()
    found = _HYPHEN.search(stripped)
    if not found or not following[:1].strip():
        return f"{stripped} ", following
    tail = re.match(r"\w+", following)
    if tail is None:
        return f"{stripped} ", following
    left, right = found[1].casefold(), tail[0].casefold()
    whole, parted = words[left + right], words[f"{left}-{right}"]
    own = parted > whole or (
        parted == whole
        and (
            not tail[0].islower()
            or left in _JOINED_PREFIXES
            or left.isdigit()
            or (words[left] > 0 and words[right] > 1)
        )
    )
    return (stripped if own else stripped[:-1]), following


def _mended(lines: Iterable[Line]) -> list[Line]:
    """The lines with single spaces; a mark that stands alone on its line goes with the next one."""
    found: list[Line] = []
    for line in lines:
        words = " ".join(line.text.split())
        if not words:
            continue
        if found and _BARE_MARK.fullmatch(found[-1].text) and abs(found[-1].y - line.y) < line.size:
            mark = found.pop()
            found.append(
                replace(mark, text=f"{mark.text} {words}", inner=line.x, size=line.size, end=line.end)
            )
        else:
            found.append(replace(line, text=words))
    return found


def _without_furniture(sheets: Sequence[Sheet]) -> Iterator[list[Line]]:
    """The lines of each page but its headers, footers and page numbers."""
    edges = [_edges(sheet) for sheet in sheets]
    counts = Counter(key for found in edges for key in {_key(sheet_line) for sheet_line in found})
    wanted = max(2, _REPEATED_SHARE * len(sheets))
    for sheet, found in zip(sheets, edges, strict=True):
        left_out = [
            line
            for line in found
            if counts[_key(line)] >= wanted or _PAGE_NUMBER.fullmatch(line.text.strip())
        ]
        yield _in_order([line for line in sheet.lines if line not in left_out], found)


def _in_order(lines: list[Line], edges: Sequence[Line]) -> list[Line]:
    """The lines, those at the upper edge that are drawn last moved to where they stand."""
    late = [
        line
        for number, line in enumerate(lines)
        if line in edges and number and line.y > max(each.y for each in lines[:number])
    ]
    return sorted(late, key=lambda line: -line.y) + [line for line in lines if line not in late]


def _key(line: Line) -> tuple[str, int]:
    """What a header has in common on all pages: its words without numbers, and about where it stands."""
    return re.sub(r"\d+", "#", " ".join(line.text.split())), round(line.y / 12)


def _edges(sheet: Sheet) -> list[Line]:
    """The lines near the upper and the lower edge."""
    height = sheet.top - sheet.bottom
    ordered = sorted({line.y for line in sheet.lines}, reverse=True)
    outer = {*ordered[:_EDGE_LINES], *ordered[-_EDGE_LINES:]}
    return [
        line
        for line in sheet.lines
        if line.y in outer
        and (line.y > sheet.top - _EDGE_SHARE * height or line.y < sheet.bottom + _EDGE_SHARE * height)
    ]
