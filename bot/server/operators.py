"""`/metrics`: what the server counts and what it is doing, for a program that watches over it.

Whoever reads it runs on this machine or holds a key for `admin`. It counts nothing itself.
"""

from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.catalog import Catalog
from bot.errors import CommuniqueError
from bot.server.callers import require_operator
from bot.server.metrics import MEDIA_TYPE
from bot.server.problems import ProblemError
from bot.server.served import Served

QUEUE = {
    "answering": "Questions of the API that are being answered.",
    "queue_length": "Questions of the API that wait for their turn.",
    "queue_room": "Questions of the API that may be inside at once: to more it says busy.",
}
INDEX = {
    "generation": "Grows with every change of the index.",
    "releases": "Releases in the index.",
    "passages": "Passages that can be found.",
    "changed_timestamp_seconds": "When an ingest last changed the index, in seconds since 1970.",
    "failures": "Files that should be releases and cannot be read.",
}


async def tell(request: Request) -> Response:
    """Everything as Prometheus reads it."""
    served: Served = request.app.state.served
    try:
        await require_operator(request, served)
    except ProblemError as problem:
        return problem.response(request.state.request_id)
    return Response(await run_in_threadpool(served.metrics.text), media_type=MEDIA_TYPE)


def watch(served: Served) -> None:
    """Let the metrics of the server tell its queue and its index, too."""
    served.metrics.read("communique", QUEUE, lambda: _queue(served))
    served.metrics.read("communique_index", INDEX, lambda: _index(served))


def _queue(served: Served) -> dict[str, float]:
    pool = served.pool
    return {"answering": pool.running, "queue_length": pool.inside - pool.running, "queue_room": pool.room}


def _index(served: Served) -> dict[str, float]:
    catalog = served.catalog_if_open
    if catalog is None:
        return {}
    try:
        with catalog.snapshot():
            return {**_counted(catalog, catalog.generation), "failures": len(catalog.failures())}
    except CommuniqueError:
        return {}  # /readyz and the log say why


@lru_cache(maxsize=1)
def _counted(catalog: Catalog, generation: int) -> dict[str, float]:
    """What changes with the generation only, and takes long to count."""
    changed = catalog.changed
    return {
        **({"changed_timestamp_seconds": changed.timestamp()} if changed else {}),
        "generation": generation,
        "releases": len(catalog.releases()),
        "passages": catalog.passage_count,
    }
