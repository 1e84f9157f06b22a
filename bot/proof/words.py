"""The words of texts as the embedding network reads them in their place, and which of two texts mean each other.

It knows no names and judges nothing.
"""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.e5 import EmbeddedE5
from bot.facts.words import month_of
from bot.language.terms import fold, function_words, stem

Floats = NDArray[np.float32]

NEAR = 0.78
"""Cosine, in their places, from which a word may mean a word of another language."""
SAME = 0.895
"""Cosine, each word alone, from which it does. Both by eye, over words of releases and over names of the same kind:
"États" and "States" .899, "London" and "Paris" .890, "Amina" and "Tanja" .873."""
_NEAREST = 8
_EMPTY = frozenset({"another", "others", "one", "ones"})
"""English words that stand for what was said before."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """The content words of a text: as written, their places and stems, and a vector of length 1 each, (words, 384).

    Numbers and months are left out: they are compared by value.
    """

    written: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    stems: tuple[str, ...]
    vectors: Floats


def read_words(embeddings: EmbeddedE5, text: str, language: str) -> Words:
    """The words of `text`, with their vectors."""
    ignored = function_words(language)
    found = [
        (match[0], match.span(), stem(word, language))
        for match in _WORD.finditer(text)
        if match[0].isalpha() and (word := fold(match[0])) not in ignored | _EMPTY and not month_of(word)
    ]
    written, places, stems = (tuple(column) for column in zip(*found, strict=True)) if found else ((), (), ())
    return Words(written, places, stems, embeddings.embed_passages([text], [places])[1][0])


def likeness(claim: Words, quoted: Words) -> Floats:
    """How much alike each word of the claim is to each of the quote: cosines, (words, words of the quote)."""
    alike: Floats = claim.vectors @ quoted.vectors.T
    return alike


def nearest(claim: Words, number: int, quoted: Words) -> list[str]:
    """The words of the quote that may mean a word of the claim, the most alike first."""
    if not quoted.written:
        return []
    alike = quoted.vectors @ claim.vectors[number]
    return [quoted.written[other] for other in np.argsort(-alike)[:_NEAREST] if alike[other] >= NEAR]
