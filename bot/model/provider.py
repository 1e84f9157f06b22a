"""Embedding models of LangChain's providers, such as OpenAI's, in the shape of `PassageEmbeddings`.

It knows what a provider asks for and how it fails, and nothing of passages.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from bot.errors import EmbeddingsError
from bot.settings import EMBEDDED

_REQUEST_SECONDS = 60.0
_REQUEST_TEXTS = 256
"""Texts in one request to OpenAI, which takes 300,000 tokens at once: passages come to half of that."""


class ProviderEmbeddings(Embeddings):
    """A model of LangChain's, its vectors brought to length 1.

    Each call raises EmbeddingsError where the provider refuses, cannot be reached or answers nonsense.
    """

    def __init__(self, name: str, model: Embeddings) -> None:
        self.name = name
        self._model = model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._vectors(self._model.embed_documents, texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self._vectors(lambda texts: [self._model.embed_query(texts[0])], [text])[
            0
        ].tolist()
        return vector

    def embed_passages(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """A vector for each text, (texts, dimensions); and for each text, one a span, (spans, dimensions).

        The words of a span are sent as a text of their own; one without any has its text's vector.
        """
        groups = [
            [text, *(text[start:end].strip() or text for start, end in marked)]
            for text, marked in zip(texts, spans, strict=True)
        ]
        unique = dict.fromkeys(text for group in groups for text in group)
        rows = {text: row for row, text in enumerate(unique)}
        vectors = self._vectors(self._model.embed_documents, list(rows))
        found = [vectors[[rows[text] for text in group]] for group in groups]
        return vectors[[rows[text] for text in texts]], [group[1:] for group in found]

    def _vectors(
        self, embed: Callable[[list[str]], list[list[float]]], texts: list[str]
    ) -> NDArray[np.float32]:
        """The vectors of the texts, (texts, dimensions); (0, 0) of none, which is not asked."""
        if not texts:
            return np.zeros((0, 0), np.float32)
        try:
            # OpenAI refuses a text of no characters.
            vectors = np.array(embed([text or " " for text in texts]), np.float32)
        except Exception as error:
            raise EmbeddingsError(
                f"The embedding model {self.name} failed ({_line(error)}): "
                f"check its key, its address and the network, or set COMMUNIQUE_EMBEDDINGS to {EMBEDDED}."
            ) from error
        lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
        proper = bool((np.isfinite(lengths) & (lengths > 0)).all())
        if vectors.ndim != 2 or len(vectors) != len(texts) or not proper:
            raise EmbeddingsError(
                f"The embedding model {self.name} sent no proper vectors (shape {vectors.shape}) for "
                f"{len(texts)} texts: check that its server serves an embedding model."
            )
        unit: NDArray[np.float32] = vectors / lengths
        return unit


def open_provider(spec: str, api_key: str | None, base_url: str | None) -> ProviderEmbeddings:
    """The model that `spec` (`provider:model`) names, not called yet. Key and address are OpenAI's.

    Raises EmbeddingsError where LangChain knows no such provider, its package is missing, or it has no key.
    """
    from langchain.embeddings import init_embeddings

    options: dict[str, Any] = {}
    if spec.startswith("openai:"):
        # Measuring the length of a text would fetch a vocabulary from the network.
        options = {
            "check_embedding_ctx_length": False,
            "chunk_size": _REQUEST_TEXTS,
            "timeout": _REQUEST_SECONDS,
        }
        # A server of one's own asks for no key, but the client does.
        options |= {"api_key": api_key or "none"} if api_key or base_url else {}
        options |= {"base_url": base_url} if base_url else {}
    try:
        return ProviderEmbeddings(spec, init_embeddings(spec, **options))
    except Exception as error:
        raise EmbeddingsError(
            f"The embedding model {spec} cannot be used ({_line(error)}): "
            f"install the provider's package, set its key, or set COMMUNIQUE_EMBEDDINGS to {EMBEDDED}."
        ) from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
