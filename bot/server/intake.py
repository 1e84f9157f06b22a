"""The bodies of requests: of the right type, not too large, and here in time.

It reads none of them.
"""

import asyncio
import time

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_SECONDS = 15.0
"""How long the body of a request may take to arrive."""


class Intake:
    """An ASGI application around `app`, for bodies of at most so many bytes."""

    def __init__(self, app: ASGIApp, maximum: int) -> None:
        self._app = app
        self._maximum = maximum

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":  # no other has a body here
            await self._app(scope, receive, send)
            return
        kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
        until = time.monotonic() + BODY_SECONDS
        size = 0
        is_whole = False

        async def receive_in_time() -> Message:
            nonlocal is_whole, size
            if is_whole:
                return await receive()  # now it waits for the caller to leave, however long that takes
            if kind != "application/json":
                raise HTTPException(
                    415, f"Send JSON as `Content-Type: application/json`, not {kind[:100]!r}."
                )
            try:
                message = await asyncio.wait_for(receive(), until - time.monotonic())
            except TimeoutError:
                raise HTTPException(
                    408, f"The body was not here within {BODY_SECONDS:g} seconds.", {"Connection": "close"}
                ) from None
            size += len(message.get("body", b""))
            if size > self._maximum:
                raise HTTPException(
                    413, f"A body may have {self._maximum:,} bytes at most.", {"Connection": "close"}
                )
            is_whole = not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)
