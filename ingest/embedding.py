"""Where passages are embedded while the next are read and the last are stored: here, on all processors.

It knows no release and no store.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from bot.store.packing import Spans

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.embeddings import PassageEmbeddings

    Embedded = tuple[NDArray[np.float32], list[NDArray[np.float32]]]
    """A vector for each text, and one for each span in it."""


class Embedding(Protocol):
    """A place where texts are embedded, some parts of them at a time."""

    @property
    def name(self) -> str:
        """Of the model: vectors of two names must not be mixed."""
        ...

    @property
    def ahead(self) -> int:
        """How many parts have to be submitted so that it is never idle."""
        ...

    def submit(self, texts: list[str], spans: list[Spans]) -> "Future[Embedded]":
        """Embed texts and the spans in each, as `PassageEmbeddings.embed_passages` does."""
        ...


class _Here:
    ahead = 2
    """One is embedded, the next waits."""

    def __init__(self, embeddings: "PassageEmbeddings", thread: ThreadPoolExecutor) -> None:
        self.name = embeddings.name
        self._embeddings = embeddings
        self._thread = thread

    def submit(self, texts: list[str], spans: list[Spans]) -> "Future[Embedded]":
        return self._thread.submit(self._embeddings.embed_passages, texts, spans)


@contextmanager
def here(embeddings: "PassageEmbeddings") -> Iterator[Embedding]:
    """Embedding in this process, beside what else it does."""
    thread = ThreadPoolExecutor(1, "embedding")
    try:
        yield _Here(embeddings, thread)
    finally:
        thread.shutdown(cancel_futures=True)
