"""Files become entries, several at once, in processes of their own: one that kills or hangs its process fails alone.

It knows neither formats nor stores.
"""

from collections import deque
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, Queue

from bot.catalog import Entry
from bot.errors import CorpusError
from bot.language.sentences import sentences
from bot.store.packing import Spans
from ingest.candidates import Job, digest
from ingest.guard import Guard
from ingest.load import PLAIN
from ingest.prepare import prepare
from ingest.scope import Source

AHEAD = 32
"""Entries that wait to be embedded, at most: enough that embedding need not wait, few enough to hold in memory."""
FEW = 16
"""So few files of plain text are read here: a process takes a third of a second to start."""
EMBEDDING_PER_READING = 4
"""Processors for each process that reads: embedding takes fifteen times as long as reading text."""
RECOGNISING_SECONDS = 900.0
"""How long a file may take where scanned pages are recognised: each takes two or three."""

Waiting = deque[tuple[Job, str]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of a file: its entry and the sentences of its passages by passage id, or why there is none."""

    job: Job
    entry: Entry | None
    spans: Mapping[str, Spans] = field(default_factory=dict)
    reason: str = ""


def prepared(jobs: Sequence[Job], ids: Mapping[Source, str]) -> Generator[Prepared]:
    """What becomes of each job, as soon as it is known; `ids` names the releases. Close it to leave it early."""
    if len(jobs) < FEW and all(job.kind in PLAIN for job in jobs):
        yield from (read(job, ids[job.source]) for job in jobs)
        return
    from bot.e5.runtime import processors

    waiting = deque((job, ids[job.source]) for job in jobs)
    found: Queue[Prepared | None] = Queue(AHEAD)
    guard_of = partial(Guard, RECOGNISING_SECONDS) if any(job.ocr for job in jobs) else Guard
    guards = [guard_of() for _ in range(min(len(jobs), max(1, processors() // EMBEDDING_PER_READING)))]
    with ThreadPoolExecutor(len(guards), "reading") as threads:
        feeding = [threads.submit(_feed, guard, waiting, found) for guard in guards]
        try:
            for _ in feeding:
                while (each := found.get()) is not None:
                    yield each
            for task in feeding:
                task.result()
        finally:
            waiting.clear()
            while not all(task.done() for task in feeding):
                for guard in guards:
                    guard.stop()
                with suppress(Empty):  # a thread may wait for a free place
                    found.get(timeout=0.05)


def read(job: Job, release_id: str) -> Prepared:
    """What becomes of one job, in this process."""
    try:
        entry = prepare(
            job.source,
            release_id,
            job.revision,
            job.fingerprint,
            job.described,
            job.content,
            job.kind,
            job.ocr,
        )
        if digest(job.content) != job.revision:
            raise CorpusError(f"{job.source.named} changed while it was read: run the command again.")
    except CorpusError as error:
        return Prepared(job, None, reason=str(error))
    return Prepared(job, entry, spans_of(entry))


def spans_of(entry: Entry) -> dict[str, Spans]:
    """The sentences of those passages that can be found."""
    return {
        each.id: [(one.start, one.end) for one in sentences(each.text)]
        for each in entry.passages
        if each.id in entry.terms
    }


def _feed(guard: Guard, waiting: Waiting, found: "Queue[Prepared | None]") -> None:
    """Have a guarded process read what is waiting; None is the last that is found."""
    try:
        while waiting:
            job, release_id = waiting.popleft()
            try:
                answer = guard.call(job.source.named, _read_all, job, release_id)
            except CorpusError as error:
                answer = Prepared(job, None, reason=str(error))
            found.put(answer)
    except IndexError:  # another took the last
        pass
    finally:
        guard.stop()
        found.put(None)


def _read_all(job: Job, release_id: str) -> Prepared:
    """What becomes of one job, in a guarded process: whatever a parser raises is the reason of its file only."""
    try:
        return read(job, release_id)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a parser's fault may be of any kind, and the report names it
        fault = f"{type(error).__name__}: {error}"
        return Prepared(
            job, None, reason=f"{job.source.named} cannot be read ({fault}): save its text as UTF-8."
        )
