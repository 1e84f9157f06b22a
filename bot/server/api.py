"""The HTTP API: its routes, its problems, and the document that describes both.

It does not answer requests itself: each kind of thing has its own file of routes.
"""

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from bot.server import answers, ask, conversations, corpus, embedding, exports, releases
from bot.server.document import describe
from bot.server.guard import REQUEST_ID
from bot.server.intake import Intake
from bot.server.objects import Problem
from bot.server.problems import KINDS, MEDIA_TYPE, ProblemError
from bot.server.refusals import catch
from bot.server.served import Served
from bot.upkeep.uploads import UPLOAD_MEGABYTES

VERSION = "/v1"
ROUTES = (ask, conversations, releases, answers, exports, embedding, corpus)
BYTES_PER_CHARACTER = 12
"""What JSON needs at most: two escapes of six bytes."""
OTHER_BYTES = 16_384
"""Room in a body for all but the question."""
PREFLIGHT_SECONDS = 600


def make_api(served: Served) -> FastAPI:
    """The API, to be mounted at `/api`."""
    api = FastAPI(
        title="Communiqué",
        version="1",
        summary="Ask press releases, get answers with proven quotes.",
        description="Errors are problems of RFC 9457. Lists come in pages: `next` is the `cursor` of the next one.",
        docs_url=None,  # they load their scripts from elsewhere
        redoc_url=None,
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=served.rules.origins,
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["Accept", "Authorization", "Content-Type", "Idempotency-Key"],
                expose_headers=[ask.CONVERSATION_HEADER, REQUEST_ID, "Retry-After"],
                max_age=PREFLIGHT_SECONDS,
            ),
            Middleware(
                Intake,
                maximum=OTHER_BYTES + BYTES_PER_CHARACTER * served.settings.question_characters,
                file_maximum=UPLOAD_MEGABYTES * 1024 * 1024,
            ),
        ],
        # One that matches nothing is 404, not a redirect to one with or without a slash at its end.
        redirect_slashes=False,
    )
    api.state.served = served
    for each in ROUTES:
        api.include_router(each.router, prefix=VERSION)
    catch(api, ProblemError.response, "/api/openapi.json")
    titles = {kind.status: kind.title for kind in reversed(KINDS)}
    describe(api, Problem, MEDIA_TYPE, titles)
    return api
