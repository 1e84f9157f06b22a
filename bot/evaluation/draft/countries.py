"""The names of countries in English and French (Unicode CLDR, through Babel)."""

import re
from functools import cache

from bot.evaluation.draft.wordings import LANGUAGES
from bot.language.terms import fold

_NO_COUNTRY = frozenset({"EU", "UN", "EZ", "ZZ", "XA", "XB", "QO"})
"""Codes of unions, of what is not known, and of tests."""
_STATE = re.compile(
    r"^(?:[Tt]he )?(?:(?:State|Kingdom|Republic|Government|Commonwealth) of (?:the )?)?"
    r"(?:(?:État|Royaume|République|Gouvernement) (?:de la |du |des |de |d['’]))?"
)
_PLAIN = re.compile(r"[B-DF-HJ-NP-TV-Z][a-zé]+")
_MASCULINE = frozenset({"Mexique", "Mozambique", "Belize"})
"""French names of countries that end in "e" without being feminine."""


@cache
def countries() -> dict[str, tuple[str, str]]:
    """The English and the French name of each country, by its folded name in either."""
    from babel import Locale

    english, french = (Locale(language).territories for language in LANGUAGES)
    codes = [
        code for code in map(str, english) if len(code) == 2 and code in french and code not in _NO_COUNTRY
    ]
    pairs = [(str(english[code]), str(french[code])) for code in codes]
    return {fold(name): pair for pair in pairs for name in pair}


def is_country(name: str) -> bool:
    """Whether a name is that of a country, with or without "State of"."""
    return _bare(name) in countries()


def country_in(name: str, language: str) -> str | None:
    """The name of a country in a language, without "State of"; None where it is none."""
    pair = countries().get(_bare(name))
    return pair[LANGUAGES.index(language)] if pair else None


@cache
def plain_countries() -> tuple[tuple[str, str], ...]:
    """Those that can stand for one another: one word that begins with a consonant, and the French one is feminine."""
    found = {pair for pair in countries().values() if all(_PLAIN.fullmatch(name) for name in pair)}
    return tuple(sorted(pair for pair in found if pair[1].endswith("e") and pair[1] not in _MASCULINE))


def _bare(name: str) -> str:
    return fold(_STATE.sub("", name).removesuffix(" of America"))
