"""Prints what asking is like while another process ingests, as one JSON object.

    python tests/benchmarks/asking.py FOLDER [--releases 1000] [--before 300] [--questions 60]

FOLDER holds a `corpus.jsonl` with `title` and `text`. The first releases are indexed before, and their titles are asked
as questions, alone. Then `python -m ingest` takes in so many more, and changes to a tenth of the first, while the same
questions are asked again and again until it ends. `slower` is what the median answer then takes, beside the idle one.
Every citation is held against the catalog: `stale` are those of a revision that was corrected, or not the current one
when the answer was looked up, `unproven` those whose quote is not what the release says there, `half` those of a
release whose passages do not join to its text. Exit status 1 where one of these is not 0, an answer failed, or `slower`
is above 2.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.chain import Bot
from bot.domain import Answer
from bot.errors import CommuniqueError
from bot.settings import Settings, load
from bot.verify import check
from ingest.sync import sync_settings

ROOT = Path(__file__).resolve().parents[2]
SLOWER = 2.0
"""The most that the median answer may be slowed down."""
CHANGED = 10
"""One in so many of the first releases changes."""
CORRECTION = "\nThis text was corrected on the day after its publication.\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder with corpus.jsonl")
    parser.add_argument(
        "--releases", type=int, default=1000, metavar="N", help="ingested while asking (1000)"
    )
    parser.add_argument("--before", type=int, default=300, metavar="N", help="ingested before (300)")
    parser.add_argument("--questions", type=int, default=60, metavar="N", help="how many are asked (60)")
    options = parser.parse_args()
    with (options.folder / "corpus.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, options.before + options.releases)]
    with TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "data").mkdir()
        models = load().data_dir / "models"
        models.mkdir(parents=True, exist_ok=True)
        (place / "data" / "models").symlink_to(models.resolve())
        settings = Settings(
            data_dir=place / "data", corpus_dir=place / "corpus", chroma_url=None, chat_model="none"
        )
        figures = measure(settings, rows[: options.before], rows[options.before :], options.questions)
    print(json.dumps(figures))
    wrong = ("failed", "stale", "unproven", "half", "lost")
    return 1 if any(figures[name] for name in wrong) or figures["slower"] > SLOWER else 0


def measure(
    settings: Settings, before: Sequence[dict[str, Any]], during: Sequence[dict[str, Any]], count: int
) -> dict[str, Any]:
    """The figures of one run; `settings` name an empty data folder and a corpus folder that is not there yet."""
    _write(settings.corpus_dir, before)
    sync_settings(settings)
    questions = [str(row["title"]) for row in before[:: max(1, len(before) // count)]][:count]
    with closing(Bot(settings)) as bot:
        for question in questions[:5]:  # what is loaded once is no part of an answer's time
            bot.ask(question)
        idle = [_asked(bot, question) for question in questions]
        _write(settings.corpus_dir, [{**row, "text": row["text"] + CORRECTION} for row in before[::CHANGED]])
        _write(settings.corpus_dir, during)
        generation = bot.catalog.generation
        started = time.perf_counter()
        ingest = subprocess.Popen(
            [sys.executable, "-m", "ingest", "--json"],
            env=os.environ
            | {
                "COMMUNIQUE_DATA_DIR": str(settings.data_dir),
                "COMMUNIQUE_CORPUS_DIR": str(settings.corpus_dir),
                "PYTHONPATH": str(ROOT),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            busy = [_asked(bot, question) for question in _until_ended(ingest, questions)]
            report = json.loads(ingest.communicate()[0])
        finally:
            ingest.kill()
            ingest.wait()
        seconds = time.perf_counter() - started
        seen = {each["generation"] for each in busy}
    faults: Counter[str] = Counter()
    for each in [*idle, *busy]:
        faults.update(each["faults"])
    medians = [statistics.median(each["seconds"] for each in asked) for asked in (idle, busy)]
    return {
        "before": len(before),
        "releases": len(during),
        "ingest": {
            "seconds": round(seconds, 1),
            "failed": len(report["failed"]),
            "changed": report["changed"],
        },
        "lost": len(before) + len(during) - report["releases"],
        "asked_idle": len(idle),
        "asked_while_ingesting": len(busy),
        "generations": len(seen - {generation}),
        "citations": sum(each["citations"] for each in busy),
        "idle_median": round(medians[0], 4),
        "busy_median": round(medians[1], 4),
        "busy_p95": round(statistics.quantiles([each["seconds"] for each in busy], n=20)[-1], 4),
        "slower": round(medians[1] / medians[0], 2),
        **{name: faults[name] for name in ("failed", "stale", "unproven", "half")},
        "processors": os.cpu_count(),
    }


def _until_ended(process: "subprocess.Popen[str]", questions: Sequence[str]) -> Iterator[str]:
    for question in itertools.cycle(questions):
        if process.poll() is not None:
            return
        yield question


def _asked(bot: Bot, question: str) -> dict[str, Any]:
    """One answer: how long it took, which generation it saw at least, and what is wrong with its citations."""
    generation, before = bot.catalog.generation, _revisions(bot)
    started = time.perf_counter()
    try:
        answer = bot.ask(question)
    except CommuniqueError as error:
        print(f"{question}: {error}", file=sys.stderr)
        return {
            "seconds": time.perf_counter() - started,
            "generation": generation,
            "citations": 0,
            "faults": ["failed"],
        }
    seconds = time.perf_counter() - started
    faults = list(_faults(bot, answer, before, _revisions(bot)))
    return {
        "seconds": seconds,
        "generation": generation,
        "citations": len(answer.citations),
        "faults": faults,
    }


def _revisions(bot: Bot) -> set[tuple[str, str]]:
    """The revisions that may answer: of what was corrected none."""
    with bot.catalog.snapshot():
        superseded = {id_ for id_, version in bot.catalog.versions().items() if version.superseded_by}
        return {(each.id, each.revision) for each in bot.catalog.releases() if each.id not in superseded}


def _faults(
    bot: Bot, answer: Answer, before: set[tuple[str, str]], after: set[tuple[str, str]]
) -> Iterator[str]:
    for citation in answer.citations:
        if (citation.release_id, citation.revision) not in before | after:
            yield "stale"
        release = bot.catalog.release(citation.release_id, citation.revision)
        if release is None or not check(citation, release):
            yield "unproven"
        with bot.catalog.snapshot():
            current = bot.catalog.release(citation.release_id)
            joined = "".join(passage.text for passage in bot.catalog.passages_of(citation.release_id))
        if current is None or joined != current.text:
            yield "half"


def _write(folder: Path, rows: Sequence[dict[str, Any]]) -> None:
    folder.mkdir(exist_ok=True)
    for row in rows:
        (folder / f"{row['id']}.md").write_text(f"# {row['title']}\n\n{row['text']}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
