"""Trains the projection of `bot/closeness.py` and prints what it reaches on articles set aside, before and after.

    python tests/benchmarks/train_closeness.py BENCH/squad2_dev BENCH/piaf_fr --avoid BENCH/xquad_en \\
        --out bot/closeness.npz [--questions 4500] [--epochs 2]

Late interaction (Khattab and Zaharia 2020); what is learned and how stands in `projection.py`. A tenth of the articles
of each folder is set aside, the same tenth as by `fit_score.py`; training sees neither them, not even as wrong
passages, nor the paragraphs of the sets to `--avoid`. It needs PyTorch, which the project itself does not:
`pip install torch`.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.closeness import Projection
from bot.read import _units
from bot.retrieve import retrieve
from bot.settings import load
from bot.terms import language_of
from tests.benchmarks.bench import RETRIEVED, Bench, each, indexed, questions, set_aside
from tests.benchmarks.projection import Case, Text, figures, pytorch, train, untrained
from tests.benchmarks.sets import letters, rows

SHOWN = 500
"""Questions of those trained on whose figures are printed too."""


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
    torch = pytorch()
    started = time.perf_counter()
    avoided = {letters(row["text"]) for folder in options.avoid for row in rows(folder / "corpus.jsonl")}
    trained, aside = [], {}
    for folder in options.folders:
        with indexed(folder, load().data_dir / "models") as bench:
            kept, texts = set_aside(bench.article.values()), _texts(bench)
            hidden = {context for context, article in bench.article.items() if article in kept}
            asked = questions(folder, options.questions)
            rest = [row for row in asked if row["context_id"] in hidden]
            aside[folder.name] = each(partial(_case, bench, texts, False), rest)
            corpus = rows(folder / "corpus.jsonl")
            hidden |= {row["id"] for row in corpus if letters(row["text"]) in avoided}
            seen = {key: text for key, text in texts.items() if text.context not in hidden}
            rest = [row for row in asked if row["context_id"] not in hidden]
            trained += each(partial(_case, bench, seen, True), rest)
    trained = [case for case in trained if case.answers.any() and not case.of_context.all()]
    weights = untrained([text for case in trained for text in case.texts])
    before = {name: figures(cases, weights) for name, cases in aside.items()}
    reading, started = time.perf_counter() - started, time.perf_counter()
    train(trained, weights, options.epochs)
    stored = {field.name: weights[field.name].detach().numpy() for field in fields(Projection)}
    np.savez(options.out, **{name: weight.astype(np.float16) for name, weight in stored.items()})
    report = {
        "date": date.today().isoformat(),
        "questions": len(trained),
        "epochs": options.epochs,
        "seconds": {"reading": round(reading), "training": round(time.perf_counter() - started)},
        "set aside": {
            name: {"before": before[name], "after": figures(cases, weights)} for name, cases in aside.items()
        },
        "trained on": figures(trained[:: max(1, len(trained) // SHOWN)], weights),
        "torch": torch.__version__,
    }
    print(json.dumps(report, indent=1))


def _texts(bench: Bench) -> dict[str, Text]:
    """The passages that answers can come from, by id."""
    torch = pytorch()
    found = {}
    stored = bench.catalog.passages(sorted(bench.catalog.passage_ids()))
    passages = [passage for passage in stored if passage.kind == "body"]
    read = bench.words._states([passage.text for passage in passages])
    for passage, (spans, states) in zip(passages, read, strict=True):
        sentences, ranges = [], []
        for start, end, _ in _units(passage):
            first = int(np.searchsorted(spans[:, 0], start))
            last = int(np.searchsorted(spans[:, 1], end, side="right"))
            if last > first:
                sentences.append(passage.text[start:end])
                ranges.append((first, last))
        if ranges:
            longest = np.arange(max(last - first for first, last in ranges))
            words = torch.tensor(np.array([np.minimum(first + longest, last - 1) for first, last in ranges]))
            context = bench.context[passage.release_id]
            found[passage.id] = Text(context, torch.from_numpy(states), sentences, words)
    return found


def _case(bench: Bench, texts: Mapping[str, Text], with_answer: bool, row: dict[str, Any]) -> Case:
    """The question over those of the passages found that `texts` has.

    `with_answer` puts the passage that answers in the place of the last one where it was not found.
    """
    torch = pytorch()
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
    of_context = torch.tensor([here for _, here in sentences], dtype=torch.bool)
    return Case(torch.from_numpy(states), found, torch.tensor(answers, dtype=torch.bool), of_context)


if __name__ == "__main__":
    main()
