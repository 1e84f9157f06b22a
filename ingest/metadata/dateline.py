"""Where a release says when and where it was published: its dateline, in its common forms.

    New York, 23 June 2023 – The Office …      (Genève, 3 mai 2021)      3 May 2021
    WASHINGTON, April 10, 2018 — …             This Friday, June 24 in Rabat, …

It reads what stands there; a year that is missing stays missing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.metadata.dates import Mention, mentions, weekday_number, weekday_pattern
from ingest.metadata.head import is_label

_HEAD_CHARACTERS = 4000
_LONGEST_HEADLINE = 250
_SHORTEST_PARAGRAPH = 100
_SHORTEST_SENTENCE = 40
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
    r"committee|council|group|édition|journée|semaine|conférence|(?<!la )réunion|sommet|atelier|rapport|"
    r"déclaration|discours|accord|ministère|jornada|reunión|on|since|until|by|before|after|from|between|depuis|entre)\b",
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
_DONE = re.compile(
    r"\A[\W_]*(?:fait|done|hecho)[ ]?(?:à|at|en|in)?[ ]|\A[\W_]*(?:à|at|en|in)[ ]", re.IGNORECASE
)
_AGENCY = re.compile(r"[ ]?\([A-Z][\w ./-]{1,24}\)(?=[ ]?[,–—-])")
_CLOSING_BRACKET = re.compile(r"[ ]*\)[ .:–—-]*")
_LINE = re.compile(r"[^\n\r]*\S[^\n\r]*")
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
_THIS = re.compile(r"\A[\W_]*(?:this|ce|cet|cette|este|today,?|aujourd['’]hui,?|hoy,?)[ ]*\Z", re.IGNORECASE)


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
    prose = _first(head, _SHORTEST_PARAGRAPH)
    sentence = _first(head, _SHORTEST_SENTENCE)
    for date in mentions(head, language):
        if date.first != date.last or date.first.day is None:
            continue
        line_start = max(head.rfind("\n", 0, date.start), head.rfind("\r", 0, date.start)) + 1
        lead = head[line_start : date.start]
        if len(lead) <= _LONGEST_LEAD and (line_start <= prose or _DONE.match(lead)):
            set_off = _set_off(head, line_start, date, language)
            if set_off and (set_off.place or line_start <= sentence):
                yield set_off
                continue
        in_sentence = _in_sentence(head, line_start, date, language)
        if in_sentence:
            yield in_sentence


def _first(head: str, shortest: int) -> int:
    """Where the first paragraph begins that has at least so many characters and a closing mark.

    A date set off below it heads an item or a section; one without a place does so even below a sentence.
    """
    for line in _LINE.finditer(head):
        words = line.group().rstrip()
        if len(words) > _LONGEST_HEADLINE or (len(words) >= shortest and words[-1] in ".!?"):
            return line.start()
    return len(head)


def _set_off(head: str, line_start: int, date: Mention, language: str) -> Dateline | None:
    """A date with its place at the start of a line, or on a line of their own."""
    lead, weekday = _without_weekday(head[line_start : date.start], language)
    place = _place(lead)
    alone = is_label(lead) or _DATE_LABEL.fullmatch(lead) is not None
    if not place and not alone:
        return None
    after = _PLACE_AFTER.match(head, date.end) if alone else None
    place_after = _sound_place(after["place"]) if after else None
    if after and place_after:
        end = _DASH.match(head, after.end())
        return Dateline(line_start, end.end() if end else after.end(), date, place_after, weekday, rank=0)
    if dash := _DASH.match(head, date.end):
        return Dateline(line_start, dash.end(), date, place, weekday, rank=0)
    if lead.startswith("(") and (bracket := _CLOSING_BRACKET.match(head, date.end)):
        return Dateline(line_start, bracket.end(), date, place, weekday, rank=0)
    return (
        Dateline(line_start, date.end, date, place, weekday, rank=1)
        if _LINE_END.match(head, date.end)
        else None
    )


def _in_sentence(head: str, line_start: int, date: Mention, language: str) -> Dateline | None:
    """A date that a sentence calls its own: "This Friday, June 24 in Rabat", "today, 23 June 2023"."""
    lead, weekday = _without_weekday(head[max(line_start, date.start - _LONGEST_LEAD) : date.start], language)
    if _THIS.match(lead) and len(lead) < _LONGEST_LEAD:
        said = _PLACE_IN_SENTENCE.match(head, date.end)
        place = _leading_place(said["place"]) if said else None
        return Dateline(date.start, date.end, date, place, weekday, rank=2)
    return Dateline(date.start, date.end, date, None, weekday, rank=3) if _TODAY.search(lead) else None


def _without_weekday(lead: str, language: str) -> tuple[str, int | None]:
    """What stands before the date, less a weekday right beside it, and that weekday."""
    match = re.search(rf"({weekday_pattern(language)})[,.]?[ ]*(?:(?:the|le|el)[ ]+)?\Z", lead)
    if not match:
        return lead, None
    return lead[: match.start()], weekday_number(match[1], language)


def _place(lead: str) -> str | None:
    """The place that stands before a date: names, then a comma, dash or bracket."""
    lead = _AGENCY.sub("", _DONE.sub("", lead))
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
