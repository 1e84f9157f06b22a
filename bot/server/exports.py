"""Conversations and answers over the API as documents: Markdown, or text for a wiki page.

It does not know how a document is written.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import PlainTextResponse, Response

from bot.domain import Turn
from bot.server import objects
from bot.server.answers import owned_turn
from bot.server.callers import Reader, ServedHere
from bot.server.conversations import ConversationId, owned
from bot.server.export import as_document
from bot.server.links import link, page_of
from bot.server.wiki_text import DOKUWIKI, MEDIAWIKI, as_wiki_text

Form = Literal["markdown", "wikitext", "dokuwiki"]
Format = Annotated[Form, Query(description="`wikitext` is MediaWiki's; quotes are references there.")]
_TYPES: dict[Form, tuple[str, str]] = {
    "markdown": ("text/markdown", "md"),
    "wikitext": ("text/x-wiki", "wiki"),
    "dokuwiki": ("text/plain", "txt"),
}
_DOCUMENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string"}} for kind, _ in _TYPES.values()}}
}

router = APIRouter()


@router.get(
    "/conversations/{conversation_id}/export",
    tags=["conversations"],
    summary="A conversation as a document, with its citations",
    response_class=PlainTextResponse,
    responses=_DOCUMENT,
)
def conversation(
    request: Request,
    conversation_id: ConversationId,
    served: ServedHere,
    caller: Reader,
    format: Format = "markdown",
) -> Response:
    found = owned(served, conversation_id, caller.owner)
    turns = served.history().turns(found.id)
    return _document(found.id, found.title, turns, format, page_of(request, served.settings.base_path))


@router.get(
    "/answers/{answer_id}/export",
    tags=["answers"],
    summary="A question and its answer as a document, with its citations",
    response_class=PlainTextResponse,
    responses=_DOCUMENT,
)
def answer(
    request: Request,
    answer_id: Annotated[str, Path(pattern=objects.ID)],
    served: ServedHere,
    caller: Reader,
    format: Format = "markdown",
) -> Response:
    turn, _ = owned_turn(served, answer_id, caller.owner)
    page = page_of(request, served.settings.base_path)
    return _document(answer_id, turn.question, [turn], format, page)


def _document(name: str, title: str, turns: Sequence[Turn], form: Form, page: str) -> Response:
    if form == "markdown":
        document = as_document(title, turns)
    else:
        wiki = MEDIAWIKI if form == "wikitext" else DOKUWIKI
        document = as_wiki_text(wiki, turns, lambda citation: link(citation, page))
    kind, ending = _TYPES[form]
    headers = {"Content-Disposition": f'attachment; filename="communique-{name}.{ending}"'}
    return Response(document, 200, headers, kind)
