"""How likely a sentence answers a question: what the trained reader says, checked against retrieval and words.

It knows no store and no model: everything it weighs comes with the candidates. The weights are fitted on articles
that the reader was not trained on, so that a probability means what it says.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.domain import Passage, PublicationDate, Release
from bot.language.asked import CONTACT, Kind, asked, holds, introduces, lists_too_few, named_in, signs
from bot.language.offices import of_other_office, of_other_speaker
from bot.language.ranks import of_other_rank, of_same_place
from bot.language.sorts import of_other_city, of_other_sort
from bot.language.terms import ABOUT_CHARACTERS, content_words, fold, is_shared, stem, terms

Floats = NDArray[np.float64]

_SHORT_NAME = re.compile(r"\b[A-Z]{2}[A-Z\d]+\b")
_IN = re.compile(r"\b(?:in|at|near|à)\s+([A-ZÀ-Þ][^\W\d_]{3,})")


@dataclass(frozen=True)
class Question:
    """A question and, for each of its terms, how many of the corpus's passages hold it.

    `words` and `stems` are parallel: the folded content words and their stems in `language`. `named` are
    those that are names or numbers. Where it leans on a conversation, `told_by` are the releases quoted there. One that
    `is_part` of what was asked wants less than the whole.
    """

    text: str
    language: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    named: tuple[str, ...]
    frequency: Mapping[str, int]
    passages: int
    told_by: frozenset[str] = frozenset()
    is_part: bool = False

    @cached_property
    def unknown(self) -> frozenset[str]:
        """Its short names and places that no passage of the corpus holds, folded: "UNITAD", "in Nairobi"."""
        if self.text.isupper():
            return frozenset()
        short = {fold(name) for name in (*_SHORT_NAME.findall(self.text), *_IN.findall(self.text))}
        stems = dict(zip(self.words, self.stems, strict=True))
        return frozenset(
            word
            for word in short & stems.keys()
            if not self.frequency.get(word) and not self.frequency.get(stems[word])
        )

    def rarity(self, term: str) -> float:
        """Inverse document frequency as BM25 smooths it (Robertson and Zaragoza 2009), at least 0.1."""
        return max(0.1, _rarity(self.frequency.get(term, 0), self.passages))


@dataclass(frozen=True)
class Candidate:
    """A sentence of a passage, offered as an answer.

    `similarity` is its cosine with the question, `passage_similarity` that of its passage. What the trained reader
    says: `answers` is the logit that it answers, `answer` the words of the passage that do, in characters, and
    `margin` how far their logit lies above that of no answer; `alone` is that margin where it is read by itself, None
    where it was not, which counts as if it said the same. `defines` says whether it writes out a short name of the
    question. `led_in` is the margin of an item that was read right behind what leads its list in, None of others.
    """

    release: Release
    passage: Passage
    start: int
    end: int
    text: str
    is_heading: bool
    similarity: float
    passage_similarity: float
    answers: float
    margin: float
    answer: tuple[int, int]
    defines: bool = False
    led_in: float | None = None
    alone: float | None = None


@dataclass(frozen=True, slots=True)
class Weight:
    """What a feature counts in the ranking of sentences, and in the probability that the best one answers."""

    ranking: float
    answer: float


WEIGHTS = {
    "bias": Weight(0.004, -0.169),
    "similarity of the sentence": Weight(1.418, 0.000),
    "similarity of the passage": Weight(0.128, 0.479),
    "reader: it answers": Weight(0.165, 0.190),
    "reader: its words answer": Weight(0.611, 0.382),
    "reader: its words answer by themselves": Weight(0.542, 0.650),
    "overlap with passage and title": Weight(5.853, 0.000),
    "names and numbers missing": Weight(-0.386, 0.000),
}
"""Fitted by tests/benchmarks/fit_score.py on squad2_dev, piaf_fr and selqa, articles set aside, and on questions about
press releases that the reader has not learned from (training/written.py): a conditional logit over the sentences of a
question, then a logistic regression on the best one, with its passage and without. Zeros are chosen: what shares words
with a question stands among the sentences that answer it, and beside questions that only look as if they were answered.
Nor does it count how far the best is ahead of the others: a release says what matters twice."""
CALIBRATION = {"en": (0.532, 0.848), "fr": (-0.177, 0.755)}
"""By the language of the passage, what is added to the logit of that probability and what multiplies it, so that it
means what it says: fitted on the same articles, for the weights above; in other languages nothing was measured."""
OVERLAP = list(WEIGHTS).index("overlap with passage and title")
"""The feature that compares words, which only one language can match."""
OTHER_LANGUAGE = np.array([0.498, -0.059, 0.120, 0.066, -0.057, -0.021])
"""What that feature would be, from those before it: least squares over the same questions. So a passage in another
language than the question is weighed on a par."""
USUAL_SIMILARITY = 0.85
"""The cosine that e5 gives a question and a passage of the corpus, more or less: similarities count from there."""

HEADING = -2.0
"""Chosen, not fitted (the public sets have no headings): a heading announces what a sentence after it says."""
DEFINED = 2.0
UNDEFINED = -6.0
"""Chosen: asked what a short name stands for, a sentence that writes it out answers, and no other."""
ELSEWHERE = -4.0
"""Chosen: a number, country or month of the question that the whole release lacks makes it about something else, and so
does a short name that the whole corpus lacks."""
AWAY = -2.0
"""Chosen: a question that leans on the turns before it is seldom answered by a release that they did not quote; but for
a figure, of which another release may give a newer one."""
MEASURED: frozenset[Kind] = frozenset({"number", "often", "when", "where", "who", "list"})
FIGURES: frozenset[Kind] = frozenset({"number", "often", "when"})
UNMEASURED = -1.5
"""Chosen: asked how many, when or where, a sentence without a count, a time or a place hardly answers; asked for a
figure, nor do words without one that the reader takes for the answer."""
UNCOUNTED = -2.5
"""Chosen: asked how many, a sentence without a count does not answer, however many it names."""
NAMING: frozenset[Kind] = frozenset({"who", "list"})
LISTED = 2.0
"""Chosen: asked for names, a sentence that lists them after what the question calls them."""
OTHER_OFFICE = -3.0
"""Chosen: asked who the director is, a sentence without a word for that office: see bot/language/offices.py. Of 49
answers in public sets to such questions five stand in one."""
OTHER_SORT = -4.0
"""Chosen: asked for a city, a building or an address, a sentence that names none: see bot/language/sorts.py. Of 80
answers in public sets to such questions two stand in one."""
OTHER_CITY = -2.5
"""Chosen: asked of something in one city, a sentence that tells of another and not of that one."""
SIGNED = 2.5
"""Chosen: asked who signed, a sentence in which people exchange signatures."""
OTHER_COUNT = -3.0
"""Chosen: asked to list the 66, a sentence that neither says 66 nor lists half as many."""
OTHER_RANK = -4.0
"""Chosen: asked for the first, a title or the next, what tells of the second, a deputy or the last: see
bot/language/ranks.py."""
SAME_PLACE = 4.0
"""Chosen: asked when or where the second dialogue is, a sentence that says so of "the 2nd Dialogue"."""
OTHER_TONGUE = -3.0
"""Chosen: asked what something is called in French, a passage in another language."""
CONTACT_DATA = 3.0
NO_CONTACT_DATA = -5.0
"""Chosen: asked for contact data, a line that holds some answers though it shares few words, and no other does."""


Readings = Sequence[tuple[Question, Sequence[Candidate]]]
"""For each wording of a question, the user's first, the same candidates as it reads them."""


def probabilities(readings: Readings) -> Floats:
    """For each candidate, in order, the probability that it answers the question: shape (candidates,).

    `readings` are wordings of one question, the user's first, each with the same candidates as it reads them. A
    sentence counts in the wording that fits it best. The best one has the fitted probability, and the others'
    stand to it as their shares in the ranking do.
    """
    if not readings or not readings[0][1]:
        return np.zeros(0)
    rows, chosen = _weighed(readings)
    ranked = _ranked(rows, chosen)
    fitting = ranked.max(axis=0)
    shares: Floats = np.exp(fitting - fitting.max())
    best = int(fitting.argmax())
    wording = int(ranked[:, best].argmax())
    row = rows[wording, best]
    answer = row @ np.array([weight.answer for weight in WEIGHTS.values()]) + chosen[wording, best]
    offset, slope = CALIBRATION.get(readings[0][1][best].passage.language, (0.0, 1.0))
    logit = offset + slope * answer
    probability: Floats = shares / (1.0 + math.exp(-logit))
    return probability


def ranking(readings: Readings) -> Floats:
    """How well each candidate answers in each wording of the question, the highest best: (wordings, candidates)."""
    rows, chosen = _weighed(readings)
    return _ranked(rows, chosen)


def _ranked(rows: Floats, chosen: Floats) -> Floats:
    ranked: Floats = rows @ np.array([weight.ranking for weight in WEIGHTS.values()]) + chosen
    return ranked


def _weighed(readings: Readings) -> tuple[Floats, Floats]:
    """The features, (wordings, candidates, features), and what the rules add, (wordings, candidates).

    What the user's own wording asks for holds for all but its parts, which ask for less.
    """
    whole = rules(*readings[0])
    added = [rules(*reading) if reading[0].is_part else whole for reading in readings]
    return np.array([features(*reading) for reading in readings]), np.array(added)


def features(question: Question, candidates: Sequence[Candidate]) -> Floats:
    """One row a candidate, one column a name in `WEIGHTS`."""
    rows = np.array([_row(question, candidate) for candidate in candidates], dtype=np.float64)
    other = np.array([candidate.passage.language != question.language for candidate in candidates])
    rows[other, OVERLAP] = rows[other, :OVERLAP] @ OTHER_LANGUAGE
    return rows


def rules(question: Question, candidates: Sequence[Candidate]) -> Floats:
    """What rules add to the score of each candidate that no public set can fit: (candidates,)."""
    return np.array([_chosen(question, candidate) for candidate in candidates])


def _row(question: Question, candidate: Candidate) -> list[float]:
    language = candidate.passage.language
    context = {*_terms(candidate.release.title, language), *_terms(candidate.passage.text, language)}
    total = sum(question.rarity(term) for term in question.stems) or 1.0
    return [
        1.0,
        (candidate.similarity - USUAL_SIMILARITY) / 0.03,
        (candidate.passage_similarity - USUAL_SIMILARITY) / 0.03,
        candidate.answers,
        candidate.margin / 4,
        (candidate.margin if candidate.alone is None else candidate.alone) / 4,
        sum(question.rarity(term) for term in question.stems if term in context) / total,
        _missing(question, candidate, context),
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
    kinds = asked(question.text)
    expansion = 0.0 if "expansion" not in kinds else DEFINED if candidate.defines else UNDEFINED
    contact = sum(
        CONTACT_DATA if holds(kind, candidate.text) else NO_CONTACT_DATA for kind in kinds & CONTACT
    )
    known = frozenset(question.words)
    words = candidate.passage.text[slice(*candidate.answer)]
    unmeasured = sum(not holds(kind, candidate.text, known) for kind in kinds & MEASURED)
    unmeasured += sum(not holds(kind, words, known) for kind in kinds & FIGURES)
    uncounted = "count" in kinds and not holds("count", candidate.text, known)
    release = candidate.release
    about = _about(release.title, release.text, release.language, release.published)
    elsewhere = sum(word not in about for word in question.named if is_shared(word))
    own_language = candidate.passage.language == question.language
    elsewhere += len(question.unknown) if own_language else 0
    listed = (
        own_language and bool(kinds & NAMING) and introduces(question.text, candidate.text, question.language)
    )
    away = bool(question.told_by) and release.id not in question.told_by and "number" not in kinds
    same_place = (
        bool(kinds & {"when", "where"}) and not unmeasured and of_same_place(question.text, candidate.text)
    )
    return (
        HEADING * candidate.is_heading
        + expansion
        + contact
        + UNMEASURED * unmeasured
        + UNCOUNTED * uncounted
        + ELSEWHERE * min(2, elsewhere)
        + AWAY * away
        + SAME_PLACE * same_place
        + OTHER_OFFICE * of_other_office(question.text, candidate.text)
        + OTHER_OFFICE * of_other_speaker(question.text, release.text)
        + OTHER_SORT * of_other_sort(question.text, candidate.text)
        + OTHER_CITY * of_other_city(question.text, candidate.text)
        + SIGNED * signs(question.text, candidate.text)
        + OTHER_COUNT * ("list" in kinds and lists_too_few(question.text, candidate.text))
        + OTHER_RANK * of_other_rank(question.text, candidate.text)
        + OTHER_TONGUE * (named_in(question.text) not in (None, candidate.passage.language))
        + LISTED * listed
    )


@lru_cache(maxsize=256)  # by text, whose hash Python keeps: a release's would be made anew at every look
def _about(title: str, text: str, language: str, published: PublicationDate | None) -> frozenset[str]:
    """The numbers, countries and months that a release names or is dated with."""
    dated = {str(published.value.year), f"month{published.value.month}"} if published else set()
    named = {word for _, word in content_words(f"{title}\n{text[:ABOUT_CHARACTERS]}", language)}
    return frozenset(word for word in named if is_shared(word)) | dated


def _rarity(count: int, passages: int) -> float:
    return math.log(1 + (passages - count + 0.5) / (count + 0.5))


@lru_cache(maxsize=8192)
def _terms(text: str, language: str) -> tuple[str, ...]:
    return tuple(terms(text, language))
