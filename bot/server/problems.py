"""Every error of the API as one kind of object: a problem of RFC 9457, with a type that programs can compare.

It does not know where problems are found, only what each kind is called and how it is sent.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.errors import ChatModelError, CommuniqueError, IndexBusyError, QuestionError

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:communique:problem:"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name ends the `type`, its title never changes."""

    name: str
    status: int
    title: str


MALFORMED = Kind("malformed", 400, "The request cannot be read.")
KEY_NEEDED = Kind("key-needed", 401, "The request needs an API key.")
KEY_REFUSED = Kind("key-refused", 401, "The API key or token does not open anything.")
KEY_REVOKED = Kind("key-revoked", 401, "The API key was revoked.")
TOKEN_REFUSED = Kind("token-refused", 401, "The embed token was not made here, or was changed.")
TOKEN_EXPIRED = Kind("token-expired", 401, "The embed token has expired.")
FOREIGN_ORIGIN = Kind("foreign-origin", 403, "Pages of this origin may not call this server.")
TOKEN_ORIGIN = Kind("token-origin", 403, "The embed token is for pages of another origin.")
SCOPE_MISSING = Kind("scope-missing", 403, "The API key is not for this.")
NOT_FOUND = Kind("not-found", 404, "There is no such thing here.")
METHOD = Kind("method-not-allowed", 405, "This address does not take that method.")
TOO_SLOW = Kind("request-too-slow", 408, "The request did not arrive in time.")
CONFLICT = Kind("conflict", 409, "What is stored does not allow that.")
TOO_LARGE = Kind("too-large", 413, "The request is too large.")
MEDIA = Kind("media-type", 415, "The body is not of a type that is read here.")
WRONG_HOST = Kind("wrong-host", 421, "This server is not called by that host name.")
INVALID = Kind("invalid", 422, "A value in the request cannot be used.")
TOO_MANY = Kind("too-many-requests", 429, "Too many requests.")
QUOTA_USED = Kind("quota-used", 429, "The embed token's questions are used up.")
FAILED = Kind("failed", 500, "The server made a mistake.")
BUSY = Kind("busy", 503, "The server has as many questions as it can take.")
UNAVAILABLE = Kind("unavailable", 503, "The server cannot answer just now.")
TOO_LONG = Kind("answer-too-slow", 504, "The answer took too long.")

# Every kind above: the OpenAPI document names them all.
KINDS = tuple(value for value in list(globals().values()) if isinstance(value, Kind))
_BY_STATUS = {kind.status: kind for kind in reversed(KINDS)}


class ProblemError(Exception):
    """A request that is not answered, and why; `more` are further members of the object."""

    def __init__(
        self, kind: Kind, detail: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = more

    def to_json(self, request_id: str) -> dict[str, Any]:
        """The object as plain JSON types."""
        return {
            "type": f"{PREFIX}{self.kind.name}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "request_id": request_id,
            **self.more,
        }

    def response(self, request_id: str) -> Response:
        """The whole answer to the request."""
        content = json.dumps(self.to_json(request_id), ensure_ascii=True).encode()
        return Response(content, self.kind.status, self.headers, MEDIA_TYPE)


Form = Callable[[ProblemError, str], Response]
"""The response for a problem and the id of its request."""


def busy(seconds: float, detail: str, kind: Kind = BUSY) -> ProblemError:
    """A problem that is gone after some seconds, and says so in `Retry-After`."""
    return ProblemError(kind, detail, {"Retry-After": str(max(1, round(seconds)))})


def of_status(status: int, detail: str, headers: Mapping[str, str] | None = None) -> ProblemError:
    """The problem for what the web framework refused with this status."""
    kind = _BY_STATUS.get(status, FAILED if status >= 500 else MALFORMED)
    return ProblemError(kind, detail, headers)


def of_error(error: CommuniqueError) -> ProblemError:
    """The problem for an error of ours.

    Only what the caller can change is told: other messages name files of this machine, and go to the log.
    """
    if isinstance(error, QuestionError):
        return ProblemError(INVALID, str(error))
    if isinstance(error, IndexBusyError):
        return busy(5, "The index is being written. Ask again in a moment.", UNAVAILABLE)
    what = "chat model" if isinstance(error, ChatModelError) else "index or the history"
    return busy(30, f"The {what} cannot be used: the server's log says why, by the request id.", UNAVAILABLE)
