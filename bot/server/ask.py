"""`POST /ask` and `POST /search`: a question answered, whole or as a stream of events, or only looked up.

It does not know how a question is answered, nor who may ask.
"""

import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.domain import Answer, Turn
from bot.errors import CommuniqueError
from bot.server import objects
from bot.server.callers import Asker, ServedHere
from bot.server.conversations import owned
from bot.server.pool import Stream
from bot.server.problems import CONFLICT, FAILED, INVALID, TOO_LONG, ProblemError, of_error
from bot.server.releases import release_json
from bot.server.served import Served

ANSWER_SECONDS = 120.0
"""How long a question may wait and be answered, all in all."""
STEP_SECONDS = 1.0
"""How often it is looked whether the caller is still there."""
KEEP_ALIVE_SECONDS = 10.0
"""How often a stream says that it is alive, so that no proxy cuts it."""
MAXIMUM_TURNS = 500
"""Turns of a conversation: each question reads those before it."""
CONVERSATION_HEADER = "Communique-Conversation"
LOG = logging.getLogger("communique.server")

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
    _check(body.question, served)
    if body.conversation is not None:
        await run_in_threadpool(_require_room, served, body.conversation, caller.owner)
    served.require_ready()
    stream = served.pool.start(lambda: _answered(served, body, caller.owner), caller.name)
    if "text/event-stream" in request.headers.get("accept", ""):
        return Events(stream, request.state.request_id)
    stored = await _last(stream, request)
    if not isinstance(stored, Stored):
        return Response(status_code=204)  # the caller has left
    return JSONResponse(stored.answer.to_json(), headers={CONVERSATION_HEADER: stored.conversation})


@router.post("/search", summary="Find passages, without an answer", response_model=objects.FoundPassages)
async def search(body: objects.SearchBody, request: Request, served: ServedHere, caller: Asker) -> Response:
    _check(body.question, served)
    served.require_ready()

    def look_up() -> Iterator[dict[str, Any]]:
        bot = served.bot()
        releases = {release.id: release for release in bot.catalog.releases()}
        found = bot.search(body.question, limit=body.limit)
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

    return JSONResponse(await _last(served.pool.start(look_up, caller.name), request))


class Events(StreamingResponse):
    """The answer as server-sent events; the work ends at its next step where the caller leaves."""

    media_type = "text/event-stream"

    def __init__(self, stream: Stream[str | Stored], request_id: str) -> None:
        super().__init__(_events(stream, request_id), headers={"X-Accel-Buffering": "no"})
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._stream.leave()


async def _events(stream: Stream[str | Stored], request_id: str) -> AsyncIterator[str]:
    until = time.monotonic() + ANSWER_SECONDS
    try:
        while time.monotonic() < until:
            try:
                piece = await stream.next(KEEP_ALIVE_SECONDS)
            except TimeoutError:
                yield ": still at it\n\n"
                continue
            if piece is None:
                return
            if isinstance(piece, str):
                yield _event("text", {"text": piece})
                continue
            answer = piece.answer.to_json()
            yield _event("citations", answer["citations"])
            yield _event("conversation", {"id": piece.conversation})
            yield _event("answer", answer)
        raise _too_long()
    except CommuniqueError as error:
        LOG.error("%s: %s", request_id, error)
        yield _event("error", of_error(error).to_json(request_id))
    except ProblemError as problem:
        yield _event("error", problem.to_json(request_id))
    except Exception:
        yield _event(
            "error", ProblemError(FAILED, "The log says why, by the request id.").to_json(request_id)
        )
        raise


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


async def _last(stream: Stream[Any], request: Request) -> Any:
    """The last piece; None where the caller left before there was one."""
    until = time.monotonic() + ANSWER_SECONDS
    last = None
    try:
        while time.monotonic() < until:
            try:
                piece = await stream.next(STEP_SECONDS)
            except TimeoutError:
                if await request.is_disconnected():
                    return None
                continue
            if piece is None:
                return last
            last = piece
        raise _too_long()
    finally:
        stream.leave()


def _answered(served: Served, body: objects.QuestionBody, owner: str) -> Iterator[str | Stored]:
    """The answer's text in pieces, and at last the answer, stored."""
    history = served.history()
    turns = history.turns(body.conversation) if body.conversation else ()
    for piece in served.bot().ask_stream(body.question, turns):
        if isinstance(piece, Answer):
            conversation = body.conversation or history.create(owner=owner).id
            history.add(conversation, Turn(body.question, piece))
            yield Stored(conversation, piece)
        else:
            yield piece


def _check(question: str, served: Served) -> None:
    """Say at once what the bot would say of such a question later."""
    limit = served.settings.question_characters
    if not question.strip():
        raise ProblemError(INVALID, "The question is empty: write what you want to know.")
    if len(question.strip()) > limit:
        raise ProblemError(
            INVALID, f"The question has {len(question):,} characters; at most {limit:,} are read."
        )


def _require_room(served: Served, conversation_id: str, owner: str) -> None:
    conversation = owned(served, conversation_id, owner)
    if len(served.history().turns(conversation.id)) >= MAXIMUM_TURNS:
        raise ProblemError(CONFLICT, f"The conversation has {MAXIMUM_TURNS} turns: begin another.")


def _too_long() -> ProblemError:
    return ProblemError(TOO_LONG, f"There was no answer within {ANSWER_SECONDS:g} seconds. Ask again later.")
