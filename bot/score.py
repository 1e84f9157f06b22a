"""How likely a sentence answers a question: closeness of words, weighted overlap and what the question asks for.

One function, `probabilities`, is all the reader calls; a trained model replaces it without the reader noticing.
It knows no store and no model: everything it weighs comes with the candidates.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.asked import CONTACT, Kind, asked, holds
from bot.domain import Passage, PublicationDate, Release
from bot.terms import content_words, is_shared, stem, terms

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Question:
    """A question and, for each of its terms, how many of the corpus's passages hold it.

    `words` and `stems` are parallel: the folded content words and their stems in `language`. `named` are
    those that are names or numbers.
    """

    text: str
    language: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    named: tuple[str, ...]
    frequency: Mapping[str, int]
    passages: int

    def rarity(self, term: str) -> float:
        """Inverse document frequency as BM25 smooths it (Robertson and Zaragoza 2009), at least 0.1."""
        return max(0.1, _rarity(self.frequency.get(term, 0), self.passages))


@dataclass(frozen=True)
class Candidate:
    """A sentence of a passage, offered as an answer; `lead` is the text that introduces a list item.

    `similarity` is its cosine with the question, `closeness` (question words,) how well each of the question's
    words matches one in it; both also for its passage, the second with the title. `weakest` is the cosine of
    the content word that neither matches well. `defines` says whether it writes out a short name of the question.
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
    closeness: NDArray[np.float32]
    context_closeness: NDArray[np.float32]
    weakest: float
    defines: bool = False


@dataclass(frozen=True, slots=True)
class Weight:
    """What a feature counts in the ranking of sentences, and in the probability of the best one."""

    ranking: float
    answer: float


WEIGHTS = {
    "bias": Weight(0.000, -2.913),
    "similarity of the sentence": Weight(1.492, -0.269),
    "similarity of the passage": Weight(-0.856, 0.439),
    "closeness of the sentence": Weight(10.634, 13.146),
    "closeness of passage and title": Weight(6.251, -5.393),
    "closeness of the sentence, else of its context": Weight(8.341, -1.549),
    "closeness of the worst matched word": Weight(3.985, -0.001),
    "overlap with the sentence": Weight(1.151, -1.958),
    "overlap with sentence, passage and title": Weight(2.351, 2.480),
    "rarest word missing from all three": Weight(-0.781, 0.491),
    "pairs of neighbouring words": Weight(0.685, 0.201),
    "length": Weight(-0.112, -0.216),
    "names and numbers missing": Weight(-0.587, -1.479),
    "lacks a time": Weight(-0.859, -0.043),
    "lacks a number": Weight(-1.557, -0.547),
    "lacks a name": Weight(-0.504, 0.428),
    "lacks a place": Weight(-0.951, 0.051),
    "lacks a list": Weight(-0.174, -0.061),
}
"""Fitted by tests/benchmarks/fit_score.py on squad2_dev and piaf_fr: a conditional logit over the sentences of a
question, then a logistic regression on the best one, half of the questions with their passage taken away."""
MARGIN_WEIGHT = 2.722
"""What the logarithm of a sentence's share among all candidates counts in its probability."""
LEXICAL = slice(7, 11)
"""The features that compare words, which only one language can match."""
OTHER_LANGUAGE = np.array(
    [
        [-0.138, -0.385, 1.002, -0.075],
        [-0.043, -0.046, -0.009, -0.011],
        [0.046, 0.035, -0.008, 0.018],
        [0.486, -0.866, 0.670, -0.009],
        [-5.679, -2.053, 1.913, -2.409],
        [6.257, 4.254, -2.873, 2.797],
        [0.027, 0.252, -0.588, 0.028],
    ]
)
"""What those features would be, from those before them (bias, similarities, closenesses): least squares over
the same questions. So a passage in another language than the question is weighed on a par."""
USUAL_SIMILARITY = 0.85
"""The cosine that e5 gives a question and a passage of the corpus, more or less: similarities count from there."""
BACK_OFF = 0.9
"""What a match in the context counts where the sentence has none as good: a sentence need not repeat the topic."""
LACKS: tuple[Kind, ...] = ("when", "number", "who", "where", "list")
"""The kinds of the last columns: asked for, and lacking in the sentence."""

HEADING = -2.0
"""Chosen, not fitted (the public sets have no headings): a heading announces what a sentence after it says."""
DEFINED = 2.0
UNDEFINED = -6.0
"""Chosen: asked what a short name stands for, a sentence that writes it out answers, and no other."""
ELSEWHERE = -4.0
"""Chosen: a number, country or month of the question that the whole release lacks makes it about something else."""
ABOUT_CHARACTERS = 50_000
"""So much of a release is looked through for them."""
MEASURED: frozenset[Kind] = frozenset({"number", "when", "where"})
MEASURE = 0.75
"""Chosen, on top of what was fitted: asked how many, when or where, a sentence with a count, a time or a place may
answer, and none without."""
CONTACT_DATA = 3.0
"""Chosen: asked for contact data, a line that holds some answers though it shares few words, and no other does."""


def probabilities(readings: Sequence[tuple[Question, Sequence[Candidate]]]) -> Floats:
    """For each candidate, in order, the probability that it answers the question: shape (candidates,).

    `readings` are wordings of one question, the user's first, each with the same candidates. A sentence's share
    in the ranking is its mean over the wordings; the best one has the fitted probability, of the wording that
    fits it best, and the others' probabilities stand to it as their shares do.
    """
    if not readings or not readings[0][1]:
        return np.zeros(0)
    question, candidates = readings[0]
    chosen = np.array([_chosen(question, candidate) for candidate in candidates])
    rows = np.array([features(*reading) for reading in readings])
    ranking = rows @ np.array([weight.ranking for weight in WEIGHTS.values()]) + chosen
    shares = np.exp(ranking - ranking.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    mixed: Floats = shares.mean(axis=0)
    best = int(mixed.argmax())
    wording = int(shares[:, best].argmax())
    answer = rows[wording, best] @ np.array([weight.answer for weight in WEIGHTS.values()]) + chosen[best]
    logit = answer + MARGIN_WEIGHT * math.log(shares[wording, best])
    probability: Floats = mixed / mixed[best] / (1.0 + math.exp(-logit))
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
        (candidate.similarity - USUAL_SIMILARITY) / 0.03,
        (candidate.passage_similarity - USUAL_SIMILARITY) / 0.03,
        float(candidate.closeness.sum()),
        float(candidate.context_closeness.sum()),
        float(np.maximum(candidate.closeness, BACK_OFF * candidate.context_closeness).sum()),
        candidate.weakest,
        sum(question.rarity(term) for term in stems if term in own) / total,
        sum(question.rarity(term) for term in stems if term in context) / total,
        missing / _rarity(0, question.passages),
        _pairs(stems, own_terms),
        math.log(max(20, len(candidate.text)) / 150),
        _missing(question, candidate, context),
        *(float(kind in kinds and not holds(kind, candidate.text, known)) for kind in LACKS),
    ]


def _missing(question: Question, candidate: Candidate, context: set[str]) -> float:
    """The share of the question's names and numbers that stand neither near the sentence nor in its date.

    Over a passage in another language only those count that are the same in all.
    """
    own_language = candidate.passage.language == question.language
    named = question.named if own_language else [word for word in question.named if is_shared(word)]
    if not named:
        return 0.0
    published = candidate.release.published
    dated = {str(published.value.year), f"month{published.value.month}"} if published else set()
    bare = {term.split("_", 1)[-1] for term in context} | dated
    held = sum(word in bare or stem(word, candidate.passage.language) in context for word in named)
    return 1.0 - held / len(named)


def _chosen(question: Question, candidate: Candidate) -> float:
    """What the rules add that no public set can fit."""
    kinds = asked(question.text)
    expansion = 0.0 if "expansion" not in kinds else DEFINED if candidate.defines else UNDEFINED
    contact = sum(1 if holds(kind, candidate.text) else -1 for kind in kinds & CONTACT)
    known = frozenset(question.words)
    measure = sum(1 if holds(kind, candidate.text, known) else -1 for kind in kinds & MEASURED)
    release = candidate.release
    about = _about(release.text, release.language, release.published)
    elsewhere = sum(word not in about for word in question.named if is_shared(word))
    return (
        HEADING * candidate.is_heading
        + expansion
        + CONTACT_DATA * contact
        + MEASURE * measure
        + ELSEWHERE * min(2, elsewhere)
    )


@lru_cache(maxsize=256)  # by text, whose hash Python keeps: a release's would be made anew at every look
def _about(text: str, language: str, published: PublicationDate | None) -> frozenset[str]:
    """The numbers, countries and months that a release names or is dated with."""
    dated = {str(published.value.year), f"month{published.value.month}"} if published else set()
    named = {word for _, word in content_words(text[:ABOUT_CHARACTERS], language)}
    return frozenset(word for word in named if is_shared(word)) | dated


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
    neighbours = list(pairwise(wanted))
    near = sum(
        any(abs(one - two) <= 4 for one in places.get(first, ()) for two in places.get(second, ()))
        for first, second in neighbours
    )
    return near / max(1, len(neighbours))
