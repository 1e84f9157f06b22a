"""Problems in the form in which OpenAI's API tells errors, so that its clients raise the right exception.

It does not know where problems are found.
"""

import json
from typing import Any

from starlette.responses import Response

from bot.server import problems
from bot.server.problems import Kind, ProblemError

MODEL_UNKNOWN = Kind("model-not-found", 404, "There is no such model here.")
QUESTION_TOO_LONG = Kind("context-length-exceeded", 400, "The question is too long.")

_STATUSES = {
    problems.INVALID.name: 400,
    problems.BUSY.name: 429,  # what clients of that API wait and try again for
}
_CODES = {
    problems.KEY_NEEDED.name: "invalid_api_key",
    problems.KEY_REFUSED.name: "invalid_api_key",
    problems.TOO_MANY.name: "rate_limit_exceeded",
    problems.QUOTA_USED.name: "insufficient_quota",
}
_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}


STATUSES = {
    _STATUSES.get(kind.name, kind.status): kind.title
    for kind in (*reversed(problems.KINDS), MODEL_UNKNOWN, QUESTION_TOO_LONG)
}
"""Every status of an error, and what it says."""


def as_error(problem: ProblemError) -> dict[str, Any]:
    """The object that a client reads; of several values that cannot be used it names the first."""
    name = problem.kind.name
    status = _status(problem)
    first: dict[str, Any] = next(iter(problem.more.get("errors", ())), {})
    where = [str(part) for part in first.get("where", ()) if part != "body"]
    return {
        "error": {
            "message": f"{problem.detail} {first['what']}." if where else problem.detail,
            "type": _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error"),
            "param": problem.more.get("param") or ".".join(where) or None,
            "code": _CODES.get(name, name.replace("-", "_")),
        }
    }


def as_response(problem: ProblemError, request_id: str) -> Response:
    """The whole answer to the request; its id travels in a header."""
    headers = dict(problem.headers)
    if problem.kind is problems.QUOTA_USED:
        headers["X-Should-Retry"] = "false"  # OpenAI's clients would ask again, in vain
    content = json.dumps(as_error(problem)).encode()
    return Response(content, _status(problem), headers, "application/json")


def _status(problem: ProblemError) -> int:
    return _STATUSES.get(problem.kind.name, problem.kind.status)
