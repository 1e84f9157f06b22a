"""Every exception of a route as a problem, sent in the form that its callers read.

It does not know the routes, nor that form.
"""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from bot.errors import CommuniqueError
from bot.server.problems import FAILED, INVALID, MALFORMED, Form, ProblemError, of_error, of_status

NOWHERE = "Nothing is at this address: {document} describes what there is."
LOG = logging.getLogger("communique.server")


def catch(api: FastAPI, form: Form, document: str) -> None:
    """Let `api` answer what goes wrong in its routes in this form; `document` is where these are described."""

    def told(request: Request, problem: ProblemError) -> Response:
        request.app.state.served.metrics.problem(problem.kind.name)
        return form(problem, request.state.request_id)

    async def on_problem(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, ProblemError)
        return told(request, problem)

    async def on_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, CommuniqueError)
        LOG.error("%s", error)
        return told(request, of_error(error))

    async def on_status(request: Request, refused: Exception) -> Response:
        assert isinstance(refused, HTTPException)
        return told(request, _refusal(request, refused, document))

    async def on_invalid(request: Request, invalid: Exception) -> Response:
        assert isinstance(invalid, RequestValidationError)
        return told(request, _invalid(invalid))

    async def on_mistake(request: Request, mistake: Exception) -> Response:
        """Starlette logs the mistake; the answer names it by the request id alone."""
        return told(request, ProblemError(FAILED, "The log says why, by the request id."))

    api.add_exception_handler(ProblemError, on_problem)
    api.add_exception_handler(CommuniqueError, on_error)
    api.add_exception_handler(HTTPException, on_status)
    api.add_exception_handler(RequestValidationError, on_invalid)
    api.add_exception_handler(Exception, on_mistake)


def _refusal(request: Request, refused: HTTPException, document: str) -> ProblemError:
    """What the framework refused: no such address, no such method, or a body of `bot.server.intake`."""
    details = {404: NOWHERE.format(document=document), 405: "This address does not take that method."}
    detail = details.get(refused.status_code, str(refused.detail))
    headers = dict(refused.headers or {})
    if refused.status_code == 405:
        headers["Allow"] = ", ".join(sorted(_methods(request))) or headers["Allow"]
    return of_status(refused.status_code, detail, headers)


def _methods(request: Request) -> set[str]:
    """What the address takes: Starlette names only the methods of the first route that has it."""
    return {
        method
        for method in ("GET", "POST", "PUT", "DELETE")
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    }


def _invalid(invalid: RequestValidationError) -> ProblemError:
    """What is wrong and where, without the value: it may be long, and may not be JSON."""
    errors = [{"where": [*each["loc"]], "what": each["msg"]} for each in invalid.errors()[:20]]
    if any(each["type"] == "json_invalid" for each in invalid.errors()):
        return ProblemError(MALFORMED, "The body is not JSON.", errors=errors)
    return ProblemError(INVALID, "The request does not fit its description.", errors=errors)
