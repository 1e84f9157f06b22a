"""Chat models of LangChain's providers: opened by name, read as text within a time, their failures explained.

It does not know what they are asked.
"""

import contextvars
import queue
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from bot.errors import ChatModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage, BaseMessageChunk

RETRIES = 2
"""Calls after a first one that met a rate limit, a server error or no connection."""

_TOO_SLOW = "took too long. Ask again, or raise COMMUNIQUE_CHAT_SECONDS."
ADVICE = {
    "ModelAuthenticationError": "refused the key. Check OPENAI_API_KEY, or the key of its provider.",
    "ModelPermissionDeniedError": "is not open to this key. Choose another with COMMUNIQUE_CHAT_MODEL.",
    "ModelNotFoundError": "was not found. Check COMMUNIQUE_CHAT_MODEL and OPENAI_BASE_URL.",
    "ModelRateLimitError": "is at its rate limit or quota. Wait a minute, or check the account's plan.",
    "ContextOverflowError": "cannot hold so much evidence. Lower COMMUNIQUE_PASSAGES.",
    "ModelAPIError": "failed at its server. Ask again in a minute.",
    "ModelConnectionError": "cannot be reached, or hung up. Check the network and OPENAI_BASE_URL.",
    "ModelTimeoutError": _TOO_SLOW,
    "TimeoutError": _TOO_SLOW,
}
"""What the exceptions of langchain_core mean here; by name, so that nothing is imported before it is used."""

_BROKEN_OFF = frozenset({"length", "max_tokens", "MAX_TOKENS", "content_filter", "SAFETY"})


def open_chat_model(
    spec: str, *, api_key: str | None, base_url: str | None, seconds: float
) -> "BaseChatModel":
    """The chat model `provider:model` of LangChain; nothing is sent before it is asked.

    Key and address are OpenAI's, or a compatible server's; other providers read their own variables.
    `seconds` bounds each wait for the server. Raises ChatModelError.
    """
    provider, _, name = spec.partition(":")
    if not provider or not name:
        raise ChatModelError(
            f"The chat model {spec!r} is not named as provider:model, like openai:gpt-5-mini."
        )
    options: dict[str, Any] = {"timeout": seconds, "max_retries": RETRIES}
    if provider == "openai":
        options |= _openai(spec, api_key, base_url)
    from langchain.chat_models import init_chat_model

    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except ImportError as error:
        package = (getattr(error.__cause__, "name", None) or f"langchain_{provider}").replace("_", "-")
        raise ChatModelError(
            f"The chat model {spec} needs the package {package}: pip install {package}."
        ) from error
    except Exception as error:  # each provider's class raises its own kind
        if str(error).startswith("Unsupported provider"):
            message = (
                f"LangChain knows no provider {provider!r}: write provider:model, like openai:gpt-5-mini."
            )
        else:
            message = (
                f"The chat model {spec} cannot be set up: {_first_line(error)}. Check its name and its key."
            )
        raise ChatModelError(message) from error
    return model


def stream(model: "BaseChatModel", messages: "list[BaseMessage]", seconds: float) -> Iterator[str]:
    """The model's answer in pieces, as they come.

    Raises ChatModelError, in mid-stream too: when the model cannot be called, sends nothing, breaks off, or
    takes more than `seconds` in all.
    """
    empty = True
    reason = provider = None
    for chunk in _within(model, messages, seconds):
        provider = chunk.response_metadata.get("model_provider") or provider
        for key in ("finish_reason", "stop_reason", "done_reason"):
            reason = chunk.response_metadata.get(key) or reason
        if text := str(chunk.text):
            empty = False
            yield text
    # A connection that closes early can look like an end; OpenAI's protocol always gives a reason for one.
    if reason in _BROKEN_OFF or (reason is None and provider == "openai"):
        raise ChatModelError(f"The chat model {_name(model)} broke off its answer. Ask again.")
    if empty:
        raise ChatModelError(
            f"The chat model {_name(model)} sent an empty answer. Ask again, or choose another."
        )


def _within(
    model: "BaseChatModel", messages: "list[BaseMessage]", seconds: float
) -> "Iterator[BaseMessageChunk]":
    """What the model sends within `seconds` in all.

    A thread reads it, so that neither a silent server nor retries hold the caller longer. It ends at the next
    piece after the caller has gone, or when its own wait for the server runs out.
    """
    chunks: queue.SimpleQueue[BaseMessageChunk | Exception | None] = queue.SimpleQueue()
    gone = threading.Event()
    deadline = time.monotonic() + seconds

    def read() -> None:
        try:
            # Closed here, where it runs, so that the server hears at once that nobody listens.
            with closing(cast("Generator[BaseMessageChunk, None, None]", model.stream(messages))) as sent:
                for chunk in sent:
                    if gone.is_set() or time.monotonic() > deadline:
                        raise TimeoutError
                    chunks.put(chunk)
            chunks.put(None)
        except Exception as error:  # noqa: BLE001 - raised again by the caller's thread, as ours
            chunks.put(error)

    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(read,), name="chat model", daemon=True).start()
    try:
        while (chunk := _next(chunks, deadline)) is not None:
            if isinstance(chunk, Exception):
                raise ChatModelError(_explained(chunk, _name(model))) from chunk
            yield chunk
    finally:
        gone.set()


def _next(chunks: "queue.SimpleQueue[Any]", deadline: float) -> Any:
    try:
        return chunks.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        return TimeoutError()


def _explained(error: Exception, name: str) -> str:
    """One line: what the provider's exception means, and what to do."""
    for kind in type(error).__mro__:
        if advice := ADVICE.get(kind.__name__):
            return f"The chat model {name} {advice}"
    return f"The chat model {name} sent no usable answer ({_first_line(error)}). Check OPENAI_BASE_URL."


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200].rstrip(".: ")


def _name(model: "BaseChatModel") -> str:
    return str(getattr(model, "model_name", None) or getattr(model, "model", None) or type(model).__name__)


def _openai(spec: str, api_key: str | None, base_url: str | None) -> dict[str, Any]:
    from pydantic import SecretStr

    if not api_key and not base_url:
        raise ChatModelError(
            f"The chat model {spec} needs a key: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server."
        )
    # A server without keys ignores the placeholder, which the client library demands. SecretStr keeps a key
    # out of the library's messages.
    options: dict[str, Any] = {"api_key": SecretStr(api_key or "none"), "use_responses_api": False}
    return options | ({"base_url": base_url, "stream_usage": True} if base_url else {})
