"""Whether the process lives, and whether it can answer: for those who watch over it.

It says nothing that a stranger may not know.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.errors import CommuniqueError
from bot.server.problems import UNAVAILABLE, ProblemError, busy, of_error
from bot.server.served import Served


async def lives(request: Request) -> Response:
    """`/healthz`: the process answers."""
    return JSONResponse({"status": "alive"})


async def is_ready(request: Request) -> Response:
    """`/readyz`: index and models are loaded, and the server is not stopping."""
    served: Served = request.app.state.served
    try:
        served.require_ready()
        catalog = served.bot().catalog
        generation = await run_in_threadpool(lambda: catalog.generation)
        if not generation:
            raise busy(30, "The index is empty.", UNAVAILABLE)
        return JSONResponse({"status": "ready", "generation": generation})
    except ProblemError as problem:
        return problem.response(request.state.request_id)
    except CommuniqueError as error:
        return of_error(error).response(request.state.request_id)
