"""Fits the weights of `bot/score.py` and prints them, with what they reach on questions that were not fitted.

    python tests/benchmarks/fit_score.py BENCH/squad2_dev BENCH/piaf_fr BENCH/selqa --unread UNREAD [--questions 800]
        [--data FOLDER]

UNREAD is what `training/written.py --unread` writes: questions that the reader has not learned from. Of the other
folders only articles that are set aside are read, because it was trained on the others. The weights are fitted on all
of them; the figures are those of weights fitted on half of the articles, measured on the other half. The ranking is a
conditional logit over the sentences of a question; the probability that the best one answers is a logistic regression
over questions asked with the passage that answers and without it, and calibrated once more for each language. What the
rules of `bot/score.py` add is held as it is.
"""

import argparse
import hashlib
import json
import random
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.language.terms import language_of
from bot.read import Wording, candidates, offers, read_alone, weigh
from bot.retrieve import retrieve
from bot.score import OVERLAP, WEIGHTS, Candidate, Question, features, rules
from bot.settings import load
from tests.benchmarks.bench import RETRIEVED, SEED, Bench, each, indexed, set_aside
from tests.benchmarks.metrics import auroc, calibration_error, decline_below, declined
from tests.benchmarks.sets import Asked, asked

UNANSWERABLE = 0.5
"""What a question counts that its passage does not answer, against one asked without its passage."""

COUNTED = np.array([name == "bias" or weight.answer != 0 for name, weight in WEIGHTS.items()])
"""The features that the probability is made of."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Offered:
    """The candidates of a question: features (candidates, features), what the rules add, (candidates,), and the
    language of the passage of each."""

    rows: Floats
    rules: Floats
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A question with its candidates, and which of them answer.

    `others` are the candidates over a corpus that lacks the passage that answers.
    """

    article: str
    offered: Offered
    answers: NDArray[np.bool_]
    others: Offered
    answerable: bool

    def without_answer(self) -> "Case":
        """The same question over a corpus that lacks the passage that answers."""
        none = np.zeros(len(self.others.rules), bool)
        return replace(self, offered=self.others, answers=none, answerable=True)


@dataclass(frozen=True)
class Best:
    """The best candidates of several cases, one each: features (cases, features), what the rules add, (cases,), the
    languages of their passages, (cases,), whether they answer, (cases,), and what each counts, (cases,)."""

    rows: Floats
    rules: Floats
    languages: NDArray[np.str_]
    right: Floats
    counted: Floats

    def logits(self, answer: Floats) -> Floats:
        """What the weights (features,) make of them."""
        return self.rows @ answer + self.rules


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--unread", nargs="*", default=[], type=Path, help="folders to take every article of")
    parser.add_argument("--questions", type=int, default=800, help="questions of each folder")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep the indexes here for the next time")
    options = parser.parse_args()
    cases = {
        folder.name: read(folder, options.questions, options.data, everything=folder in options.unread)
        for folder in [*options.folders, *options.unread]
    }
    everything = [case for of_set in cases.values() for case in of_set]
    ranking, answer = fitted(everything)
    half = [case for case in everything if _fits(case.article)]
    of_half = fitted(half)
    print(
        json.dumps(
            {
                "weights": {
                    name: [round(one, 3), round(other, 3)]
                    for name, one, other in zip(WEIGHTS, ranking, answer, strict=True)
                },
                "calibration": _rounded(calibrated(everything, ranking, answer)),
                "calibration of the weights as they are": _rounded(calibrated(everything, *_as_they_are())),
                "other language": other_language(everything).round(3).tolist(),
                "measured": {
                    name: figures(
                        [case for case in of_set if not _fits(case.article)],
                        *of_half,
                        calibrated(half, *of_half),
                    )
                    for name, of_set in cases.items()
                },
            },
            indent=1,
        )
    )


def fitted(cases: Sequence[Case]) -> tuple[Floats, Floats]:
    """The weights of the ranking and of the probability, (features,) each."""
    ranking = conditional_logit([case for case in cases if case.answers.any()])
    return ranking, logistic(cases, ranking)


def _as_they_are() -> tuple[Floats, Floats]:
    """The weights of `bot/score.py`."""
    weights = WEIGHTS.values()
    return np.array([weight.ranking for weight in weights]), np.array([weight.answer for weight in weights])


def _rounded(calibration: Mapping[str, Floats]) -> dict[str, list[float]]:
    return {language: one.round(3).tolist() for language, one in calibration.items()}


def read(folder: Path, count: int, data: Path | None = None, *, everything: bool) -> list[Case]:
    """The candidates for questions about articles set aside, or about `everything`."""
    with indexed(folder, load().data_dir / "models", data) as bench:
        articles = set(bench.article.values())
        kept = articles if everything else set_aside(articles)
        questions = [
            question for question in asked(folder) if bench.article.get(question.contexts[0]) in kept
        ]
        questions = random.Random(SEED).sample(questions, min(count, len(questions)))
        cases = each(partial(_case, bench=bench), questions)
    return [case for case in cases if len(case.answers)]


def _fits(article: str) -> bool:
    return hashlib.sha256(f"fit {article}".encode()).digest()[0] % 2 == 0


def _case(question: Asked, bench: Bench) -> Case:
    language = language_of(question.question, "en")
    vector = np.asarray(bench.embeddings.embed_query(question.question), np.float32)
    found = retrieve(question.question, language, vector, bench.catalog, bench.vectors, RETRIEVED)
    weighed = weigh(question.question, language, bench.catalog)
    given = offers(weighed, found, bench.catalog)
    readings = bench.reader.read(question.question, [offer.text for offer in given])
    offered = candidates(Wording(weighed, vector), given, readings, bench.catalog)
    passages = [bench.context[candidate.release.id] for candidate in offered]
    (context,) = question.contexts
    answers = [
        question.answerable
        and passage == context
        and any(_holds(candidate.text, answer) for answer in question.answers)
        for candidate, passage in zip(offered, passages, strict=True)
    ]
    others = [each for each, passage in zip(offered, passages, strict=True) if passage != context]
    return Case(
        bench.article[context],
        _offered(weighed, offered, bench),
        np.array(answers, bool),
        _offered(weighed, others, bench),
        question.answerable,
    )


def _offered(question: Question, offered: Sequence[Candidate], bench: Bench) -> Offered:
    if not offered:
        return Offered(np.zeros((0, len(WEIGHTS))), np.zeros(0), ())
    ((_, own),) = read_alone([(question, offered)], bench.reader)
    languages = tuple(candidate.passage.language for candidate in own)
    return Offered(features(question, own), rules(question, own), languages)


def _holds(text: str, answer: str) -> bool:
    own, other = " ".join(text.split()), " ".join(answer.split())
    return bool(re.search(rf"(?<!\w){re.escape(other)}(?!\w)", own)) or own in other


def conditional_logit(cases: Sequence[Case], steps: int = 400) -> Floats:
    """Weights (features,) that maximise the share of the sentences that answer, by Adam."""
    matrix = np.concatenate([case.offered.rows for case in cases])
    given = np.concatenate([case.offered.rules for case in cases])
    answers = np.concatenate([case.answers for case in cases]).astype(float)
    group = np.repeat(np.arange(len(cases)), [len(case.answers) for case in cases])
    starts = np.searchsorted(group, np.arange(len(cases)))
    weights, mean, square = (np.zeros(matrix.shape[1]) for _ in range(3))
    for _ in range(steps):
        score = matrix @ weights + given
        share = np.exp(score - np.maximum.reduceat(score, starts)[group])
        among_right = share * answers
        share /= np.add.reduceat(share, starts)[group]
        among_right /= np.add.reduceat(among_right, starts)[group]
        gradient = matrix.T @ (among_right - share) / len(cases) - 1e-4 * weights
        mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        weights += 0.05 * mean / (np.sqrt(square) + 1e-8)
    return weights


def logistic(cases: Sequence[Case], ranking: Floats) -> Floats:
    """Weights (features,) of the probability that the best sentence answers, zero where a feature is not `COUNTED`."""
    best = _best(_asked_twice(cases), ranking)
    weights = np.zeros(len(COUNTED))
    rows = best.rows[:, COUNTED]
    weights[COUNTED] = _fitted(
        rows, best.rules, best.right, best.counted, np.zeros(rows.shape[1]), ridge=1e-2
    )
    return weights


def calibrated(cases: Sequence[Case], ranking: Floats, answer: Floats) -> dict[str, Floats]:
    """By language what is added to the logit and what multiplies it, (2,) (Platt 1999)."""
    best = _best([case for case in _asked_twice(cases) if case.answerable], ranking)
    matrix = np.stack([np.ones(len(best.rows)), best.logits(answer)], 1)
    known = {}
    for language in ("en", "fr"):
        own = best.languages == language
        if own.any():
            known[language] = _fitted(
                matrix[own],
                np.zeros(own.sum()),
                best.right[own],
                best.counted[own],
                np.array([0.0, 1.0]),
                ridge=1.0,
            )
    return known


def _fitted(
    matrix: Floats,
    given: Floats,
    right: Floats,
    counted: Floats,
    start: Floats,
    ridge: float,
    steps: int = 50,
) -> Floats:
    """Weights of a logistic regression beside what is `given`, by Newton's method, held to `start` by `ridge`."""
    weights = start
    for _ in range(steps):
        probability = 1 / (1 + np.exp(-matrix @ weights - given))
        curvature = counted * probability * (1 - probability)
        hessian = (matrix.T * curvature) @ matrix + ridge * np.eye(len(weights))
        towards = matrix.T @ (counted * (right - probability)) - ridge * (weights - start)
        weights = weights + np.linalg.solve(hessian, towards)
    return weights


def other_language(cases: Sequence[Case]) -> Floats:
    """Least squares of the word-comparing feature on those before it: (features before,)."""
    matrix = np.concatenate([case.offered.rows for case in cases])
    solution: Floats = np.linalg.lstsq(matrix[:, :OVERLAP], matrix[:, OVERLAP], rcond=None)[0]
    return solution


def figures(
    cases: Sequence[Case], ranking: Floats, answer: Floats, calibration: Mapping[str, Floats]
) -> dict[str, float | int]:
    """How often the best sentence answers, and how far its probability can be trusted."""
    answered = [case for case in cases if case.answerable]
    both = [case for case in _asked_twice(cases) if case.answerable]
    best = _best(both, ranking)
    offset, slope = np.array([calibration.get(language, (0.0, 1.0)) for language in best.languages]).T
    probability = 1 / (1 + np.exp(-offset - slope * best.logits(answer)))
    with_answer = np.array([case.answers.any() for case in both])
    threshold = decline_below(probability[with_answer], 0.1)
    found = {
        "questions": len(answered),
        "answer among the sentences read": float(np.mean([case.answers.any() for case in answered])),
        "sentence_recall@1": float(_best(answered, ranking).right.mean()),
        "readings": len(both),
        "calibration_error": calibration_error(probability, best.right > 0),
        "auroc_missing": auroc(probability, with_answer),
        "declines_at_10%_false": declined(probability[~with_answer], threshold),
        "threshold_at_10%_false": threshold,
    }
    if unanswerable := [case for case in cases if not case.answerable]:
        logits = _best([*answered, *unanswerable], ranking).logits(answer)
        known = np.array([True] * len(answered) + [False] * len(unanswerable))
        found["auroc_unanswerable"] = auroc(logits, known)
    return {name: round(value, 4) for name, value in found.items()}


def _asked_twice(cases: Sequence[Case]) -> list[Case]:
    """The questions with the passage that answers, and once more without it."""
    answered = [case for case in cases if case.answers.any()]
    return [*cases, *(without for case in answered if len((without := case.without_answer()).answers))]


def _best(cases: Sequence[Case], ranking: Floats) -> Best:
    """The best candidate of each case."""
    places = [int(np.argmax(case.offered.rows @ ranking + case.offered.rules)) for case in cases]
    chosen = list(zip(cases, places, strict=True))
    return Best(
        np.array([case.offered.rows[place] for case, place in chosen]),
        np.array([case.offered.rules[place] for case, place in chosen]),
        np.array([case.offered.languages[place] for case, place in chosen]),
        np.array([float(case.answers[place]) for case, place in chosen]),
        np.array([1.0 if case.answerable else UNANSWERABLE for case in cases]),
    )


if __name__ == "__main__":
    main()
