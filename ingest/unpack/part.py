"""One member of a container as it comes out, and which of them are no releases.

It opens nothing.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from ingest.load.kind import Kind
from ingest.load.limits import NAME_BYTES
from ingest.load.record import id_field

_NOT_RELEASES = {
    "manifest.yaml",
    "manifest.yml",
    "readme",
    "readme.md",
    "readme.txt",
    "__macosx",
    "thumbs.db",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A member: its bytes, or the `problem` with it; with neither it is the container itself.

    Without a `kind` its suffix and its content tell.
    """

    name: str
    content: bytes | None = None
    kind: Kind | None = None
    problem: str = ""


def passed_over(name: str) -> bool:
    """Whether a member is hidden, describes a folder, or was put there by a program."""
    return any(each.startswith(".") or each.casefold() in _NOT_RELEASES for each in PurePosixPath(name).parts)


def record_part(record: Mapping[str, Any], number: int, content: bytes | None = None) -> Part:
    """A record of an export as a member, called by its own id or by its number, counted from 1."""
    name = plain_name(id_field(record)) or str(number)
    if content is None:
        content = json.dumps(record, ensure_ascii=False, sort_keys=True).encode(errors="surrogatepass")
    return Part(name, content, "record")


def plain_name(name: str) -> str:
    """The name on one line without the signs that part folders, cut to NAME_BYTES."""
    words = re.sub(r"[\0-\x1f\x7f/\\]+", "_", name).strip(" ._")
    return words.encode(errors="ignore")[:NAME_BYTES].decode(errors="ignore")
