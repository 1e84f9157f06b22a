"""A question without its typing errors: a word that nobody writes becomes the one it resembles, of the releases first.

A word that the releases or the dictionary of its language have is left alone, however rare. It knows no meaning.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from bot.catalog import Catalog
from bot.language.terms import content_words, country_names, fold, function_words, is_name, is_shared, stem

SHORTEST = 4
"""Letters of a word in which an error is looked for: shorter ones are too many other words' neighbours."""
SHORTEST_NAME = 7
"""The same for what may be a name of somebody: Karim is not Kasim."""
SHORTEST_CAPITALISED = 5
"""The same for a common word with a capital, and for a country."""
LONG = 8
"""Letters from which two errors are forgiven."""
RESEMBLING = 8
"""Stems, those that resemble a word most, of which it is looked how they are written: an ending hides an error."""
LOOKED_AT = 8
"""Passages in which that is looked up, for a stem."""
DICTIONARIES = frozenset({"en", "fr"})
"""The languages in which errors are looked for."""

_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]+(?![\w'’-])")
"""A word that is not part of another: what is joined by a hyphen or an apostrophe is left alone."""


def corrected(question: str, language: str, catalog: Catalog) -> str:
    """The question with what is misspelt in it as the releases or the dictionary write it, else as it is."""
    if language not in DICTIONARIES:
        return question
    parts, end = [], 0
    for match in _WORD.finditer(question):
        named = match.start() > 0 and is_name(match.group())
        right = _right(match.group(), named, language, catalog)
        if right is not None:
            parts += [question[end : match.start()], right]
            end = match.end()
    return "".join([*parts, question[end:]])


def _right(word: str, named: bool, language: str, catalog: Catalog) -> str | None:
    """How a word that is misspelt is written; None for one that is not, or that resembles none."""
    folded = fold(word)
    ignored = function_words(language)
    if word.isupper() or folded in ignored or is_shared(folded) or folded in country_names(language):
        return None
    if len(folded) < (SHORTEST_CAPITALISED if named else SHORTEST):
        return None
    if word.lower() in _dictionary(language):
        return None
    own = stem(folded, language)
    known = bool(catalog.document_frequency([own])[own])
    stems = [own] if known else _resembling(own, catalog.terms_from(own[: len(language) + 2]), folded)
    written = [surface for each in stems for surface in _written(each, language, catalog)]
    if any(_is_form(folded, fold(surface)) for surface in written):
        return None
    if any(word.lower() in _dictionary(other) for other in DICTIONARIES - {language}):
        return None
    if named and len(folded) < SHORTEST_NAME:
        written = [surface for surface in written if surface.lower() in _dictionary(language)]
    if right := _nearest(folded, [*(() if named else ignored), *written]):
        return right.lower() if right.isupper() else right
    if named and (country := _nearest(folded, country_names(language))):
        return None if _is_form(folded, country) else country.title()
    if known or not word.islower():
        return None
    likeliest = _dictionary(language).correction(word)
    return None if likeliest is None or _is_form(folded, fold(likeliest)) else str(likeliest)


def _errors(folded: str) -> int:
    return 2 if len(folded) >= LONG else 1


def _is_form(folded: str, other: str) -> bool:
    """Whether a word is the other one, or another number of it."""
    return other.startswith(folded) or (len(other) >= SHORTEST and folded.startswith(other))


def _resembling(own: str, known: Mapping[str, int], folded: str) -> list[str]:
    """The stems that resemble the stem of the folded word, the nearest and then the most frequent first."""
    from rapidfuzz.distance import OSA

    most = 1 + _errors(folded)
    near = {term: OSA.distance(own, term, score_cutoff=most) for term in known}
    kept = [term for term, distance in near.items() if distance <= most]
    return sorted(kept, key=lambda term: (near[term], -known[term], term))[:RESEMBLING]


def _nearest(folded: str, words: Iterable[str]) -> str | None:
    """The word that resembles the folded one most and begins as it does; None where none does."""
    from rapidfuzz.distance import OSA

    most = _errors(folded)
    best: tuple[int, str] | None = None
    for word in words:
        other = fold(word)
        distance = OSA.distance(folded, other, score_cutoff=most)
        if distance <= most and other[0] == folded[0] and (best is None or distance < best[0]):
            best = distance, word
    return best[1] if best else None


def _written(term: str, language: str, catalog: Catalog) -> list[str]:
    """The words behind a stem, as passages write them."""
    ids = [found for found, _ in catalog.search([term], LOOKED_AT)]
    return [
        word
        for passage in catalog.passages(ids)
        for word, folded in content_words(passage.text, language)
        if stem(folded, language) == term
    ]


@cache
def _dictionary(language: str) -> Any:
    """The words of a language as films and books write them, each with how often."""
    from spellchecker import SpellChecker

    return SpellChecker(language=language, distance=1)
