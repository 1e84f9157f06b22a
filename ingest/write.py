"""Prepared releases go into a catalog and their vectors into the store, a commit at a time.

It does not know why: `ingest.sync` decides what is written.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.catalog import Catalog, Entry, SentenceVectors, Stamp, Summary
from bot.domain import Passage
from bot.items import items, led_in, passage_of, vector_ids
from bot.store.packing import Spans
from bot.vectors import Vectors
from ingest.alike.relate import Relater
from ingest.candidates import Job
from ingest.parallel import prepared
from ingest.plan import Plan, ids_of
from ingest.progress import Progress, Tell
from ingest.scope import Source

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ingest.embedding import Embedded, Embedding

COMMITTED_PASSAGES = 256
"""Releases are committed as soon as they hold so many passages together: what a crash can cost."""
EMBEDDED_PASSAGES = 64
"""Passages embedded at once: often enough to show progress, enough to keep every processor busy."""


@dataclass(frozen=True, slots=True)
class _Text:
    """What is embedded under the id of a vector, and the sentences in it that have vectors of their own."""

    id: str
    text: str
    spans: Spans


@dataclass(slots=True)
class _Part:
    """Texts that are embedded together, and the releases of which they are the last."""

    texts: list[_Text] = field(default_factory=list)
    passages: int = 0
    complete: list[Entry] = field(default_factory=list)
    size: float = 0.0
    """Its share of the bytes of the files."""


class Writer:
    """Releases on their way into a catalog: their passages embedded part by part, several parts at a time."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: Vectors,
        embedding: "Embedding",
        stamp: Stamp,
        collection: str,
        progress: Tell,
    ) -> None:
        self.written: set[str] = set()
        self.done: list[Job] = []
        self.passages = 0
        self._catalog = catalog
        self._vectors = vectors
        self._embedding = embedding
        self._stamp = stamp
        self._collection = collection
        self._progress = progress
        self._relater = Relater(catalog, vectors, collection)
        self._now = datetime.now(UTC)
        self._part = _Part()
        self._flying: deque[tuple[_Part, Future[Embedded]]] = deque()
        self._sentences: dict[str, SentenceVectors] = {}
        self._complete: list[Entry] = []
        self._told = Progress(0, 0, 0, 0.0, "")
        self._all_bytes = 0.0
        self._done_bytes = 0.0

    def work(self, plan: Plan, known: Mapping[Source, Summary]) -> None:
        """Do the jobs of the plan; what cannot be read joins its failures."""
        self._told = replace(self._told, total=len(plan.jobs))
        self._all_bytes = float(sum(job.size for job in plan.jobs))
        with closing(prepared(plan.jobs, ids_of(plan, known))) as found:
            for each in found:
                self._told = replace(self._told, file=each.job.source.file)
                if each.entry is None:
                    plan.failed[each.job.source] = each.reason
                    self._tell(1, each.job.size)
                else:
                    self.done.append(replace(each.job, fingerprint=each.entry.fingerprint))
                    self.add(each.entry, each.spans, each.job.size)
        self.flush()

    def add(self, entry: Entry, spans: Mapping[str, Spans], size: int = 0) -> None:
        """Take a release and the sentences of its passages; it is committed with others, or by `flush`.

        `size` is that of its file in bytes.
        """
        wanted = [each for each in entry.passages if each.id in entry.terms]
        for passage in wanted:
            texts = _texts(passage, entry.release.title, spans[passage.id])
            self._take(texts, size / len(wanted))
        if not wanted:
            self._part.size += size
        self._part.complete.append(entry)

    def flush(self) -> None:
        """Embed and commit what was taken."""
        self._send()
        while self._flying:
            self._receive()
        rest, self._part = self._part, _Part()  # releases of which nothing can be found
        if rest.complete:
            self._complete.extend(rest.complete)
            self._tell(len(rest.complete), rest.size)
        self._commit()

    def settle(self) -> int:
        """Make the vectors those that the catalog names; returns how many were missing and are restored."""
        wanted, stored = self._catalog.vector_ids(), set(self._vectors.ids(self._collection))
        missing = wanted - stored
        lost = sorted({passage_of(vector_id) for vector_id in missing})
        self._told = Progress(0, 0, self.passages, 0.0, "", "restoring")
        self._all_bytes, self._done_bytes = float(len(lost)), 0.0
        for start in range(0, len(lost), EMBEDDED_PASSAGES):
            for passage in self._catalog.passages(lost[start : start + EMBEDDED_PASSAGES]):
                release = self._catalog.release(passage.release_id, passage.revision)
                texts = _texts(passage, release.title if release else "", [])
                self._take([each for each in texts if each.id in missing], 1)
        self.flush()
        self._vectors.delete(self._collection, sorted(stored - wanted))
        if wanted != stored:
            # A new generation, so that chats in other processes read the vectors anew.
            self._catalog.apply((), (), stamp=self._stamp, collection=self._collection)
        return len(lost)

    def _take(self, texts: Sequence[_Text], size: float) -> None:
        # Before and not after a passage: so a release is complete with the part that holds its last one.
        if self._part.passages >= EMBEDDED_PASSAGES:
            self._send()
        self._part.texts.extend(texts)
        self._part.passages += 1
        self._part.size += size

    def _send(self) -> None:
        """Have the part embedded, and take back what was embedded meanwhile."""
        part = self._part
        if part.texts:
            self._part = _Part()
            texts = [each.text for each in part.texts]
            self._flying.append((part, self._embedding.submit(texts, [each.spans for each in part.texts])))
        while len(self._flying) > self._embedding.ahead:
            self._receive()

    def _receive(self) -> None:
        """Store the vectors of the part that was sent first, and commit what is worth it."""
        part, future = self._flying.popleft()
        whole, sentences = future.result()
        self._vectors.upsert(self._collection, [each.id for each in part.texts], whole)
        for text, found in zip(part.texts, sentences, strict=True):
            if text.spans:
                self._sentences[text.id] = SentenceVectors(text.spans, found)
        self._complete.extend(part.complete)
        self.passages += part.passages
        self._tell(len(part.complete), part.size)
        if sum(len(entry.terms) for entry in self._complete) >= COMMITTED_PASSAGES:
            self._commit()

    def _commit(self) -> None:
        entries, self._complete = self._complete, []
        if not entries:
            return
        for number, entry in enumerate(entries):
            found = {each: self._sentences.pop(each) for each in entry.terms if each in self._sentences}
            entries[number] = replace(entry, sentences=found)
        self._catalog.apply(
            entries,
            (),
            stamp=self._stamp,
            collection=self._collection,
            links=self._relater.links(entries),
            now=self._now,
        )
        self.written.update(entry.release.id for entry in entries)

    def _tell(self, releases: int, size: float) -> None:
        """Report so many more releases and bytes done."""
        self._done_bytes += size
        self._told = replace(
            self._told,
            done=self._told.done + releases,
            passages=self.passages,
            fraction=min(1.0, self._done_bytes / self._all_bytes) if self._all_bytes else 1.0,
        )
        self._progress(self._told)


def _texts(passage: Passage, title: str, spans: Spans) -> list[_Text]:
    """What is embedded of a passage: itself, and each of its items behind title and lead-in."""
    led = [f"{title}\n{led_in(passage.text, item)}" for item in items(passage)]
    own, *of_items = vector_ids(passage.id, len(led))
    return [
        _Text(own, passage.text, spans),
        *(_Text(vector_id, text, []) for vector_id, text in zip(of_items, led, strict=True)),
    ]
