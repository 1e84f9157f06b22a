"""What has to be done so that the index agrees with the files: which are new, changed, gone or moved.

It reads files only to tell whether they changed, and writes nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path, PurePosixPath

from bot.catalog import Summary
from bot.errors import CorpusError
from ingest.load import Kind, kind_of
from ingest.manifest import ManifestEntry, read_manifest
from ingest.scope import Scope, Source


@dataclass(frozen=True, slots=True)
class Job:
    """A source to be made a release of, and what the index holds of it; `content` is the file to read for it."""

    source: Source
    revision: str
    fingerprint: str
    size: int
    described: ManifestEntry | None
    before: Summary | None
    content: Path
    kind: Kind


@dataclass(slots=True)
class Plan:
    """What a run has to do. `kept` stays as the index has it; `failed` grows while the jobs are done."""

    jobs: list[Job] = field(default_factory=list)
    kept: list[Summary] = field(default_factory=list)
    removed: list[Summary] = field(default_factory=list)
    failed: dict[Source, str] = field(default_factory=dict)
    skipped: int = 0


def plan_of(scope: Scope, known: Mapping[Source, Summary], *, everything: bool) -> Plan:
    """What to do about the files of the scope, and with `everything` about all that is known.

    Raises CorpusError where a manifest cannot be read.
    """
    plan = Plan(failed=dict(scope.failed), skipped=scope.skipped)
    elsewhere = {source for source in known if not scope.covers(source)}
    found = set(scope.sources)
    manifests: dict[str, dict[str, ManifestEntry]] = {}
    for source in sorted(found | elsewhere if everything else found):
        before = known.get(source)
        try:
            revision, size = digest(source.path), source.path.stat().st_size
        except OSError as error:
            if source in elsewhere:
                plan.kept.append(known[source])
            else:
                plan.failed[source] = (
                    f"{source.path} cannot be opened ({error.strerror}): check its permissions."
                )
            continue
        if source.root not in manifests:
            manifests[source.root] = read_manifest(Path(source.root))
        described = manifests[source.root].get(source.file)
        fingerprint = _fingerprint(revision, described)
        if before and before.fingerprint == fingerprint and not everything:
            plan.kept.append(before)
            continue
        try:
            kind = kind_of(source.path, source.named)
        except CorpusError as error:
            plan.failed[source] = str(error)
            continue
        plan.jobs.append(Job(source, revision, fingerprint, size, described, before, source.path, kind))
    plan.removed = [
        summary
        for source, summary in known.items()
        if source not in elsewhere and source not in found and source not in plan.failed
    ]
    return plan


def ids_of(plan: Plan, known: Mapping[Source, Summary]) -> dict[Source, str]:
    """An id for each job: the one it has, else its path without the suffix, or the next that is free."""
    taken = {summary.id for summary in known.values()} - {summary.id for summary in plan.removed}
    ids: dict[Source, str] = {}
    for job in plan.jobs:
        path = PurePosixPath(job.source.file)
        names = chain([str(path.with_suffix("")), str(path)], (f"{path}~{number}" for number in count(2)))
        ids[job.source] = job.before.id if job.before else next(name for name in names if name not in taken)
        taken.add(ids[job.source])
    return ids


def moves_of(known: Mapping[Source, Summary], scope: Scope, former: str | None) -> dict[str, str]:
    """Roots that are gone, or the `former` corpus, and the folder each was moved to: one with an unchanged file."""
    roots = {source.root for source in known}
    moves: dict[str, str] = {}
    for source in scope.sources:
        if source.root in roots or source.root in moves.values():
            continue
        for old in roots - moves.keys():
            summary = known.get(Source(old, source.file))
            left = old == former or not Path(old).exists()
            if summary and left and _is_revision(source.path, summary.revision):
                moves[old] = source.root
                break
    return moves


def after(moves: Mapping[str, str], known: Mapping[Source, Summary]) -> dict[Source, Summary]:
    return {
        Source(moves.get(source.root, source.root), source.file, source.member): replace(
            summary, root=moves.get(source.root, source.root)
        )
        for source, summary in known.items()
    }


def _fingerprint(revision: str, described: ManifestEntry | None) -> str:
    """Changes with everything that a release is made from: the file's bytes and its manifest entry."""
    entry = described.model_dump_json(exclude_none=True) if described else ""
    return hashlib.sha256(f"{revision}\n{entry}".encode()).hexdigest()


def _is_revision(path: Path, revision: str) -> bool:
    try:
        return digest(path) == revision
    except OSError:
        return False


def digest(path: Path) -> str:
    """SHA-256 of the file's bytes, in hex."""
    with path.open("rb") as file:
        return str(hashlib.file_digest(file, "sha256").hexdigest())
