"""Prose by a chat model from numbered evidence.

It does not know whether the prose is true: `verify` decides what is shown.
"""

import contextvars
import queue
import threading
import time
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.domain import Evidence, Turn
from bot.errors import ChatModelError
from bot.prompts import render

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage, BaseMessageChunk

NO_ANSWER = "NO_ANSWER"
"""What the model writes where the evidence does not answer; it never leaves `generate`."""
QUOTE_CHARACTERS = 2000
"""A longer quote is cut in the prompt, and so are earlier questions and answers."""
EARLIER_TURNS = 3
RETRIES = 2
"""Calls after a first one that met a rate limit, a server error or no connection."""

_LANGUAGES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "ar": "Arabic",
    "zh": "Chinese",
    "ru": "Russian",
}
_DELIMITERS = str.maketrans("<>[]【】［］", "‹›()()()")
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


def generate(
    question: str,
    language: str,
    evidence: Sequence[Evidence],
    model: "BaseChatModel",
    today: date,
    turns: Sequence[Turn] = (),
    *,
    seconds: float = 60,
) -> Iterator[str]:
    """The model's prose in pieces as it is written, with `[n]` naming the n-th evidence.

    No text where the model says that the evidence does not answer. Raises ChatModelError, in mid-stream too:
    when the model cannot be called, sends nothing, breaks off, or takes more than `seconds` in all.
    """
    if not evidence:
        return
    messages = prompt(question, language, evidence, today, turns)
    yield from _without_marker(_text(model, messages, seconds))


def prompt(
    question: str, language: str, evidence: Sequence[Evidence], today: date, turns: Sequence[Turn] = ()
) -> "list[BaseMessage]":
    """The messages for the model: what to do, then the data, which nothing in it can close."""
    from langchain_core.messages import HumanMessage, SystemMessage

    instructions = render(
        "answer", today=today.isoformat(), language=_LANGUAGES.get(language, language), marker=NO_ANSWER
    )
    data = render(
        "question",
        evidence="\n".join(_block(number, item) for number, item in enumerate(evidence, 1)),
        turns="\n".join(_earlier(turn) for turn in turns[-EARLIER_TURNS:]) or "none",
        question=_plain(question),
    )
    return [SystemMessage(instructions), HumanMessage(data)]


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


def _block(number: int, evidence: Evidence) -> str:
    release = evidence.release
    day = release.date.isoformat() if release.date else "unknown"
    title = _plain(" ".join(release.title.split())).replace('"', "”")
    return (
        f'<evidence number="{number}" title="{title}" date="{day}" language="{release.language}">\n'
        f"{_plain(evidence.quote)}\n</evidence>"
    )


def _earlier(turn: Turn) -> str:
    return f"<turn>\nQuestion: {_plain(turn.question)}\nAnswer: {_plain(turn.answer.text)}\n</turn>"


def _plain(text: str) -> str:
    """`text` as data: no delimiters, no citation marks, no invisible characters, of bounded length."""
    cut = text[:QUOTE_CHARACTERS] + (" …" if len(text) > QUOTE_CHARACTERS else "")
    visible = (
        character for character in cut if character == "\n" or unicodedata.category(character)[0] != "C"
    )
    return "".join(visible).translate(_DELIMITERS).strip()


def _text(model: "BaseChatModel", messages: "list[BaseMessage]", seconds: float) -> Iterator[str]:
    """The pieces of text that the model sends, once they are whole."""
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
            for chunk in model.stream(messages):
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
    from langchain_core import exceptions as failures

    known: list[tuple[type[Exception], str]] = [
        (
            failures.ModelAuthenticationError,
            "refused the key. Check OPENAI_API_KEY, or the key of its provider.",
        ),
        (
            failures.ModelPermissionDeniedError,
            "is not open to this key. Choose another with COMMUNIQUE_CHAT_MODEL.",
        ),
        (failures.ModelNotFoundError, "was not found. Check COMMUNIQUE_CHAT_MODEL and OPENAI_BASE_URL."),
        (
            failures.ModelRateLimitError,
            "is at its rate limit or quota. Wait a minute, or check the account's plan.",
        ),
        (failures.ContextOverflowError, "cannot hold so much evidence. Lower COMMUNIQUE_PASSAGES."),
        (failures.ModelTimeoutError, "took too long. Ask again, or raise COMMUNIQUE_CHAT_SECONDS."),
        (TimeoutError, "took too long. Ask again, or raise COMMUNIQUE_CHAT_SECONDS."),
        (failures.ModelConnectionError, "cannot be reached. Check the network and OPENAI_BASE_URL."),
        (failures.ModelAPIError, "failed at its server. Ask again in a minute."),
    ]
    for kind, explanation in known:
        if isinstance(error, kind):
            return f"The chat model {name} {explanation}"
    return f"The chat model {name} sent no usable answer: {_first_line(error)}. Check OPENAI_BASE_URL and the model."


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200].rstrip(".: ")


def _name(model: "BaseChatModel") -> str:
    return str(getattr(model, "model_name", None) or getattr(model, "model", None) or type(model).__name__)


def _without_marker(texts: Iterator[str]) -> Iterator[str]:
    """`texts` without `NO_ANSWER`; an end that may become the marker waits for what follows."""
    held = ""
    for text in texts:
        held = (held + text).replace(NO_ANSWER, "")
        waiting = next(size for size in range(len(NO_ANSWER) - 1, -1, -1) if held.endswith(NO_ANSWER[:size]))
        shown, held = held[: len(held) - waiting], held[len(held) - waiting :]
        if shown:
            yield shown
    if held:
        yield held
