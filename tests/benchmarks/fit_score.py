"""Fits the weights of `bot/score.py` and prints them, with what they reach on questions that were not fitted.

    python tests/benchmarks/fit_score.py BENCH/squad2_dev BENCH/piaf_fr BENCH/selqa WRITTEN/written [--questions 800]
        [--data FOLDER]

WRITTEN/written is what `training/written.py` writes. Only articles that are set aside are read, because the reader was
trained on the others. The weights are fitted on all of them; the figures are those of weights fitted on half of the
articles, measured on the other half. The ranking is a conditional logit over the sentences of a question; the
probability that the best one answers is a logistic regression
over questions asked with the passage that answers and without it, and calibrated once more for each language.
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
from bot.score import MARGIN_WEIGHT, OVERLAP, WEIGHTS, Candidate, Question, features
from bot.settings import load
from tests.benchmarks.bench import RETRIEVED, SEED, Bench, each, indexed, set_aside
from tests.benchmarks.metrics import auroc, calibration_error, decline_below, declined
from tests.benchmarks.sets import Asked, asked

UNANSWERABLE = 0.5
"""What a question counts that its passage does not answer, against one asked without its passage."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """The candidates of one question: features (candidates, features) and which of them answer.

    `missing` are the features of the others over a corpus that lacks the passage that answers.
    """

    article: str
    rows: Floats
    answers: NDArray[np.bool_]
    missing: Floats
    answerable: bool
    language: str

    def without_answer(self) -> "Case":
        """The same question over a corpus that lacks the passage that answers."""
        none = np.zeros(len(self.missing), bool)
        return replace(self, rows=self.missing, answers=none, answerable=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--questions", type=int, default=800, help="questions of each folder")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep the indexes here for the next time")
    options = parser.parse_args()
    cases = {folder.name: read(folder, options.questions, options.data) for folder in options.folders}
    everything = [case for of_set in cases.values() for case in of_set]
    ranking, answer = fitted(everything)
    half = [case for case in everything if _fits(case.article)]
    of_half = fitted(half)
    print(
        json.dumps(
            {
                "weights": {
                    name: [round(one, 3), round(other, 3)]
                    for name, one, other in zip(WEIGHTS, ranking, answer[:-1], strict=True)
                },
                "margin": round(answer[-1], 3),
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
    """The weights of the ranking, (features,), and of the probability, (features + 1,)."""
    ranking = conditional_logit([case for case in cases if case.answers.any()])
    return ranking, logistic(cases, ranking)


def _as_they_are() -> tuple[Floats, Floats]:
    """The weights of `bot/score.py`."""
    answer = [*(weight.answer for weight in WEIGHTS.values()), MARGIN_WEIGHT]
    return np.array([weight.ranking for weight in WEIGHTS.values()]), np.array(answer)


def _rounded(calibration: Mapping[str, Floats]) -> dict[str, list[float]]:
    return {language: one.round(3).tolist() for language, one in calibration.items()}


def read(folder: Path, count: int, data: Path | None = None) -> list[Case]:
    """The candidates for questions about articles set aside."""
    with indexed(folder, load().data_dir / "models", data) as bench:
        kept = set_aside(bench.article.values())
        questions = [
            question for question in asked(folder) if bench.article.get(question.contexts[0]) in kept
        ]
        questions = random.Random(SEED).sample(questions, min(count, len(questions)))
        cases = each(partial(_case, bench=bench), questions)
    return [case for case in cases if len(case.rows)]


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
        _rows(weighed, offered, bench),
        np.array(answers, bool),
        _rows(weighed, others, bench),
        question.answerable,
        language,
    )


def _rows(question: Question, offered: Sequence[Candidate], bench: Bench) -> Floats:
    if not offered:
        return np.zeros((0, len(WEIGHTS)))
    ((_, read),) = read_alone([(question, offered)], bench.reader, {})
    return features(question, read)


def _holds(text: str, answer: str) -> bool:
    own, other = " ".join(text.split()), " ".join(answer.split())
    return bool(re.search(rf"(?<!\w){re.escape(other)}(?!\w)", own)) or own in other


def conditional_logit(cases: Sequence[Case], steps: int = 400) -> Floats:
    """Weights (features,) that maximise the share of the sentences that answer, by Adam."""
    matrix = np.concatenate([case.rows for case in cases])
    answers = np.concatenate([case.answers for case in cases]).astype(float)
    group = np.repeat(np.arange(len(cases)), [len(case.rows) for case in cases])
    starts = np.searchsorted(group, np.arange(len(cases)))
    weights, mean, square = (np.zeros(matrix.shape[1]) for _ in range(3))
    for _ in range(steps):
        score = matrix @ weights
        share = np.exp(score - np.maximum.reduceat(score, starts)[group])
        among_right = share * answers
        share /= np.add.reduceat(share, starts)[group]
        among_right /= np.add.reduceat(among_right, starts)[group]
        gradient = matrix.T @ (among_right - share) / len(cases) - 1e-4 * weights
        mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        weights += 0.05 * mean / (np.sqrt(square) + 1e-8)
    return weights


def logistic(cases: Sequence[Case], ranking: Floats) -> Floats:
    """Weights (features + 1,) of the probability that the best sentence answers; the last is that of the logarithm of
    its share."""
    matrix, right, counted = _best(_asked_twice(cases), ranking)
    return _fitted(matrix, right, counted, np.zeros(matrix.shape[1]), ridge=1e-2)


def calibrated(cases: Sequence[Case], ranking: Floats, answer: Floats) -> dict[str, Floats]:
    """By language what is added to the logit and what multiplies it, (2,) (Platt 1999)."""
    known = {}
    for language in ("en", "fr"):
        both = [case for case in _asked_twice(cases) if case.answerable and case.language == language]
        if both:
            best, right, counted = _best(both, ranking)
            matrix = np.stack([np.ones(len(best)), best @ answer], 1)
            known[language] = _fitted(matrix, right, counted, np.array([0.0, 1.0]), ridge=1.0)
    return known


def _fitted(
    matrix: Floats, right: Floats, counted: Floats, start: Floats, ridge: float, steps: int = 50
) -> Floats:
    """Weights of a logistic regression by Newton's method, held to `start` by `ridge`."""
    weights = start
    for _ in range(steps):
        probability = 1 / (1 + np.exp(-matrix @ weights))
        curvature = counted * probability * (1 - probability)
        hessian = (matrix.T * curvature) @ matrix + ridge * np.eye(len(weights))
        towards = matrix.T @ (counted * (right - probability)) - ridge * (weights - start)
        weights = weights + np.linalg.solve(hessian, towards)
    return weights


def other_language(cases: Sequence[Case]) -> Floats:
    """Least squares of the word-comparing feature on those before it: (features before,)."""
    matrix = np.concatenate([case.rows for case in cases])
    solution: Floats = np.linalg.lstsq(matrix[:, :OVERLAP], matrix[:, OVERLAP], rcond=None)[0]
    return solution


def figures(
    cases: Sequence[Case], ranking: Floats, answer: Floats, calibration: Mapping[str, Floats]
) -> dict[str, float | int]:
    """How often the best sentence answers, and how far its probability can be trusted."""
    answered = [case for case in cases if case.answerable]
    _, alone, _ = _best(answered, ranking)
    both = [case for case in _asked_twice(cases) if case.answerable]
    best, right, _ = _best(both, ranking)
    offset, slope = np.array([calibration.get(case.language, (0.0, 1.0)) for case in both]).T
    probability = 1 / (1 + np.exp(-offset - slope * (best @ answer)))
    with_answer = np.array([case.answers.any() for case in both])
    threshold = decline_below(probability[with_answer], 0.1)
    found = {
        "questions": len(answered),
        "answer among the sentences read": float(np.mean([case.answers.any() for case in answered])),
        "sentence_recall@1": float(alone.mean()),
        "calibration_error": calibration_error(probability, right > 0),
        "auroc_missing": auroc(probability, with_answer),
        "declines_at_10%_false": declined(probability[~with_answer], threshold),
        "threshold_at_10%_false": threshold,
    }
    if unanswerable := [case for case in cases if not case.answerable]:
        rows, _, _ = _best([*answered, *unanswerable], ranking)
        known = np.array([True] * len(answered) + [False] * len(unanswerable))
        found["auroc_unanswerable"] = auroc(1 / (1 + np.exp(-rows @ answer)), known)
    return {name: round(value, 4) for name, value in found.items()}


def _asked_twice(cases: Sequence[Case]) -> list[Case]:
    """The questions with the passage that answers, and once more without it."""
    answered = [case for case in cases if case.answers.any()]
    return [*cases, *(without for case in answered if len((without := case.without_answer()).rows))]


def _best(cases: Sequence[Case], ranking: Floats) -> tuple[Floats, Floats, Floats]:
    """The best candidate of each case with the logarithm of its share, whether it answers, and what it counts."""
    best, right = [], []
    for case in cases:
        score = case.rows @ ranking
        top = int(np.argmax(score))
        best.append(np.append(case.rows[top], -np.log(np.exp(score - score[top]).sum())))
        right.append(float(case.answers[top]))
    counted = np.array([1.0 if case.answerable else UNANSWERABLE for case in cases])
    return np.array(best), np.array(right), counted


if __name__ == "__main__":
    main()
