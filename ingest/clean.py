"""Decoded text without what is not the release: Markdown marks, control characters, idle white space.

Cleaning only deletes, so every character that stays is a character of the file and can be traced to it.
It knows no paragraphs or titles. A lone carriage return stays, for deleting it would join two lines.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence

from bot.domain import Run

Span = tuple[int, int]

_ROUNDS = 12
"""Deleting one mark can lay bare another, as with a picture inside a link. Real files are done in three
rounds; text made to need more than these loses every character that a mark can be made of."""

_LINE_START = r"(?:^|(?<=\r))"
_LINE_END = r"(?=[\n\r]|\Z)"

_INVISIBLE = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ud800-\udfff]+")
_CARRIAGE_RETURN = re.compile(r"(?<!\r)\r+(?=\n)")
_ESCAPE = re.compile(rf"\\+(?=[!-/:-@\[-`{{-~]|[ \t]*+{_LINE_END})")
_HEADING = re.compile(rf"{_LINE_START}[ \t]*+(?:#{{1,6}}[ \t]+)+(?=\S)", re.MULTILINE)
_RULE = re.compile(rf"{_LINE_START}[ \t]*+([-*_=#])(?:[ \t]*+\1){{2,}}+[ \t]*+{_LINE_END}", re.MULTILINE)
_BLOCKQUOTE = re.compile(rf"{_LINE_START}[ \t]*+(?:>[ \t]*+)+(?!\d)", re.MULTILINE)
_AUTOLINK = re.compile(r"(<)(?:https?://|mailto:|[^<>\s@:]++@)[^<>\s]++(>)")
_LINK_TEXT = r"(?:[^\[\]\n]|\n(?![^\S\n]*+\n)|\[[^\[\]]*+\])*+"
_LINK = re.compile(
    rf"""(!?\[){_LINK_TEXT}
        (\]\(\s*+(?:[^()\s]|\([^()\s]*+\))*+(?:\s++(?:"[^"\n]*+"|'[^'\n]*+'))?\s*+\))""",
    re.VERBOSE,
)
_REFERENCE_LINK = re.compile(rf"(\[)({_LINK_TEXT})(\][ ]?\[([^\[\]\n]*+)\])")
_REFERENCE = re.compile(rf"{_LINE_START}[ \t]*+\[([^\[\]\n]++)\]:[ \t]*+\S[^\n\r]*+", re.MULTILINE)
_EMPHASIS = re.compile(
    r"""\*+|_+
        |(?:https?://|www\.)[^\s*]*+                    # an address keeps its underscores
        |[\n\r](?:[^\S\n\r]*+(?=[\n\r])                 # a blank line
                 |[ \t]*+(?:[-+*•]|\d{1,3}[.)])[ \t])   # the mark of a list item""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s{2,}|[\n\r]|\A\s|\s\Z")
_MARKUP = re.compile(r"[\\\[\]*_<>#]+")


def clean(source: str) -> tuple[str, tuple[Run, ...]]:
    """What stays of `source`, and where each stretch of it stands there; cleaning that again changes nothing.

    The runs are in order, touch in the text and cover it.
    """
    kept = _Kept(source)
    for _ in range(_ROUNDS):
        before = len(kept.text)
        _round(kept)
        if len(kept.text) == before:
            break
    else:
        kept.delete(_whole(_MARKUP)(kept.text))
        _round(kept)
    return kept.text, kept.runs()


def moved(places: Iterable[int], runs: Sequence[Run]) -> tuple[int, ...]:
    """Where, in a cleaned text, stands the first character that stays at or after each place of its source."""
    ends = [run.source + run.length for run in runs]
    found = []
    for place in places:
        number = bisect_right(ends, place)
        if number == len(runs):
            found.append(runs[-1].start + runs[-1].length if runs else 0)
        else:
            found.append(runs[number].start + max(0, place - runs[number].source))
    return tuple(found)


class _Kept:
    """The text that is left so far, with where each piece of it starts in the source."""

    def __init__(self, source: str) -> None:
        self.text = source
        self._pieces: list[Span] = [(0, len(source))] if source else []

    def delete(self, spans: Iterable[Span]) -> None:
        """Take spans of the present text out; they are in order and do not overlap."""
        left: list[Span] = []
        place = 0
        for start, end in spans:
            if start > place:
                left.append((place, start))
            place = end
        if place == 0 and not left:
            return
        left.append((place, len(self.text)))
        self._pieces = list(self._source_of(left))
        self.text = "".join([self.text[start:end] for start, end in left])

    def runs(self) -> tuple[Run, ...]:
        runs: list[Run] = []
        place = 0
        for start, end in self._pieces:
            runs.append(Run(place, start, end - start))
            place += end - start
        return tuple(runs)

    def _source_of(self, spans: list[Span]) -> Iterator[Span]:
        """The source spans of text spans: one walk along both lists."""
        pieces = iter(self._pieces)
        piece_start, piece_end = next(pieces)
        offset = 0  # where the piece starts in the text
        for start, end in spans:
            while start < end:
                while offset + piece_end - piece_start <= start:
                    offset += piece_end - piece_start
                    piece_start, piece_end = next(pieces)
                stop = min(end, offset + piece_end - piece_start)
                yield piece_start + start - offset, piece_start + stop - offset
                start = stop


def _round(kept: _Kept) -> None:
    for find in _FINDERS:
        kept.delete(find(kept.text))


def _whole(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    return lambda text: (match.span() for match in pattern.finditer(text))


def _both_ends(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    """The first and the second group of each match: marks around what stays."""
    return lambda text: (match.span(group) for match in pattern.finditer(text) for group in (1, 2))


def _headings(text: str) -> Iterator[Span]:
    """The number signs before a heading, and those that close it."""
    for match in _HEADING.finditer(text):
        yield match.span()
        line = re.compile(r"[^\n\r]*+").match(text, match.end())
        words = line.group().rstrip(" \t") if line else ""
        closing = len(words.rstrip("#"))
        if 0 < closing < len(words) and words[closing - 1] in " \t":
            yield match.end() + closing, match.end() + len(words)


def _reference_links(text: str) -> list[Span]:
    """The marks of `[text][reference]`, and the line that says where the reference leads."""
    lines = {match[1].strip().casefold(): match.span() for match in _REFERENCE.finditer(text)}
    found: set[Span] = set()
    for match in _REFERENCE_LINK.finditer(text) if lines else ():
        target = lines.get((match[4].strip() or match[2].strip()).casefold())
        if target:
            found.update((match.span(1), match.span(3), target))
    return sorted(found)


def _emphasis(text: str) -> list[Span]:
    """Pairs of `*` or `_` runs that open and close by CommonMark's flanking rules, in one paragraph or item.

    Narrower than CommonMark where releases use the characters themselves: `_` and a single `*` between two
    letters or digits, and any run between two digits, stand for nothing but themselves.
    """
    found: list[Span] = []
    openers: dict[str, list[list[int]]] = {"*": [], "_": []}
    for match in _EMPHASIS.finditer(text):
        mark = match.group()[0]
        if mark in "\n\r":
            openers = {"*": [], "_": []}
        if mark not in openers:
            continue
        start, end = match.span()
        opens, closes = _flanks(text, start, end)
        waiting = openers[mark]
        while closes and waiting and start < end:
            opened = waiting[-1]
            length = min(opened[1] - opened[0], end - start)
            found.append((opened[1] - length, opened[1]))
            found.append((start, start + length))
            opened[1] -= length
            start += length
            if opened[0] == opened[1]:
                waiting.pop()
        if opens and start < end:
            waiting.append([start, end])
    return sorted(found)


def _flanks(text: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether a run of marks can open and can close emphasis."""
    before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
    if before.isalnum() and after.isalnum():
        literal = text[start] == "_" or end - start == 1 or (before.isdigit() and after.isdigit())
        return not literal, not literal
    if before in "([{" and after in ")]}":
        return False, False
    opens = not after.isspace() and (after.isalnum() or not before.isalnum())
    closes = not before.isspace() and (before.isalnum() or not after.isalnum())
    return opens, closes


def _idle_space(text: str) -> Iterator[Span]:
    """White space at either end and before line ends, and blank lines beyond the first of several."""
    for match in _SPACE.finditer(text):
        start, end = match.span()
        if start == 0 or end == len(text):
            yield start, end
            continue
        space = match.group()
        line_end = "\n" if "\n" in space else "\r"
        last = space.rfind(line_end)
        if last < 0:
            continue
        place = start
        first = start + space.index(line_end)
        second = space.find(line_end, first + 1 - start)
        for kept in (first, second + start) if second >= 0 else (first,):
            if kept > place:
                yield place, kept
            place = kept + 1
        if start + last + 1 > place:
            yield place, start + last + 1


_FINDERS: tuple[Callable[[str], Iterable[Span]], ...] = (
    _whole(_INVISIBLE),
    _whole(_CARRIAGE_RETURN),
    _whole(_ESCAPE),
    _both_ends(_AUTOLINK),
    _both_ends(_LINK),
    _reference_links,
    _whole(_RULE),
    _headings,
    _whole(_BLOCKQUOTE),
    _emphasis,
    _idle_space,
)
