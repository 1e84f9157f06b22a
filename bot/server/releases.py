"""Releases over the API: listed, read with a quote marked, and downloaded as the file that was read.

It does not know how releases are stored, nor how a quote is found.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path as File
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response
from starlette.responses import JSONResponse

from bot.catalog import Catalog, Summary, Version
from bot.domain import Release
from bot.server import objects
from bot.server.callers import Reader, ServedHere
from bot.server.cursor import Cursor, Limit, decoded, encoded
from bot.server.problems import INVALID, NOT_FOUND, ProblemError

MAXIMUM_TEXT = 1_000_000
"""Characters of a text that are sent at once."""
MAXIMUM_FILE = 64 * 1024 * 1024

router = APIRouter(tags=["releases"])

ReleaseId = Annotated[str, Path(max_length=1000, description="May hold slashes, as they are or as `%2F`.")]
Revision = Annotated[str | None, Query(pattern=r"^[0-9a-f]{64}$", description="An earlier revision.")]
Position = Annotated[int | None, Query(ge=0, le=2**31)]


@router.get("/releases", summary="List releases, the newest first", response_model=objects.ReleasePage)
def page(
    served: ServedHere,
    caller: Reader,
    since: Annotated[date | None, Query(description="Published on this day or later.")] = None,
    until: Annotated[date | None, Query(description="Published on this day or earlier.")] = None,
    language: Annotated[str | None, Query(pattern="^[a-z]{2,3}$")] = None,
    issuer: Annotated[str | None, Query(max_length=200, description="Part of its name, in any case.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Response:
    def fits(release: Summary) -> bool:
        return (
            (since is None or (release.date is not None and release.date >= since))
            and (until is None or (release.date is not None and release.date <= until))
            and (language is None or release.language == language)
            and (issuer is None or issuer.casefold() in (release.issuer or "").casefold())
        )

    shown, more = listed(served.bot().catalog, limit, cursor, fits)
    return JSONResponse({"items": [release_json(each) for each in shown], "next": more})


@router.get("/releases/{release_id:path}", summary="Read a release", response_model=objects.ReleaseWithText)
def read(
    release_id: ReleaseId,
    served: ServedHere,
    caller: Reader,
    start: Position = None,
    end: Position = None,
    revision: Revision = None,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=MAXIMUM_TEXT, description="Characters of the text.")] = MAXIMUM_TEXT,
) -> Response:
    return JSONResponse(part(served.bot().catalog, release_id, revision, start, end, offset, limit))


@router.get(
    "/originals/{release_id:path}",
    summary="Download the file that was read",
    description="Of a release in an archive, a table, an export or a mail, that is the whole of it.",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    },
)
def original(
    release_id: ReleaseId, served: ServedHere, caller: Reader, revision: Revision = None
) -> Response:
    release = _release(served.bot().catalog, release_id, revision)
    content = _bytes(File(release.root), release.container)
    if content is None or hashlib.sha256(content).hexdigest() != _digest(served.bot().catalog, release):
        raise ProblemError(
            NOT_FOUND,
            "The file has changed or gone since it was read; the text of the release is still here.",
        )
    name = quote(release.container.rpartition("/")[2])
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, 200, headers, "application/octet-stream")


def listed(
    catalog: Catalog, limit: int, cursor: str | None, fits: Callable[[Summary], bool] = lambda release: True
) -> tuple[list[Summary], str | None]:
    """A page of the releases that fit, the newest first, and the cursor of the next page where there is one."""
    after = tuple(decoded(cursor, 2)) if cursor is not None else None
    found = [
        release
        for release in _newest_first(catalog, catalog.generation)
        if fits(release) and (after is None or _place(release) < after)
    ]
    shown = found[:limit]
    return shown, encoded(*_place(shown[-1])) if len(found) > limit else None


def part(
    catalog: Catalog,
    release_id: str,
    revision: str | None,
    start: int | None,
    end: int | None,
    offset: int,
    limit: int,
) -> dict[str, Any]:
    """A release, `limit` characters of its text from `offset` on, and the place from `start` to `end`."""
    release = _release(catalog, release_id, revision)
    successor = catalog.successor(release)
    others = [each for each in catalog.versions([release_id]).values() if each.release_id != release_id]
    return {
        **release_json(release),
        "is_current": successor is None,
        "superseded_by": successor and release_json(successor),
        "versions": [version_json(each) for each in others],
        "offset": offset,
        "text": release.text[offset : offset + limit],
        "highlight": _highlight(release.text, start, end),
    }


def release_json(release: Release | Summary) -> dict[str, Any]:
    """What is known of a release, without its text."""
    return {
        "id": release.id,
        "title": release.title,
        "date": release.date.isoformat() if release.date else None,
        "language": release.language,
        "issuer": release.issuer,
        "place": release.place,
        "url": release.url,
        "file": release.file,
        "revision": release.revision,
        "characters": release.characters if isinstance(release, Summary) else len(release.text),
    }


def version_json(version: Version) -> dict[str, Any]:
    """Another version of a release: in another language, from another place, or before a correction."""
    return {
        "id": version.release_id,
        "title": version.title,
        "date": version.date.isoformat() if version.date else None,
        "language": version.language,
        "superseded_by": version.superseded_by,
    }


@lru_cache(maxsize=1)
def _newest_first(catalog: Catalog, generation: int) -> list[Summary]:
    """All releases; those without a date come last."""
    return sorted(catalog.releases(), key=_place, reverse=True)


def _place(release: Summary) -> tuple[str, str]:
    return (release.date.isoformat() if release.date else "", release.id)


def _release(catalog: Catalog, release_id: str, revision: str | None) -> Release:
    release = catalog.release(release_id, revision)
    if release is None:
        raise ProblemError(NOT_FOUND, "There is no such release, or no such revision of it.")
    return release


def _highlight(text: str, start: int | None, end: int | None) -> dict[str, Any] | None:
    if start is None and end is None:
        return None
    if start is None or end is None or not start < end <= len(text):
        raise ProblemError(
            INVALID, f"`start` and `end` name no place in this text: 0 <= start < end <= {len(text)}."
        )
    return {"start": start, "end": end, "text": text[start:end]}


def _digest(catalog: Catalog, release: Release) -> str | None:
    """The SHA-256 that the file on disk had when it was read."""
    if not release.member:
        return release.revision
    return catalog.containers().get((release.root, release.container))


def _bytes(root: File, file: str) -> bytes | None:
    """The content of the file below `root`, where it is there and not too large."""
    try:
        path = (root / file).resolve()
        if not path.is_relative_to(root.resolve()) or path.stat().st_size > MAXIMUM_FILE:
            return None
        return path.read_bytes()
    except OSError:
        return None
