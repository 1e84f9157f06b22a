"""How likely a sentence answers a question: similarity, weighted overlap and what the question asks for.

One function, `probabilities`, is all the reader calls; a trained model replaces it without the reader noticing.
It knows no store: everything it weighs comes with the candidates.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.asked import asked, holds
from bot.domain import Passage, Release
from bot.terms import fold, is_name, terms

@dataclass(frozen=True)
class Question:
    """A question and, for each of its terms, how many passages hold it.

    `words` and `stems` are parallel: the folded content words and their stems in `language`.
    """

    text: str
    language: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    frequency: Mapping[str, int]
    passages: int

    def rarity(self, term: str) -> float:
        """Inverse document frequency, as BM25 smooths it (Robertson and Zaragoza 2009), at least 0.1."""
        count = self.frequency.get(term, 0)
        return max(0.1, math.log(1 + (self.passages - count + 0.5) / (count + 0.5)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The words that can match in any language: known to the corpus as names, or written as such."""
        written = {fold(word) for word in self.text.split()[1:] if is_name(word.strip("\"'“”«»(,"))}
        return tuple(word for word in self.words if self.frequency.get(word, 0) or word in written)


@dataclass(frozen=True)
class Candidate:
    """A sentence of a passage, offered as an answer; `lead` is the text that introduces a list item.

    `similarity` and `passage_similarity` are the cosines of the question with it and with its passage.
    """

    release: Release
    passage: Passage
    start: int
    end: int
    text: str
    lead: str
    is_heading: bool
    similarity: float
    passage_similarity: float


@dataclass(frozen=True, slots=True)
class Weight:
    """What one feature counts in the ranking of sentences, and in the probability of the best."""

    ranking: float
    answer: float


WEIGHTS = {
    "bias": Weight(0.0, -1.401),
    "similarity of the sentence": Weight(2.901, 0.944),
    "similarity of the passage": Weight(-0.753, -0.652),
    "overlap with the sentence": Weight(3.541, 0.628),
    "overlap with sentence, passage and title": Weight(5.414, 1.733),
    "rarest word missing from all three": Weight(-1.700, 1.034),
    "holds what is asked": Weight(0.575, -0.044),
    "lacks what is asked": Weight(-0.575, -0.057),
    "pairs of neighbouring words": Weight(1.255, 0.714),
    "length": Weight(0.206, -0.025),
    "heading": Weight(0.428, 0.613),
    "other language": Weight(0.0, 0.0),
}
"""Fitted by tests/benchmarks/fit_score.py on squad2_dev and piaf_fr: a conditional logit over the sentences of a
question, then a logistic regression on the best one, half of the questions with their passage taken away."""
MARGIN_WEIGHT = 2.128
"""What the logarithm of a sentence's share among all candidates counts in its probability."""


def probabilities(question: Question, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """For each candidate, in order, the probability that it answers the question: shape (candidates,)."""
    if not candidates:
        return np.zeros(0)
    rows = features(question, candidates)
    ranking = rows @ np.array([weight.ranking for weight in WEIGHTS.values()])
    shares = ranking - ranking.max()
    shares -= np.log(np.exp(shares).sum())
    answer = rows @ np.array([weight.answer for weight in WEIGHTS.values()])
    logits: NDArray[np.float64] = answer + MARGIN_WEIGHT * shares
    return 1.0 / (1.0 + np.exp(-logits))


def features(question: Question, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """One row a candidate, one column a name in `WEIGHTS`."""
    return np.array([_row(question, candidate) for candidate in candidates], dtype=np.float64)


def _row(question: Question, candidate: Candidate) -> list[float]:
    language = candidate.passage.language
    other = language != question.language
    wanted = question.names if other else question.stems
    own_terms = _terms(f"{candidate.lead}\n{candidate.text}", language)
    own = set(own_terms)
    context = own.union(_terms(candidate.release.title, language), _terms(candidate.passage.text, language))
    if other:
        own |= _bare(own)
        context |= _bare(context)
    total = sum(question.rarity(term) for term in wanted)
    found = sum(question.rarity(term) for term in wanted if term in own)
    around = sum(question.rarity(term) for term in wanted if term in context)
    missing = max((question.rarity(term) for term in wanted if term not in context), default=0.0)
    kinds = asked(question.text)
    known = frozenset(question.words)
    held = sum(holds(kind, candidate.text, known) for kind in kinds) / len(kinds) if kinds else 0.0
    ceiling = math.log(1 + (question.passages + 0.5) / 0.5)
    return [
        1.0,
        (candidate.similarity - 0.85) / 0.03,
        (candidate.passage_similarity - 0.85) / 0.03,
        found / total if total else 0.5,
        around / total if total else 0.5,
        missing / ceiling,
        held,
        (1.0 - held) if kinds else 0.0,
        _pairs(wanted, own_terms),
        math.log(max(20, len(candidate.text)) / 150),
        float(candidate.is_heading),
        float(other),
    ]


@lru_cache(maxsize=8192)
def _terms(text: str, language: str) -> tuple[str, ...]:
    return tuple(terms(text, language))


def _bare(marked: set[str]) -> set[str]:
    return {term.split("_", 1)[1] for term in marked if "_" in term}


def _pairs(wanted: Sequence[str], own: Sequence[str]) -> float:
    """The share of neighbouring question terms that stand within three terms of each other."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(own):
        places.setdefault(term, []).append(place)
    neighbours = list(zip(wanted, wanted[1:], strict=False))
    if not neighbours:
        return 0.0
    near = sum(
        any(abs(one - two) <= 4 for one in places.get(first, ()) for two in places.get(second, ()))
        for first, second in neighbours
    )
    return near / len(neighbours)
