"""The door of the server: refuses what comes from elsewhere, and puts the safety headers on every answer.

It knows addresses, not what is behind them: pages below the base path, and what programs call below `PROGRAMS`.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.server.metrics import Metrics
from bot.server.origins import Rules
from bot.server.problems import FOREIGN_ORIGIN, MALFORMED, METHOD, WRONG_HOST, Form, ProblemError

LOG = logging.getLogger("communique.server")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
REQUEST_ID = "X-Request-Id"
PROGRAMS = ("/api", "/v1", "/mcp", "/healthz", "/readyz", "/metrics")
NEVER_USED = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone"),
    *("midi", "payment", "serial", "usb"),
)
"""What a browser may not give to any page of ours."""
SECURE_SECONDS = 365 * 24 * 60 * 60
"""How long a browser that came by https takes no other way. Other names of the domain are not ours to decide for."""
UPLOADS = "/_stcore/upload_file"
"""Where Streamlit takes the files that a page asks for, from the browser whose page it is."""


@dataclass(frozen=True, slots=True)
class Policies:
    """The `Content-Security-Policy` of the chat page, of those of releases, and of all that is no page."""

    page: str
    release: str
    api: str = "default-src 'none'; frame-ancestors 'none'"


class Guard:
    """An ASGI application around `app`, which is asked only for what may be asked.

    `forms` are the places whose callers read errors in another form than ours.
    """

    def __init__(
        self,
        app: ASGIApp,
        rules: Rules,
        base: str,
        policies: Policies,
        metrics: Metrics,
        forms: Mapping[str, Form],
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._rules = rules
        self._base = base
        self._policies = policies
        self._forms = forms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request_id = scope["state"]["request_id"]
        is_api = self._is_at(scope, PROGRAMS)
        refusal = self._refusal(scope, is_api)
        if refusal:
            LOG.warning("refused: %s", refusal.detail)
            self._metrics.problem(refusal.kind.name)
        if scope["type"] == "websocket":
            if refusal:
                await send({"type": "websocket.close", "code": 1008})  # policy violation; answered as 403
            else:
                await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                self._add_headers(headers, self._policy(scope, is_api), is_api, scope["scheme"] == "https")
            await send(message)

        if refusal:
            form = next(
                (self._forms[place] for place in self._forms if self._is_at(scope, (place,))),
                ProblemError.response,
            )
            await form(refusal, request_id)(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)

    def _is_at(self, scope: Scope, places: tuple[str, ...]) -> bool:
        paths = [f"{self._base}{place}" for place in places]
        return any(scope["path"] == path or scope["path"].startswith(f"{path}/") for path in paths)

    def _refusal(self, scope: Scope, is_api: bool) -> ProblemError | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else ""
        if not self._rules.knows_host(host):
            return ProblemError(
                WRONG_HOST,
                f"The host name {host[:200]!r} is not one of this server's: its operator can add it to "
                "COMMUNIQUE_ALLOWED_HOSTS.",
            )
        if _CONTROL.search(scope["path"]):
            return ProblemError(MALFORMED, "The address holds control characters.")
        origins = headers.getlist("origin")
        for origin in origins:
            own = self._rules.is_own(origin, scope["scheme"], host)
            if len(origins) > 1 or not (own or self._rules.allows_origin(origin)):
                return ProblemError(
                    FOREIGN_ORIGIN,
                    f"Pages of {origin[:200]!r} may not call this server: its operator can add the origin to "
                    "COMMUNIQUE_ALLOWED_ORIGINS or, where a proxy stands before the server, the proxy's address "
                    "to COMMUNIQUE_TRUSTED_PROXIES.",
                )
        if is_api and not origins and _is_embedded_elsewhere(headers):
            return ProblemError(
                FOREIGN_ORIGIN, "A page of another origin may not load this as a part of itself."
            )
        is_read = scope["type"] == "websocket" or scope["method"] in ("GET", "HEAD")
        if not (is_api or is_read or self._is_at(scope, (UPLOADS,))):
            return ProblemError(METHOD, "Pages are only read.", {"Allow": "GET, HEAD"})
        return None

    def _policy(self, scope: Scope, is_api: bool) -> str:
        if is_api:
            return self._policies.api
        return self._policies.release if self._is_at(scope, ("/releases",)) else self._policies.page

    def _add_headers(self, headers: MutableHeaders, policy: str, is_api: bool, is_secure: bool) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = ", ".join(f"{each}=()" for each in NEVER_USED)
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if is_secure:
            headers["Strict-Transport-Security"] = f"max-age={SECURE_SECONDS}"
        headers["Content-Security-Policy"] = policy
        if is_api:
            headers.setdefault("Cache-Control", "no-store")
            if "vary" not in headers:
                headers["Vary"] = "Origin"
        elif not self._rules.origins:
            headers["X-Frame-Options"] = "SAMEORIGIN"


def _is_embedded_elsewhere(headers: Headers) -> bool:
    """Whether a page elsewhere loads it as an image, a script or a frame; following a link to it is no such thing."""
    if headers.get("sec-fetch-site") not in ("cross-site", "same-site"):
        return False
    return (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")) != ("navigate", "document")
