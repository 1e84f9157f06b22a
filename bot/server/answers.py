"""Answers over the API: read again by id, and what people thought of them.

It does not know how an answer comes about, nor how feedback is used.
"""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Response
from starlette.responses import JSONResponse

from bot.domain import Turn
from bot.server import objects
from bot.server.callers import Reader, ServedHere
from bot.server.conversations import owned
from bot.server.problems import INVALID, NOT_FOUND, ProblemError
from bot.server.served import Served

router = APIRouter(tags=["answers"])


@router.get("/answers/{answer_id}", summary="Read an answer again", response_model=objects.Answer)
def read(answer_id: Annotated[str, Path(pattern=objects.ID)], served: ServedHere, caller: Reader) -> Response:
    turn, conversation = owned_turn(served, answer_id, caller.owner)
    return JSONResponse(turn.answer.to_json(), headers={"Communique-Conversation": conversation})


@router.post("/feedback", summary="Say what you think of an answer", response_model=objects.Feedback)
def rate(
    body: objects.FeedbackBody,
    served: ServedHere,
    caller: Reader,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1, max_length=200, description="Sent again with it, the same feedback counts once."
        ),
    ] = None,
) -> Response:
    def give() -> dict[str, Any]:
        owned_turn(served, body.answer_id, caller.owner)
        return _rated(served, body)

    if idempotency_key is None:
        return JSONResponse(give())
    digest = hashlib.sha256(body.model_dump_json().encode()).hexdigest()
    given, result = served.given.once((caller.name, caller.owner, idempotency_key), lambda: (digest, give()))
    if given != digest:
        raise ProblemError(INVALID, "This idempotency key was sent with other feedback: use a new one.")
    return JSONResponse(result)


def _rated(served: Served, body: objects.FeedbackBody) -> dict[str, Any]:
    history = served.history()
    history.rate(body.answer_id, body.thumbs, body.comment)
    kept = history.rating(body.answer_id)
    return {
        "answer_id": body.answer_id,
        "thumbs": kept and kept.thumbs,
        "comment": kept.comment if kept else "",
        "given": kept.given.isoformat() if kept else None,
    }


def owned_turn(served: Served, answer_id: str, owner: str) -> tuple[Turn, str]:
    """The turn of the answer and its conversation, where that is this owner's."""
    stored = served.history().answer(answer_id)
    if stored is None or stored.turn is None or stored.conversation is None:
        raise ProblemError(
            NOT_FOUND, "You have no answer of this id: its conversation may have been deleted."
        )
    return stored.turn, owned(served, stored.conversation, owner).id
