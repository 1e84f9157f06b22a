"""Where a page of a list ends, as a text that a client hands back for the next page.

It does not know the list: only the values by which it is ordered.
"""

import base64
import binascii
import json
from typing import Annotated

from fastapi import Query

from bot.server.problems import INVALID, ProblemError

Limit = Annotated[int, Query(ge=1, le=100, description="Items on a page.")]
Cursor = Annotated[str | None, Query(max_length=2000, description="The `next` of the page before.")]


def encoded(*values: str) -> str:
    """The cursor of these values."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def decoded(cursor: str, count: int) -> list[str]:
    """The `count` values of the cursor; raises the problem `invalid` for one that was not given out here."""
    try:
        values = json.loads(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise _unknown() from None
    if not isinstance(values, list) or len(values) != count or not all(isinstance(v, str) for v in values):
        raise _unknown()
    return values


def _unknown() -> ProblemError:
    return ProblemError(INVALID, "The cursor is none that was given out here: begin again without one.")
