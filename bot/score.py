"""How likely a sentence answers a question: closeness of words, weighted overlap and what the question asks for.

One function, `probabilities`, is all the reader calls; a trained model replaces it without the reader noticing.
It knows no store and no model: everything it weighs comes with the candidates.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.asked import Kind, asked, holds
from bot.domain import Passage, Release
from bot.terms import terms

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """A question and, for each of its terms, how many of the corpus's passages hold it.

    `words` and `stems` are parallel: the folded content words and their stems in `language`.
    """

    text: str
    language: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    frequency: Mapping[str, int]
    passages: int

    def rarity(self, term: str) -> float:
        """Inverse document frequency as BM25 smooths it (Robertson and Zaragoza 2009), at least 0.1."""
        return max(0.1, _rarity(self.frequency.get(term, 0), self.passages))


@dataclass(frozen=True)
class Candidate:
    """A sentence of a passage, offered as an answer; `lead` is the text that introduces a list item.

    `similarity` is its cosine with the question; `closeness` the mean of the best match of each question word
    in it, weighted by rarity; both also for its passage. `defines` says whether it writes out a short name
    that the question holds.
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
    closeness: float
    passage_closeness: float
    defines: bool = False


@dataclass(frozen=True, slots=True)
class Weight:
    """What a feature counts in the ranking of sentences, and in the probability of the best one."""

    ranking: float
    answer: float


WEIGHTS = {
    "bias": Weight(0.0, -2.407),
    "similarity of the sentence": Weight(2.233, 0.106),
    "similarity of the passage": Weight(-1.058, 0.043),
    "closeness of the sentence": Weight(7.190, 7.580),
    "closeness of the passage": Weight(4.455, -3.439),
    "overlap with the sentence": Weight(1.747, -1.211),
    "overlap with sentence, passage and title": Weight(4.687, 2.045),
    "rarest word missing from all three": Weight(-1.309, 1.017),
    "pairs of neighbouring words": Weight(1.100, 0.880),
    "length": Weight(0.110, -0.056),
    "lacks a time": Weight(-0.942, 0.042),
    "lacks a number": Weight(-2.241, -0.672),
    "lacks a name": Weight(-0.579, 0.690),
    "lacks a place": Weight(-1.108, -0.019),
    "lacks a list": Weight(-0.844, -0.655),
}
"""Fitted by tests/benchmarks/fit_score.py on squad2_dev and piaf_fr: a conditional logit over the sentences of a
question, then a logistic regression on the best one, half of the questions with their passage taken away."""
MARGIN_WEIGHT = 2.194
"""What the logarithm of a sentence's share among all candidates counts in its probability."""
LEXICAL = slice(5, 9)
"""The features that compare words, which only one language can match."""
OTHER_LANGUAGE = np.array(
    [
        [-0.150, -0.253, 1.097, -0.084],
        [-0.054, -0.080, 0.034, -0.023],
        [0.042, 0.063, -0.029, 0.023],
        [1.438, -0.040, 0.029, 0.458],
        [-0.222, 1.587, -1.110, -0.014],
    ]
)
"""What those features would be, from the five before them (bias, similarities, closenesses): least squares over
the same questions. So a passage in another language than the question is weighed on a par."""
LACKS: dict[Kind, int] = {"when": 10, "number": 11, "who": 12, "where": 13, "list": 14}
"""The column that says a sentence lacks what is asked, by kind."""

HEADING = -2.0
"""Chosen, not fitted (the public sets have no headings): a heading announces what a sentence after it says."""
UNDEFINED = -6.0
"""Chosen: asked what a short name stands for, only a sentence that writes it out answers."""
NO_CONTACT = -3.0
"""Chosen: asked for contact data, a sentence without any hardly answers."""


def probabilities(question: Question, candidates: Sequence[Candidate]) -> Floats:
    """For each candidate, in order, the probability that it answers the question: shape (candidates,)."""
    if not candidates:
        return np.zeros(0)
    rows = features(question, candidates)
    chosen = np.array([_chosen(question, candidate) for candidate in candidates])
    ranking = rows @ np.array([weight.ranking for weight in WEIGHTS.values()]) + chosen
    shares = ranking - ranking.max()
    shares -= np.log(np.exp(shares).sum())
    answer = rows @ np.array([weight.answer for weight in WEIGHTS.values()]) + chosen
    probability: Floats = 1.0 / (1.0 + np.exp(-(answer + MARGIN_WEIGHT * shares)))
    return probability


def features(question: Question, candidates: Sequence[Candidate]) -> Floats:
    """One row a candidate, one column a name in `WEIGHTS`."""
    rows = np.array([_row(question, candidate) for candidate in candidates], dtype=np.float64)
    other = np.array([candidate.passage.language != question.language for candidate in candidates])
    rows[other, LEXICAL] = rows[other, : LEXICAL.start] @ OTHER_LANGUAGE
    return rows


def _row(question: Question, candidate: Candidate) -> list[float]:
    language = candidate.passage.language
    own_terms = _terms(f"{candidate.lead}\n{candidate.text}", language)
    own = set(own_terms)
    context = own.union(_terms(candidate.release.title, language), _terms(candidate.passage.text, language))
    stems = question.stems
    total = sum(question.rarity(term) for term in stems) or 1.0
    missing = max((question.rarity(term) for term in stems if term not in context), default=0.0)
    kinds, known = asked(question.text), frozenset(question.words)
    return [
        1.0,
        (candidate.similarity - 0.85) / 0.03,
        (candidate.passage_similarity - 0.85) / 0.03,
        candidate.closeness,
        candidate.passage_closeness,
        sum(question.rarity(term) for term in stems if term in own) / total,
        sum(question.rarity(term) for term in stems if term in context) / total,
        missing / _rarity(0, question.passages),
        _pairs(stems, own_terms),
        math.log(max(20, len(candidate.text)) / 150),
        *(float(kind in kinds and not holds(kind, candidate.text, known)) for kind in LACKS),
    ]


def _chosen(question: Question, candidate: Candidate) -> float:
    """What the rules add that no public set can fit."""
    kinds = asked(question.text)
    undefined = "expansion" in kinds and not candidate.defines
    no_contact = "contact" in kinds and not holds("contact", candidate.text)
    return HEADING * candidate.is_heading + UNDEFINED * undefined + NO_CONTACT * no_contact


def _rarity(count: int, passages: int) -> float:
    return math.log(1 + (passages - count + 0.5) / (count + 0.5))


@lru_cache(maxsize=8192)
def _terms(text: str, language: str) -> tuple[str, ...]:
    return tuple(terms(text, language))


def _pairs(wanted: Sequence[str], own: Sequence[str]) -> float:
    """The share of neighbouring question terms that stand within four terms of each other."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(own):
        places.setdefault(term, []).append(place)
    neighbours = list(zip(wanted, wanted[1:], strict=False))
    near = sum(
        any(abs(one - two) <= 4 for one in places.get(first, ()) for two in places.get(second, ()))
        for first, second in neighbours
    )
    return near / max(1, len(neighbours))
