"""Reads the dates among words: in figures, or with the name of a month in an official language of the UN.

It does not know what a date is expected for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.facts.folding import split
from bot.language.terms import LANGUAGES

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
ABBREVIATED = ("en", "fr")
"""Languages whose short month names are no other words: the Spanish "mar" and "ago" are."""

_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|er|re|e|eme|ieme)")
_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d\d)-(\d\d)(?![\w-])")
_NUMERIC = re.compile(r"(?<![\w./])(\d{1,2})([./])(\d{1,2})\2(\d{4})(?![\w/])")
_CHINESE = re.compile(r"(?:(\d{4})\s*年\s*)?(?<!\d)(\d{1,2})\s*月\s*(?:(\d{1,2})\s*日)?")
_UNTIL = frozenset("to and until au et a al y и по و".split())
_OF = frozenset("of de del du the".split())
_YEARS = range(1700, 2200)


@dataclass(frozen=True, slots=True)
class Day:
    """A date, or what a text says of it: a month and its year, or a day and its month."""

    year: int | None
    month: int
    day: int | None

    def is_told_by(self, other: "Day") -> bool:
        """Whether `other` says all of this."""
        return (
            self.month == other.month
            and self.day in (None, other.day)
            and (self.year is None or self.year == other.year)
        )


def dated(text: str, language: str | None) -> str:
    """`text` with dates in numbers written out, where the order of day and month is certain."""

    def written(year: str, month: str, day: str, found: str) -> str:
        is_date = 1 <= int(month) <= 12 and 1 <= int(day or 1) <= 31
        return f" {day} {MONTHS[int(month) - 1]} {year} " if is_date else found

    def numeric(found: re.Match[str]) -> str:
        first, second = int(found[1]), int(found[3])
        if first <= 12 and second <= 12 and first != second and language in ("en", "", None):
            return found[0]
        day, month = (found[1], found[3]) if second <= 12 else (found[3], found[1])
        return written(found[4], month, day, found[0])

    text = _ISO.sub(lambda found: written(found[1], found[2], found[3], found[0]), text)
    text = _NUMERIC.sub(numeric, text)
    return _CHINESE.sub(lambda found: written(found[1] or "", found[2], found[3] or "", found[0]), text)


def with_days(words: list[str]) -> Iterator[str | Day]:
    """The words, with those that name a date joined; a range of days gives each of its ends."""
    names = months()
    place = 0
    while place < len(words):
        word = words[place]
        days, end = _days_at(words, place) if word[0].isdigit() or word in names else ([], place + 1)
        if days:
            yield from days
        else:
            ordinal = _ORDINAL.fullmatch(word) if word[0].isdigit() else None
            yield f"{ordinal[1]}th" if ordinal else word
        place = end


def _days_at(words: list[str], start: int) -> tuple[list[Day], int]:
    """The days that the words from `start` on name, and the place after them; none and the next place."""
    numbers, place = _numbers_at(words, start)
    month = None
    if numbers:
        place = _past(words, place, _OF)
        month = _month_at(words, place)
        place += 1
    elif month := _month_at(words, start):
        numbers, place = _numbers_at(words, _past(words, start + 1, _OF))
        if not numbers:
            place = start + 1
    if month is None:
        return [], start + 1
    after = _past(words, place, _OF)
    year = int(words[after]) if after < len(words) and _is_year(words[after]) else None
    if not numbers and year is None:
        return [], start + 1
    days = [Day(year, month, day) for day in numbers] or [Day(year, month, None)]
    return days, place if year is None else after + 1


def _numbers_at(words: list[str], start: int) -> tuple[list[int], int]:
    """The rising days of a month that the words from `start` on list, and the place after them."""
    numbers: list[int] = []
    end = place = start
    while place < len(words) and (day := _day(words[place])) > (numbers[-1] if numbers else 0):
        numbers.append(day)
        end = place + 1
        place = _past(words, end, _UNTIL)
    return numbers, end


def _past(words: list[str], place: int, passed: frozenset[str]) -> int:
    while place < len(words) and words[place] in passed:
        place += 1
    return place


def _day(word: str) -> int:
    found = _ORDINAL.fullmatch(word)
    digits = found[1] if found else word
    return int(digits) if len(digits) <= 2 and digits.isdecimal() and int(digits) <= 31 else 0


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and int(word) in _YEARS


def _month_at(words: list[str], place: int) -> int | None:
    return months().get(words[place]) if place < len(words) else None


@cache
def months() -> dict[str, int]:
    """Month numbers by folded name, in the official languages of the United Nations."""
    from babel.dates import get_month_names

    found = {"sept": 9}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated") if language in ABBREVIATED else ("wide",):
            for number, name in get_month_names(width, locale=language).items():
                folded_name = " ".join(split(name))
                if not folded_name[0].isdigit():
                    found.setdefault(folded_name, number)
    return found
