"""Trains a network that reads a question over a passage and prints what it reaches on articles set aside.

    python tests/benchmarks/training/train.py EXAMPLES --out WEIGHTS.npz [--epochs 2] [--from CHECKPOINT]
        [--replay OTHER_EXAMPLES --replayed 6000]

EXAMPLES is what `examples.py` wrote; so many questions of what is replayed are mixed in, lest they be forgotten.
It needs PyTorch, which the project itself does not: `pip install torch`. With a processor that multiplies bfloat16 an
hour on two cores is two epochs.
"""

import argparse
import itertools
import json
import random
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bot.e5.weights import ModelFile, find
from tests.benchmarks.bench import SEED
from tests.benchmarks.training.aside import figures
from tests.benchmarks.training.batches import TOKENS, Text, Texts, batches, pack
from tests.benchmarks.training.examples import Example, Read
from tests.benchmarks.training.export import stored
from tests.benchmarks.training.network import heads, parameters, pytorch, states

SAMPLED = 20
"""Batches from which the number of questions in one is told."""
BODY_RATE, HEAD_RATE = 1.5e-4, 1e-3
DROPPED = 0.1
"""The share of what each part of a layer says that is left out while learning."""
WARM_UP = 0.05
"""The share of the steps in which the rates rise; after it they fall to 0."""
DECAY = 0.01
SPAN, RANKING, TELLING = 1.0, 1.0, 0.5
"""What where the answer stands, which unit holds it among all, and whether each does, count in the loss."""
HEADS = ("span", "unit", "answers")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the file to write the weights to")
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--from", dest="begun", type=Path, help="weights or a reader to go on from")
    parser.add_argument(
        "--rate", type=float, default=BODY_RATE, help="the highest rate at which the body learns"
    )
    parser.add_argument("--replay", type=Path, help="examples of which some are mixed in")
    parser.add_argument("--replayed", type=int, default=6000, help="how many")
    parser.add_argument("--aside", type=int, default=150, help="questions of each set to measure with")
    options = parser.parse_args()
    torch = pytorch()
    torch.manual_seed(SEED)
    model = find()
    weights = parameters(model)
    if options.begun:
        for name, value in stored(options.begun).items():
            weights[name] = torch.tensor(value.reshape(weights[name].shape), requires_grad=True)
    examples = load(options.examples / "train.jsonl")
    aside = load(options.examples / "aside.jsonl")
    if options.replay:
        others = load(options.replay / "train.jsonl")
        examples += random.Random(SEED).sample(others, min(options.replayed, len(others)))
        aside += load(options.replay / "aside.jsonl")
    seconds = train(model, weights, examples, options)
    report = {
        "date": date.today().isoformat(),
        "questions": len(examples),
        "epochs": options.epochs,
        "seconds": round(seconds),
        "set aside": figures(model, weights, aside, options.aside),
        "torch": torch.__version__,
    }
    print(json.dumps(report, indent=1))


def load(path: Path) -> list[Example]:
    """The examples of a file that `examples.py` wrote."""

    def read(row: dict[str, Any]) -> Read:
        return Read(
            **{
                key: [tuple(pair) for pair in value] if key in ("units", "answers") else value
                for key, value in row.items()
            }
        )

    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Example(**row | {"own": read(row["own"]), "wrong": [read(wrong) for wrong in row["wrong"]]})
        for row in rows
    ]


def save(path: Path, weights: dict[str, Any]) -> None:
    """Write the weights, (name, array), whole or not at all."""
    partial = path.with_suffix(".partial.npz")
    np.savez(partial, **{name: weight.detach().numpy() for name, weight in weights.items()})
    partial.replace(path)


def train(
    model: ModelFile, weights: dict[str, Any], examples: list[Example], options: argparse.Namespace
) -> float:
    """Changes `weights` in place; returns the seconds it took."""
    torch = pytorch()
    dice = random.Random(SEED)
    groups = [
        {
            "params": [
                weight for name, weight in weights.items() if (name.split(".")[0] in HEADS) == is_head
            ],
            "lr": rate,
        }
        for is_head, rate in ((False, options.rate), (True, options.rate / BODY_RATE * HEAD_RATE))
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=DECAY, betas=(0.9, 0.98))
    texts = Texts(model)
    supply = batches(texts, examples, dice)
    usual = np.mean([groups for groups, _ in itertools.islice(supply, SAMPLED)])
    steps = max(1, int(options.epochs * len(examples) / usual))
    warm = max(1, round(WARM_UP * steps))
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (steps - step) / max(1, steps - warm))
    )
    started = time.perf_counter()
    tokens, shown = 0, []
    for step, (_, made) in enumerate(itertools.islice(supply, steps), 1):
        packed, ordered = pack(model, made, torch.bfloat16, TOKENS)
        span, units = heads(weights, states(model, weights, packed, DROPPED), packed)
        parts = losses(span, units, ordered)
        optimizer.zero_grad()
        (SPAN * parts[0] + RANKING * parts[1] + TELLING * parts[2]).backward()
        torch.nn.utils.clip_grad_norm_(list(weights.values()), 1.0)
        optimizer.step()
        rate.step()
        tokens += len(packed.embeddings)
        shown.append([part.item() for part in parts])
        if step % 20 == 0:
            taken = time.perf_counter() - started
            mean = np.mean(shown, axis=0).round(3).tolist()
            shown = []
            print(
                f"step {step} of {steps}: span {mean[0]}, ranking {mean[1]}, telling {mean[2]}; "
                f"{tokens / taken:.0f} tokens/s, {taken / step * (steps - step) / 60:.0f} minutes left",
                file=sys.stderr,
                flush=True,
            )
        if step % 200 == 0 or step == steps:
            save(options.out, weights)
    return time.perf_counter() - started


def losses(span: Any, units: Any, ordered: list[Text]) -> tuple[Any, Any, Any]:
    """Of a batch: where answers start and end, which unit of a question's answers, and whether each unit does."""
    torch = pytorch()
    spans, of_groups = [], {}
    at_token = at_unit = 0
    for text in ordered:
        own = torch.log_softmax(span[at_token : at_token + len(text.ids)], 0)
        if text.spans_known:
            ends = [(first, last - 1) for first, last in text.answers] or [(0, 0)]
            for edge in (0, 1):
                right = sorted({pair[edge] for pair in ends})
                spans.append(-torch.logsumexp(own[right, edge], 0))
        of_groups.setdefault(text.group, []).append((units[at_unit : at_unit + len(text.units)], text.labels))
        at_token += len(text.ids)
        at_unit += len(text.units)
    ranking = []
    for pairs in of_groups.values():
        logits = torch.cat([own for own, _ in pairs])
        known = torch.tensor([label for _, labels in pairs for label in labels])
        if (known == 1).any():
            ranking.append(torch.logsumexp(logits[known >= 0], 0) - torch.logsumexp(logits[known == 1], 0))
    labels = torch.tensor([label for text in ordered for label in text.labels])
    telling = torch.nn.functional.binary_cross_entropy_with_logits(
        units[labels >= 0], (labels[labels >= 0] == 1).float(), reduction="sum"
    ) / len(ordered)
    return torch.stack(spans).mean(), torch.stack(ranking).mean(), telling


if __name__ == "__main__":
    main()
