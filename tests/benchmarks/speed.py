"""Prints how fast the offline product is beside a plain pipeline, both measured in this run, as one JSON object.

    python tests/benchmarks/speed.py [--passages 100000 --of BENCH/press_doj] [--texts 400] [--data FOLDER]

For `ours` and for the `peer` of `peer.py`: passages ingested a second; the seconds of a cold start, from the start of a
process to its first answer; those of a warm question, median and 95th percentile, whole and by stage; the most memory
of the process that ingests and of the one that answers, and the index on disk, in megabytes.

The questions are those of tests/questions/releases.yaml over `corpus/`, in one thread, each once after all were asked
before. Ours are asked after their history and answered; for the peer's only pieces are found. With `--passages` they
are asked over so many, which are repeated as `many.py` says: then how fast they are ingested says nothing, and is null.
"""

import argparse
import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

# What a pipeline needs is imported by the functions that run it: it is a part of their cold start.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = ROOT / "tests" / "questions" / "releases.yaml"

Figures = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """What is measured: `corpus/`, or `passages` made of `texts` of the set `of`; the indexes lie below `place`.

    `asked` are the questions, each with those before it.
    """

    place: Path
    asked: Sequence[tuple[str, Sequence[str]]]
    of: Path | None
    texts: int
    passages: int | None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--passages", type=int, metavar="N", help="ask over so many passages, not over corpus/"
    )
    parser.add_argument("--of", type=Path, metavar="DIR", help="the public set whose texts are repeated")
    parser.add_argument(
        "--texts", type=int, default=400, metavar="N", help="how many of its texts are embedded"
    )
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep the indexes here for the next time")
    options = parser.parse_args()
    if (options.passages is None) != (options.of is None):
        parser.error("--passages and --of go together")
    from bot.evaluation.sets.questions import read_questions

    with _kept(options.data) as place:
        asked = [(each.question, each.history) for each in read_questions(QUESTIONS)]
        job = Job(place, asked, options.of, options.texts, options.passages)
        pipelines = {"ours": (_ingest_ours, _ask_ours), "peer": (_ingest_peer, _ask_peer)}
        figures = {name: _measured(name, *steps, job) for name, steps in pipelines.items()}
    print(json.dumps(figures))


@contextmanager
def _kept(data: Path | None) -> Iterator[Path]:
    with TemporaryDirectory() as temporary:
        yield (data or Path(temporary)).resolve()


def _measured(
    name: str, ingest: Callable[[Job], Figures], ask: Callable[[Job, float], Figures], job: Job
) -> Figures:
    """The figures of a pipeline, each step in a process of its own."""
    print(f"{name}: ingesting", file=sys.stderr, flush=True)
    ingested = _alone(ingest, job)
    print(f"{name}: asking", file=sys.stderr, flush=True)
    return {**ingested, **_alone(ask, job, time.time())}


def _alone(step: Callable[..., Figures], *given: object) -> Figures:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(step, *given).result()


def _ingest_ours(job: Job) -> Figures:
    from bot.lookup import open_index
    from bot.settings import load
    from ingest.sync import sync_settings
    from tests.benchmarks.many import repeated

    settings, models = _ours(job), load().data_dir / "models"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    rate = None
    if job.of and job.passages:
        with repeated(job.of, job.texts, job.passages, models, job.place):
            pass
    else:
        models.mkdir(parents=True, exist_ok=True)
        (settings.data_dir / "models").unlink(missing_ok=True)
        (settings.data_dir / "models").symlink_to(models.resolve())
        report = sync_settings(settings)
        rate = round(report.passages / report.seconds, 1) if report.passages else None
    catalog, vectors = open_index(settings)
    passages = catalog.passage_count
    vectors.close()
    catalog.close()
    return _ingested(passages, rate, settings.data_dir)


def _ask_ours(job: Job, started: float) -> Figures:
    from bot.chain import Bot
    from bot.domain import Turn

    with closing(Bot(_ours(job))) as bot:
        conversations, cold = [], None
        for question, history in job.asked:
            turns: list[Turn] = []
            for text in history:
                turns.append(Turn(text, bot.ask(text, turns)))
            bot.ask(question, turns)
            cold = cold or time.time() - started
            conversations.append((question, tuple(turns)))
        taken = []
        for text, before in conversations:
            began = time.perf_counter()
            account = bot.account(text, before)
            taken.append({"all": time.perf_counter() - began, **account.seconds})
    return _asked(cold, taken)


def _ours(job: Job) -> Any:
    from bot.settings import Settings

    place = job.place / "many" if job.of else job.place / "ours"
    corpus = place / "corpus" if job.of else ROOT / "corpus"
    return Settings(data_dir=place / "data", corpus_dir=corpus, chroma_url=None, chat_model="none")


def _ingest_peer(job: Job) -> Figures:
    from tests.benchmarks.peer import Peer
    from tests.benchmarks.sets import texts

    if job.of:
        read = [text.text for text in texts(job.of)[: job.texts]]
    else:
        read = [file.read_text("utf-8") for file in sorted((ROOT / "corpus").rglob("*.[tm][xd]*"))]
    peer = Peer(job.place / "peer")
    began = time.perf_counter()
    pieces = peer.ingest(read, job.passages)
    rate = None if job.passages else round(pieces / (time.perf_counter() - began), 1)
    return _ingested(pieces, rate, job.place / "peer")


def _ask_peer(job: Job, started: float) -> Figures:
    from tests.benchmarks.peer import Peer

    peer, cold = Peer(job.place / "peer"), None
    for text, _ in job.asked:
        peer.ask(text)
        cold = cold or time.time() - started
    taken = []
    for text, _ in job.asked:
        began = time.perf_counter()
        _, seconds = peer.ask(text)
        taken.append({"all": time.perf_counter() - began, **seconds})
    return _asked(cold, taken)


def _ingested(passages: int, rate: float | None, folder: Path) -> Figures:
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    return {
        "passages": passages,
        "passages_per_second": rate,
        "ingest_memory_mb": _memory(),
        "disk_mb": round(sum(file.stat().st_size for file in files) / 2**20, 1),
    }


def _asked(cold: float | None, taken: Iterable[Mapping[str, float]]) -> Figures:
    import numpy as np

    by_stage: dict[str, list[float]] = defaultdict(list)
    for stages in taken:
        for stage, seconds in stages.items():
            by_stage[stage].append(seconds)
    quantiles = {
        stage: {name: round(float(np.quantile(seconds, q)), 4) for name, q in (("p50", 0.5), ("p95", 0.95))}
        for stage, seconds in by_stage.items()
    }
    return {
        "cold_start_seconds": None if cold is None else round(cold, 2),
        "questions": len(by_stage["all"]),
        **quantiles.pop("all"),
        "stages": quantiles,
        "memory_mb": _memory(),
    }


def _memory() -> float:
    """The most that this process has held in memory, in megabytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20, 1)


if __name__ == "__main__":
    main()
