"""The tools: what each takes, what it gives as text and as an object, and how it is called.

They know the caller and not the protocol; what goes wrong is raised as a problem.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from bot.domain import Answer, Citation
from bot.prompts import day
from bot.server import objects
from bot.server.ask import Stored, answered, check, passages, require_room
from bot.server.callers import Caller, admit_asker
from bot.server.links import link
from bot.server.mcp.objects import Arguments, AskArguments, Asked, ReadArguments, SearchArguments
from bot.server.pool import Stream
from bot.server.problems import FAILED, ProblemError
from bot.server.releases import part
from bot.server.served import Served
from bot.server.streams import pieces
from bot.web.wording import page_of, wording

Tell = Callable[[str], Awaitable[None]]
"""Shows a piece of the answer's text as it is written."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, from where (`page` is the chat page, where there is one), and how pieces are shown meanwhile."""

    served: Served
    caller: Caller
    page: str | None
    tell: Tell


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool found: for a model to read, and as an object."""

    text: str
    object: dict[str, Any]


async def ask(call: Call, arguments: AskArguments) -> Result:
    served, owner = call.served, call.caller.owner
    admit_asker(call.caller, served)
    check(arguments.question, served)
    if arguments.conversation is not None:
        await run_in_threadpool(require_room, served, arguments.conversation, owner)
    work = served.pool.start(
        lambda: answered(served, arguments.question, arguments.conversation, owner), call.caller.name
    )
    async for piece in _of(work):
        if isinstance(piece, Stored):
            return _answer(piece.answer, piece.conversation, call.page)
        await call.tell(piece)
    raise _nothing()


async def search(call: Call, arguments: SearchArguments) -> Result:
    served = call.served
    admit_asker(call.caller, served)
    check(arguments.question, served)
    work = served.pool.start(lambda: passages(served, arguments.question, arguments.limit), call.caller.name)
    async for found in _of(work):
        return Result("\n\n".join(map(_passage, found["items"])) or "There are no passages.", found)
    raise _nothing()


async def read_release(call: Call, arguments: ReadArguments) -> Result:
    offset = arguments.offset
    if offset is None:
        offset = max(0, ((arguments.start or 0) + (arguments.end or 0) - arguments.limit) // 2)
    found = await run_in_threadpool(
        part,
        call.served.bot().catalog,
        arguments.release_id,
        arguments.revision,
        arguments.start,
        arguments.end,
        offset,
        arguments.limit,
    )
    facts = [found["date"], found["place"], found["issuer"], found["file"]]
    head = [found["title"], " · ".join(fact for fact in facts if fact)]
    if found["highlight"]:
        head.append(f"At {arguments.start}–{arguments.end}: “{found['highlight']['text']}”")
    last = offset + len(found["text"])
    head.append(f"Characters {offset}–{last} of {found['characters']}:")
    return Result("\n".join([*head, "", found["text"]]), found)


async def _of(work: Stream[Any]) -> AsyncIterator[Any]:
    """The pieces of the work, which ends where nobody waits for them any more."""
    try:
        async for piece in pieces(work):
            if piece is not None:
                yield piece
    finally:
        work.leave()


def _answer(answer: Answer, conversation: str, page: str | None) -> Result:
    links = [link(citation, page) if page else None for citation in answer.citations]
    whole = answer.to_json()
    whole["citations"] = [
        {**citation, "url": url} for citation, url in zip(whole["citations"], links, strict=True)
    ]
    sources = [_source(citation, answer, url) for citation, url in zip(answer.citations, links, strict=True)]
    notice = [answer.notice] if answer.notice else []
    return Result("\n\n".join([answer.text, *notice, *sources]), {**whole, "conversation": conversation})


def _source(citation: Citation, answer: Answer, url: str | None) -> str:
    when = f", {day(citation.date, answer.language)}" if citation.date else ""
    page = page_of(citation, wording(answer.language))
    place = url or f"{citation.release_id}, {citation.start}–{citation.end}"
    where = ", ".join(filter(None, (page, place)))
    return f"[{citation.number}] “{citation.quote}” — {citation.title}{when} ({where})"


def _passage(found: dict[str, Any]) -> str:
    release = found["release"]
    when = f", {release['date']}" if release["date"] else ""
    return f"{release['title']}{when} ({release['id']}, {found['start']}–{found['end']}):\n{found['text']}"


def _nothing() -> ProblemError:
    return ProblemError(FAILED, "The work ended without a result.")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool by its name, with the types of what it takes and gives."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    object: type[BaseModel]
    call: Callable[[Call, Any], Awaitable[Result]]


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "ask",
            "Ask the press releases",
            "Answers a question from the press releases alone. The answer consists of verbatim quotes, each with "
            "its place in a release, or says that the releases do not answer.",
            AskArguments,
            Asked,
            ask,
        ),
        Tool(
            "search",
            "Search the press releases",
            "Finds the passages that are nearest to a question, without answering it.",
            SearchArguments,
            objects.FoundPassages,
            search,
        ),
        Tool(
            "read_release",
            "Read a press release",
            "Gives the text of a release by its id, with what is known of it; marks the place from start to end.",
            ReadArguments,
            objects.ReleaseWithText,
            read_release,
        ),
    )
}
