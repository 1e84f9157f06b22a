"""The words of a text as an expected fact is looked for among them: plain, numbers and dates as values.

It does not know what is expected.
"""

import re
from functools import lru_cache

from bot.facts.days import Day, dated, months, with_days
from bot.facts.folding import apart, split
from bot.facts.numerals import in_digits

_PER_CENT = re.compile(r"\b(?:per\s?cent|pour\s?cent|por\s?ciento)\b", re.IGNORECASE)


@lru_cache(maxsize=1024)
def values(text: str, language: str | None = None) -> tuple[str | Day, ...]:
    """The words of `text` in order, folded, with numbers as digits and dates as a `Day`.

    Numbers in words are read in `SPELLED` languages. Without a `language`, each sentence is told
    its own; `""` reads digits only. A range of days gives each of its ends.
    """
    plain = dated(_PER_CENT.sub(" % ", apart(text)), language)
    return tuple(with_days(split(in_digits(plain, language))))


def month_of(word: str) -> int | None:
    """The number of the month that a folded word names."""
    return months().get(word)


def is_of_value(word: str | Day) -> bool:
    """Whether a word of `values` can be written otherwise: a number, a date or a month."""
    return isinstance(word, Day) or word[0].isdigit() or word == "%" or word in months()
