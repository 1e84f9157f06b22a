"""`/v1/chat/completions` and `/v1/models`, as OpenAI's API has them.

It does not know what a message holds, nor how a question is answered. Nothing is kept: each request brings its
conversation along.
"""

import json
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, FastAPI, Request
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response

from bot.domain import Answer
from bot.server.callers import Asker, Reader, ServedHere
from bot.server.completions import objects
from bot.server.completions.body import MODEL, Body, Message, check, question_of
from bot.server.completions.conversation import turns_before
from bot.server.completions.errors import MODEL_UNKNOWN, QUESTION_TOO_LONG, STATUSES, as_error, as_response
from bot.server.completions.reply import after_text, annotations, escaped
from bot.server.document import describe
from bot.server.guard import REQUEST_ID
from bot.server.intake import Intake
from bot.server.links import page_of
from bot.server.pool import Stream
from bot.server.problems import ProblemError
from bot.server.refusals import catch
from bot.server.served import Served
from bot.server.streams import KEEP_ALIVE, Events, last, pieces, with_problem

MAXIMUM_BYTES = 2 * 1024 * 1024
"""Of a body, which holds the whole conversation."""
CREATED = 1_795_824_000
"""When this model came to be, in seconds since 1970: 28 November 2026."""

router = APIRouter()
Piece = str | Answer


def make_completions(served: Served) -> FastAPI:
    """The application, to be mounted at `/v1`."""
    api = FastAPI(
        title="Communiqué as a chat model",
        version="1",
        summary="OpenAI's chat completions over press releases.",
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=served.rules.origins,
                allow_methods=["GET", "POST"],
                allow_headers=["*"],  # OpenAI's client adds a dozen of its own
                expose_headers=[REQUEST_ID, "Retry-After"],
            ),
            Middleware(Intake, maximum=MAXIMUM_BYTES),
        ],
        redirect_slashes=False,
    )
    api.state.served = served
    api.include_router(router)
    catch(api, as_response, "/v1/openapi.json")
    describe(api, objects.Errors, "application/json", STATUSES)
    return api


@router.get("/models", summary="List the models: one", response_model=objects.Models)
def models(caller: Reader) -> Response:
    return JSONResponse({"object": "list", "data": [_model()]})


@router.get("/models/{model}", summary="Describe the model", response_model=objects.Model)
def model(model: str, caller: Reader) -> Response:
    _require_model(model)
    return JSONResponse(_model())


@router.post(
    "/chat/completions",
    summary="Answer the last message of a conversation",
    response_model=objects.Completion,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def complete(body: Body, request: Request, served: ServedHere, caller: Asker) -> Response:
    _require_model(body.model)
    check(body)
    question = question_of(body.messages)
    _require_short(question, served)
    served.require_ready()
    stream = served.pool.start(lambda: _answered(served, question, body.messages), caller.name)
    page = page_of(request, served.settings.base_path)
    head = {"id": f"chatcmpl-{uuid4().hex}", "created": int(time.time()), "model": MODEL}
    if body.stream:
        usage = bool(body.stream_options and body.stream_options.include_usage)
        events = _events(stream, head, page, usage)
        told = with_problem(events, lambda problem: _data(as_error(problem)), served.metrics)
        return Events(told, stream)
    answer = await last(stream, request)
    if not isinstance(answer, Answer):
        return Response(status_code=204)  # the caller has left
    text = escaped(answer.text)
    message = {
        "role": "assistant",
        "content": text + after_text(answer, page),
        "refusal": None,
        "annotations": annotations(text, answer.citations, page),
    }
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return JSONResponse(
        {
            **head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": _usage(answer),
            "communique": answer.to_json(),
        }
    )


def _answered(served: Served, question: str, messages: list[Message]) -> Iterator[Piece]:
    bot = served.bot()
    yield from bot.ask_stream(question, turns_before(messages, bot))


async def _events(stream: Stream[Piece], head: dict[str, Any], page: str, usage: bool) -> AsyncIterator[str]:
    """The chunks of an answer: its text, its sources, its annotations, and where asked for its usage."""

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _data({**head, "object": "chat.completion.chunk", "choices": [choice], **unused, **more})

    unused = {"usage": None} if usage else {}
    text = ""
    yield chunk({"role": "assistant", "content": ""})
    async for piece in pieces(stream):
        if piece is None:
            yield KEEP_ALIVE
        elif isinstance(piece, str):
            text += escaped(piece)
            yield chunk({"content": escaped(piece)})
        else:
            if after := after_text(piece, page):
                yield chunk({"content": after})
            marks = annotations(text, piece.citations, page)
            yield chunk({"annotations": marks}, "stop", communique=piece.to_json())
            if usage:
                whole = {**head, "object": "chat.completion.chunk", "choices": [], "usage": _usage(piece)}
                yield _data(whole)
    yield "data: [DONE]\n\n"


def _data(data: Any) -> str:
    return f"data: {json.dumps(data)}\n\n"


def _usage(answer: Answer) -> dict[str, int]:
    """The tokens of the chat model that wrote the answer: none where it was read."""
    tokens_in, tokens_out = (answer.usage.tokens_in, answer.usage.tokens_out) if answer.usage else (0, 0)
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
    }


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": CREATED, "owned_by": MODEL}


def _require_model(name: str) -> None:
    if name != MODEL:
        raise ProblemError(
            MODEL_UNKNOWN,
            f"There is no model {name[:100]!r} here: the one there is is `{MODEL}`.",
            param="model",
        )


def _require_short(question: str, served: Served) -> None:
    limit = served.settings.question_characters
    if len(question.strip()) > limit:
        raise ProblemError(
            QUESTION_TOO_LONG,
            f"The question has {len(question.strip()):,} characters; at most {limit:,} are read.",
            param="messages",
        )
