"""Chat models of LangChain's providers: opened by name, read as text within a time, their failures explained.

It does not know what they are asked.
"""

from collections.abc import Generator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from bot.errors import ChatModelError
from bot.model.listen import listen
from bot.model.usage import Meter

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage, BaseMessageChunk

RETRIES = 2
"""Calls after a first one that met a rate limit, a server error or no connection.

The provider's client makes them: that of OpenAI after half a second and a second, less up to a quarter by chance, or
when the server says.
"""
CONNECT_SECONDS = 5.0
PATIENCE_SECONDS = 5.0
"""A server that asks for a longer wait before a retry gets none: the reader waits for an answer."""
CHARACTERS = 50_000
"""Text after which an answer counts as one without end."""

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
    "SilenceError": "fell silent in the middle of its answer. Ask again.",
    "TimeoutError": _TOO_SLOW,
}
"""What the exceptions of langchain_core mean here; by name, so that nothing is imported before it is used."""

_BROKEN_OFF = frozenset({"length", "max_tokens", "MAX_TOKENS", "content_filter", "SAFETY"})


def open_chat_model(
    spec: str, *, api_key: str | None, base_url: str | None, seconds: float
) -> "BaseChatModel":
    """The chat model `provider:model` of LangChain; nothing is sent before it is asked.

    Key and address are OpenAI's, or a compatible server's; other providers read their own variables.
    `seconds` bounds each wait for the server, CONNECT_SECONDS that for its connection. Raises ChatModelError.
    """
    provider, _, name = spec.partition(":")
    if not provider or not name:
        raise ChatModelError(
            f"The chat model {spec!r} is not named as provider:model, like openai:gpt-5-mini."
        )
    options: dict[str, Any] = {"timeout": seconds, "max_retries": RETRIES}
    if provider == "openai":
        options |= _openai(spec, api_key, base_url, seconds)
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


def stream(
    model: "BaseChatModel", messages: "list[BaseMessage]", seconds: float, meter: Meter | None = None
) -> Generator[str, None, None]:
    """The model's answer in pieces, as they come; `meter` records the call, however it ends.

    Closing it ends the request. Raises ChatModelError, in mid-stream too: when the model cannot be called, sends
    nothing, breaks off, falls silent, does not end, or takes more than `seconds` in all.
    """
    heard: list[BaseMessageChunk] = []
    try:
        yield from _texts(model, messages, seconds, heard)
    finally:
        if meter:
            meter.record(messages, heard)


def reply(
    model: "BaseChatModel", messages: "list[BaseMessage]", seconds: float, meter: Meter | None = None
) -> str:
    """The model's whole answer; raises what `stream` raises."""
    return "".join(stream(model, messages, seconds, meter)).strip()


def too_slow(model: "BaseChatModel") -> ChatModelError:
    """Says that the model's answer was not there in time."""
    return ChatModelError(f"The chat model {_name(model)} {_TOO_SLOW}")


def _texts(
    model: "BaseChatModel",
    messages: "list[BaseMessage]",
    seconds: float,
    heard: "list[BaseMessageChunk]",
) -> Generator[str, None, None]:
    """The texts of the pieces that come, each of which is put into `heard`."""
    length = 0
    reason = provider = None
    with closing(listen(model, messages, seconds)) as pieces:
        try:
            for piece in pieces:
                heard.append(piece)
                provider = piece.response_metadata.get("model_provider") or provider
                for key in ("finish_reason", "stop_reason", "done_reason"):
                    reason = piece.response_metadata.get(key) or reason
                if text := str(piece.text).encode("utf-8", "ignore").decode():  # no half of a surrogate pair
                    length += len(text)
                    if length > CHARACTERS:
                        raise ChatModelError(
                            f"The chat model {_name(model)} did not end its answer. Choose another."
                        )
                    yield text
        except ChatModelError:
            raise
        except Exception as error:  # each provider raises its own kind
            raise ChatModelError(_explained(error, _name(model))) from error
    # A connection that closes early can look like an end; OpenAI's protocol always gives a reason for one.
    if reason in _BROKEN_OFF or (reason is None and provider == "openai"):
        raise ChatModelError(f"The chat model {_name(model)} broke off its answer. Ask again.")
    if not length:
        raise ChatModelError(
            f"The chat model {_name(model)} sent an empty answer. Ask again, or choose another."
        )


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


def _openai(spec: str, api_key: str | None, base_url: str | None, seconds: float) -> dict[str, Any]:
    if not api_key and not base_url:
        raise ChatModelError(
            f"The chat model {spec} needs a key: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server."
        )
    import openai
    from pydantic import SecretStr

    # A server without keys ignores the placeholder, which the client library demands. SecretStr keeps a key
    # out of the library's messages.
    options: dict[str, Any] = {"api_key": SecretStr(api_key or "none"), "use_responses_api": False}
    options["timeout"] = openai.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
    # A connection for each call, so that nothing stays open behind a model that is no longer used.
    options["http_async_client"] = openai.DefaultAsyncHttpxClient(
        timeout=options["timeout"], headers={"Connection": "close"}, event_hooks={"response": [_bound_wait]}
    )
    return options | ({"base_url": base_url, "stream_usage": True} if base_url else {})


async def _bound_wait(response: Any) -> None:
    """Keep the client from a retry that the server wants later than PATIENCE_SECONDS.

    The client takes Retry-After up to two minutes, and obeys x-should-retry.
    """
    wait = response.headers.get("retry-after", "0")
    if not wait.replace(".", "", 1).isdecimal() or float(wait) > PATIENCE_SECONDS:  # a date, or seconds
        response.headers["x-should-retry"] = "false"
