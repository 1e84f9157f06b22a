"""What a chat model sends, heard in a thread of its own: within a time, and only while somebody listens.

It does not know what a piece says, nor what an exception of a provider means.
"""

import asyncio
import queue
import threading
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage, BaseMessageChunk

SILENCE_SECONDS = 20.0
"""Longest wait for the next piece once text has come; before it a model may think as long as it is given."""
_GRACE_SECONDS = 1.0
"""How long the caller waits beyond the time given, for a provider that does not let itself be interrupted."""

_starting = threading.Lock()
_running: list[asyncio.AbstractEventLoop] = []
"""The event loop of this process, once there is one."""


class SilenceError(TimeoutError):
    """A model that had begun to write sent nothing more."""


def listen(
    model: "BaseChatModel", messages: "list[BaseMessage]", seconds: float
) -> "Generator[BaseMessageChunk, None, None]":
    """The pieces that the model sends, as they come.

    Closing the generator ends the request at once, so that the server hears that nobody listens: while it is silent,
    and between retries, too. Raises TimeoutError after `seconds` in all, SilenceError, and what the provider raises.
    """
    sent: queue.SimpleQueue[BaseMessageChunk | Exception | None] = queue.SimpleQueue()
    unheard = threading.Event()

    async def read() -> None:
        try:
            async with asyncio.timeout(seconds):
                await _pass_on(model, messages, sent, unheard)
            sent.put(None)
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            sent.put(error)

    deadline = time.monotonic() + seconds + _GRACE_SECONDS
    reading = asyncio.run_coroutine_threadsafe(read(), _loop())
    try:
        while (piece := _next(sent, deadline)) is not None:
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        # Before Python 3.12 `asyncio.wait_for`, by which providers wait, loses a cancellation that comes with a piece.
        unheard.set()
        reading.cancel()


async def _pass_on(
    model: "BaseChatModel",
    messages: "list[BaseMessage]",
    sent: "queue.SimpleQueue[BaseMessageChunk | Exception | None]",
    unheard: threading.Event,
) -> None:
    pieces = cast("AsyncGenerator[BaseMessageChunk, None]", model.astream(messages))
    async with aclosing(pieces):
        begun = False
        while True:
            waiting = asyncio.timeout(SILENCE_SECONDS if begun else None)
            try:
                async with waiting:
                    piece = await anext(pieces, None)
            except TimeoutError:
                if waiting.expired():
                    raise SilenceError from None
                raise
            if piece is None or unheard.is_set():
                return
            begun = begun or bool(piece.text)
            sent.put(piece)


def _next(
    sent: "queue.SimpleQueue[BaseMessageChunk | Exception | None]", deadline: float
) -> "BaseMessageChunk | Exception | None":
    try:
        return sent.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        return TimeoutError()


def _loop() -> asyncio.AbstractEventLoop:
    """One event loop for all models, since their connections belong to the loop that opened them."""
    with _starting:
        if not _running:
            loop = asyncio.new_event_loop()
            threading.Thread(target=loop.run_forever, name="chat models", daemon=True).start()
            _running.append(loop)
        return _running[0]
