"""Test doubles: real subclasses of LangChain's classes, with scripted replies."""

import re
import time
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from numpy.typing import NDArray
from pydantic import ConfigDict, Field


class FakeChatModel(BaseChatModel):
    """Replies with `replies` in order, the last of them for ever; an exception is raised.

    A reply is streamed word by word, or in the pieces given. `asked` holds the messages of each call.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    replies: Sequence[str | Sequence[str] | Exception] = ("NO_ANSWER",)
    asked: list[list[BaseMessage]] = Field(default_factory=list)
    model_name: str = "fake"

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(self._pieces(messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in self._pieces(messages):
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        yield ChatGenerationChunk(
            message=AIMessageChunk(content=""), generation_info={"finish_reason": "stop"}
        )

    def _pieces(self, messages: list[BaseMessage]) -> Sequence[str]:
        reply = self.replies[min(len(self.asked), len(self.replies) - 1)]
        self.asked.append(messages)
        if isinstance(reply, Exception):
            raise reply
        return re.findall(r"\s*\S+|\s+$", reply) if isinstance(reply, str) else reply


class HashEmbeddings(Embeddings):
    """Texts with the same words are near: each word has a direction of its own, among 384 dimensions.

    `seconds` is what embedding one passage takes. `embedded` counts the passages.
    """

    def __init__(self, name: str = "hash", seconds: float = 0.0) -> None:
        self.name = name
        self.embedded = 0
        self._seconds = seconds

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [_direction(text).tolist() for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = _direction(text).tolist()
        return vector

    def embed_passages(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        time.sleep(self._seconds * len(texts))
        self.embedded += len(texts)
        whole = np.array([_direction(text) for text in texts], np.float32).reshape(-1, 384)
        parts = [
            np.array([_direction(text[start:end]) for start, end in marked], np.float32).reshape(-1, 384)
            for text, marked in zip(texts, spans, strict=True)
        ]
        return whole, parts


def _direction(text: str) -> NDArray[np.float32]:
    """The sum of the words' directions, brought to length 1."""
    total = np.zeros(384, np.float32)
    for word in re.findall(r"\w+", text.casefold()):
        total[zlib.crc32(word.encode()) % 384] += 1
    total[0] += 1e-3  # a text without words has a direction too
    unit: NDArray[np.float32] = total / np.linalg.norm(total)
    return unit
