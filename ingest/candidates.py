"""Which releases one file holds, itself or its members, and which of them the index has as they are.

It reads files only to tell whether they changed, and unpacks containers; it makes no release.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.catalog import Summary
from bot.errors import CorpusError
from ingest.load import CONTAINERS, KINDS, Kind, kind_of
from ingest.metadata.manifest import ManifestEntry
from ingest.prepare import is_of
from ingest.scope import Source
from ingest.unpack import Member
from ingest.unpacker import Unpacker


@dataclass(frozen=True, slots=True)
class Job:
    """A source to be made a release of, and what the index holds of it; `content` is the file to read for it.

    `ocr` names the languages in which scanned pages are recognised; they are not where it is empty.
    """

    source: Source
    revision: str
    fingerprint: str
    size: int
    described: ManifestEntry | None
    before: Summary | None
    content: Path
    kind: Kind
    ocr: str = ""


@dataclass(slots=True)
class Look:
    """What is to be done about a file: its new and changed releases, and by member those `kept` and `failed`.

    `digest` is that of a container's bytes, and empty for other files.
    """

    jobs: list[Job] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: int = 0
    digest: str = ""


def look_at(
    file: Source,
    before: Mapping[str, Summary],
    manifest: Mapping[str, ManifestEntry],
    unpacker: Unpacker,
    *,
    complete: str | None,
    everything: bool,
    ocr: str = "",
) -> Look:
    """What is to be done about the file, of which the index has the releases `before`, by member.

    `complete` is the digest that a container had when all of them were read: where it still has it, they are not
    unpacked again. With `everything` all are done anew. Those with scanned pages are as they are only for the same
    `ocr`. Raises CorpusError where the file cannot be read at all.
    """
    path = file.path
    try:
        revision, size = digest(path), path.stat().st_size
    except OSError as error:
        raise CorpusError(f"{path} cannot be opened ({error.strerror}): check its permissions.") from error

    def same(name: str, revision: str) -> bool:
        mark = _fingerprint(revision, manifest.get(file.holds(name).file))
        return name in before and is_of(before[name].fingerprint, mark, ocr) and not everything

    may_hold = KINDS.get(path.suffix.lower()) in CONTAINERS
    alone = not may_hold and set(before) == {""}
    if (alone or revision == complete) and all(
        same(name, summary.revision if name else revision) for name, summary in before.items()
    ):
        return Look(kept=list(before), digest="" if alone else revision)
    kind = kind_of(path, file.named)
    if kind in CONTAINERS:
        known = {name: each.revision for name, each in before.items() if same(name, each.revision)}
        unpacked = unpacker.unpack(path, file.named, kind, known)
        if digest(path) != revision:
            raise CorpusError(f"{file.named} changed while it was read: run the command again.")
        look = Look([], [], unpacked.failed, unpacked.skipped, revision)
        members = unpacked.members
    else:
        look = Look()
        members = [Member("", revision, size, kind, path)]
    for each in members:
        if each.content is None or same(each.name, each.revision):
            look.kept.append(each.name)
            continue
        source = file.holds(each.name)
        described = manifest.get(source.file)
        mark = _fingerprint(each.revision, described)
        look.jobs.append(
            Job(
                source,
                each.revision,
                mark,
                each.size,
                described,
                before.get(each.name),
                each.content,
                each.kind,
                ocr if each.kind == "pdf" else "",
            )
        )
    return look


def _fingerprint(revision: str, described: ManifestEntry | None) -> str:
    """Changes with everything that a release is made from: the file's bytes and its manifest entry."""
    entry = described.model_dump_json(exclude_none=True) if described else ""
    return hashlib.sha256(f"{revision}\n{entry}".encode()).hexdigest()


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex."""
    with path.open("rb") as file:
        return str(hashlib.file_digest(file, "sha256").hexdigest())
