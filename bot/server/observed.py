"""Every request as those see it who operate the server: it gets its id, is counted, timed, logged and traced.

It refuses nothing, and knows of what is asked only the route.
"""

import logging
import secrets
import time
from typing import TYPE_CHECKING

from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.server.logs import REQUEST_ID, event
from bot.server.metrics import Metrics

if TYPE_CHECKING:
    from bot.server.tracing import Traces

LOG = logging.getLogger("communique.requests")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")
TRACED = ("/api/", "/v1/", "/mcp")
"""Where questions come in; the chat page's come over its socket, and each answer there is a trace of its own."""
LEFT = 499
"""The status of a request whose caller left before there was an answer, as nginx writes it."""


class Observed:
    """An ASGI application around `app`, which is served below `base`."""

    def __init__(self, app: ASGIApp, base: str, metrics: Metrics, traces: "Traces | None" = None) -> None:
        self._app = app
        self._base = base
        self._metrics = metrics
        self._traces = traces
        self._traced = tuple(f"{base}{place}" for place in TRACED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request_id = scope.setdefault("state", {})["request_id"] = secrets.token_hex(8)
        token = REQUEST_ID.set(request_id)
        try:
            if scope["type"] == "websocket":
                with self._metrics.page_open():
                    await self._app(scope, receive, send)
            elif self._traces is not None and scope["path"].startswith(self._traced):
                with self._traces.request(request_id) as traced:
                    traced.ended(*await self._answer(scope, receive, send))
            else:
                await self._answer(scope, receive, send)
        finally:
            REQUEST_ID.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> tuple[str, str, int]:
        """Answer; returns method, route and status."""
        started, status = time.perf_counter(), LEFT
        method = scope["method"] if scope["method"] in METHODS else "other"

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except Exception:
            LOG.exception("The server made a mistake.")
            if status == LEFT:
                raise  # else the caller has an answer that says so, and all is told
        finally:
            seconds, route = time.perf_counter() - started, self._route(scope)
            self._metrics.request(method, route, status, seconds)
            event(LOG, "request", method=method, route=route, status=status, seconds=round(seconds, 4))
        return method, route, status

    def _route(self, scope: Scope) -> str:
        """What was asked for, as one of a few names: never the address itself, which may hold an id."""
        route = scope.get("route")
        if route is None:
            return "none"  # refused at the door
        if isinstance(route, Mount):
            return f"{route.path}/" if route.path not in ("", self._base) else "page"
        prefix = scope.get("root_path", "").removeprefix(self._base)
        version = "/v1" if scope["path"].startswith(f"{self._base}{prefix}/v1/") else ""
        return f"{prefix}{version}{route.path}"
