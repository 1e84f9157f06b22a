"""Whether a sentence names a place of the sort that a question asks for: a city, a building, an address.

English and French rules over surface forms; it knows no store and no model.
"""

import re
from functools import lru_cache

from bot.language.terms import content_words, fold, is_shared

_CITY = re.compile(
    r"\b(?:what|which) (?:\w+ )?(?:city|town)\b|\b(?:quelle|nom de la) (?:est la |etait la )?ville\b|"
    r"\bname of the (?:city|town)\b"
)
_BUILDING = re.compile(
    r"\b(?:what|which) (?:\w+ )?(?:hotel|building|room|hall|floor|street)\b|"
    r"\bthe (?:hotel|building|(?:\w+ )?room|hall) (?:(?:in|at|of) \w+ )?(?:where|in which|that hosted)\b|"
    r"\bquel(?:le)? (?:est le |est la )?(?:hotel|batiment|immeuble|salle|etage|rue)\b"
)
_ADDRESS = re.compile(
    r"\b(?:street|postal|exact|physical) address\b|\baddress of the\b|\b(?:l'|quelle est l')adresse (?:postale |"
    r"exacte )?d"
)
_PLACED = re.compile(
    r"(?:\b(?:in|at|from|near|to|of|outside|around|through|into|on|by|with|for|and|or|as|is|was|à|de|dans|et|ou|sur|"
    r"vers|pour|est|en)\s+(?:the\s+|la\s+|le\s+)?|^\W*(?=[^\W\d_]+,)|[,;:(–—-]\s*|[dDlL]['’])"
    r"([A-ZÀ-Þ][^\W\d_]+(?:[ -][A-ZÀ-Þ][^\W\d_]+){0,2})|\b([A-ZÀ-Þ][^\W\d_]+)-based\b"
)
"""What may be called by its name where a city is."""
_IN = re.compile(r"\b(?:[Ii]n|[Aa]t|à|À)\s+([A-ZÀ-Þ][^\W\d_]{3,})(?!\s+[A-ZÀ-Þ]|['’-])")
_ROOF = re.compile(
    r"\b(?:hotels?|buildings?|halls?|rooms?|cent(?:er|re)s?|palaces?|headquarters|houses?|towers?|auditori\w+|"
    r"chambers?|museums?|universit\w+|colleges?|schools?|stadiums?|arenas?|theat\w+|librar\w+|church\w*|"
    r"cathedrals?|basilicas?|temples?|mosques?|clubs?|resorts?|campus|embass\w+|missions?|streets?|avenues?|roads?|"
    r"floors?|castles?|salles?|palais|siege|maisons?|batiments?|immeubles?|ambassades?|musees?|ecoles?|rues?|etages?|chateaux?|eglises?)\b"
)
_STREET = re.compile(
    r"\b(?:streets?|avenue|ave|road|boulevard|rue|place|square|plaza|quai|floor|suite|p\.?o\.? box|b\.?p\.?|\d{4,5}|"
    r"located at)\b"
)


@lru_cache(maxsize=4096)
def of_other_sort(question: str, sentence: str) -> bool:
    """Whether the question asks for a city, a building or an address, and the sentence names none that may be."""
    sort = _asked_sort(question)
    if sort == "building":
        return _ROOF.search(fold(sentence)) is None
    if sort == "address":
        return _STREET.search(fold(sentence)) is None
    return sort == "city" and not any(_is_local(place[1] or place[2]) for place in _PLACED.finditer(sentence))


@lru_cache(maxsize=256)
def _asked_sort(question: str) -> str:
    folded = fold(question).replace("’", "'")
    sorts = {"city": _CITY, "building": _BUILDING, "address": _ADDRESS}
    return next((sort for sort, asks in sorts.items() if asks.search(folded)), "")


def _is_local(name: str) -> bool:
    """Whether a name is not that of a country, a continent or a month."""
    return not any(is_shared(word) for _, word in content_words(name, ""))


@lru_cache(maxsize=4096)
def of_other_city(question: str, sentence: str) -> bool:
    """Whether the question is about something "in Abuja", and the sentence tells of something in another city."""
    asked = _cities(question)
    if not (asked and _cities(sentence)):
        return False
    told = fold(sentence)
    return not any(fold(name) in told for name in asked)


@lru_cache(maxsize=4096)
def _cities(text: str) -> tuple[str, ...]:
    """What stands behind "in" or "at" and may be a city."""
    return tuple(name for name in _IN.findall(text) if _is_local(name))
