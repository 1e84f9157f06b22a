"""Links to a quote in its release on the chat page, as the caller reaches it.

It does not know who follows them.
"""

from urllib.parse import urlencode

from starlette.requests import Request

from bot.domain import Citation
from bot.web.release import Place


def page_of(request: Request, base_path: str | None) -> str:
    """The address of the chat page, under the host name by which the request came."""
    return f"{request.url.scheme}://{request.headers['host']}{base_path or ''}/"


def link(citation: Citation, page: str) -> str:
    """The address of the quote, on the chat page at `page`."""
    place = Place(citation.release_id, citation.revision, citation.start, citation.end)
    return f"{page}?{urlencode(place.parameters)}"
