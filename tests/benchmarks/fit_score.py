"""Fits the weights of `bot/score.py` and prints them, with what they reach on articles set aside.

    python tests/benchmarks/fit_score.py BENCH/squad2_dev BENCH/piaf_fr [--questions 2500]

A tenth of the articles of each folder is set aside, the same tenth as by `train_closeness.py`. The ranking is a
conditional logit (McFadden 1974) over the sentences of a question; the probability a logistic regression on the
best sentence, over the questions and the same questions with the passage that answers taken away.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.read import Wording, candidates, weigh
from bot.retrieve import retrieve
from bot.score import LEXICAL, WEIGHTS, features
from bot.settings import load
from bot.terms import language_of
from tests.benchmarks.bench import RETRIEVED, Bench, auroc, each, indexed, questions, set_aside

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """The candidates of one question: features (candidates, features) and which of them answer."""

    article: str
    rows: Floats
    answers: NDArray[np.bool_]
    passages: list[str]
    context: str

    def without_answer(self) -> "Case":
        """The same question over a corpus that lacks the passage that answers."""
        kept = np.array([passage != self.context for passage in self.passages])
        left = [passage for passage in self.passages if passage != self.context]
        return Case(self.article, self.rows[kept], np.zeros(int(kept.sum()), bool), left, self.context)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--questions", type=int, default=2500, help="questions of each folder")
    options = parser.parse_args()
    fitted, aside = [], {}
    for folder in options.folders:
        with indexed(folder, load().data_dir / "models") as bench:
            cases = each(partial(_case, bench=bench), questions(folder, options.questions))
        kept = set_aside(bench.article.values())
        fitted += [case for case in cases if case.article not in kept]
        aside[folder.name] = [case for case in cases if case.article in kept]
    ranking = _conditional_logit([case for case in fitted if case.answers.any()])
    best, right = _best(_with_and_without(fitted), ranking)
    answer = _logistic(best, right)
    print(
        json.dumps(
            {
                "weights": {
                    name: [round(one, 3), round(other, 3)]
                    for name, one, other in zip(WEIGHTS, ranking, answer[:-1], strict=True)
                },
                "margin": round(answer[-1], 3),
                "other language": _other_language(fitted).round(3).tolist(),
                "set aside": {name: _figures(cases, ranking, answer) for name, cases in aside.items()},
            },
            indent=1,
        )
    )


def _case(row: dict[str, Any], bench: Bench) -> Case:
    text = row["question"]
    language = language_of(text, "en")
    vector = np.asarray(bench.embeddings.embed_query(text), np.float32)
    found = retrieve(text, language, vector, bench.catalog, bench.vectors, RETRIEVED)
    question = weigh(text, language, bench.catalog)
    offered = list(candidates(Wording(question, vector), found, bench.catalog, bench.words))
    passages = [bench.context[candidate.release.id] for candidate in offered]
    answers = [
        passage == row["context_id"] and any(answer in candidate.text for answer in row["answers"])
        for candidate, passage in zip(offered, passages, strict=True)
    ]
    article = bench.article[row["context_id"]]
    return Case(article, features(question, offered), np.array(answers, bool), passages, row["context_id"])


def _with_and_without(cases: list[Case]) -> list[Case]:
    answered = [case for case in cases if case.answers.any()]
    return answered + [without for case in answered if len((without := case.without_answer()).rows)]


def _conditional_logit(cases: list[Case], steps: int = 400) -> Floats:
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


def _best(cases: list[Case], ranking: Floats) -> tuple[Floats, Floats]:
    """The best candidate of each case, with the logarithm of its share, and whether it answers."""
    best, right = [], []
    for case in cases:
        score = case.rows @ ranking
        top = int(np.argmax(score))
        best.append(np.append(case.rows[top], -np.log(np.exp(score - score[top]).sum())))
        right.append(float(case.answers[top]))
    return np.array(best), np.array(right)


def _logistic(matrix: Floats, right: Floats, steps: int = 50, ridge: float = 1e-2) -> Floats:
    """Weights (columns,) of a logistic regression, by Newton's method."""
    weights = np.zeros(matrix.shape[1])
    for _ in range(steps):
        probability = 1 / (1 + np.exp(-matrix @ weights))
        hessian = (matrix.T * (probability * (1 - probability))) @ matrix + ridge * np.eye(len(weights))
        weights += np.linalg.solve(hessian, matrix.T @ (right - probability) - ridge * weights)
    return weights


def _other_language(cases: list[Case]) -> Floats:
    """Least squares of the word-comparing features on those before them: (features before, features)."""
    matrix = np.concatenate([case.rows for case in cases])
    solution: Floats = np.linalg.lstsq(matrix[:, : LEXICAL.start], matrix[:, LEXICAL], rcond=None)[0]
    return solution


def _figures(cases: list[Case], ranking: Floats, answer: Floats) -> dict[str, float]:
    _, alone = _best(cases, ranking)
    both = _with_and_without(cases)
    best, right = _best(both, ranking)
    probability = 1 / (1 + np.exp(-best @ answer))
    answerable = np.array([case.answers.any() for case in both])
    bins = np.minimum((probability * 10).astype(int), 9)
    error = sum(
        abs(probability[bins == number].mean() - right[bins == number].mean()) * (bins == number).mean()
        for number in set(bins.tolist())
    )
    threshold = np.quantile(probability[answerable], 0.1)
    return {
        "questions": len(cases),
        "sentence_recall@1": round(float(alone.mean()), 4),
        "calibration_error": round(float(error), 4),
        "answerability_auroc": round(auroc(probability, answerable), 4),
        "declines_at_10%_false": round(float((probability[~answerable] < threshold).mean()), 4),
        "threshold_at_10%_false": round(float(threshold), 4),
    }


if __name__ == "__main__":
    main()
