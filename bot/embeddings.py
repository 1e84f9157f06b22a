"""Text to vectors: by the embedded multilingual-e5-small, or by any embedding model of LangChain.

It chooses the model; how one works is for `bot.e5` and `bot.model.provider` to know.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.errors import EmbeddingsError
from bot.settings import EMBEDDED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.e5 import EmbeddedE5
    from bot.model.provider import ProviderEmbeddings


class PassageEmbeddings(Protocol):
    """What turns passages, their sentences and questions into vectors of length 1.

    `name` tells models apart whose vectors must not be mixed. Each call may raise EmbeddingsError.
    """

    @property
    def name(self) -> str: ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...

    def embed_query(self, text: str) -> list[float]: ...

    def embed_passages(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> "tuple[NDArray[np.float32], list[NDArray[np.float32]]]":
        """A vector for each text, (texts, dimensions); and for each text, one a span, (spans, dimensions).

        Spans are (start, end) in characters of their text; one without a word in it has the text's vector.
        """
        ...


def open_embeddings(
    spec: str, cache: Path, *, api_key: str | None = None, base_url: str | None = None
) -> "EmbeddedE5 | ProviderEmbeddings":
    """The model that `spec` names: `embedded:multilingual-e5-small`, or `provider:model` of LangChain.

    The embedded one keeps what it builds, at first use, in `cache`. `api_key` and `base_url` are OpenAI's.
    Raises EmbeddingsError where there is no such model or its package is not installed.
    """
    provider, _, _model = spec.partition(":")
    if spec == EMBEDDED:
        from bot.e5 import EmbeddedE5

        return EmbeddedE5(cache)
    if provider == "embedded":
        raise EmbeddingsError(
            f"There is no embedded model {spec!r}: set COMMUNIQUE_EMBEDDINGS to {EMBEDDED}."
        )
    from bot.model.provider import open_provider

    return open_provider(spec, api_key, base_url)
