"""A reader that learns: the body of the embedded model over question and passage, and three heads.

It knows tensors and neither sets nor files. Needs PyTorch, which the project itself does not.
"""

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from bot.e5.weights import ModelFile

KINDS = 2
"""Question, and passage with its title."""

Tensor = Any
"""A torch.Tensor; the project does not know its type."""


@dataclass(frozen=True, eq=False)
class Packed:
    """Texts of tokens one after the other, those of one length together, and filling that nothing reads.

    `embeddings` (tokens, hidden) are the word embeddings, `places` and `kinds` (tokens,) where in its text a token
    stands and whether in the question (0) or the passage (1). `runs` are (texts, tokens of each), in order. `units`
    (units, 3) are the first token, the last one's successor, and the first token of the text.
    """

    embeddings: Tensor
    places: Tensor
    kinds: Tensor
    runs: list[tuple[int, int]]
    units: Tensor


@cache
def pytorch() -> Any:
    """PyTorch; SystemExit where it is not installed."""
    try:
        return importlib.import_module("torch")
    except ImportError:
        raise SystemExit("Training needs PyTorch, which the project does not: `pip install torch`.") from None


def parameters(model: ModelFile) -> dict[str, Tensor]:
    """Where training begins: the embedded model's body by the names of its file, and heads that say nothing yet."""
    torch = pytorch()
    hidden, inner = model.hidden, model.inner
    own: dict[str, Any] = {
        "emb.pos": model.vector("emb.pos").reshape(model.positions, hidden),
        "emb.kind": np.repeat(model.vector("emb.type").reshape(-1, hidden)[:1], KINDS, 0),
        "emb.ln.w": model.vector("emb.ln.w"),
        "emb.ln.b": model.vector("emb.ln.b"),
    }
    for layer in range(model.layers):
        for name, columns in (
            ("q", hidden),
            ("k", hidden),
            ("v", hidden),
            ("ao", hidden),
            ("fi", hidden),
            ("fo", inner),
        ):
            own[f"l{layer}.{name}.w"] = model.matrix(f"l{layer}.{name}.w", columns)
            own[f"l{layer}.{name}.b"] = model.vector(f"l{layer}.{name}.b")
        for name in ("aln", "oln"):
            own[f"l{layer}.{name}.w"] = model.vector(f"l{layer}.{name}.w")
            own[f"l{layer}.{name}.b"] = model.vector(f"l{layer}.{name}.b")
    dice = np.random.default_rng(1)
    own |= {
        "span.w": dice.normal(0, 0.02, (2, hidden)),
        "span.b": np.zeros(2),
        "unit.w": dice.normal(0, 0.02, (hidden, 2 * hidden)),
        "unit.b": np.zeros(hidden),
        "answers.w": dice.normal(0, 0.02, (1, hidden)),
        "answers.b": np.zeros(1),
    }
    return {
        name: torch.tensor(np.array(value, np.float32), requires_grad=True) for name, value in own.items()
    }


def states(model: ModelFile, weights: dict[str, Tensor], packed: Packed, dropped: float = 0.0) -> Tensor:
    """The states of the tokens of all texts, one text after the other, (tokens, hidden).

    `dropped` is the share of what a part of a layer says that is left out, by chance.
    """
    torch = pytorch()
    function = torch.nn.functional
    hidden, size = model.hidden, model.hidden // model.heads
    kind = packed.embeddings.dtype

    def norm(x: Tensor, name: str) -> Tensor:
        scale, shift = weights[f"{name}.w"].to(kind), weights[f"{name}.b"].to(kind)
        return function.layer_norm(x, (hidden,), scale, shift, model.epsilon)

    def linear(x: Tensor, *names: str) -> Tensor:
        matrix = (
            torch.cat([weights[f"{name}.w"] for name in names])
            if len(names) > 1
            else weights[f"{names[0]}.w"]
        )
        offset = torch.cat([weights[f"{name}.b"] for name in names])
        return function.linear(x, matrix.to(kind), offset.to(kind))

    places = function.embedding(packed.places, weights["emb.pos"]) + function.embedding(
        packed.kinds, weights["emb.kind"]
    )
    x = norm(packed.embeddings + places.to(kind), "emb.ln")
    filled = x.new_zeros(len(x) - sum(count * length for count, length in packed.runs), hidden)
    for layer in range(model.layers):
        name = f"l{layer}"
        mixed = linear(x, f"{name}.q", f"{name}.k", f"{name}.v")
        seen = []
        sizes = [count * length for count, length in packed.runs]
        for part, (count, length) in zip(mixed.split([*sizes, len(filled)]), packed.runs, strict=False):
            # Batched products of whole matrices: five times as quick on a processor as PyTorch's fused attention.
            shaped = part.view(count, length, 3, model.heads, size).permute(2, 0, 3, 1, 4)
            query, key, value = (each.reshape(count * model.heads, length, size) for each in shaped)
            shares = torch.softmax(torch.bmm(query * size**-0.5, key.transpose(1, 2)), -1)
            over = torch.bmm(shares, value).view(count, model.heads, length, size)
            seen.append(over.transpose(1, 2).reshape(count * length, hidden))
        said = function.dropout(linear(torch.cat([*seen, filled]), f"{name}.ao"), dropped)
        x = norm(x + said, f"{name}.aln")
        wide = function.gelu(linear(x, f"{name}.fi"), approximate="tanh")
        x = norm(x + function.dropout(linear(wide, f"{name}.fo"), dropped), f"{name}.oln")
    return x


def heads(weights: dict[str, Tensor], read: Tensor, packed: Packed) -> tuple[Tensor, Tensor]:
    """For each token whether the answer starts and ends there, (tokens, 2), and for each unit whether it answers,
    (units,)."""
    torch = pytorch()
    function = torch.nn.functional
    read = read.float()
    span = function.linear(read, weights["span.w"], weights["span.b"])
    running = torch.cat([torch.zeros(1, read.shape[1]), read.double().cumsum(0)])
    sums = (running[packed.units[:, 1]] - running[packed.units[:, 0]]).float()
    means = sums / (packed.units[:, 1] - packed.units[:, 0])[:, None]
    whole = read[packed.units[:, 2]]
    bent = torch.tanh(function.linear(torch.cat([means, whole], 1), weights["unit.w"], weights["unit.b"]))
    return span, function.linear(bent, weights["answers.w"], weights["answers.b"])[:, 0]
