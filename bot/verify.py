"""What may be shown: quotes found at their place, and sentences that rest on them.

It does not know the question, nor who wrote the prose.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from bot.domain import Citation, Evidence, Release
from bot.sentences import sentences

_MARK = (
    r"[\[【［]\s{0,2}\^?\d{1,9}(?:†[^\]】］\n]{0,40})?(?:\s{0,2}[,;、–—-]\s{0,2}\d{1,9})*\s{0,2}[\]】］]"
    r"(?:\((?:https?:|www\.|[#/])[^()\s]*\))?"
)
_MARKS = re.compile(rf"{_MARK}(?:[^\S\n]{{0,3}}(?:[,;&–—-]|and\b|et\b)?[^\S\n]{{0,3}}{_MARK})*")
"""Citation marks as chat models write them: [1], [1, 2], [1-3], [1] and [2], 【1†source】, [1](#link)."""
_LINK_OR_NUMBERS = re.compile(r"†[^\]】］]*|\([^)]*\)|(\d+)(?:\s*[–—-]\s*(\d+))?")
_REST_OF_LINE = re.compile(r"[^\S\n]*\S")
_BRACKETS = str.maketrans("[]【】［］", "()()()")
_BULLET = re.compile(r"\S+\s+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_CLOSED = re.compile(r"""[.!?…。！？]["'”’»)]*$""")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"([1-9]\d{0,2}(?:[ \u00a0\u2009\u202f,.'’]\d{3})+)(?!\d)|\d+(?:[.,]\d+)*")

Span = tuple[int, int]


@dataclass(slots=True)
class _Claim:
    """A sentence of generated prose; `marks` are positions in it, each with the evidence named there.

    The first sentence of a list item counts with the item's `lead`-in; all of them know its `bullet`.
    """

    start: int
    end: int
    lead: Span | None = None
    bullet: Span | None = None
    marks: list[tuple[int, list[int]]] = field(default_factory=list)

    @property
    def span(self) -> Span:
        return self.start, self.end

    @property
    def cited(self) -> set[int]:
        return {number for _, numbers in self.marks for number in numbers}


def check(citation: Citation, release: Release) -> bool:
    """Whether the quote stands, character for character, at its span in that revision of the release."""
    return (
        citation.release_id == release.id
        and citation.revision == release.revision
        and 0 <= citation.start < citation.end <= len(release.text)
        and release.text[citation.start : citation.end] == citation.quote
    )


def quoted(evidence: Sequence[Evidence]) -> tuple[str, tuple[Citation, ...]]:
    """The quotes one after another, each followed by its ` [n]`, and the citations; no word is added."""
    citations = _numbered(dict.fromkeys(_sources(evidence).values()))
    text = before = ""
    for citation in citations:
        quote = citation.quote.strip()
        if before:
            text += " " if _CLOSED.search(before[-8:]) and "\n" not in before + quote else "\n\n"
        text += f"{quote} [{citation.number}]"
        before = quote
    return text, citations


def cite(text: str, evidence: Sequence[Evidence]) -> tuple[str, tuple[Citation, ...]]:
    """The sentences of `text` that rest on evidence, with marks renumbered by first use, and what they cite.

    A mark `[n]` names the n-th evidence, counted from 1. A sentence stays if it names evidence that exists and
    that holds every number of the sentence. A list item counts with its lead-in: a mark on either serves both,
    and neither is shown without the other. Other square brackets become round: `[n]` is always a citation.
    """
    sources = _sources(evidence)
    prose, marks = _without_marks(text, {number: source.number for number, source in sources.items()})
    cited = {number for _, numbers in marks for number in numbers}
    kept = _supported(
        prose, _claims(prose, marks), {number: _numbers(sources[number].quote) for number in cited}
    )
    shown = dict.fromkeys(number for claim in kept for _, numbers in claim.marks for number in numbers)
    places = {number: place for place, number in enumerate(shown, 1)}
    return _joined(prose, kept, places), _numbered(sources[number] for number in shown)


def _sources(evidence: Sequence[Evidence]) -> dict[int, Citation]:
    """The evidence that passes `check`, by number; one span given twice is one citation."""
    found: dict[int, Citation] = {}
    first: dict[tuple[str, str, int, int], Citation] = {}
    for number, item in enumerate(evidence, 1):
        release = item.release
        citation = Citation(
            number=number,
            quote=item.quote,
            release_id=release.id,
            title=release.title,
            date=release.date,
            language=release.language,
            file=release.file,
            start=item.start,
            end=item.end,
            revision=release.revision,
            issuer=release.issuer,
        )
        if check(citation, release) and citation.quote.strip():
            found[number] = first.setdefault((release.id, release.revision, item.start, item.end), citation)
    return found


def _numbered(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    return tuple(replace(citation, number=number) for number, citation in enumerate(citations, 1))


def _without_marks(text: str, known: dict[int, int]) -> tuple[str, list[tuple[int, list[int]]]]:
    """`text` without marks, and where each stood with the evidence in it that is known."""
    pieces: list[str] = []
    marks: list[tuple[int, list[int]]] = []
    length = last = 0
    for match in _MARKS.finditer(text):
        piece = text[last : match.start()]
        line_before = piece.rstrip(" \t")
        opens_line = line_before.endswith("\n") or not (line_before or pieces)
        if not (opens_line and _REST_OF_LINE.match(text, match.end())):
            piece = piece.rstrip()
        length += len(piece)
        marks.append((length, _named(match.group(), known)))
        last = match.end()
        if text[last : last + 1].isalnum():
            piece += " "
            length += 1
        pieces.append(piece)
    pieces.append(text[last:])
    return "".join(pieces).translate(_BRACKETS), marks


def _named(marks: str, known: dict[int, int]) -> list[int]:
    """The known evidence that marks name, each once."""
    numbers: dict[int, None] = {}
    for match in _LINK_OR_NUMBERS.finditer(marks):
        if match[1]:
            first, last = sorted((int(match[1]), int(match[2] or match[1])))
            named = range(max(first, 1), min(last, max(known, default=0)) + 1)
            numbers |= dict.fromkeys(known[number] for number in named if number in known)
    return list(numbers)


def _claims(prose: str, marks: Sequence[tuple[int, list[int]]]) -> list[_Claim]:
    """The sentences of `prose`; a mark belongs to the one it stands in or ends, or whose line it opens."""
    claims: list[_Claim] = []
    for sentence in sentences(prose):
        if sentence.kind != "item":
            claims.append(_Claim(sentence.start, sentence.end))
            continue
        bullet = _BULLET.match(prose, sentence.start, sentence.end)
        body = bullet.end() if bullet else sentence.start
        for place, part in enumerate(sentences(prose[body : sentence.end])):
            lead = sentence.lead if place == 0 else None
            claims.append(_Claim(body + part.start, body + part.end, lead, (sentence.start, body)))
    starts = [claim.start for claim in claims]
    for position, numbers in marks:
        place = bisect_left(starts, position) - 1
        if place < 0 or position > claims[place].end:
            place = min(place + 1, len(claims) - 1)
        if numbers and claims:
            claim = claims[place]
            inside = claim.start < position <= claim.end
            claim.marks.append((position if inside else claim.end, numbers))
    for claim in claims:
        claim.marks.sort(key=lambda mark: mark[0])
    return claims


def _supported(prose: str, claims: Sequence[_Claim], held: dict[int, frozenset[str]]) -> list[_Claim]:
    """The claims that may be shown; `held` are the numbers that each cited evidence holds."""
    items: dict[Span, list[_Claim]] = defaultdict(list)
    for claim in claims:
        if claim.lead:
            items[claim.lead].append(claim)
    leads = {claim.span: claim for claim in claims if claim.span in items}
    shown: set[Span] = set()
    for claim in claims:
        cited = claim.cited.union(*(item.cited for item in items.get(claim.span, ())))
        if claim.lead in leads:
            cited |= leads[claim.lead].cited
        if cited and _numbers(prose[claim.start : claim.end]) <= frozenset().union(
            *(held[number] for number in cited)
        ):
            shown.add(claim.span)
    for lead, below in items.items():
        if lead not in shown or not any(item.span in shown for item in below):
            shown -= {lead, *(item.span for item in below)}
    return [claim for claim in claims if claim.span in shown]


def _numbers(text: str) -> frozenset[str]:
    """The values of the numbers in `text`, without thousands separators, outer zeros and script."""
    found = set()
    for match in _NUMBER.finditer(_DIGIT.sub(lambda digit: str(int(digit.group())), text)):
        if match[1]:
            found.add(re.sub(r"\D", "", match[1]))
            continue
        number = match.group().replace(",", ".")
        whole, point, fraction = number.partition(".")
        if "." not in fraction:
            number = f"{whole.lstrip('0') or '0'}{point}{fraction.rstrip('0')}".rstrip(".")
        found.add(number)
    return frozenset(found)


def _joined(prose: str, claims: Sequence[_Claim], places: dict[int, int]) -> str:
    """The claims as they stood, without what was left out between them, and with their marks."""
    pieces: list[str] = []
    before: _Claim | None = None
    for claim in claims:
        start = claim.start
        if claim.bullet and (before is None or before.bullet != claim.bullet):
            start = claim.bullet[0]
        if before:
            pieces.append(_gap(prose[before.end : start]))
        if start < claim.start and claim.bullet:
            pieces.append(prose[slice(*claim.bullet)])
        last = claim.start
        for position, numbers in claim.marks:
            pieces.append(f"{prose[last:position]} ")
            pieces.extend(f"[{places[number]}]" for number in numbers)
            last = position
        pieces.append(prose[last : claim.end])
        before = claim
    return "".join(pieces)


def _gap(between: str) -> str:
    if not between.strip():
        return between
    if "\n" not in between:
        return " "
    return "\n\n" if _BLANK_LINE.search(between) else "\n"
