"""Prepared releases go into a catalog and their vectors into the store, a commit at a time.

It does not know why: `ingest.sync` decides what is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.catalog import Catalog, Entry, SentenceVectors, Stamp, Summary
from bot.domain import Passage, Release
from bot.errors import CorpusError
from bot.sentences import sentences
from bot.vectors import Vectors
from ingest.plan import Job, Plan, digest, ids_of
from ingest.prepare import prepare
from ingest.progress import Progress, Tell
from ingest.scope import Source

if TYPE_CHECKING:
    from bot.embeddings import PassageEmbeddings

COMMITTED_PASSAGES = 256
"""Releases are committed as soon as they hold so many passages together: what a crash can cost."""
EMBEDDED_PASSAGES = 64
"""Passages embedded at once: often enough to show progress, enough to keep every processor busy."""


def embedded_text(release: Release, passage: Passage) -> tuple[str, int]:
    """What is embedded for a passage, and where the passage's own text starts in it."""
    return passage.text, 0


class Writer:
    """Releases on their way into a catalog, collected until they are worth a commit."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: Vectors,
        embeddings: "PassageEmbeddings",
        stamp: Stamp,
        collection: str,
        progress: Tell,
    ) -> None:
        self.written: set[str] = set()
        self.done: list[Job] = []
        self.passages = 0
        self._catalog = catalog
        self._vectors = vectors
        self._embeddings = embeddings
        self._stamp = stamp
        self._collection = collection
        self._progress = progress
        self._waiting: list[Entry] = []
        self._waiting_bytes = 0
        self._done_bytes = 0
        self._all_bytes = 0
        self._jobs = 0
        self._seen = 0
        self._file = ""

    def work(self, plan: Plan, known: Mapping[Source, Summary]) -> None:
        """Do the jobs of the plan; what cannot be read joins its failures."""
        self._jobs = len(plan.jobs)
        self._all_bytes = sum(job.size for job in plan.jobs)
        ids = ids_of(plan, known)
        for self._seen, job in enumerate(plan.jobs, 1):
            self._file = job.source.file
            try:
                entry = prepare(job.source, ids[job.source], job.revision, job.fingerprint, job.described)
                if digest(job.source.path) != job.revision:
                    raise CorpusError(f"{job.source.path} changed while it was read: run the command again.")
            except CorpusError as error:
                plan.failed[job.source] = str(error)
                self._done_bytes += job.size
                continue
            self.done.append(job)
            self.add(entry, job.size)
        self.flush()

    def add(self, entry: Entry, size: int) -> None:
        """Take a release of `size` bytes; it is committed with others, at the latest by `flush`."""
        self._waiting.append(entry)
        self._waiting_bytes += size
        if sum(len(waiting.terms) for waiting in self._waiting) >= COMMITTED_PASSAGES:
            self.flush()

    def flush(self) -> None:
        """Embed and commit what was taken."""
        wanted = [
            (entry.release, passage)
            for entry in self._waiting
            for passage in entry.passages
            if passage.id in entry.terms
        ]
        found: dict[str, SentenceVectors] = {}
        for start in range(0, len(wanted), EMBEDDED_PASSAGES):
            part = wanted[start : start + EMBEDDED_PASSAGES]
            found |= self._embed(part)
            self._tell((start + len(part)) / len(wanted))
        if self._waiting:
            entries = [
                replace(entry, sentences={each: found[each] for each in entry.terms if each in found})
                for entry in self._waiting
            ]
            self._catalog.apply(entries, (), stamp=self._stamp, collection=self._collection)
            self.written.update(entry.release.id for entry in entries)
        self._waiting, self._done_bytes, self._waiting_bytes = [], self._done_bytes + self._waiting_bytes, 0

    def settle(self) -> int:
        """Make the vectors those that the catalog names; returns how many were missing and are restored."""
        wanted, stored = self._catalog.passage_ids(), set(self._vectors.ids(self._collection))
        missing = self._catalog.passages(sorted(wanted - stored))
        for start in range(0, len(missing), EMBEDDED_PASSAGES):
            part = missing[start : start + EMBEDDED_PASSAGES]
            releases = (self._catalog.release(passage.release_id) for passage in part)
            self._embed([(release, each) for release, each in zip(releases, part, strict=True) if release])
            self._progress(Progress(0, 0, self.passages, (start + len(part)) / len(missing), "", "restoring"))
        self._vectors.delete(self._collection, sorted(stored - wanted))
        if wanted != stored:
            # A new generation, so that chats in other processes read the vectors anew.
            self._catalog.apply((), (), stamp=self._stamp, collection=self._collection)
        return len(missing)

    def _embed(self, part: Sequence[tuple[Release, Passage]]) -> dict[str, SentenceVectors]:
        """Store the vectors of passages; returns those of their sentences."""
        texts, offsets, spans = [], [], []
        for release, passage in part:
            text, offset = embedded_text(release, passage)
            texts.append(text)
            offsets.append(offset)
            spans.append([(each.start, each.end) for each in sentences(passage.text)])
        moved = [
            [(start + by, end + by) for start, end in each] for each, by in zip(spans, offsets, strict=True)
        ]
        whole, parts = self._embeddings.embed_passages(texts, moved)
        ids = [passage.id for _, passage in part]
        self._vectors.upsert(self._collection, ids, whole)
        self.passages += len(part)
        return {
            passage_id: SentenceVectors(each, found)
            for passage_id, each, found in zip(ids, spans, parts, strict=True)
            if each
        }

    def _tell(self, share: float) -> None:
        """Report progress, `share` of what waits being embedded."""
        done = self._done_bytes + share * self._waiting_bytes
        self._progress(
            Progress(
                done=max(0, self._seen - (len(self._waiting) if share < 1 else 0)),
                total=self._jobs,
                passages=self.passages,
                fraction=min(1.0, done / self._all_bytes) if self._all_bytes else 1.0,
                file=self._file,
            )
        )
