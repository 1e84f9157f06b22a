"""`POST /tokens`: the server of a page that embeds the chat gets a token for its visitor, with its key.

It does not check tokens: `bot.server.callers` does.
"""

import time
from datetime import UTC, datetime

from fastapi import APIRouter, Response
from starlette.responses import JSONResponse

from bot.server import objects
from bot.server.callers import Reader, ServedHere
from bot.server.problems import INVALID, KEY_NEEDED, ProblemError
from bot.server.tokens import Token, new_id, written

router = APIRouter(tags=["embedding"])


@router.post("/tokens", status_code=201, summary="Make an embed token", response_model=objects.TokenObject)
def make(body: objects.TokenBody, served: ServedHere, caller: Reader) -> Response:
    if caller.key is None:
        raise ProblemError(KEY_NEEDED, "Tokens are made with a key.")
    if not served.rules.allows_origin(body.origin):
        raise ProblemError(
            INVALID,
            f"Pages of {body.origin!r} may not call this server: add it to COMMUNIQUE_ALLOWED_ORIGINS.",
        )
    token = Token(
        id=new_id(),
        key_id=caller.key.id,
        origin=body.origin,
        expires=int(time.time()) + body.seconds,
        questions=body.questions,
        visitor=body.visitor or new_id(),
    )
    expires = datetime.fromtimestamp(token.expires, UTC).isoformat()
    return JSONResponse({"token": written(token, served.keys.signing_secret()), "expires": expires}, 201)
