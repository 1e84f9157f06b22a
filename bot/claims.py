"""Generated prose as claims: its sentences and list items, each with the evidence that its marks name.

It does not know what the evidence says.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.language.sentences import sentences

_MARK = (
    r"[\[【［]\s{0,2}\^?\d{1,9}(?:†[^\]】］\n]{0,40})?(?:\s{0,2}[,;、–—-]\s{0,2}\d{1,9})*\s{0,2}[\]】］]"
    r"(?:\((?:https?:|www\.|[#/])[^()\s]*\))?"
)
_MARKS = re.compile(rf"{_MARK}(?:[^\S\n]{{0,3}}(?:[,;&–—-]|and\b|et\b)?[^\S\n]{{0,3}}{_MARK})*")
"""Citation marks as chat models write them: [1], [1, 2], [1-3], [1] and [2], 【1†source】, [1](#link)."""
_LINK_OR_NUMBERS = re.compile(r"†[^\]】］]*|\([^)]*\)|(\d+)(?:\s*[–—-]\s*(\d+))?")
_REST_OF_LINE = re.compile(r"[^\S\n]*\S")
WORD = re.compile(r"[^\W_]")
_BRACKETS = str.maketrans("[]【】［］", "()()()")
_BULLET = re.compile(r"\S+\s+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")

_OPEN_MARK = re.compile(r"\s*[\[【［][^\]】］\n]{0,60}$")
_NEXT_WORDS = re.compile(r"(?:\W*\w+){2}")

Span = tuple[int, int]
Note = Callable[[str, Sequence[int]], str]
"""Says of a claim's words and the evidence named at one place what should stand before the mark, if anything."""


@dataclass(slots=True)
class Claim:
    """A sentence of generated prose; `marks` is the evidence named, by position in the prose.

    The first sentence of a list item counts with the item's `lead`-in; all of them know its `bullet`.
    """

    start: int
    end: int
    lead: Span | None = None
    bullet: Span | None = None
    marks: dict[int, list[int]] = field(default_factory=dict)

    @property
    def span(self) -> Span:
        return self.start, self.end

    @property
    def cited(self) -> list[int]:
        """The evidence it names, each once, in order of first use."""
        return list(dict.fromkeys(number for _, numbers in sorted(self.marks.items()) for number in numbers))


def parse(text: str, known: Mapping[int, int]) -> tuple[str, list[Claim]]:
    """`text` without its marks, and its claims in order.

    `known` tells what each number stands for; marks that name nothing known are dropped. Square brackets that
    mark nothing become round.
    """
    prose, marks = _without_marks(text, known)
    return prose, _claims(prose, marks)


def whole(text: str) -> int:
    """How many characters of a text that is still being written are whole: sentences and lists with their marks.

    That they have ended is known where something else follows, of two words at least.
    """
    written = _OPEN_MARK.sub("", text)
    start = 0
    for unit in reversed(sentences(written)):
        start = unit.lead[0] if unit.lead else unit.start
        if unit.kind != "item":
            break
    if written[:start].rstrip(" \t")[-1:] != "\n" and (marks := _MARKS.match(written, start)):
        start = marks.end()
    says = WORD.search(_MARKS.sub("", written[:start]))
    return start if says and _NEXT_WORDS.match(written, start) else 0


def _without_marks(text: str, known: Mapping[int, int]) -> tuple[str, list[tuple[int, list[int]]]]:
    """`text` without marks, and where each stood with the evidence in it that is known."""
    pieces: list[str] = []
    marks: list[tuple[int, list[int]]] = []
    length = last = 0
    for match in _MARKS.finditer(text):
        piece = text[last : match.start()]
        line_before = piece.rstrip(" \t")
        opens_line = line_before.endswith("\n") or not (line_before or pieces)
        following = _REST_OF_LINE.match(text, match.end())
        last = match.end()
        if opens_line and following:
            last = following.end() - 1
        else:
            piece = piece.rstrip()
        length += len(piece)
        marks.append((length, _named(match.group(), known)))
        if not opens_line and text[last : last + 1].isalnum():
            piece += " "
            length += 1
        pieces.append(piece)
    pieces.append(text[last:])
    return "".join(pieces).translate(_BRACKETS), marks


def _named(marks: str, known: Mapping[int, int]) -> list[int]:
    """The known evidence that marks name, each once."""
    numbers: dict[int, None] = {}
    for match in _LINK_OR_NUMBERS.finditer(marks):
        if match[1]:
            first, last = sorted((int(match[1]), int(match[2] or match[1])))
            named = range(max(first, 1), min(last, max(known, default=0)) + 1)
            numbers |= dict.fromkeys(known[number] for number in named if number in known)
    return list(numbers)


def _claims(prose: str, marks: Iterable[tuple[int, list[int]]]) -> list[Claim]:
    """The claims of `prose`; a mark belongs to the one it stands in or ends, or whose line it opens."""
    claims: list[Claim] = []
    for claim in _split(prose):
        # A closing bracket or stop that was split off goes back to its sentence.
        if claims and not WORD.search(prose, claim.start, claim.end) and claim.start == claims[-1].end:
            claims[-1].end = claim.end
        else:
            claims.append(claim)
    starts = [claim.start for claim in claims]
    for position, numbers in marks:
        place = bisect_left(starts, position) - 1
        if place < 0 or position > claims[place].end:
            place = min(place + 1, len(claims) - 1)
        if numbers and claims:
            claim = claims[place]
            shown = claim.marks.setdefault(position if claim.start < position <= claim.end else claim.end, [])
            shown.extend(number for number in numbers if number not in shown)
    return claims


def _split(prose: str) -> Iterator[Claim]:
    for sentence in sentences(prose):
        if sentence.kind != "item":
            yield Claim(sentence.start, sentence.end)
            continue
        bullet = _BULLET.match(prose, sentence.start, sentence.end)
        body = bullet.end() if bullet else sentence.start
        for place, part in enumerate(sentences(prose[body : sentence.end])):
            lead = sentence.lead if place == 0 else None
            yield Claim(body + part.start, body + part.end, lead, (sentence.start, body))


def join(
    prose: str, claims: Sequence[Claim], places: Mapping[int, int], note: Note = lambda words, numbers: ""
) -> str:
    """The claims as they stood, without what was left out between them.

    Marks show the number in `places`; before them stands what `note` says of a claim's words and evidence.
    """
    pieces: list[str] = []
    before: Claim | None = None
    for claim in claims:
        start = claim.start
        if claim.bullet and (before is None or before.bullet != claim.bullet):
            start = claim.bullet[0]
        if before:
            pieces.append(gap(prose[before.end : start]))
        if start < claim.start and claim.bullet:
            pieces.append(prose[slice(*claim.bullet)])
        last = claim.start
        for position, numbers in sorted(claim.marks.items()):
            noted = note(prose[claim.start : claim.end], numbers)
            pieces.append(f"{prose[last:position]}{noted and f' {noted}'} ")
            pieces.extend(f"[{places[number]}]" for number in numbers)
            last = position
        pieces.append(prose[last : claim.end])
        before = claim
    return "".join(pieces)


def gap(between: str) -> str:
    """What parts two claims, where `between` stood between them: as little as keeps paragraphs and lines."""
    if not between.strip():
        return between
    if "\n" not in between:
        return " "
    return "\n\n" if _BLANK_LINE.search(between) else "\n"
