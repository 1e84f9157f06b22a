"""Prints how long a thousand questions take to evaluate, offline, as one JSON object; killed and resumed on the way.

    python tests/benchmarks/thousand.py [--of BENCH/squad2_dev [--data FOLDER]] [--questions 1000] [--kill 60]

The questions are those of tests/questions, follow-ups after their history, each in several wordings; with `--of` those
of a public set, over its passages. What is timed is `python -m bot evaluate` as a process, from its start to its
report. With `--kill` it is killed after so many seconds and resumed, and what was answered before must stand.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.evaluation.sets.importing.sources import open_all
from bot.evaluation.sets.questions import Question
from bot.evaluation.sets.writing import write_questions
from bot.settings import READING, Settings, load
from ingest.sync import sync_settings
from tests.benchmarks.bench import SEED, ingested

ROOT = Path(__file__).resolve().parents[2]
OWN = [ROOT / "tests" / "questions" / f"{name}.yaml" for name in ("releases", "holdout")]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--of", type=Path, metavar="DIR", help="ask the questions of this public set")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep its index here for the next time")
    parser.add_argument("--questions", type=int, default=1000, metavar="N", help="how many")
    parser.add_argument("--kill", type=float, metavar="SECONDS", help="kill it after so long, and resume")
    options = parser.parse_args()
    with _index(options.of, options.data) as settings, TemporaryDirectory() as folder:
        asked = _of_public(options.of, options.questions) if options.of else varied(options.questions)
        write_questions(asked, Path(folder) / "set.yaml")
        figures = measure(Path(folder), settings, options.kill)
    asked_in_all = sum(1 + len(question.history) for question in asked)
    print(json.dumps({"questions": len(asked), "with_history": asked_in_all, **figures}))


def varied(count: int) -> list[Question]:
    """So many questions made of the project's own: first as they are, then in one other wording after the other."""
    own = open_all(OWN)
    wordings = (
        question.model_copy(update={"id": f"{question.id}-{number}", "question": word(question.question)})
        for number, word in enumerate(WORDINGS)
        for question in own
    )
    return list(islice(wordings, count))


def _of_public(folder: Path, count: int) -> list[Question]:
    questions = open_all([folder])
    return random.Random(SEED).sample(questions, min(count, len(questions)))


def _swapped(text: str) -> str:
    """Two letters of the longest word exchanged, as by a slip of the finger."""
    longest = max(re.findall(r"\w+", text), key=len)
    middle = len(longest) // 2
    slip = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
    return text.replace(longest, slip, 1)


WORDINGS: Sequence[Callable[[str], str]] = (
    lambda text: text,
    lambda text: text.rstrip(" ?").lower(),
    lambda text: f"Hello. {text}",
    lambda text: f"{text} Thanks!",
    _swapped,
    lambda text: f"{_swapped(text)} Thanks!",
    lambda text: f"Hello! {text.lower()}",
    lambda text: f"{text.rstrip(' ?')}, please",
)


@contextmanager
def _index(of: Path | None, data: Path | None) -> Iterator[Settings]:
    models = load().data_dir / "models"
    models.mkdir(parents=True, exist_ok=True)
    if of:
        with ingested(of, models, data) as made:
            yield made.settings
        return
    with TemporaryDirectory() as folder:
        (Path(folder) / "models").symlink_to(models.resolve())
        settings = Settings(data_dir=Path(folder), corpus_dir=ROOT / "corpus", chroma_url=None)
        sync_settings(settings)
        yield settings


def measure(folder: Path, settings: Settings, kill: float | None) -> dict[str, Any]:
    """The figures of a run over `folder`/set.yaml. Raises SystemExit where the command fails or an answer is lost."""
    environment = os.environ | {
        "COMMUNIQUE_DATA_DIR": str(settings.data_dir),
        "COMMUNIQUE_CORPUS_DIR": str(settings.corpus_dir),
        "COMMUNIQUE_CHAT_MODEL": "none",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "bot", "evaluate", "set.yaml", "--out", "out", "--resume", "--json"]
    answers = folder / "out" / "answers.jsonl"
    started = time.perf_counter()
    kept: list[bytes] = []
    if kill is not None:
        running = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        try:
            running.wait(kill)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
        content = answers.read_bytes() if answers.exists() else b""
        kept = content[: content.rfind(b"\n") + 1].splitlines(keepends=True)
    ended = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - started
    if ended.returncode:
        raise SystemExit("The evaluation failed: see above.")
    lines = answers.read_bytes().splitlines(keepends=True)
    if lines[: len(kept)] != kept:
        raise SystemExit("An answer of the run that was killed was asked again.")
    scores = json.loads(ended.stdout)
    return {
        "seconds": round(seconds, 1),
        "seconds_per_question": round(seconds / len(lines), 3),
        "seconds_asking_median": scores["seconds"]["median"],
        "kept_from_the_killed_run": len(kept) if kill is not None else None,
        "failed": scores["errors"],
        "mode": READING,
        "processors": os.cpu_count(),
    }


if __name__ == "__main__":
    main()
