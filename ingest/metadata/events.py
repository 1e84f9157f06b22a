"""The dated events of a text, and whether its words put them behind the release or ahead of it.

It reads signs such as "was held on" and "will be held on" and knows no dateline.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingest.metadata.dates import Mention

_CLAUSE_CHARACTERS = 160

_AHEAD = re.compile(
    r"""\b(?:will|shall|to\ be\ (?:held|\w+ed)|to\ take\ place|is\ to|are\ to|scheduled|planned
    |expected|slated|next|upcoming|forthcoming|on\ the\ organization\ of|in\ preparation\ (?:for|of)|ahead\ of
    |(?:se\ )?(?:se|au|tiend|accueille|organise|débute|commence|lance|réuni|ouvri|participe)(?:ra|ront)
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
_REPORTS = re.compile(
    r"""\b(?:held|took\ place|met|convened|hosted|organi[sz]ed|signed|attended|participated|visited|concluded
    |s['’]est\ tenue?|se\ sont\ tenue?s|(?:a|ont)\ (?:eu\ lieu|tenu|organisé|participé|signé|accueilli)
    |se\ celebró|tuvo\ lugar|celebró|firmó)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_NEAR = re.compile(
    r"""\b(?:next|upcoming|forthcoming|later\ this\ (?:year|month)|in\ the\ coming\ (?:days|weeks|months)
    |prochaine?s?|à\ venir|próxim[oa]s?)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?;][\"”»)]?\s|[\n\r]")


@dataclass(frozen=True, slots=True)
class Event:
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


def events(text: str, dated: list[Mention]) -> Iterator[Event]:
    """The dated events whose clause says whether they are past or to come; the nearest sign decides."""
    previous_end = 0
    for mention in dated:
        clause = clause_start(text, mention, previous_end)
        ahead, back = _last(_AHEAD, text, clause, mention.start), _last(_BACK, text, clause, mention.start)
        previous_end = mention.end
        sign = ahead if ahead and (not back or ahead.end() >= back.start()) else back
        if sign is None:
            following = _AHEAD.search(text, mention.end, sentence_end(text, mention.end))
            if following:
                yield Event(mention, mention.start, True, False)
            continue
        near = _NEAR.search(text, clause, mention.end) is not None
        yield Event(mention, sign.start(), sign is ahead, near)


def looks_ahead(sentence: str) -> bool:
    """Whether a sentence speaks of what is to come."""
    return _AHEAD.search(sentence) is not None


def reports(clause: str) -> bool:
    """Whether a clause tells of an event that took place."""
    return _REPORTS.search(clause) is not None


def cue_start(text: str, mention: Mention) -> int:
    """Where the words begin that put a mention behind the release; the mention itself without any."""
    cue = _last(_BACK, text, clause_start(text, mention, 0), mention.start)
    return cue.start() if cue else mention.start


def same_sentence(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether no sentence ends between two spans."""
    first, second = sorted((one, other))
    return _SENTENCE_END.search(text, first[1], second[0]) is None if first[1] <= second[0] else True


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    matches = deque(pattern.finditer(text, start, end), maxlen=1)
    return matches[0] if matches else None


def clause_start(text: str, mention: Mention, previous_end: int) -> int:
    start = max(0, mention.start - _CLAUSE_CHARACTERS, previous_end)
    for end in _SENTENCE_END.finditer(text, start, mention.start):
        start = end.end()
    return start


def sentence_end(text: str, place: int) -> int:
    end = _SENTENCE_END.search(text, place, place + _CLAUSE_CHARACTERS)
    return end.start() if end else min(len(text), place + _CLAUSE_CHARACTERS)
