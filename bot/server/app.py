"""The whole server as one ASGI application: health, the API, and the chat page for everything else.

It does not listen: `bot.server.run` does.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.opened import watching
from bot.server.api import BYTES_PER_CHARACTER, make_api
from bot.server.completions.api import make_completions
from bot.server.completions.errors import as_response
from bot.server.guard import Guard, Policies
from bot.server.health import is_ready, lives
from bot.server.logs import AnswerLog
from bot.server.mcp.http import Door
from bot.server.observed import Observed
from bot.server.operators import tell, watch
from bot.server.pages import release, widget
from bot.server.policy import page_policy, release_policy
from bot.server.problems import NOT_FOUND, ProblemError
from bot.server.served import Served
from bot.settings import Settings, separated
from bot.upkeep.uploads import UPLOAD_MEGABYTES
from bot.web.login import is_required

if TYPE_CHECKING:
    from bot.chain import Watcher
    from bot.server.tracing import Traces

PAGE = Path(__file__).resolve().parent.parent.parent / "streamlit_app.py"


def make_app(settings: Settings, served: Served, host: str, port: int) -> ASGIApp:
    """The application, served at `host` and `port` under the base path of the settings."""
    from streamlit import App
    from streamlit.web import bootstrap

    page = App(PAGE)
    traces = _traces(settings)
    watchers: list[Watcher] = [
        served.metrics,
        AnswerLog(settings.log_questions),
        *([traces] if traces else []),
    ]
    door = Door(served, BYTES_PER_CHARACTER * settings.question_characters)
    bootstrap.load_config_options(_page_options(settings, host, port))
    served.people_log_in = is_required()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with page.lifespan()(app), door.run():
            with watching(watchers):
                served.warm_up()
                try:
                    yield
                finally:
                    served.close()
                    if traces is not None:
                        await run_in_threadpool(traces.close)

    base = settings.base_path or ""
    places = [
        Route("/healthz", lives),
        Route("/readyz", is_ready),
        Route("/metrics", tell),
        Mount("/api", make_api(served)),
        Mount("/v1", make_completions(served)),
        *(Route(place, door) for place in ("/mcp", "/mcp/")),
        # Else the page would answer there, with 200.
        *(Route(place, _nothing, methods=None) for place in ("/api", "/v1")),
        Route("/widget.js", widget),
        Route("/releases/{release_id:path}", release),
        Mount("/", _unmounted(page, base)),
    ]
    root = Starlette(routes=[Mount(base, routes=places)] if base else places, lifespan=lifespan)
    root.state.served = served
    watch(served)
    origins = served.rules.origins
    policies = Policies(page_policy(origins), release_policy(origins))
    guard = Guard(root, served.rules, base, policies, served.metrics, {"/v1": as_response})
    return Observed(guard, base, served.metrics, traces)


def _traces(settings: Settings) -> "Traces | None":
    """What sends traces, where there is a collector: it is not even imported where there is none."""
    if settings.otel_endpoint is None:
        return None
    from bot.server.tracing import Traces

    return Traces(settings.otel_endpoint, settings.log_questions)


def _page_options(settings: Settings, host: str, port: int) -> dict[str, object]:
    """What Streamlit is told; what is not here is in .streamlit/config.toml."""
    origins = list(separated(settings.allowed_origins))
    return {
        "server.address": host,
        "server.port": port,
        "server.baseUrlPath": settings.base_path or "",  # the way back from a login
        "server.headless": True,
        "server.fileWatcherType": "none",
        "server.maxUploadSize": UPLOAD_MEGABYTES,
        "server.corsAllowedOrigins": origins,
        "client.allowedOrigins": origins,
    }


def _unmounted(page: ASGIApp, base: str) -> ASGIApp:
    """The page as if it were not mounted: its routes begin with the base path themselves."""

    async def at_root(scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "").removesuffix(base)
        await page({**scope, "root_path": root}, receive, send)

    return at_root


async def _nothing(request: Request) -> Response:
    detail = "Nothing is at this address: /api/openapi.json describes what there is."
    return ProblemError(NOT_FOUND, detail).response(request.state.request_id)
