"""The corpus over the API, for keys that may change it: files sent, the ingest started and watched, releases removed.

It does not know how a file becomes a release: the ingest, a process of its own, does.
"""

from pathlib import Path as File
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from bot.errors import CorpusError, IndexBusyError
from bot.server import objects
from bot.server.callers import Admin, Ingester, ServedHere
from bot.server.cursor import Cursor, Limit, decoded, encoded
from bot.server.intake import FILE
from bot.server.problems import CONFLICT, INVALID, NOT_FOUND, ProblemError
from bot.server.releases import ReleaseId
from bot.server.served import Served
from bot.upkeep.run import shorn
from bot.upkeep.uploads import UPLOADS, keep, safe_name

router = APIRouter(tags=["corpus"])


@router.put(
    "/uploads/{name}",
    status_code=201,
    summary="Send a file, to be ingested next",
    response_model=objects.Upload,
    responses={200: {"model": objects.Upload, "description": "The very same file was there already."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {FILE: {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def upload(
    name: Annotated[str, Path(min_length=1, max_length=300)],
    request: Request,
    served: ServedHere,
    caller: Ingester,
    replace: Annotated[bool, Query(description="Let it take the place of another file of its name.")] = False,
) -> Response:
    try:
        plain = safe_name(name)
    except CorpusError as error:
        raise ProblemError(INVALID, str(error)) from None
    content = await request.body()
    if not content:
        raise ProblemError(INVALID, "The body is empty: it must hold the file.")
    try:
        kept = await run_in_threadpool(keep, plain, content, served.settings.data_dir, replace=replace)
    except CorpusError:  # its name and size were looked at above
        raise ProblemError(
            CONFLICT,
            f"There is another file {plain} already: send yours under another name, or with `replace`.",
        ) from None
    sent = {"name": kept.path.name, "bytes": kept.size, "is_new": kept.is_new}
    return JSONResponse(sent, 201 if kept.is_new else 200)


@router.post("/ingests", status_code=202, summary="Bring the index up to date", response_model=objects.Ingest)
def ingest(body: objects.IngestBody, served: ServedHere, caller: Ingester) -> Response:
    named = [str(_uploaded(name, served)) for name in body.uploads or ()]
    return _started(served, [*named, *(body.addresses or ()), *(["--refresh"] if body.refresh else [])])


@router.get("/ingests/latest", summary="How far the ingest is", response_model=objects.Ingest)
def latest(served: ServedHere, caller: Ingester) -> Response:
    run = served.runner.last
    if run is None:
        raise ProblemError(NOT_FOUND, "Nothing was ingested since this server started.")
    return JSONResponse(run.to_json())


@router.get("/failures", summary="List the files that could not be read", response_model=objects.FailurePage)
def failures(served: ServedHere, caller: Ingester, limit: Limit = 20, cursor: Cursor = None) -> Response:
    after = tuple(decoded(cursor, 2)) if cursor is not None else None
    found = [
        each for each in served.bot().catalog.failures() if after is None or (each.root, each.file) > after
    ]
    shown = found[:limit]
    more = encoded(shown[-1].root, shown[-1].file) if len(found) > limit else None
    items = [
        {
            **each.to_json(),
            "file": each.file,
            "reason": shorn(each.reason, File(each.root)),
        }
        for each in shown
    ]
    return JSONResponse({"items": items, "next": more})


@router.delete(
    "/releases/{release_id:path}",
    status_code=202,
    summary="Take a release out of the corpus",
    description="Its file moves to the folder of removed files. A file that holds several releases leaves whole, and "
    "only where `whole_file` says so.",
    response_model=objects.Ingest,
)
def remove(
    release_id: ReleaseId,
    served: ServedHere,
    caller: Admin,
    whole_file: Annotated[bool, Query(description="With all other releases of the same file.")] = False,
) -> Response:
    releases = served.bot().catalog.releases()
    release = next((each for each in releases if each.id == release_id), None)
    if release is None:
        raise ProblemError(NOT_FOUND, "There is no such release.")
    place = (release.root, release.container)
    others = sum((each.root, each.container) == place for each in releases) - 1
    if others and not whole_file:
        raise ProblemError(
            CONFLICT, f"Its file holds {others} more releases: ask for `whole_file` to remove them all."
        )
    return _started(served, [f"--remove={File(*place) if others else release_id}"])


def _started(served: Served, arguments: list[str]) -> Response:
    try:
        run = served.runner.start(arguments)
    except IndexBusyError as error:
        raise ProblemError(CONFLICT, str(error), {"Retry-After": "5"}) from None
    return JSONResponse(run.to_json(), 202, {"Location": "ingests/latest"})


def _uploaded(name: str, served: Served) -> File:
    """The upload of this name. Raises the problem `invalid` where there is none."""
    try:
        path = served.settings.data_dir.absolute() / UPLOADS / safe_name(name)
    except CorpusError as error:
        raise ProblemError(INVALID, str(error)) from None
    if path.name != name or not path.is_file():
        raise ProblemError(
            INVALID, f"There is no upload {name[:200]!r}: give the name that sending it returned."
        )
    return path
