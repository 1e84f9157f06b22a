"""Prints what an ingest costs as the corpus grows, as one JSON object a size and one for the largest.

    python tests/benchmarks/grow.py BENCH/press_doj [--releases 300 1500 6000] [--data FOLDER]

The first releases of the set become files, and `python -m ingest` runs over them as a process. For each size: passages,
seconds by the clock and of the processors (of all its processes, whatever else the machine does), both for a passage
too, the most memory of its processes, and the index on disk, all of it and for a passage. For the largest: a second
run with nothing changed, and a release that is changed: seconds from that command to an answer that quotes the change,
of a chat that is open and of `python -m bot ask`, which starts first. With COMMUNIQUE_CHROMA_URL the vectors go to that
server, so that the memory and the disk are without them. With `--data` the indexes are kept, and one that is there is
not made again.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import closing
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.chain import Bot
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "How many lanterns did the museum of Ulsteinvik lend to the choir?"
CHANGE = "The museum of Ulsteinvik lent {number} lanterns to the choir."
"""What no release says, so that an answer can only come from the change."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder with corpus.jsonl")
    parser.add_argument("--releases", type=int, nargs="+", default=[300, 1500, 6000], metavar="N")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep the indexes here")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        place = (options.data or Path(temporary)).resolve()
        sizes = sorted(options.releases)
        for size in sizes:
            print(json.dumps(grown(options.folder, size, place / str(size))), flush=True)
        print(json.dumps(kept_up(place / str(sizes[-1]))), flush=True)


def grown(source: Path, releases: int, place: Path) -> dict[str, Any]:
    """What the ingest of the first `releases` of the set costs; its index lies in `place`/data."""
    figures = place / "figures.json"
    if figures.exists():
        found: dict[str, Any] = json.loads(figures.read_text())
        return found
    write_releases(source, releases, place / "corpus")
    build_model(place)
    load = os.getloadavg()[0]
    report, cost = run(place, "ingest", "--json")
    data = place / "data"
    files = [each for each in data.rglob("*") if each.is_file() and data / "models" not in each.parents]
    disk = sum(each.stat().st_size for each in files)
    passages = report["passages"]
    found = {
        "releases": report["releases"],
        "failed": len(report["failed"]),
        "passages": passages,
        **cost,
        "passages_per_second": round(passages / cost["seconds"], 1),
        "cpu_ms_per_passage": round(1000 * cost["cpu_seconds"] / passages, 2),
        "disk_mb": round(disk / 2**20, 1),
        "disk_kb_per_passage": round(disk / 1024 / passages, 2),
        "load_before": round(load, 1),
    }
    figures.write_text(json.dumps(found))
    return found


def kept_up(place: Path) -> dict[str, Any]:
    """What a second run costs, and one after a change up to the answer that quotes it."""
    report, unchanged = run(place, "ingest", "--json")
    if report["added"] or report["changed"] or report["passages"]:
        raise SystemExit(f"The second run found work to do: {report}")
    file = sorted((place / "corpus").iterdir())[0]
    before = file.read_text(encoding="utf-8")
    number = 1000 + os.getpid()
    with closing(Bot(_settings(place))) as bot:
        bot.ask(QUESTION)  # as a chat that was open before
        try:
            file.write_text(f"{before}\n{CHANGE.format(number=number)}\n", encoding="utf-8")
            report, changed = run(place, "ingest", "--json")
            began = time.perf_counter()
            told = bot.ask(QUESTION).text
            at_once = time.perf_counter() - began
            answer, asked = run(place, "bot", "ask", "--json", QUESTION)
        finally:
            file.write_text(before, encoding="utf-8")
    if report["changed"] != 1 or not (str(number) in told and str(number) in answer["answer"]):
        raise SystemExit(f"The change is not in the answers: {report}, {told!r}, {answer['answer']!r}")
    run(place, "ingest", "--json")
    return {
        "releases": report["releases"],
        "unchanged": unchanged,
        "one_changed": changed,
        "answer_of_an_open_chat": round(at_once, 2),
        "first_answer": asked,
        "seconds_from_command_to_answer": round(changed["seconds"] + at_once, 2),
        "seconds_from_command_to_first_answer": round(changed["seconds"] + asked["seconds"], 2),
    }


def write_releases(source: Path, releases: int, corpus: Path) -> None:
    """The first `releases` of the set as files."""
    corpus.mkdir(parents=True, exist_ok=True)
    with (source / "corpus.jsonl").open(encoding="utf-8") as lines:
        for number, entry in enumerate(map(json.loads, islice(lines, releases))):
            (corpus / f"{number:06}.md").write_text(
                f"# {entry['title']}\n\n{entry['text']}\n", encoding="utf-8"
            )


def run(place: Path, module: str, *arguments: str) -> tuple[dict[str, Any], dict[str, float]]:
    """What a command printed as JSON, and what it cost."""
    environment = os.environ | {
        "COMMUNIQUE_DATA_DIR": str(place / "data"),
        "COMMUNIQUE_CORPUS_DIR": str(place / "corpus"),
        "COMMUNIQUE_CHAT_MODEL": "none",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=place, env=environment, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"`python -m {module}` failed: see above.")
    unit = 1 if sys.platform == "darwin" else 1024
    cost = {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "memory_mb": round(usage.ru_maxrss * unit / 2**20, 1),
    }
    return json.loads(printed), cost


def _settings(place: Path) -> Settings:
    return Settings(data_dir=place / "data", corpus_dir=place / "corpus", chat_model="none")


def build_model(place: Path) -> None:
    """Beforehand, for a corpus of any size pays it once."""
    from bot.embeddings import open_embeddings
    from bot.settings import EMBEDDED

    open_embeddings(EMBEDDED, place / "data" / "models").embed_query("builds the model")


if __name__ == "__main__":
    main()
