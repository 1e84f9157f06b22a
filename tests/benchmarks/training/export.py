"""Writes trained weights, or the mean of several, as an ONNX model, with integers where the embedding network has them.

    python tests/benchmarks/training/export.py WEIGHTS.npz [MORE.npz] --out READER.onnx

It knows weights and the graph; it needs no PyTorch.
"""

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bot.e5.graph import Graph, model_of
from bot.e5.weights import ModelFile, find

TOGETHER = 5
"""Layers in which a passage is read with what stands before it; by then it knows who "it" is. LOG.md has what fewer
and more of them do."""


@dataclass(frozen=True, eq=False)
class Trained:
    """Trained weights in the form of the embedded model."""

    model: ModelFile
    own: dict[str, NDArray[np.float32]]

    @property
    def hidden(self) -> int:
        return self.model.hidden

    @property
    def heads(self) -> int:
        return self.model.heads

    @property
    def inner(self) -> int:
        return self.model.inner

    @property
    def layers(self) -> int:
        return self.model.layers

    @property
    def epsilon(self) -> float:
        return self.model.epsilon

    def vector(self, name: str) -> NDArray[np.float32]:
        return self.own[name].reshape(-1)

    def matrix(self, name: str, columns: int) -> NDArray[np.float32]:
        return self.own[name].reshape(-1, columns)

    def places(self) -> NDArray[np.float32]:
        return self.own["emb.pos"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="+", help="of `train.py`, or readers that were exported")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    options = parser.parse_args()
    given = []
    for path in options.weights:
        given.append(stored(path))
    own = {name: np.mean([each[name] for each in given], axis=0, dtype=np.float32) for name in given[0]}
    content = build(Trained(find(), own))
    options.out.write_bytes(content)
    print(f"{options.out}: {len(content) / 1e6:.1f} MB", file=sys.stderr)


def build(trained: Trained) -> bytes:
    """The network: `embeddings` (1, tokens, hidden), `passage` (1, tokens, 1), 1 for a token of the passage and 0 for
    one of the question, `kept` (tokens,), 1 for a token that is read to the end and 0 for one that only tells those
    what they are about, and `pool` (units, kept tokens), which averages over the tokens of a unit, go in; `span`
    (kept tokens, 2), where an answer starts and ends, and `answers` (units, 1) come out, as logits."""
    from onnx import TensorProto

    own = trained.own
    graph = Graph(trained)
    kinds = own["emb.kind"]
    of_question = graph.constant("of_question", kinds[0])
    further = graph.constant("of_passage", kinds[1] - kinds[0])
    told = graph.node("Add", ["embeddings", of_question], "as_question")
    told = graph.node("Add", [told, graph.node("Mul", ["passage", further], "further")], "told")
    together = graph.body(graph.opening(told), last=TOGETHER)
    stays = graph.node("Cast", ["kept"], "stays", to=TensorProto.BOOL)
    read = graph.body(graph.node("Compress", [together, stays], "staying", axis=1), first=TOGETHER)
    flat = graph.node("Squeeze", [read, graph.constant("first_axis", np.array([0], np.int64))], "flat")
    _dense(graph, flat, "span", own, "span")
    means = graph.node("MatMul", ["pool", flat], "means")
    halves = own["unit.w"][:, : trained.hidden], own["unit.w"][:, trained.hidden :]
    first = graph.node(
        "Gather", [flat, graph.constant("opening_token", np.array([0], np.int64))], "whole", axis=0
    )
    of_means = graph.node("MatMul", [means, graph.constant("unit.own", halves[0].T)], "of_means")
    of_whole = graph.node("MatMul", [first, graph.constant("unit.whole", halves[1].T)], "of_whole")
    added = graph.node("Add", [of_means, of_whole], "of_both")
    bent = graph.node(
        "Tanh", [graph.node("Add", [added, graph.constant("unit.b", own["unit.b"])], "unit")], "bent"
    )
    _dense(graph, bent, "answers", own, "answers")
    hidden = trained.hidden
    return model_of(
        graph,
        "communique-reader",
        {
            "embeddings": (1, "tokens", hidden),
            "passage": (1, "tokens", 1),
            "kept": ("tokens",),
            "pool": ("units", "staying"),
        },
        {"span": ("staying", 2), "answers": ("units", 1)},
    )


def stored(path: Path) -> dict[str, NDArray[np.float32]]:
    """The weights of a file that `train.py` or this script wrote, by the names of training."""
    if path.suffix == ".onnx":
        return weights_of(path)
    with np.load(path) as content:
        return {name: content[name].astype(np.float32) for name in content.files}


def weights_of(path: Path) -> dict[str, NDArray[np.float32]]:
    """The weights of a reader as it was exported, by the names of training: what the integers keep of them."""
    import onnx
    from onnx import numpy_helper

    held = {one.name: numpy_helper.to_array(one) for one in onnx.load(path).graph.initializer}
    hidden = held["of_question"].size
    own = {name: held[name] for name in held if re.fullmatch(r"(emb|l\d+)\.(ln|aln|oln)\.[wb]", name)}
    own |= {name: held[name] for name in held if re.fullmatch(r"l\d+\.(ao|fi|fo)\.b", name)}
    for name in [name.removesuffix(".levels") for name in held if name.endswith(".levels")]:
        matrix = held[f"{name}.levels"].T * held[f"{name}.scales"][:, None]
        if name.endswith(".qkv"):
            layer = name.removesuffix(".qkv")
            biases = held[f"{name}.b"].reshape(3, hidden)
            for part, rows, bias in zip("qkv", matrix.reshape(3, hidden, hidden), biases, strict=True):
                own |= {f"{layer}.{part}.w": rows, f"{layer}.{part}.b": bias}
        else:
            own[f"{name}.w"] = matrix
    kinds = [held["of_question"], held["of_question"] + held["of_passage"]]
    own |= {"emb.pos": held["places"][0], "emb.kind": np.stack(kinds)}
    own |= {name: held[name].T for name in ("span.w", "answers.w")}
    own |= {name: held[name] for name in ("span.b", "answers.b", "unit.b")}
    own["unit.w"] = np.concatenate([held["unit.own"].T, held["unit.whole"].T], 1)
    return {name: weight.astype(np.float32) for name, weight in own.items()}


def _dense(graph: Graph, states: str, name: str, own: dict[str, NDArray[np.float32]], output: str) -> None:
    product = graph.node(
        "MatMul", [states, graph.constant(f"{name}.w", own[f"{name}.w"].T)], f"{name}.product"
    )
    graph.node("Add", [product, graph.constant(f"{name}.b", own[f"{name}.b"])], output)


if __name__ == "__main__":
    main()
