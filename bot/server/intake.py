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
FILE_SECONDS = 120.0
"""How long a file may take."""
FILE = "application/octet-stream"


class Intake:
    """An ASGI application around `app`: JSON of at most so many bytes is posted, and files of so many are put."""

    def __init__(self, app: ASGIApp, maximum: int, file_maximum: int = 0) -> None:
        self._app = app
        self._maximum = maximum
        self._file_maximum = file_maximum

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("POST", "PUT"):  # no other has a body here
            await self._app(scope, receive, send)
            return
        kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
        is_file = scope["method"] == "PUT"
        wanted = FILE if is_file else "application/json"
        maximum = self._file_maximum if is_file else self._maximum
        seconds = FILE_SECONDS if is_file else BODY_SECONDS
        until = time.monotonic() + seconds
        size = 0
        is_whole = False

        async def receive_in_time() -> Message:
            nonlocal is_whole, size
            if is_whole:
                return await receive()  # now it waits for the caller to leave, however long that takes
            if kind != wanted:
                what = "the file" if is_file else "JSON"
                raise HTTPException(415, f"Send {what} as `Content-Type: {wanted}`, not {kind[:100]!r}.")
            try:
                message = await asyncio.wait_for(receive(), until - time.monotonic())
            except TimeoutError:
                raise HTTPException(
                    408, f"The body was not here within {seconds:g} seconds.", {"Connection": "close"}
                ) from None
            size += len(message.get("body", b""))
            if size > maximum:
                raise HTTPException(
                    413, f"A body may have {maximum:,} bytes at most.", {"Connection": "close"}
                )
            is_whole = not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)
