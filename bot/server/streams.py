"""Work of the pool as an answer to a request: awaited to its end, or sent as server-sent events.

It does not know what the pieces are, nor how they are written.
"""

import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from fastapi import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.errors import CommuniqueError
from bot.server.metrics import Metrics
from bot.server.pool import Stream
from bot.server.problems import FAILED, TOO_LONG, ProblemError, of_error

T = TypeVar("T")
ANSWER_SECONDS = 120.0
"""How long a question may wait and be answered, all in all."""
STEP_SECONDS = 1.0
"""How often it is looked whether the caller is still there."""
KEEP_ALIVE_SECONDS = 10.0
"""How often a stream says that it is alive, so that no proxy cuts it."""
KEEP_ALIVE = ": still at it\n\n"
LOG = logging.getLogger("communique.server")


class Events(StreamingResponse):
    """Server-sent events made of `stream`; the work ends at its next step where the caller leaves."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[str], stream: Stream[Any]) -> None:
        super().__init__(events, headers={"X-Accel-Buffering": "no"})
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._stream.leave()


async def pieces(stream: Stream[T]) -> AsyncIterator[T | None]:
    """The pieces as they come, and None where none came for a while; raises the problem `answer-too-slow`."""
    until = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < until:
        try:
            piece = await stream.next(KEEP_ALIVE_SECONDS)
        except TimeoutError:
            yield None
            continue
        if piece is None:
            return
        yield piece
    raise _too_long()


async def last(stream: Stream[T], request: Request) -> T | None:
    """The last piece; None where the caller left before there was one."""
    until = time.monotonic() + ANSWER_SECONDS
    newest = None
    try:
        while time.monotonic() < until:
            try:
                piece = await stream.next(STEP_SECONDS)
            except TimeoutError:
                if await request.is_disconnected():
                    return None
                continue
            if piece is None:
                return newest
            newest = piece
        raise _too_long()
    finally:
        stream.leave()


async def with_problem(
    events: AsyncIterator[str], tell: Callable[[ProblemError], str], metrics: Metrics
) -> AsyncIterator[str]:
    """The events; what goes wrong in mid-stream is counted, and told as the last of them."""

    def told(problem: ProblemError) -> str:
        metrics.problem(problem.kind.name)
        return tell(problem)

    try:
        async for event in events:
            yield event
    except ProblemError as problem:
        yield told(problem)
    except CommuniqueError as error:
        LOG.error("%s", error)
        yield told(of_error(error))
    except Exception:
        yield told(ProblemError(FAILED, "The log says why, by the request id."))
        raise


def _too_long() -> ProblemError:
    return ProblemError(TOO_LONG, f"There was no answer within {ANSWER_SECONDS:g} seconds. Ask again later.")
