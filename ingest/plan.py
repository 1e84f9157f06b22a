"""What has to be done so that the index agrees with the files: which are new, changed, gone or moved.

It reads files only to tell whether they changed, and writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, count
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from bot.catalog import Summary
from bot.errors import CorpusError
from ingest.candidates import Job, digest, look_at
from ingest.metadata.manifest import ManifestEntry, read_manifest
from ingest.scope import Scope, Source
from ingest.unpacker import Unpacker


@dataclass(slots=True)
class Plan:
    """What a run has to do. `kept` stays as the index has it; `failed` grows while the jobs are done."""

    jobs: list[Job] = field(default_factory=list)
    kept: list[Summary] = field(default_factory=list)
    removed: list[Summary] = field(default_factory=list)
    failed: dict[Source, str] = field(default_factory=dict)
    skipped: int = 0
    containers: dict[tuple[str, str], str] = field(default_factory=dict)
    """The digests of the files that hold several releases, by root and file."""


def plan_of(
    scope: Scope,
    known: Mapping[Source, Summary],
    unpacker: Unpacker,
    *,
    everything: bool,
    containers: Mapping[tuple[str, str], str] = MappingProxyType({}),
    ocr: str = "",
) -> Plan:
    """What to do about the files of the scope, and with `everything` about all that is known.

    `containers` holds the digests of those whose every release is known; scanned pages are recognised in the
    languages of `ocr`. Raises CorpusError where a manifest cannot be read.
    """
    plan = Plan(failed=dict(scope.failed), skipped=scope.skipped)
    elsewhere = {source for source in known if not scope.covers(source)}
    found = {source.holder for source in scope.sources}
    files = found | {source.holder for source in elsewhere} if everything else found
    held: dict[Source, dict[str, Summary]] = {}
    for source, summary in known.items():
        held.setdefault(source.holder, {})[source.member] = summary
    manifests: dict[str, dict[str, ManifestEntry]] = {}
    present: set[Source] = set()
    for file in sorted(files):
        before = held.get(file, {})
        if file.root not in manifests:
            manifests[file.root] = read_manifest(Path(file.root))
        complete = None if everything else containers.get((file.root, file.file))
        try:
            look = look_at(
                file,
                before,
                manifests[file.root],
                unpacker,
                complete=complete,
                everything=everything,
                ocr=ocr,
            )
        except CorpusError as error:
            if file in found:
                plan.failed[file] = str(error)
            plan.kept.extend(each for each in before.values() if file not in found or each.member)
            present.update(file.holds(name) for name in before)
            continue
        present.update(job.source for job in look.jobs)
        present.update(file.holds(name) for name in look.kept)
        plan.jobs += look.jobs
        plan.kept += [before[name] for name in look.kept]
        plan.failed |= {file.holds(name): reason for name, reason in look.failed.items()}
        plan.skipped += look.skipped
        if look.digest:
            plan.containers[file.root, file.file] = look.digest
    plan.removed = [
        summary
        for source, summary in known.items()
        if source not in elsewhere and source not in present and source not in plan.failed
    ]
    plan.containers |= {place: digest for place, digest in containers.items() if Source(*place) not in files}
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


def moves_of(
    known: Mapping[Source, Summary],
    containers: Mapping[tuple[str, str], str],
    scope: Scope,
    former: str | None,
) -> dict[str, str]:
    """Roots that are gone, or the `former` corpus, and the folder each was moved to: one with an unchanged file."""
    roots = {source.root for source in known}
    moves: dict[str, str] = {}
    for source in scope.sources:
        if source.root in roots or source.root in moves.values():
            continue
        for old in roots - moves.keys():
            summary = known.get(Source(old, source.file))
            revision = summary.revision if summary else containers.get((old, source.file))
            left = old == former or not Path(old).exists()
            if revision and left and _is_revision(source.path, revision):
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


def _is_revision(path: Path, revision: str) -> bool:
    try:
        return digest(path) == revision
    except OSError:
        return False
