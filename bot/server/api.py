"""The HTTP API: its routes, its problems, and the document that describes both.

It does not answer requests itself: each kind of thing has its own file of routes.
"""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from bot.errors import CommuniqueError
from bot.server import answers, ask, conversations, embedding, releases
from bot.server.guard import REQUEST_ID
from bot.server.intake import Intake
from bot.server.objects import Problem
from bot.server.problems import (
    FAILED,
    INVALID,
    KINDS,
    MALFORMED,
    MEDIA_TYPE,
    ProblemError,
    of_error,
    of_status,
)
from bot.server.served import Served

VERSION = "/v1"
ROUTES = (ask, conversations, releases, answers, embedding)
BYTES_PER_CHARACTER = 12
"""What JSON needs at most: two escapes of six bytes."""
OTHER_BYTES = 16_384
"""Room in a body for all but the question."""
PREFLIGHT_SECONDS = 600
LOG = logging.getLogger("communique.server")


def make_api(served: Served) -> FastAPI:
    """The API, to be mounted at `/api`."""
    api = FastAPI(
        title="Communiqué",
        version="1",
        summary="Ask press releases, get answers with proven quotes.",
        description="Errors are problems of RFC 9457. Lists come in pages: `next` is the `cursor` of the next one.",
        docs_url=None,  # they load their scripts from elsewhere
        redoc_url=None,
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=served.rules.origins,
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["Accept", "Authorization", "Content-Type", "Idempotency-Key"],
                expose_headers=[ask.CONVERSATION_HEADER, REQUEST_ID, "Retry-After"],
                max_age=PREFLIGHT_SECONDS,
            ),
            Middleware(
                Intake,
                maximum=OTHER_BYTES + BYTES_PER_CHARACTER * served.settings.question_characters,
            ),
        ],
        # One that matches nothing is 404, not a redirect to one with or without a slash at its end.
        redirect_slashes=False,
    )
    api.state.served = served
    for each in ROUTES:
        api.include_router(each.router, prefix=VERSION)
    api.add_exception_handler(ProblemError, _on_problem)
    api.add_exception_handler(CommuniqueError, _on_error)
    api.add_exception_handler(HTTPException, _on_status)
    api.add_exception_handler(RequestValidationError, _on_invalid)
    api.add_exception_handler(Exception, _on_mistake)
    api.openapi = lambda: _document(api)  # type: ignore[method-assign]
    return api


async def _on_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, ProblemError)
    return problem.response(request.state.request_id)


async def _on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, CommuniqueError)
    LOG.error("%s: %s", request.state.request_id, error)
    return of_error(error).response(request.state.request_id)


async def _on_status(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, HTTPException)
    details = {
        404: "Nothing is at this address: /api/openapi.json describes what there is.",
        405: "This address does not take that method.",
    }
    detail = details.get(refused.status_code, str(refused.detail))
    headers = dict(refused.headers or {})
    if refused.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods(request))) or headers["Allow"]
    return of_status(refused.status_code, detail, headers).response(request.state.request_id)


def _methods(request: Request) -> set[str]:
    """What the address takes: Starlette names only the methods of the first route that has it."""
    path = request.scope["path"].removeprefix(request.scope["root_path"]).removeprefix(VERSION)
    routes = [route for each in ROUTES for route in each.router.routes if isinstance(route, APIRoute)]
    return {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}


async def _on_invalid(request: Request, invalid: Exception) -> Response:
    """Say what is wrong and where, without the value: it may be long, and may not be JSON."""
    assert isinstance(invalid, RequestValidationError)
    errors = [{"where": [*each["loc"]], "what": each["msg"]} for each in invalid.errors()[:20]]
    if any(each["type"] == "json_invalid" for each in invalid.errors()):
        problem = ProblemError(MALFORMED, "The body is not JSON.", errors=errors)
    else:
        problem = ProblemError(INVALID, "The request does not fit its description.", errors=errors)
    return problem.response(request.state.request_id)


async def _on_mistake(request: Request, mistake: Exception) -> Response:
    """Starlette logs the mistake; the answer names it by the request id alone."""
    return ProblemError(FAILED, "The log says why, by the request id.").response(request.state.request_id)


def _document(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: as FastAPI makes it from the routes, with our problems for its errors."""
    if api.openapi_schema:
        return api.openapi_schema
    document = get_openapi(
        title=api.title,
        version=api.version,
        summary=api.summary,
        description=api.description,
        routes=api.routes,
    )
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"), Problem=problem)
    document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{}, {"key": []}]
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    titles = {str(kind.status): kind.title for kind in reversed(KINDS)}
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].update(
                {status: {"description": title, "content": content} for status, title in titles.items()}
            )
    api.openapi_schema = document
    return document
