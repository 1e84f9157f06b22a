"""Conversations over the API: begun, listed, read and deleted by whoever owns them.

It asks no questions, and does not know how conversations are stored.
"""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from starlette.responses import JSONResponse

from bot.history import Conversation
from bot.server import objects
from bot.server.callers import Reader, ServedHere
from bot.server.cursor import Cursor, Limit, decoded, encoded
from bot.server.problems import INVALID, KEY_NEEDED, NOT_FOUND, ProblemError
from bot.server.served import Served

router = APIRouter(prefix="/conversations", tags=["conversations"])

ConversationId = Annotated[str, Path(pattern=objects.ID)]


def owned(served: Served, conversation_id: str, owner: str) -> Conversation:
    """The conversation, where it is this owner's; raises the problem `not-found`, also where it is another's."""
    found = served.history().find(conversation_id)
    if found is None or found.owner != owner:
        raise ProblemError(NOT_FOUND, "You have no conversation of this id: it may have been deleted.")
    return found


@router.post("", status_code=201, summary="Begin a conversation", response_model=objects.Conversation)
def begin(body: objects.ConversationBody, served: ServedHere, caller: Reader) -> Response:
    created = served.history().create(body.title, caller.owner)
    return JSONResponse(_json(created), 201, {"Location": f"conversations/{created.id}"})


@router.get("", summary="List your conversations", response_model=objects.ConversationPage)
def page(served: ServedHere, caller: Reader, limit: Limit = 20, cursor: Cursor = None) -> Response:
    if not caller.lists:
        raise ProblemError(
            KEY_NEEDED, "Without a key conversations are not listed: ask for them by their id."
        )
    after = None
    if cursor is not None:
        moment, last = decoded(cursor, 2)
        try:
            after = datetime.fromisoformat(moment), last
        except ValueError:
            raise ProblemError(INVALID, "The cursor holds no time: begin again without one.") from None
    found = served.history().page(caller.owner, limit + 1, after)
    shown = found[:limit]
    more = encoded(shown[-1].updated.isoformat(), shown[-1].id) if len(found) > limit else None
    return JSONResponse({"items": [_json(each) for each in shown], "next": more})


@router.get("/{conversation_id}", summary="Read a conversation", response_model=objects.ConversationWithTurns)
def read(
    conversation_id: ConversationId,
    served: ServedHere,
    caller: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    conversation = owned(served, conversation_id, caller.owner)
    turns = served.history().turns(conversation.id)
    first = 0
    if cursor is not None:
        (number,) = decoded(cursor, 1)
        first = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else len(turns)
    shown = [{"question": turn.question, "answer": turn.answer.to_json()} for turn in turns[first:][:limit]]
    more = encoded(str(first + limit)) if first + limit < len(turns) else None
    return JSONResponse({**_json(conversation), "turns": shown, "next": more})


@router.delete("/{conversation_id}", status_code=204, summary="Delete a conversation")
def delete(conversation_id: ConversationId, served: ServedHere, caller: Reader) -> Response:
    served.history().delete(owned(served, conversation_id, caller.owner).id)
    return Response(status_code=204)


def _json(conversation: Conversation) -> dict[str, str]:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created": conversation.created.isoformat(),
        "updated": conversation.updated.isoformat(),
    }
