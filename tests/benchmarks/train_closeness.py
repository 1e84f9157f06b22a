"""Trains the projection of `bot/closeness.py` and prints what it reaches on articles set aside, before and after.

    python tests/benchmarks/train_closeness.py BENCH/squad2_dev BENCH/piaf_fr --avoid BENCH/xquad_en \\
        --out bot/closeness.npz [--questions 4500] [--epochs 2]

Late interaction (Khattab and Zaharia 2020), learned by contrast: among the sentences of the passages found for a
question those that hold its answer are to score highest, and the best one higher with the passage that answers than
without it. Training begins at a whitened principal component analysis of the states. A tenth of the articles of each
folder is set aside, the same tenth as by `fit_score.py`; training sees neither them, not even as wrong passages, nor
the paragraphs of the sets to `--avoid`. It needs PyTorch, which the project itself does not: `pip install torch`.
"""

import argparse
import importlib
import json
import random
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.closeness import Projection
from bot.read import _units
from bot.retrieve import retrieve
from bot.settings import load
from bot.terms import language_of
from tests.benchmarks.bench import RETRIEVED, SEED, Bench, auroc, each, indexed, questions, rows, set_aside

DIMENSION = 96
READ_AT_ONCE = 64
"""Passages whose words are read together."""
BATCH = 16
"""Questions between two steps."""
SAMPLED = 40_000
"""Words from which the training begins, of all that the passages have."""
RATE = 1e-3
RATES = {"importance": 3e-3, "scale": 3e-2, "telling": 1e-2}
"""What Adam begins with for these, and `RATE` for the others; all fall to 0."""
TELLING_SHARE = 0.5
"""What telling whether a question is answered counts in the loss, against ranking."""
SHOWN = 500
"""Questions of those trained on whose figures are printed too."""

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--avoid", nargs="+", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--questions", type=int, default=4500, help="questions of each folder")
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args()
    if not options.out.parent.is_dir():
        parser.error(f"--out {options.out}: there is no folder {options.out.parent}.")
    torch = _torch()
    started = time.perf_counter()
    avoided = {_letters(row["text"]) for folder in options.avoid for row in rows(folder / "corpus.jsonl")}
    trained, aside = [], {}
    for folder in options.folders:
        with indexed(folder, load().data_dir / "models") as bench:
            kept, texts = set_aside(bench.article.values()), _texts(bench)
            hidden = {context for context, article in bench.article.items() if article in kept}
            asked = questions(folder, options.questions)
            rest = [row for row in asked if row["context_id"] in hidden]
            aside[folder.name] = each(partial(_case, bench, texts, False), rest)
            corpus = rows(folder / "corpus.jsonl")
            hidden |= {row["id"] for row in corpus if _letters(row["text"]) in avoided}
            seen = {key: text for key, text in texts.items() if text.context not in hidden}
            rest = [row for row in asked if row["context_id"] not in hidden]
            trained += each(partial(_case, bench, seen, True), rest)
    trained = [case for case in trained if case.answers.any() and not case.of_context.all()]
    weights = _start([text for case in trained for text in case.texts])
    before = {name: _figures(cases, weights) for name, cases in aside.items()}
    reading, started = time.perf_counter() - started, time.perf_counter()
    _train(trained, weights, options.epochs)
    stored = {field.name: weights[field.name].detach().numpy() for field in fields(Projection)}
    np.savez(options.out, **{name: weight.astype(np.float16) for name, weight in stored.items()})
    report = {
        "date": date.today().isoformat(),
        "questions": len(trained),
        "epochs": options.epochs,
        "seconds": {"reading": round(reading), "training": round(time.perf_counter() - started)},
        "set aside": {
            name: {"before": before[name], "after": _figures(cases, weights)} for name, cases in aside.items()
        },
        "trained on": _figures(trained[:: max(1, len(trained) // SHOWN)], weights),
        "torch": torch.__version__,
    }
    print(json.dumps(report, indent=1))


def _texts(bench: Bench) -> dict[str, Text]:
    """The passages that answers can come from, by id."""
    torch = _torch()
    found = {}
    passages = bench.catalog.passages(sorted(bench.catalog.passage_ids()))
    passages = [passage for passage in passages if passage.kind == "body"]
    for start in range(0, len(passages), READ_AT_ONCE):
        part = passages[start : start + READ_AT_ONCE]
        read = bench.words._states([passage.text for passage in part])
        for passage, (spans, states) in zip(part, read, strict=True):
            sentences, ranges = [], []
            for begin, end, _ in _units(passage):
                first = int(np.searchsorted(spans[:, 0], begin))
                last = int(np.searchsorted(spans[:, 1], end, side="right"))
                if last > first:
                    sentences.append(passage.text[begin:end])
                    ranges.append((first, last))
            if ranges:
                longest = np.arange(max(last - first for first, last in ranges))
                words = np.array([np.minimum(first + longest, last - 1) for first, last in ranges])
                found[passage.id] = Text(
                    bench.context[passage.release_id],
                    torch.from_numpy(states),
                    sentences,
                    torch.from_numpy(words),
                )
    return found


def _case(bench: Bench, texts: Mapping[str, Text], with_answer: bool, row: dict[str, Any]) -> Case:
    """The question over those of the passages found that `texts` has.

    `with_answer` puts the passage that answers in the place of the last one where it was not found.
    """
    torch = _torch()
    question, context = row["question"], row["context_id"]
    vector = np.asarray(bench.embeddings.embed_query(question), np.float32)
    language = language_of(question, "en")
    hits = retrieve(question, language, vector, bench.catalog, bench.vectors, RETRIEVED)
    found = [texts[hit.passage.id] for hit in hits if hit.passage.id in texts]
    if with_answer and all(text.context != context for text in found):
        found[-1:] = [text for text in texts.values() if text.context == context]
    sentences = [(sentence, text.context == context) for text in found for sentence in text.sentences]
    answers = [here and any(answer in sentence for answer in row["answers"]) for sentence, here in sentences]
    ((_, states),) = bench.words._states([question])
    return Case(
        torch.from_numpy(states),
        found,
        torch.tensor(answers, dtype=torch.bool),
        torch.tensor([here for _, here in sentences], dtype=torch.bool),
    )


def _start(texts: Sequence[Text]) -> dict[str, Tensor]:
    """The untrained weights: those of a `Projection`, and how scores become logits."""
    torch = _torch()
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


def _train(cases: list[Case], weights: dict[str, Tensor], epochs: int) -> None:
    """Changes `weights` in place."""
    torch = _torch()
    learned = {name: weight.requires_grad_() for name, weight in weights.items() if name != "mean"}
    optimizer = torch.optim.Adam(
        [{"params": [weight], "lr": RATES.get(name, RATE)} for name, weight in learned.items()]
    )
    steps = epochs * (len(cases) // BATCH)
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
    torch = _torch()
    softplus = torch.nn.functional.softplus
    score = _scores(case, weights)
    slope, offset = weights["telling"]
    ranking = torch.logsumexp(score, 0) - torch.logsumexp(score[case.answers], 0)
    answered = slope * score[case.answers].max() + offset
    unanswered = slope * score[~case.of_context].max() + offset
    return ranking + TELLING_SHARE * (softplus(-answered) + softplus(unanswered))


def _scores(case: Case, weights: dict[str, Tensor]) -> Tensor:
    """A logit for each sentence, (sentences,): `closeness` of it and of its passage, summed over words."""
    torch = _torch()
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


def _figures(cases: list[Case], weights: dict[str, Tensor]) -> dict[str, float]:
    """Of closeness alone: how often the best sentence answers, and how well its score tells that one does."""
    with _torch().no_grad():
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


def _letters(text: str) -> str:
    """The text without case, white space and punctuation, in which sets that copied a paragraph differ."""
    return re.sub(r"[\W_]+", "", text).casefold()


@cache
def _torch() -> Any:
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        raise SystemExit("Training needs PyTorch, which the project does not: `pip install torch`.") from None
    torch.use_deterministic_algorithms(True)
    return torch


if __name__ == "__main__":
    main()
