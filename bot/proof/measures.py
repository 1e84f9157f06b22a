"""The numbers, dates and signs of a sentence that what it cites does not hold, compared by value.

It knows no names and no store.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import Release
from bot.facts.days import Day
from bot.facts.words import month_of, values

_SIGNS = {
    **dict.fromkeys(("$", "dollar", "dollars", "usd"), "$"),
    **dict.fromkeys(("€", "euro", "euros", "eur"), "€"),
    **dict.fromkeys(("£", "gbp"), "£"),
    **dict.fromkeys(("¥", "yen", "yens", "jpy"), "¥"),
    "%": "%",
}
_YEAR = re.compile(r"(?:1[7-9]|2[01])\d\d")
_PUBLISHED = re.compile(
    r"(?:\b(?:as (?:of|at|on)|dated|published(?: on| in)?|releases? (?:of|dated|from)|au|en date du|date du|"
    r"publiée?(?: le| en)?|communiqués? (?:du|de|daté du))\s+|[(\[–—-]\s*)(?:the |le )?"
    r"(?:\d{1,2}(?:st|nd|rd|th|er)?\s+)?(?:of |de )?(?:[^\W\d_]+\.?\s+)?(?:\d{1,2},?\s+)?(\d{4})",
    re.IGNORECASE,
)
"""A year in a date that says when a release was published, not when something took place."""
_WORD = re.compile(r"[^\W\d_]{3,12}")
_AMBIGUOUS = frozenset({"may", "march", "mars", "dec", "sept", "sep", "mar", "jan"})
"""Names of months that are other words without a capital, in one language or the other."""
_DECADE = re.compile(r"(?<=\d{3}0)s\b")
_FIRST = "1th"
"""Paraphrases write "first" and "premier" for it, which are words of other meanings too."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What a text measures with: numbers and signs, dates, and months that are named alone or in a date."""

    numbers: frozenset[str] = frozenset()
    days: frozenset[Day] = frozenset()
    months: frozenset[int] = frozenset()

    @staticmethod
    def of(text: str, language: str) -> "Measures":
        """The measures of `text`, read in its language."""
        found = values(text, language)
        days = frozenset(word for word in found if isinstance(word, Day))
        words = [_DECADE.sub("", word) for word in found if isinstance(word, str)]
        numbers = {word for word in words if word[0].isdigit() and word != _FIRST}
        signs = {_SIGNS[word] for word in words if word in _SIGNS}
        named = {month_of(word.casefold()) for word in _WORD.findall(text) if _may_be_month(word)}
        months = {month for month in named if month} | {day.month for day in days}
        return Measures(frozenset(numbers | signs), days, frozenset(months))

    @property
    def years(self) -> frozenset[str]:
        """The years, of dates and alone."""
        alone = {number for number in self.numbers if _YEAR.fullmatch(number)}
        return frozenset(alone | {str(day.year) for day in self.days if day.year})

    def __or__(self, other: "Measures") -> "Measures":
        return Measures(self.numbers | other.numbers, self.days | other.days, self.months | other.months)


def missing_measures(text: str, language: str, cited: Sequence[tuple[str, Release]]) -> list[str]:
    """The numbers, dates and signs of `text` that neither the quotes nor the titles of their releases hold.

    The day of a release holds too where its quote tells no time of its own, or where the text says that it is the
    day of the release ("as of 23 June 2023").
    """
    claim = Measures.of(text, language)
    if not (claim.numbers or claim.days or claim.months):
        return []
    quoted = titled = Measures()
    for quote, release in cited:
        quoted |= Measures.of(quote, release.language)
        titled |= Measures.of(release.title, release.language)
    held = quoted | titled
    released = {release.date for _, release in cited if release.date}
    if not quoted.years and not quoted.days:
        published = released
    else:
        told = set(_PUBLISHED.findall(text))
        published = {date for date in released if str(date.year) in told}
    days = [*held.days, *(Day(date.year, date.month, date.day) for date in published)]
    years = held.years | {str(date.year) for date in published}
    missing = [_written(day) for day in claim.days if not _told(day, days, {date.year for date in released})]
    if claim.months - held.months - {date.month for date in published} and not missing:
        missing.append("the month")
    return missing + sorted(claim.numbers - held.numbers - years)


def _told(day: Day, days: Sequence[Day], years: set[int]) -> bool:
    """Whether one of `days` says all of `day`; the year that it leaves out is one of those of the releases."""
    return any(
        day.is_told_by(other)
        or (other.year is None and day.year in years and Day(None, day.month, day.day).is_told_by(other))
        for other in days
    )


def _may_be_month(word: str) -> bool:
    return word[0].isupper() or word not in _AMBIGUOUS


def _written(day: Day) -> str:
    """The date as ISO 8601 writes it, what it leaves out left out."""
    return "-".join(f"{part:02}" for part in (day.year, day.month, day.day) if part)
