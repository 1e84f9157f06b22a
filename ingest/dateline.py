"""Where a release says when and where it was published: its dateline, in its common forms.

    New York, 23 June 2023 – The Office …      (Genève, 3 mai 2021)      3 May 2021
    WASHINGTON, April 10, 2018 — …             This Friday, June 24 in Rabat, …

It reads what stands there; a year that is missing stays missing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.dates import Mention, mentions, weekday_number, weekday_pattern
from ingest.head import is_label

_HEAD_CHARACTERS = 4000
_LONGEST_LEAD = 120
"""Characters before the date in its line, at most."""

_LONGEST_PLACE = 8
"""Words."""

_CONNECTORS = frozenset(
    {"of", "the", "and", "de", "du", "des", "d", "la", "le", "les", "el", "los", "et", "y", "al", "am", "sur"}
    | {"en", "del", "da", "do"}
)
_NO_PLACE = re.compile(
    r"\b(?:week|days?|conference|forum|meeting|summit|session|statement|remarks|report|dialogue|ceremony|workshop|"
    r"resolution|agreement|programme|program|release|update|news|press|office|ministry|department|nations|agency|"
    r"committee|council|group|édition|journée|semaine|conférence|réunion|sommet|atelier|rapport|déclaration|"
    r"discours|accord|ministère|jornada|reunión|on|since|until|by|before|after|from|between|depuis|entre)\b",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(
    r"[\W_]*(?:date|published|issued|released|posted|updated|publié|diffusé|mis en ligne|publicado|fecha"
    r"|fait|done|le|on)?(?:[ ](?:on|le|el))?[\W_]*",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(
    r"[ ]*(?:,|[-–—|:/·]|\(|،|,?[ ]+(?=(?:le|on|el)\b)|(?<=\S),?[ ]*(?=\Z))[ ]*(?:(?:le|on|el)[ ]+)?\Z",
    re.IGNORECASE,
)
_DASH = re.compile(
    r"[ ]*\)?\.?[ ]*(?:\([^()\n]{2,40}\)[ ]*)?(?:[–—―]|--?(?=[ \w“\"])|:|/PRNewswire/|\|)[ ]*(?=\S)"
)
_LINE_END = re.compile(r"[ ]*[)\].,]*[ ]*[-–—|:.]*[ ]*(?=[\n\r]|\Z)")
_PLACE_AFTER = re.compile(
    r"[ ]*(?:,|[-–—|/(]|\b(?:à|in|at|en)\b)[ ]*(?P<place>[^\W\d_][^\d\n\r–—|:;()]{1,80}?)"
    r"(?=[ ]*\)?[ ]*(?:[–—|:]|-[ -]|[\n\r]|\.?\Z))"
)
_PLACE_IN_SENTENCE = re.compile(r",?[ ](?:in|at|à|en)[ ](?P<place>(?:[^\W\d_][\w.'’-]*+[ ]?){1,8})")
_TODAY = re.compile(
    r"(?:\btoday|\baujourd['’]hui|\bce jour|\bhoy|\bсегодня)[ ]?[,(–—-]?[ ]?(?:on[ ]|le[ ])?\Z", re.IGNORECASE
)
_THIS = re.compile(
    r"\A[\W_]*(?:this|ce|cet|cette|este|today,?|aujourd['’]hui,?|hoy,?)(?:[ ]|\Z)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Dateline:
    """Characters `start` to `end` say `date` (the year may be missing), and where."""

    start: int
    end: int
    date: Mention
    place: str | None
    weekday: int | None
    rank: int


def find_dateline(text: str, language: str) -> Dateline | None:
    """The dateline in the head of a release; None where it has none.

    A date set off before the first words counts before one on a line of its own, and that before one in
    a sentence ("This Friday, June 24 in Rabat"). One that states its year stands for the same day without.
    """
    found = sorted(_datelines(text[:_HEAD_CHARACTERS], language), key=lambda dateline: dateline.rank)
    if not found:
        return None
    best = found[0]
    if best.date.last.year is None:
        same_day = (best.date.last.month, best.date.last.day)
        for other in found[1:]:
            if other.date.last.year and (other.date.last.month, other.date.last.day) == same_day:
                return Dateline(best.start, best.end, other.date, best.place, best.weekday, best.rank)
    return best


def _datelines(head: str, language: str) -> Iterator[Dateline]:
    for date in mentions(head, language):
        if date.first != date.last or date.first.day is None:
            continue
        line_start = max(head.rfind("\n", 0, date.start), head.rfind("\r", 0, date.start)) + 1
        if date.start - line_start > _LONGEST_LEAD:
            if _TODAY.search(head, line_start, date.start):
                yield Dateline(date.start, date.end, date, None, None, rank=3)
            continue
        yield from _at_line_start(head, line_start, date, language)


def _at_line_start(head: str, line_start: int, date: Mention, language: str) -> Iterator[Dateline]:
    lead, weekday = _without_weekday(head[line_start : date.start], language)
    dash, line_end = _DASH.match(head, date.end), _LINE_END.match(head, date.end)
    place = _place(lead)
    alone = is_label(lead) or _DATE_LABEL.fullmatch(lead) is not None
    if place or alone:
        after = _PLACE_AFTER.match(head, date.end) if alone else None
        place_after = _sound_place(after["place"]) if after else None
        if after and place_after:
            yield Dateline(line_start, after.end(), date, place_after, weekday, rank=0)
            return
        if dash or line_end:
            yield Dateline(line_start, date.end, date, place, weekday, rank=0 if dash else 1)
            return
    if _THIS.match(lead) or _TODAY.search(head, line_start, date.start):
        said = _PLACE_IN_SENTENCE.match(head, date.end)
        yield Dateline(
            date.start, date.end, date, _leading_place(said["place"]) if said else None, weekday, rank=2
        )


def _without_weekday(lead: str, language: str) -> tuple[str, int | None]:
    """What stands before the date, less a weekday right beside it, and that weekday."""
    match = re.search(rf"({weekday_pattern(language)})[,.]?[ ]*(?:(?:the|le|el)[ ]+)?\Z", lead)
    if not match:
        return lead, None
    return lead[: match.start()], weekday_number(match[1], language)


def _place(lead: str) -> str | None:
    """The place that stands before a date: names, then a comma, dash or bracket."""
    lead = re.sub(r"\A[\W_]*(?:(?:fait|done|hecho)[ ])?(?:(?:à|at|en|in)[ ])?", "", lead, flags=re.IGNORECASE)
    separator = _BEFORE_DATE.search(lead)
    if not separator or not lead[: separator.start()].strip():
        return None
    return _sound_place(lead[: separator.start()])


def _leading_place(words: str) -> str | None:
    """The names at the start of a clause."""
    kept: list[str] = []
    for word in words.split():
        if not (_is_name(word) or (kept and word in _CONNECTORS)):
            break
        kept.append(word)
    while kept and kept[-1] in _CONNECTORS:
        kept.pop()
    return _sound_place(" ".join(kept))


def _sound_place(words: str) -> str | None:
    """The words if they can name a place: a few names, with "of", "de" and the like between them."""
    words = words.strip(" \t,–—-(")
    parts = [part for part in re.split(r"[\s,/]+|d['’](?=\w)|(?<=\s)[-–](?=\s)", words) if part]
    names = all(_is_name(part) or part in _CONNECTORS for part in parts)
    if (
        not parts
        or not names
        or len(parts) > _LONGEST_PLACE
        or not (_is_name(parts[0]) and _is_name(parts[-1]))
    ):
        return None
    return None if is_label(words) or _NO_PLACE.search(words) else words


def _is_name(word: str) -> bool:
    return word[0].isalpha() and not word[0].islower()
