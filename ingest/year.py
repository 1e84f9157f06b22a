"""The year that a dateline leaves out, where the text fixes it.

    24 June, "first anniversary", "Inaugurated on June 24, 2021"                        ->  2022
    26 September, "was held on 4 and 5 June 2024", "to be held on 19-20 November 2024"  ->  2024

A weekday beside the date must agree, and may decide. Where more than one year is possible, none is named.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ingest.dateline import Dateline
from ingest.dates import Mention

_WITHIN = timedelta(days=366)
"""How far ahead a release that looks back on nothing looks: it announces what comes within the year."""
_ABOUT_AN_ANNIVERSARY = timedelta(days=31)
_SHARED_WORDS = 2
_CLAUSE_CHARACTERS = 160
_ELLIPSIS = " … "

_AHEAD = re.compile(
    r"""\b(?:will|shall|to\ be\ (?:held|\w+ed)|to\ take\ place|is\ to|are\ to|scheduled|planned|expected
    |slated|next|upcoming|forthcoming|on\ the\ organization\ of|in\ preparation\ (?:for|of)|ahead\ of
    |(?:se|au|tiend|accueille|organise|débute|commence|lance|réuni|ouvri|participe|célébre)(?:ra|ront)
    |prochaine?s?|prévue?s?
    |à\ venir|se\ celebrará|tendrá\ lugar|próxim[oa]s?|previst[oa]s?)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_BACK = re.compile(
    r"""\b(?:(?:was|were)\ (?:held|\w+ed)|was|were|had|took\ place|has\ been|have\ been|since
    |(?<!be\ )(?:held|\w+ed\ (?:on|in|at|from))|inaugurated|launched|signed|adopted|opened|established
    |s['’]est\ tenue?|se\ sont\ tenue?s|(?:a|ont)\ eu\ lieu|(?:a|ont)\ été|depuis
    |(?:inaugur|lanc|adopt|organis|cré)ée?|signée?|ouverte?|tenue?
    |fue|fueron|se\ celebró|tuvo\ lugar|desde)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_NEAR = re.compile(
    r"\b(?:next|upcoming|forthcoming|later\ this\ year|prochaine?s?|à\ venir|próxim[oa]s?)\b", re.IGNORECASE
)

_ORDINALS = {
    word: number
    for number, words in {
        1: "first one-year premier primer",
        2: "second two-year deuxième segundo",
        3: "third three-year troisième tercer",
        4: "fourth quatrième cuarto",
        5: "fifth five-year cinquième quinto",
        6: "sixth sixième sexto",
        7: "seventh septième séptimo",
        8: "eighth huitième octavo",
        9: "ninth neuvième noveno",
        10: "tenth ten-year dixième décimo",
        15: "fifteenth quinzième",
        20: "twentieth vingtième",
        25: "twenty-fifth vingt-cinquième",
        30: "thirtieth trentième",
        40: "fortieth quarantième",
        50: "fiftieth cinquantième",
        60: "sixtieth soixantième",
        75: "seventy-fifth soixante-quinzième",
        100: "hundredth centième",
    }.items()
    for word in words.split()
}
_ANNIVERSARY = re.compile(
    rf"(?<![\w-])(?:(?P<word>{'|'.join(map(re.escape, _ORDINALS))})"
    r"|(?P<number>\d{1,3})(?:st|nd|rd|th|er|e|ème|º|\.º))"
    r"[ -](?:annual )?(?:anniversary|anniversaire|aniversario)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?;][\"”»)]?\s|[\n\r]")


@dataclass(frozen=True, slots=True)
class _Event:
    """A dated event with the sign that places it, `ahead` of the release or behind it."""

    mention: Mention
    start: int
    ahead: bool
    near: bool

    @property
    def bound(self) -> date:
        """The day that the release must precede, or must not precede."""
        first = self.mention.first
        if not self.ahead:
            return self.mention.last.first() or date.max
        return (first.first() if first.day else first.last()) or date.max


def derive_year(text: str, dateline: Dateline, mentioned: list[Mention]) -> tuple[date, str] | None:
    """The date of a dateline without a year, and the words that fix it, verbatim, joined by an ellipsis.

    None where the text leaves more than one year possible, or its signs disagree.
    """
    dated = [mention for mention in mentioned if mention.last.first() and mention.first.first()]
    events = list(_events(text, dated))
    ahead = min((event for event in events if event.ahead), key=lambda event: event.bound, default=None)
    back = max((event for event in events if not event.ahead), key=lambda event: event.bound, default=None)
    found = dict(_by_anniversary(text, dateline, dated)) or dict(_between(text, dateline, back, ahead))
    agreeing = {
        day: words
        for day, words in found.items()
        if dateline.weekday in (None, day.weekday())
        and (ahead is None or day < ahead.bound)
        and (back is None or day >= back.bound)
    }
    return next(iter(agreeing.items())) if len(agreeing) == 1 else None


def _by_anniversary(text: str, dateline: Dateline, dated: list[Mention]) -> Iterator[tuple[date, str]]:
    """Years in which the dateline is the n-th anniversary of an event on that day, or follows it closely."""
    own = dateline.date.last
    for anniversary in _ANNIVERSARY.finditer(text):
        word = anniversary["word"]
        years = _ORDINALS[word.casefold()] if word else int(anniversary["number"])
        for event in dated:
            for day in (event.first, event.last):
                held = own.in_year((day.year or 0) + years)
                marked = day.in_year((day.year or 0) + years)
                if day.day is None or held is None or marked is None:
                    continue
                same_sentence = _same_sentence(text, anniversary.span(), (event.start, event.end))
                soon = timedelta(0) <= held - marked <= _ABOUT_AN_ANNIVERSARY
                if (same_sentence and soon) or (held == marked and _alike(text, anniversary.end(), event)):
                    start = _cue_start(text, event)
                    yield held, _pieces(text, [anniversary.span(), (start, event.end)])


def _between(
    text: str, dateline: Dateline, back: _Event | None, ahead: _Event | None
) -> Iterator[tuple[date, str]]:
    """Years that put the dateline after what the text looks back on and before what it looks ahead to."""
    if ahead is None:
        return
    earliest = back.bound if back else ahead.bound - _WITHIN
    days = [dateline.date.last.in_year(year) for year in range(earliest.year, ahead.bound.year + 1)]
    possible = [day for day in days if day and earliest <= day < ahead.bound]
    if len(possible) > 1 and ahead.near:
        possible = [day for day in possible if ahead.bound - day <= _WITHIN]
    for day in possible:
        yield day, _pieces(text, [(event.start, event.mention.end) for event in (back, ahead) if event])


def _alike(text: str, place: int, event: Mention) -> bool:
    """Whether what is commemorated after `place` and the sentence of the event speak of the same thing."""
    marked = text[place : _sentence_end(text, place)]
    told = text[_clause_start(text, event, 0) : _sentence_end(text, event.end)]
    return len(_telling_words(marked) & _telling_words(told)) >= _SHARED_WORDS


def _telling_words(clause: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]{5,}", clause)}


def _events(text: str, dated: list[Mention]) -> Iterator[_Event]:
    """The dated events whose clause says whether they are past or to come; the nearest sign decides."""
    previous_end = 0
    for mention in dated:
        clause = _clause_start(text, mention, previous_end)
        ahead, back = _last(_AHEAD, text, clause, mention.start), _last(_BACK, text, clause, mention.start)
        previous_end = mention.end
        sign = ahead if ahead and (not back or ahead.end() >= back.start()) else back
        if sign is None:
            following = _AHEAD.search(text, mention.end, _sentence_end(text, mention.end))
            if following:
                yield _Event(mention, mention.start, True, False)
            continue
        near = _NEAR.search(text, clause, mention.end) is not None
        yield _Event(mention, sign.start(), sign is ahead, near)


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    matches = deque(pattern.finditer(text, start, end), maxlen=1)
    return matches[0] if matches else None


def _clause_start(text: str, mention: Mention, previous_end: int) -> int:
    start = max(0, mention.start - _CLAUSE_CHARACTERS, previous_end)
    for end in _SENTENCE_END.finditer(text, start, mention.start):
        start = end.end()
    return start


def _sentence_end(text: str, place: int) -> int:
    end = _SENTENCE_END.search(text, place, place + _CLAUSE_CHARACTERS)
    return end.start() if end else min(len(text), place + _CLAUSE_CHARACTERS)


def _cue_start(text: str, mention: Mention) -> int:
    cue = _last(_BACK, text, _clause_start(text, mention, 0), mention.start)
    return cue.start() if cue else mention.start


def _same_sentence(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    first, second = sorted((one, other))
    return _SENTENCE_END.search(text, first[1], second[0]) is None if first[1] <= second[0] else True


def _pieces(text: str, spans: list[tuple[int, int]]) -> str:
    """The spans of the text in its order, those that touch taken together."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return _ELLIPSIS.join(text[start:end] for start, end in merged)


def looks_ahead(sentence: str) -> bool:
    """Whether a sentence speaks of what is to come."""
    return _AHEAD.search(sentence) is not None


def looks_back(sentence: str) -> bool:
    """Whether a sentence speaks of what has been."""
    return _BACK.search(sentence) is not None
