"""The index is brought in line with the files: what is new or changed goes in, what is gone leaves.

It knows neither formats nor Chroma nor SQLite. The order of writing makes it safe to end at any moment:
vectors first, then the catalog that names them, last the vectors that the catalog no longer names. What is
cut short leaves vectors that nobody asks for, and the next run removes them.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.catalog import FILE, Catalog, Stamp, Summary
from bot.errors import IndexDamagedError, IndexMismatchError
from bot.first_run import first_run
from bot.store.database import set_aside
from bot.vectors import Vectors, new_collection
from ingest.embedding import Embedding, here
from ingest.load import SUFFIXES
from ingest.lock import writing
from ingest.parallel import spans_of
from ingest.plan import Plan, after, moves_of, plan_of
from ingest.prepare import is_unread, prepare_again
from ingest.progress import Tell
from ingest.remove import move_aside
from ingest.scope import Source, find
from ingest.split import SPLITTER_VERSION
from ingest.standing import former_corpus, known_to_fail, own_roots, remember, widen
from ingest.unpacker import Unpacker
from ingest.write import Writer

if TYPE_CHECKING:
    from bot.embeddings import PassageEmbeddings
    from bot.settings import Settings

STAGED = "catalog.rebuild.sqlite"
UNPACKED = "unpacked"
UNNAMED = "vectors without a passage"
"""What a run that was cut short leaves, and the next one removes."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, in releases; `passages` counts what was embedded.

    `failed` holds (file, reason); such a release stays in the index as it was. `skipped` counts files of
    formats that are not read, and `restored` vectors that the store had lost. `unread` are the files in the index
    some of whose pages are scans without recognised text.
    """

    added: int
    changed: int
    unchanged: int
    removed: int
    failed: tuple[tuple[str, str], ...]
    skipped: int
    restored: int
    passages: int
    releases: int
    generation: int
    seconds: float
    unread: tuple[str, ...] = ()

    @property
    def nothing_done(self) -> bool:
        return not (self.added or self.changed or self.removed or self.failed or self.restored)

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON types; `releases` counts those in the index now."""
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "failed": [{"file": file, "reason": reason} for file, reason in self.failed],
            "skipped": self.skipped,
            "restored": self.restored,
            "passages": self.passages,
            "releases": self.releases,
            "generation": self.generation,
            "seconds": round(self.seconds, 3),
            "unread": list(self.unread),
        }


def open_model(settings: "Settings") -> "PassageEmbeddings":
    """The embedding model of the settings. Raises EmbeddingsError where there is none."""
    from bot.embeddings import open_embeddings

    key = settings.openai_api_key
    return open_embeddings(
        settings.embeddings,
        settings.data_dir / "models",
        api_key=key.get_secret_value() if key else None,
        base_url=settings.openai_base_url,
    )


def embedding_of(
    settings: "Settings", embeddings: "PassageEmbeddings | None" = None, ray: str | None = None
) -> AbstractContextManager[Embedding]:
    """Where passages are embedded: on this machine, or by the Ray cluster at an address."""
    embeddings = embeddings or open_model(settings)
    if ray is None:
        return here(embeddings)
    from ingest.cluster import Model, on_ray

    cache, key = str(settings.data_dir.resolve() / "models"), settings.openai_api_key
    secret = key.get_secret_value() if key else None
    return on_ray(ray, Model(settings.embeddings, embeddings.name, cache, secret, settings.openai_base_url))


def sync_settings(
    settings: "Settings",
    paths: Sequence[Path] = (),
    rebuild: bool = False,
    progress: Tell = lambda _: None,
    embeddings: "PassageEmbeddings | None" = None,
    remove: Sequence[str] = (),
    ray: str | None = None,
) -> Report:
    """Bring the index of `settings` in line with `paths`, or with the corpus folder; see `sync`.

    The files of what is to `remove` move aside first; with nothing but these no other file is looked at.
    `embeddings` takes the place of the model that the settings name; with `ray` a cluster embeds with that one.
    Raises IndexBusyError where another process is writing.
    """
    with (
        writing(settings.data_dir, settings.lock_seconds),
        Vectors.open(settings.data_dir, settings.chroma_url) as vectors,
        embedding_of(settings, embeddings, ray) as embedding,
    ):
        return sync(
            [*paths, *move_aside(remove, settings.data_dir)],
            corpus_dir=settings.corpus_dir,
            data_dir=settings.data_dir,
            vectors=vectors,
            embedding=embedding,
            rebuild=rebuild,
            progress=progress,
            ocr=settings.ocr,
        )


def sync(
    paths: Sequence[Path],
    *,
    corpus_dir: Path,
    data_dir: Path,
    vectors: Vectors,
    embedding: Embedding,
    rebuild: bool = False,
    progress: Tell = lambda _: None,
    ocr: str = "",
) -> Report:
    """Bring the index in `data_dir` in line with `paths`, or with `corpus_dir`; the caller holds the lock.

    With `rebuild` every release of the index is made again, beside the old index, which is replaced at the
    end. Scanned pages are recognised in the languages of `ocr`, and not at all without. Raises CorpusError for a
    path that does not exist or a folder without releases, with the index left as it was, and IndexMismatchError
    where another model or splitter built the index.
    """
    started = time.perf_counter()
    run = _rebuild if rebuild else _update
    report = run(paths, corpus_dir, data_dir / FILE, vectors, embedding, progress, ocr)
    return replace(report, seconds=time.perf_counter() - started)


def verify_index(catalog: Catalog, vectors: Vectors) -> list[str]:
    """What is wrong with the index, one sentence each; nothing after a run that ended.

    Every passage that can be found, and every item that is found by itself, must have exactly one vector, no vector may
    stand alone, and the passages of each release must join to its text.
    """
    catalog.check()
    wanted, wrong = catalog.vector_ids(), []
    stored = vectors.ids(catalog.collection) if catalog.collection else []
    twice = {vector_id for vector_id, number in Counter(stored).items() if number > 1}
    for name, ids in (
        ("vectors lost", wanted - set(stored)),
        (UNNAMED, set(stored) - wanted),
        ("vectors stored twice", twice),
    ):
        if ids:
            wrong.append(f"{len(ids)} {name}, such as {min(ids)}")
    for summary in catalog.releases():
        release = catalog.release(summary.id)
        if release is None or "".join(each.text for each in catalog.passages_of(summary.id)) != release.text:
            wrong.append(f"the passages of {summary.id} do not join to its text")
    return wrong


def _update(
    paths: Sequence[Path],
    corpus_dir: Path,
    path: Path,
    vectors: Vectors,
    embedding: Embedding,
    progress: Tell,
    ocr: str,
) -> Report:
    stamp = Stamp(embedding.name, SPLITTER_VERSION)
    _discard(path.with_name(STAGED))  # of a rebuild that was cut short
    with Catalog.open(path, create=True) as catalog, ExitStack() as held:
        catalog.require(embeddings=stamp.embeddings, splitter=stamp.splitter)
        known, failures = _known(catalog), catalog.failures()
        asked = [*known, *known_to_fail(failures)]
        scope = find(paths, corpus_dir, asked, SUFFIXES, own_roots(path.parent))
        former = None if paths else former_corpus(corpus_dir, catalog.corpus)
        containers = catalog.containers()
        moves = moves_of(known, containers, scope, former)
        for old, new in moves.items():
            catalog.move_root(old, new)
        known, containers = after(moves, known), catalog.containers()
        for failure in catalog.failures():  # what failed is tried again
            failed = Source(failure.root, failure.file, failure.member)
            containers.pop((failure.root, failed.holder.file), None)
        if not paths:
            widen(scope, former, failures, SUFFIXES)
        unpacker = held.enter_context(Unpacker.open(path.with_name(UNPACKED)))
        plan = plan_of(scope, known, unpacker, everything=False, containers=containers, ocr=ocr)
        collection = catalog.collection or new_collection(None)
        vectors.create(collection)
        writer = Writer(catalog, vectors, embedding, stamp, collection, progress)
        with nullcontext() if paths else first_run(path.parent, begins=not catalog.generation):
            writer.work(plan, known)
            gone = [summary.id for summary in plan.removed if summary.id not in writer.written]
            if gone:
                catalog.apply((), gone, stamp=stamp, collection=collection)
            restored = writer.settle()
            vectors.drop_other_collections(collection)
            remember(catalog, plan, scope, paths, corpus_dir, failures)
            catalog.keep_containers(plan.containers)
        return _report(plan, writer, restored, catalog)


def _rebuild(
    paths: Sequence[Path],
    corpus_dir: Path,
    path: Path,
    vectors: Vectors,
    embedding: Embedding,
    progress: Tell,
    ocr: str,
) -> Report:
    stamp = Stamp(embedding.name, SPLITTER_VERSION)
    with (
        _readable(path) as old,
        _staged(path.with_name(STAGED)) as staged,
        Unpacker.open(path.with_name(UNPACKED)) as unpacker,
    ):
        known, failures = (_known(old), old.failures()) if old else ({}, [])
        asked = [*known, *known_to_fail(failures)]
        scope = find(paths, corpus_dir, asked, SUFFIXES, own_roots(path.parent))
        former = None if paths or not old else former_corpus(corpus_dir, old.corpus)
        known = after(moves_of(known, old.containers() if old else {}, scope, former), known)
        if not paths:
            widen(scope, former, failures, SUFFIXES)
        plan = plan_of(scope, known, unpacker, everything=True, ocr=ocr)
        collection = new_collection(old.collection if old else None)
        vectors.create(collection)
        writer = Writer(staged, vectors, embedding, stamp, collection, progress)
        writer.work(plan, known)
        for summary in [*plan.kept, *(known[source] for source in plan.failed if source in known)]:
            release = old.release(summary.id) if old else None
            if release is not None:
                entry = prepare_again(replace(release, root=summary.root), summary.fingerprint)
                writer.add(entry, spans_of(entry))
        writer.flush()
        staged.close()
        if writer.written:
            with nullcontext() if paths else first_run(path.parent, begins=False):
                _swap(path, staged.path, stamp, collection)
            vectors.drop_other_collections(collection)
    with Catalog.open(path, create=True) as catalog:
        remember(catalog, plan, scope, paths, corpus_dir, failures)
        catalog.keep_containers(plan.containers)
        return _report(plan, writer, 0, catalog)


@contextmanager
def _readable(path: Path) -> Iterator[Catalog | None]:
    """The catalog at `path`, or None where there is none that can be read."""
    try:
        catalog = Catalog.open(path, create=False)
        catalog.check()
    except (IndexDamagedError, IndexMismatchError):
        yield None
        return
    with catalog:
        yield catalog


@contextmanager
def _staged(path: Path) -> Iterator[Catalog]:
    """An empty catalog at `path`, which is removed at the end."""
    _discard(path)
    try:
        with Catalog.open(path, create=True) as catalog:
            yield catalog
    finally:
        _discard(path)


def _discard(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(f"{path.name}{suffix}").unlink()


def _swap(path: Path, staged: Path, stamp: Stamp, collection: str) -> None:
    """Put the staged catalog in the place of the one at `path`; one that is damaged is set aside."""
    try:
        with Catalog.open(path, create=True) as catalog:
            catalog.replace_all(staged, stamp=stamp, collection=collection)
    except (IndexDamagedError, IndexMismatchError):
        set_aside(path)
        with Catalog.open(path, create=True) as catalog:
            catalog.replace_all(staged, stamp=stamp, collection=collection)


def _report(plan: Plan, writer: Writer, restored: int, catalog: Catalog) -> Report:
    changed = [job for job in writer.done if job.before and job.before.fingerprint != job.fingerprint]
    added = [job for job in writer.done if not job.before]
    releases = _known(catalog)
    return Report(
        added=len(added),
        changed=len(changed),
        unchanged=len(plan.kept) + len(writer.done) - len(added) - len(changed),
        removed=len(plan.removed),
        failed=tuple((source.named, reason) for source, reason in sorted(plan.failed.items())),
        skipped=plan.skipped,
        restored=restored,
        passages=writer.passages,
        releases=len(releases),
        generation=catalog.generation,
        seconds=0.0,
        unread=tuple(sorted(each.named for each, known in releases.items() if is_unread(known.fingerprint))),
    )


def _known(catalog: Catalog) -> dict[Source, Summary]:
    return {Source(summary.root, summary.file, summary.member): summary for summary in catalog.releases()}
