"""The projection of `bot/closeness.py` as something that learns; it does not know where the questions come from.

It is learned by contrast: among the sentences of the passages found for a question those that hold its answer are to
score highest, and the best one higher with the passage that answers than without it. Needs PyTorch, which the
project itself does not.
"""

import importlib
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from tests.benchmarks.bench import SEED, auroc

DIMENSION = 96
BATCH = 16
"""Questions between two steps."""
SAMPLED = 40_000
"""Words from which the training begins, of all that the passages have."""
RATE = 1e-3
RATES = {"importance": 3e-3, "scale": 3e-2, "telling": 1e-2}
"""What Adam begins with for these, and `RATE` for the others; all fall to 0."""
TELLING_SHARE = 0.5
"""What telling whether a question is answered counts in the loss, against ranking."""

Tensor = Any
"""A torch.Tensor; the project does not know its type."""


@dataclass(frozen=True, eq=False)
class Text:
    """A passage: its words' states (words, 384), its sentences, and each one's words (sentences, most words).

    Sentences with fewer words repeat their last. `context` is the passage's id in the benchmark.
    """

    context: str
    states: Tensor
    sentences: list[str]
    words: Tensor


@dataclass(frozen=True, eq=False)
class Case:
    """A question: its words' states (words, 384), the texts found, and for each of their sentences in order
    whether it answers and whether it is of the passage that answers, (sentences,)."""

    states: Tensor
    texts: list[Text]
    answers: Tensor
    of_context: Tensor


@cache
def pytorch() -> Any:
    """PyTorch, such that it does the same on every run; SystemExit where it is not installed."""
    try:
        module = importlib.import_module("torch")
    except ImportError:
        raise SystemExit("Training needs PyTorch, which the project does not: `pip install torch`.") from None
    module.use_deterministic_algorithms(True)
    return module


def untrained(texts: Sequence[Text]) -> dict[str, Tensor]:
    """Where training begins: the weights of a `Projection`, a whitened principal component analysis, and how scores
    become logits."""
    torch = pytorch()
    states = torch.cat([text.states for text in dict.fromkeys(texts)])
    states = states[:: max(1, len(states) // SAMPLED)]
    mean = states.mean(0)
    _, deviations, directions = torch.linalg.svd(states - mean, full_matrices=False)
    projection = directions[:DIMENSION] / (deviations[:DIMENSION, None] / deviations[0]) ** 0.5
    return {
        "question": projection.clone(),
        "question_bias": -(projection @ mean),
        "passage": projection.clone(),
        "passage_bias": -(projection @ mean),
        "importance": torch.zeros(states.shape[1]),
        "mean": mean,
        # What the closeness of the sentence and of its passage count, and slope and offset from the best score
        # to the logit that the question is answered.
        "scale": torch.tensor([20.0, 10.0]),
        "telling": torch.tensor([0.3, -3.0]),
    }


def train(cases: list[Case], weights: dict[str, Tensor], epochs: int) -> None:
    """Changes `weights` in place."""
    torch = pytorch()
    learned = {name: weight.requires_grad_() for name, weight in weights.items() if name != "mean"}
    groups = [{"params": [weight], "lr": RATES.get(name, RATE)} for name, weight in learned.items()]
    optimizer = torch.optim.Adam(groups)
    steps = max(1, epochs * (len(cases) // BATCH))
    decay = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / steps)
    for step, batch in enumerate(_batches(cases, epochs), 1):
        optimizer.zero_grad()
        loss = sum(_loss(case, weights) for case in batch) / BATCH
        loss.backward()
        optimizer.step()
        decay.step()
        if step % 100 == 0:
            print(f"step {step} of {steps}: loss {loss.item():.3f}", file=sys.stderr, flush=True)


def _batches(cases: list[Case], epochs: int) -> Iterator[list[Case]]:
    dice = random.Random(SEED)
    for _ in range(epochs):
        shuffled = dice.sample(cases, len(cases))
        for start in range(0, len(cases) - BATCH + 1, BATCH):
            yield shuffled[start : start + BATCH]


def _loss(case: Case, weights: dict[str, Tensor]) -> Tensor:
    torch = pytorch()
    score, (slope, offset) = _scores(case, weights), weights["telling"]
    ranking = torch.logsumexp(score, 0) - torch.logsumexp(score[case.answers], 0)
    answered = slope * score[case.answers].max() + offset
    unanswered = slope * score[~case.of_context].max() + offset
    softplus = torch.nn.functional.softplus
    return ranking + TELLING_SHARE * (softplus(-answered) + softplus(unanswered))


def _scores(case: Case, weights: dict[str, Tensor]) -> Tensor:
    """A logit for each sentence, (sentences,): `closeness` of it and of its passage, summed over words."""
    torch = pytorch()
    unit = torch.nn.functional.normalize
    shares = torch.softmax((case.states - weights["mean"]) @ weights["importance"], 0)
    question = unit(case.states @ weights["question"].T + weights["question_bias"]) * shares[:, None]
    states = torch.cat([text.states for text in case.texts])
    matches = question @ unit(states @ weights["passage"].T + weights["passage_bias"]).T
    scores = []
    parts = matches.split([len(text.states) for text in case.texts], 1)
    for text, own in zip(case.texts, parts, strict=True):
        sentences = own[:, text.words].amax(2).sum(0)
        scores.append(weights["scale"][0] * sentences + weights["scale"][1] * own.amax(1).sum())
    return torch.cat(scores)


def figures(cases: list[Case], weights: dict[str, Tensor]) -> dict[str, float]:
    """Of closeness alone: how often the best sentence answers, and how well its score tells that one does."""
    with pytorch().no_grad():
        scored = [(case, _scores(case, weights).numpy()) for case in cases]
    right = [bool(case.answers[int(score.argmax())]) for case, score in scored]
    both = [(score, score[~case.of_context.numpy()]) for case, score in scored if case.answers.any()]
    best = np.array([part.max() for pair in both for part in pair if len(part)])
    answered = np.array([part is pair[0] for pair in both for part in pair if len(part)])
    return {
        "questions": len(cases),
        "sentence_recall@1": round(float(np.mean(right)), 4),
        "answerability_auroc": round(auroc(best, answered), 4),
    }
