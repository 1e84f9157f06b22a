"""What pages of others need that is not the API: the widget's script, and a page for each release.

It draws neither: `bot.web` does. Both are for everyone who reaches the server, as the chat page is; where people
log in there, it shows the releases instead.
"""

import gzip
import hashlib
from functools import cache
from typing import Literal
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.domain import Release
from bot.errors import CommuniqueError
from bot.server.origins import network_of
from bot.server.problems import ProblemError, of_error
from bot.server.served import Served
from bot.web.release import Place
from bot.web.release_page import release_page
from bot.web.widget import source
from bot.web.wording import wording

WIDGET_SECONDS = 300
"""How long a browser uses the script without asking whether it has changed."""
_Coding = Literal["gzip", "identity"]


async def widget(request: Request) -> Response:
    """`/widget.js`: the script, for pages everywhere: it holds nothing that is not public."""
    coding: _Coding = "gzip" if "gzip" in request.headers.get("accept-encoding", "") else "identity"
    content, tag = _script(coding)
    headers = {
        "ETag": tag,
        "Cache-Control": f"public, max-age={WIDGET_SECONDS}, stale-while-revalidate=86400",
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    if coding != "identity":
        headers["Content-Encoding"] = coding
    return Response(content, 200, headers, "text/javascript")


async def release(request: Request) -> Response:
    """`/releases/ID`: the release, with the quote marked that `start` and `end` name."""
    served: Served = request.app.state.served
    asked = request.query_params
    words = wording(asked.get("lang") or request.headers.get("accept-language"))
    place = Place.of({**asked, "release": request.path_params["release_id"]})
    home = f"{served.settings.base_path or ''}/"
    if served.people_log_in and place:
        return RedirectResponse(f"{home}?{urlencode({**place.parameters, 'lang': words.language})}", 303)
    try:
        served.requests.take(f"address {network_of(request.client.host if request.client else '')}")
        found, successor = await run_in_threadpool(_found, served, place) if place else (None, None)
    except ProblemError as problem:
        return problem.response(request.state.request_id)
    except CommuniqueError as error:
        return of_error(error).response(request.state.request_id)
    page = release_page(found, place or Place(""), home, words, successor)
    return HTMLResponse(page, 200 if found else 404, {"Cache-Control": "no-cache"})


def _found(served: Served, place: Place) -> tuple[Release | None, Release | None]:
    """The revision of the release that is named, else the current one; and what answers in its place."""
    catalog = served.bot().catalog
    release = catalog.release(place.release_id, place.revision) or catalog.release(place.release_id)
    return release, catalog.successor(release) if release else None


@cache
def _script(coding: _Coding) -> tuple[bytes, str]:
    """The script as it is sent, and its entity tag."""
    content = source().encode()
    if coding == "gzip":
        content = gzip.compress(content, mtime=0)
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
