"""Puts the numbers of a text that are written in words into digits.

It knows the words of `SPELLED` languages only, through the library of numbers in words.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from bot.language.figures import figures
from bot.language.terms import language_of

SPELLED = ("en", "fr", "es")
"""The languages in which numbers in words are read."""

_SCALED = re.compile(r"(?<![\w.,])(\d[\d.,]*)[\s-]([^\W\d_]+)")
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
_STOP = re.compile(r"[.!?;:\n]\s+|\n")


def in_digits(text: str, language: str | None) -> str:
    """`text` with numbers in words, and those followed by one ("2.5 million"), in digits.

    One word is read in the language that is spoken there (French "seize", "cent"); more are no accident.
    """
    text = _SCALED.sub(lambda found: _scaled(found[0], found[1]), text)
    stops = [0, *(found.end() for found in _STOP.finditer(text)), len(text)]
    parts, end = [], 0
    for number in _numbers(text):
        if number.start < end:
            continue
        if number.is_single and language is None:
            after = bisect_right(stops, number.start)
            spoken = language_of(text[stops[after - 1] : stops[after]], "") or number.language
        else:
            spoken = language or "" if number.is_single else number.language
        if number.language == spoken:
            parts += [text[end : number.start], number.digits]
            end = number.end
    return "".join((*parts, text[end:]))


@lru_cache(maxsize=8192)
def _scaled(written: str, number: str) -> str:
    for language in SPELLED:
        worth = figures(written, language)
        if len(worth) == 1 and worth != figures(number, language):
            return next(iter(worth))
    return written


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in words, from `start` to `end`."""

    start: int
    end: int
    digits: str
    language: str
    is_single: bool


class _Token:
    """A word or a sign at its place, as the library of numbers in words wants it."""

    __slots__ = ("found",)

    def __init__(self, found: re.Match[str]) -> None:
        self.found = found

    def text(self) -> str:
        return self.found[0]

    def text_lowercase(self) -> str:
        return self.found[0].lower()

    def nt_separated(self, previous: "_Token") -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return self.found[0].isdigit()


def _numbers(text: str) -> list[_Number]:
    """The numbers in words, in any of `SPELLED`, in order, of those that start together the longest first."""
    from text_to_num import find_numbers

    whole = re.sub(r"[\ud800-\udfff]", " ", text)  # text2num breaks off at half of a surrogate pair
    tokens = [_Token(found) for found in _TOKEN.finditer(whole)]
    numbers = []
    for language in SPELLED:
        for found in find_numbers(tokens, language, threshold=0):
            if found.value == 1:  # rather a word: "no one", "un"
                continue
            start, end = tokens[found.start].found.start(), tokens[found.end - 1].found.end()
            single = found.end - found.start == 1
            numbers.append(_Number(start, end, found.text, language, single))
    return sorted(numbers, key=lambda number: (number.start, -number.end))
