"""`/mcp`: the protocol over HTTP, each message a request of its own, for callers as the API knows them.

It does not know what the tools do. Host names and origins have been looked at by `bot.server.guard`, which refuses
those that a browser was led to (DNS rebinding).
"""

import sys
from contextlib import AbstractAsyncContextManager

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.server.callers import Caller, admit_reader, caller_of
from bot.server.guard import REQUEST_ID
from bot.server.intake import Intake
from bot.server.links import page_of
from bot.server.mcp.protocol import make_server
from bot.server.mcp.tools import Call, Tell
from bot.server.problems import METHOD, ProblemError, of_status
from bot.server.served import Served

OTHER_BYTES = 65_536
"""Room in a message for all but the question."""


class Door:
    """The ASGI application at `/mcp`; it works inside of `run`."""

    def __init__(self, served: Served, question_bytes: int) -> None:
        self._served = served
        server = make_server(served, self._opened)
        # Intake limits bodies, with a problem that says so.
        self._sessions = StreamableHTTPSessionManager(
            server, stateless=True, max_request_body_size=sys.maxsize
        )
        self._inside: ASGIApp = Intake(self._sessions.handle_request, OTHER_BYTES + question_bytes)
        self._app: ASGIApp = CORSMiddleware(
            self._admitted,
            allow_origins=served.rules.origins,
            allow_methods=["POST"],
            allow_headers=["*"],
            expose_headers=[REQUEST_ID, "Retry-After"],
        )

    def run(self) -> AbstractAsyncContextManager[None]:
        return self._sessions.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    async def _admitted(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        try:
            if request.method != "POST":  # there are no sessions to listen to or to end
                raise ProblemError(METHOD, "Messages of the protocol are posted.", {"Allow": "POST"})
            request.state.caller = admit_reader(await caller_of(request, self._served), self._served)
            await self._inside(scope, receive, send)
        except ProblemError as problem:
            await problem.response(request.state.request_id)(scope, receive, send)
        except HTTPException as refused:  # by Intake, while nothing has been sent
            answer = of_status(refused.status_code, str(refused.detail), refused.headers)
            await answer.response(request.state.request_id)(scope, receive, send)

    def _opened(self, request: Request, tell: Tell) -> Call:
        self._served.require_ready()
        caller: Caller = request.state.caller
        return Call(self._served, caller, page_of(request, self._served.settings.base_path), tell)
