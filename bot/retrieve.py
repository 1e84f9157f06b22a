"""A question to the passages that may answer it: full text and vectors, fused.

It does not read: whether a passage answers is the reader's to say. Full text counts only where words can
match: stems over passages in the question's language, names and numbers over the others.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.catalog import Catalog
from bot.items import Near, nearest
from bot.language.terms import question_terms
from bot.once import Found, once
from bot.vectors import Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Found", "retrieve"]

CANDIDATES = 60
"""Passages that each ranking offers to the fusion."""
VECTORS_OF_EACH = 2
"""Vectors searched for each of these: of a list several items may be near."""
LEXICAL_WEIGHT = 0.06
NAMES_WEIGHT = 0.02
"""What the best full-text hit adds to its cosine similarity, in the same and in another language."""
RARE = 2
"""In so many passages at most stands a word of the question that is no chance hit."""
RARE_WEIGHT = 0.03
"""What holding that word adds: one item of a long list hardly shows in the vector of its passage."""
CONTEXT_WEIGHT = 0.06
"""What the best full-text hit of the conversation's terms adds, in any language."""
CONTEXT_TERMS = 32
"""Terms of the conversation that are searched for: its rarest."""


def retrieve(
    question: str,
    language: str,
    vector: "NDArray[np.float32]",
    catalog: Catalog,
    vectors: Vectors,
    limit: int,
    context: Sequence[str] = (),
) -> list[Found]:
    """The `limit` passages that fit the question best, best first; boilerplate and what was corrected never.

    `vector` is the question's embedding, of the dimension of the index; `context` are index terms of the
    conversation before it, which lift the passages that hold them.
    """
    collection = catalog.collection
    if collection is None:
        return []
    near = nearest(vectors.query(collection, vector, VECTORS_OF_EACH * CANDIDATES))
    stems, words = question_terms(question, language)
    lexical = dict(catalog.search(stems, CANDIDATES))
    named = dict(catalog.search(words, CANDIDATES))
    telling = _telling(stems, catalog)
    held = dict(catalog.search(telling, RARE)) if telling else {}
    rare = _rarest(context, catalog)
    told = dict(catalog.search(rare, CANDIDATES)) if rare else {}
    passages = catalog.passages(
        list(dict.fromkeys([*list(near)[:CANDIDATES], *lexical, *named, *held, *told]))
    )
    floor = min((each.similarity for each in near.values()), default=0.0)
    whole_lexical, whole_named, whole_told = (_whole(terms, catalog) for terms in (stems, words, rare))
    found = []
    for passage in passages:
        own = near.get(passage.id, Near(floor))
        score = own.similarity
        if passage.language == language:
            score += LEXICAL_WEIGHT * min(1.0, lexical.get(passage.id, 0.0) / whole_lexical)
            score += RARE_WEIGHT * (passage.id in held)
        else:
            score += NAMES_WEIGHT * min(1.0, named.get(passage.id, 0.0) / whole_named)
        score += CONTEXT_WEIGHT * min(1.0, told.get(passage.id, 0.0) / whole_told)
        found.append(Found(passage, own.similarity, score, own.items))
    found.sort(key=lambda item: (-item.score, item.passage.id))
    return once(found, language, catalog, lambda ids: vectors.similarities(collection, ids, vector))[:limit]


def _telling(stems: Sequence[str], catalog: Catalog) -> list[str]:
    """The question's rarest word that the corpus has, where `RARE` passages at most hold it."""
    frequencies = catalog.document_frequency(stems)
    few = [stem for stem in stems if 0 < frequencies.get(stem, 0) <= RARE]
    return sorted(few, key=lambda stem: frequencies[stem])[:1]


def _rarest(terms: Sequence[str], catalog: Catalog) -> list[str]:
    frequencies = catalog.document_frequency(terms)
    known = [term for term in terms if frequencies.get(term)]
    return sorted(known, key=lambda term: frequencies[term])[:CONTEXT_TERMS]


def _whole(terms: Sequence[str], catalog: Catalog) -> float:
    """What BM25 gives a passage of middle length that holds every one of the terms once.

    A passage is lifted by its share of that: where none holds the words that matter, the best hit of the
    others is no evidence.
    """
    count = catalog.passage_count
    frequencies = catalog.document_frequency(terms)
    return (
        sum(math.log(1 + (count - number + 0.5) / (number + 0.5)) for number in frequencies.values()) or 1.0
    )
