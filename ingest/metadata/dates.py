"""The dates a text mentions, with the part of each that it leaves out.

It knows the month and weekday names of the official languages of the United Nations, not what a date means.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

_NUMBERED_MONTHS = {"zh"}
_ABBREVIATED = {"en", "fr"}
"""Languages whose short month names are no other words: Spanish "ago" and "mar" are."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or with `day` None a whole month; `year` is None where the text leaves it out."""

    year: int | None
    month: int
    day: int | None

    def first(self) -> date | None:
        """The earliest date it can mean; None without a year or where there is no such day."""
        return self.in_year(self.year) if self.year else None

    def last(self) -> date | None:
        """The latest date it can mean; None without a year or where there is no such day."""
        first = self.first()
        if first is None or self.day is not None:
            return first
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def in_year(self, year: int) -> date | None:
        try:
            return date(year, self.month, self.day or 1)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Mention:
    """Characters `start` to `end` name the days `first` to `last` (the same for a single day)."""

    start: int
    end: int
    first: Day
    last: Day


def mentions(text: str, language: str) -> list[Mention]:
    """The dates in `text`, in order: a day or a range of days, with or without a year, or a month of a year.

    Numeric dates count only where the order of day and month is certain. `language` is an ISO 639-1 code;
    English months are known in every language.
    """
    found: list[Mention] = []
    for match in _date_pattern(language).finditer(text):
        days = _read(match, language)
        if days:
            found.append(Mention(match.start(), match.end(), *days))
    return found


def month_number(name: str, language: str) -> int | None:
    """1 for January to 12 for December, by their names in the language and in English."""
    return _months(language).get(_plain(name))


@cache
def weekday_pattern(language: str) -> str:
    """A regular expression, without groups, for the weekday names of the language and of English."""
    names = sorted(_weekdays(language), key=len, reverse=True)
    return rf"\b(?i:{'|'.join(map(re.escape, names))})\b"


def weekday_number(name: str, language: str) -> int | None:
    """0 for Monday to 6 for Sunday."""
    return _weekdays(language).get(_plain(name))


def _read(match: re.Match[str], language: str) -> tuple[Day, Day] | None:
    """The first and last day that a match of `_date_pattern` names; None where there are no such days."""
    part = match.groupdict()
    months = _months(language)
    if part["iso_year"]:
        day = Day(int(part["iso_year"]), int(part["iso_month"]), int(part["iso_day"]))
        days = day, day
    elif part["number_year"]:
        one, two = int(part["number_one"]), int(part["number_two"])
        if language == "en" and one <= 12 and two <= 12 and one != two:
            return None
        ordered = (one, two) if language != "en" or one > 12 else (two, one)
        day = Day(int(part["number_year"][:4]), ordered[1], ordered[0])
        days = day, day
    elif part["zh_month"]:
        year = int(part["zh_year"]) if part["zh_year"] else None
        month = int(part["zh_month"])
        days = (
            Day(year, month, int(part["zh_day"])),
            Day(year, month, int(part["zh_to"] or part["zh_day"])),
        )
    elif part["only_month"]:
        day = Day(int(part["only_year"][:4]), months[_plain(part["only_month"])], None)
        days = day, day
    else:
        order = "day" if part["day_month"] else "month"
        year = int(part[f"{order}_year"][:4]) if part[f"{order}_year"] else None
        month = months[_plain(part[f"{order}_month"])]
        numbers = [int(number) for number in re.findall(r"\d+", part[f"{order}_days"])]
        other = part[f"{order}_other"]
        other_month = months[_plain(other)] if other else month
        months_in_order = (other_month, month) if order == "day" else (month, other_month)
        first_year = year and year - (months_in_order[0] > months_in_order[1])
        days = Day(first_year, months_in_order[0], numbers[0]), Day(year, months_in_order[1], numbers[-1])
    leap_year = 2000
    sound = all(1 <= day.month <= 12 and day.in_year(day.year or leap_year) for day in days)
    return days if sound else None


@cache
def _date_pattern(language: str) -> re.Pattern[str]:
    months = "|".join(_month_spellings(language))
    month = rf"(?:{months})(?!\w)\.?"
    day = r"\d{1,2}(?:st|nd|rd|th|er|re|º|°)?(?![\w:%])(?!\.\d)"
    until = r"(?:[ ]?[-–—/][ ]?|,?[ ](?:to|and|until|au|et|à|al|a|y|и|по|و|إلى)[ ](?:(?:the|le|el)[ ])?)"
    days = rf"{day}(?:(?:{until}|,[ ]){day}){{0,4}}"
    digits = r"(?:19|20)\d\d"
    year = rf"{digits}(?!\w)(?:[ ](?:года\b|г\.))?"
    of = r"(?:[ ]+|-)(?:(?:of|de|du)[ ])?(?:\w{3,12}[ ]?/[ ]?)?"
    year_after = r"(?:,?[ ]+(?:(?:de|del|of)[ ])?|-)"
    return re.compile(
        rf"""(?<![\w/])(?<!\d[.,:-])(?:
        (?P<iso_year>{digits})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?!\w)
        |(?P<number_one>\d{{1,2}})(?P<mark>[./])(?P<number_two>\d{{1,2}})(?P=mark)(?P<number_year>{year})
        |(?:(?P<zh_year>{digits})[ ]?年[ ]?)?(?P<zh_month>\d{{1,2}})[ ]?月[ ]?(?P<zh_day>\d{{1,2}})[ ]?
            (?:日?[ ]?[-–—至和][ ]?(?P<zh_to>\d{{1,2}})[ ]?)?日
        |(?P<day_days>(?:{day}{of}(?P<day_other>{month}){until})?{days})
            {of}(?P<day_month>{month})(?:{year_after}(?P<day_year>{year}))?
        |(?P<month_month>{month})[ ]+
            (?P<month_days>{days}(?:{until}(?P<month_other>{month})[ ]{day})?)
            (?:,?[ ]+(?P<month_year>{year}))?
        |(?P<only_month>{month}){year_after}(?P<only_year>{year})
        )""",
        re.VERBOSE,
    )


@cache
def _months(language: str) -> dict[str, int]:
    """Month numbers by name, without case and accents."""
    return {_plain(name): number for name, number in _month_names(language)}


def _month_names(language: str) -> Iterator[tuple[str, int]]:
    from babel.dates import get_month_names

    for code in dict.fromkeys(("en", language)):
        if code in _NUMBERED_MONTHS:
            continue
        for number, name in get_month_names("wide", locale=code).items():
            yield name, number
        if code in _ABBREVIATED:
            for number, name in get_month_names("abbreviated", locale=code).items():
                yield name.rstrip("."), number
    yield "Sept", 9


def _month_spellings(language: str) -> Iterator[str]:
    """Patterns of the names, accented or not, in either case; English ones with a capital ("may" is none)."""
    names = {name for name, _ in _month_names(language)}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        spellings = "|".join(dict.fromkeys((re.escape(name), re.escape(_plain(name)))))
        yield rf"(?=[A-Z])(?i:{spellings})" if name[0].isupper() else rf"(?i:{spellings})"


@cache
def _weekdays(language: str) -> dict[str, int]:
    from babel.dates import get_day_names

    return {
        _plain(name): number
        for code in dict.fromkeys(("en", language))
        for number, name in get_day_names("wide", locale=code).items()
    }


def _plain(name: str) -> str:
    """A name without case, accents and full stop."""
    decomposed = unicodedata.normalize("NFKD", name.casefold().rstrip("."))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
