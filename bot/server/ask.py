"""`POST /ask` and `POST /search`: a question answered, whole or as a stream of events, or only looked up.

It does not know how a question is answered, nor who may ask.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from bot.domain import Answer, Turn
from bot.server import objects
from bot.server.callers import Asker, ServedHere
from bot.server.conversations import owned
from bot.server.pool import Stream
from bot.server.problems import CONFLICT, INVALID, ProblemError
from bot.server.releases import release_json
from bot.server.served import Served
from bot.server.streams import KEEP_ALIVE, Events, last, pieces, with_problem

MAXIMUM_TURNS = 500
"""Turns of a conversation: each question reads those before it."""
CONVERSATION_HEADER = "Communique-Conversation"

router = APIRouter(tags=["questions"])


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer and the conversation that now ends with it."""

    conversation: str
    answer: Answer


@router.post(
    "/ask",
    summary="Ask a question",
    response_model=objects.Answer,
    responses={
        200: {
            "description": "The answer; `Communique-Conversation` names the conversation. With `Accept: "
            "text/event-stream` it comes as events: `text` (pieces of the answer's text), `citations`, "
            "`conversation`, and `answer`, the whole object; or `error`, a problem.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        }
    },
)
async def ask(body: objects.QuestionBody, request: Request, served: ServedHere, caller: Asker) -> Response:
    check(body.question, served)
    if body.conversation is not None:
        await run_in_threadpool(require_room, served, body.conversation, caller.owner)
    served.require_ready()
    stream = served.pool.start(
        lambda: answered(served, body.question, body.conversation, caller.owner), caller.name
    )
    if "text/event-stream" in request.headers.get("accept", ""):
        request_id = request.state.request_id
        events = with_problem(
            _events(stream), lambda problem: _event("error", problem.to_json(request_id)), served.metrics
        )
        return Events(events, stream)
    stored = await last(stream, request)
    if not isinstance(stored, Stored):
        return Response(status_code=204)  # the caller has left
    return JSONResponse(stored.answer.to_json(), headers={CONVERSATION_HEADER: stored.conversation})


@router.post("/search", summary="Find passages, without an answer", response_model=objects.FoundPassages)
async def search(body: objects.SearchBody, request: Request, served: ServedHere, caller: Asker) -> Response:
    check(body.question, served)
    served.require_ready()

    stream = served.pool.start(lambda: passages(served, body.question, body.limit), caller.name)
    return JSONResponse(await last(stream, request))


def passages(served: Served, question: str, limit: int) -> Iterator[dict[str, Any]]:
    """The passages found for a question, as one object."""
    bot = served.bot()
    releases = {release.id: release for release in bot.catalog.releases()}
    found = bot.search(question, limit=limit)
    yield {
        "items": [
            {
                "release": release_json(releases[item.passage.release_id]),
                "start": item.passage.start,
                "end": item.passage.end,
                "text": item.passage.text,
                "language": item.passage.language,
                "score": round(item.score, 4),
                "similarity": round(item.similarity, 4),
            }
            for item in found
            if item.passage.release_id in releases
        ]
    }


async def _events(stream: Stream[str | Stored]) -> AsyncIterator[str]:
    async for piece in pieces(stream):
        if piece is None:
            yield KEEP_ALIVE
        elif isinstance(piece, str):
            yield _event("text", {"text": piece})
        else:
            answer = piece.answer.to_json()
            yield _event("citations", answer["citations"])
            yield _event("conversation", {"id": piece.conversation})
            yield _event("answer", answer)


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def answered(served: Served, question: str, conversation: str | None, owner: str) -> Iterator[str | Stored]:
    """The answer's text in pieces, and at last the answer, stored."""
    history = served.history()
    turns = history.turns(conversation) if conversation else ()
    for piece in served.bot().ask_stream(question, turns):
        if isinstance(piece, Answer):
            conversation = conversation or history.create(owner=owner).id
            history.add(conversation, Turn(question, piece))
            yield Stored(conversation, piece)
        else:
            yield piece


def check(question: str, served: Served) -> None:
    """Say at once what the bot would say of such a question later."""
    limit = served.settings.question_characters
    if not question.strip():
        raise ProblemError(INVALID, "The question is empty: write what you want to know.")
    if len(question.strip()) > limit:
        raise ProblemError(
            INVALID, f"The question has {len(question):,} characters; at most {limit:,} are read."
        )


def require_room(served: Served, conversation_id: str, owner: str) -> None:
    """Raises a problem where there is no such conversation of this owner, or no further turn in it."""
    conversation = owned(served, conversation_id, owner)
    if len(served.history().turns(conversation.id)) >= MAXIMUM_TURNS:
        raise ProblemError(CONFLICT, f"The conversation has {MAXIMUM_TURNS} turns: begin another.")
