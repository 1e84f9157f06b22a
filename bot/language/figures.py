"""The numbers that a text gives, as values: in digits of any script, with separators, or in words.

It knows no store and no question.
"""

import re
from decimal import Decimal

from text_to_num import alpha2digit

SPELLED = 4
"""The least number that counts where it is written in words: below it they are rather words ("no one")."""
_DIGIT = re.compile(r"\d")
_HALF = re.compile(r"[\ud800-\udfff]")
"""Half of a surrogate pair, at which text2num breaks off."""
_NUMBER = re.compile(r"([1-9]\d{0,2}(?:[ \u00a0\u2009\u202f,.'’]\d{3})+)(?!\d)|\d+(?:[.,]\d+)*")
_SCALES = {
    "en": {"thousand": 10**3, "million": 10**6, "millions": 10**6, "billion": 10**9, "trillion": 10**12},
    "fr": {"mille": 10**3, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9},
}
_SCALED = {
    language: re.compile(rf"(\d+(?:[.,]\d+)?)[\s-](?:de )?({'|'.join(scales)})\b", re.IGNORECASE)
    for language, scales in _SCALES.items()
}
_CARDINAL = re.compile(r"(?<![\w.,])\d+(?![\w.,]*\w)")


def figures(text: str, language: str = "") -> frozenset[str]:
    """The values of the numbers in `text`, without separators of thousands, outer zeros and script.

    In English and French also those in words, from four on ("sixty-six"), and "2.5 million".
    """
    plain = _DIGIT.sub(lambda digit: str(int(digit.group())), text)
    if language not in _SCALES:
        return _values(plain)
    plain = _SCALED[language].sub(lambda match: _multiplied(match, language), plain)
    spelled = _CARDINAL.findall(alpha2digit(_HALF.sub(" ", _DIGIT.sub(" ", plain)), language))
    return _values(plain) | {value for value in spelled if int(value) >= SPELLED}


def _multiplied(match: re.Match[str], language: str) -> str:
    scale = _SCALES[language][match[2].lower()]
    number = match[1]
    if re.fullmatch(r"\d{1,3}[.,]\d{3}", number):
        number = re.sub(r"\D", "", number)
    return f"{Decimal(number.replace(',', '.')) * scale:f}"


def _values(text: str) -> frozenset[str]:
    found = set()
    for match in _NUMBER.finditer(text):
        if match[1]:
            found.add(re.sub(r"\D", "", match[1]))
            continue
        number = match.group().replace(",", ".")
        whole, point, fraction = number.partition(".")
        if "." not in fraction:
            number = f"{whole.lstrip('0') or '0'}{point}{fraction.rstrip('0')}".rstrip(".")
        found.add(number)
    return frozenset(found)
