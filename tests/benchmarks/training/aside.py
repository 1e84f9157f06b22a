"""What it reaches on articles set aside, in PyTorch and over the passages that were found for a question.

It knows examples and weights; `reading.py` measures the same with the product's own code from end to end.
"""

import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from bot.e5.weights import ModelFile
from tests.benchmarks.bench import SEED
from tests.benchmarks.metrics import auroc, exact, overlap
from tests.benchmarks.training.batches import Text, Texts, pack
from tests.benchmarks.training.examples import Example
from tests.benchmarks.training.network import heads, pytorch, states

LONGEST = 30
"""Tokens of an answer at most."""


def figures(
    model: ModelFile, weights: dict[str, Any], examples: Sequence[Example], count: int
) -> dict[str, Any]:
    """By set and language of the question: how often the best unit of all passages answers, or of its own one; how
    the best span agrees with the answers; how well the best unit's logit tells answered questions from others."""
    torch = pytorch()
    dice = random.Random(SEED)
    texts = Texts(model)
    found: dict[str, Any] = {}
    for name in sorted({example.set for example in examples}):
        own = [example for example in examples if example.set == name]
        own = dice.sample(own, min(count, len(own)))
        for language in sorted({language for example in own for language in example.questions}):
            asked = [example for example in own if language in example.questions]
            ranked, inside, agreed, shared, with_own, without = [], [], [], [], [], []
            for example in asked:
                reads = [example.own, *example.wrong]
                made = [
                    texts.text(at, example.questions[language], read, True) for at, read in enumerate(reads)
                ]
                with torch.no_grad():
                    packed, ordered = pack(model, made, torch.bfloat16)
                    span, units = heads(weights, states(model, weights, packed), packed)
                parts = _parts(ordered, span.numpy(), units.numpy())
                best = {at: logits.max() for at, (_, logits) in parts.items() if len(logits)}
                if 0 not in best:
                    continue
                with_own.append(max(best.values()) if example.answered else best[0])
                without.append((max((best[at] for at in best if at), default=-20.0), example.answered))
                if example.answered:
                    text = next(text for text in ordered if text.group == 0)
                    top = int(parts[0][1].argmax())
                    inside.append(text.labels[top] != 0)
                    ranked.append(inside[-1] and best[0] == max(best.values()))
                    if example.own.answers:
                        read = _answer(texts, example, text, parts[0][0])
                        golds = [example.own.text[a:b] for a, b in example.own.answers]
                        agreed.append(exact(read, golds))
                        shared.append(overlap(read, golds))
            answered = np.array([known for _, known in without])
            scores = np.array(with_own)
            row = {
                "questions": len(asked),
                "sentence_recall@1": _mean(ranked),
                "sentence_in_passage": _mean(inside),
                "em": _mean(agreed),
                "f1": _mean(shared),
                "auroc_passage_missing": round(
                    auroc(
                        np.concatenate([scores[answered], [score for score, known in without if known]]),
                        np.array([True] * int(answered.sum()) + [False] * sum(known for _, known in without)),
                    ),
                    4,
                ),
            }
            if not answered.all():
                row["auroc_unanswerable"] = round(auroc(scores, answered), 4)
            found[f"{name} asked in {language}"] = row
    return found


def _parts(ordered: list[Text], span: Any, units: Any) -> dict[int, tuple[Any, Any]]:
    """By group, the span logits (tokens, 2) and the units' logits (units,)."""
    parts = {}
    token = unit = 0
    for text in ordered:
        parts[text.group] = (span[token : token + len(text.ids)], units[unit : unit + len(text.units)])
        token += len(text.ids)
        unit += len(text.units)
    return parts


def _answer(texts: Texts, example: Example, text: Text, span: Any) -> str:
    """The best span of the passage, as text."""
    tokens = texts.tokens(example.own.text)
    head = next(
        first
        for first in range(len(text.ids))
        if np.array_equal(text.ids[first : first + 4], tokens.ids[:4]) and first >= text.question
    )
    length = min(len(tokens.ids), len(text.ids) - 1 - head)
    scores = span[head : head + length, 0][:, None] + span[head : head + length, 1][None]
    allowed = np.triu(np.ones_like(scores)) * np.tril(np.ones_like(scores), LONGEST - 1)
    first, last = np.unravel_index(np.where(allowed > 0, scores, -1e9).argmax(), scores.shape)
    return example.own.text[tokens.starts[first] : tokens.ends[last]]


def _mean(values: list[Any]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None
