"""The year that a dateline leaves out, where the text fixes it.

    24 June, "first anniversary", "Inaugurated on June 24, 2021"                        ->  2022
    26 September, "was held on 4 and 5 June 2024", "to be held on 19-20 November 2024"  ->  2024

A weekday beside the date must agree, and may decide. Where more than one year is possible, none is named.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from ingest.metadata.dateline import Dateline
from ingest.metadata.dates import Mention
from ingest.metadata.events import Event, clause_start, cue_start, events, same_sentence, sentence_end

_WITHIN = timedelta(days=366)
"""How far ahead lies what is "next" or "upcoming"."""
_ABOUT_AN_ANNIVERSARY = timedelta(days=31)
_SHARED_WORDS = 2
_ELLIPSIS = " … "

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


def derive_year(text: str, dateline: Dateline, mentioned: list[Mention]) -> tuple[date, str] | None:
    """The date of a dateline without a year, and the words that fix it, verbatim, joined by an ellipsis.

    None where the text leaves more than one year possible, or its signs disagree.
    """
    dated = [mention for mention in mentioned if mention.last.first() and mention.first.first()]
    told = list(events(text, dated))
    ahead = min((event for event in told if event.ahead), key=lambda event: event.bound, default=None)
    back = max((event for event in told if not event.ahead), key=lambda event: event.bound, default=None)
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
                beside = same_sentence(text, anniversary.span(), (event.start, event.end))
                soon = timedelta(0) <= held - marked <= _ABOUT_AN_ANNIVERSARY
                if (beside and soon) or (held == marked and _alike(text, anniversary.end(), event)):
                    start = cue_start(text, event)
                    yield held, _pieces(text, [anniversary.span(), (start, event.end)])


def _between(
    text: str, dateline: Dateline, back: Event | None, ahead: Event | None
) -> Iterator[tuple[date, str]]:
    """Years that put the dateline after what the text looks back on and before what it looks ahead to.

    What is "next" or "upcoming" comes within a year. Otherwise both sides have to be dated: a conference may
    be announced for next month, but games for six years hence.
    """
    if ahead is None or not (back or ahead.near):
        return
    within_reach = (ahead.mention.first.first() or ahead.bound) - _WITHIN
    earliest = back.bound if back else within_reach
    days = [dateline.date.last.in_year(year) for year in range(earliest.year, ahead.bound.year + 1)]
    possible = [day for day in days if day and earliest <= day < ahead.bound]
    if len(possible) > 1 and ahead.near:
        possible = [day for day in possible if day >= within_reach]
    for day in possible:
        yield day, _pieces(text, [(event.start, event.mention.end) for event in (back, ahead) if event])


def _alike(text: str, place: int, event: Mention) -> bool:
    """Whether what is commemorated after `place` and the sentence of the event speak of the same thing."""
    marked = text[place : sentence_end(text, place)]
    told = text[clause_start(text, event, 0) : sentence_end(text, event.end)]
    return len(_telling_words(marked) & _telling_words(told)) >= _SHARED_WORDS


def _telling_words(clause: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]{5,}", clause)}


def _pieces(text: str, spans: list[tuple[int, int]]) -> str:
    """The spans of the text in its order, those that touch taken together."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return _ELLIPSIS.join(text[start:end] for start, end in merged)
