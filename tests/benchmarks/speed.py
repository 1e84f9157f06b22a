"""Prints how long a whole offline answer takes, warm, as one JSON object: median and 95th percentile, and by stage.

    python tests/benchmarks/speed.py [--passages 100000 --of BENCH/press_doj] [--texts 400] [--data FOLDER]

The questions are those of tests/questions/releases.yaml, follow-ups after their history, over `corpus/`; with
`--passages` over so many, the texts of a public set repeated, each copy with a vector turned a little so that the
search has as many different neighbours. What is timed is `Bot.account`, in one thread, each question once after all
were asked before.
"""

import argparse
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.chain import Bot
from bot.domain import Turn
from bot.e5 import EmbeddedE5
from bot.evaluation.sets.questions import read_questions
from bot.settings import Settings, load
from ingest.sync import sync_settings
from tests.benchmarks.bench import SEED, ingested
from tests.benchmarks.sets import Text, texts

ROOT = Path(__file__).resolve().parents[2]
TURNED = 0.3
"""The length of what is added to the vector of a copy, of length 1 like the vector itself."""

Floats = NDArray[np.float32]


class Repeating(EmbeddedE5):
    """Embeds each text once; what comes again has its vectors, turned a little."""

    def __init__(self, cache: Path) -> None:
        super().__init__(cache)
        self._known: dict[str, tuple[Floats, Floats]] = {}
        self._dice = np.random.default_rng(SEED)

    def embed_passages(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Floats, list[Floats]]:
        new = {text: span for text, span in zip(texts, spans, strict=True) if text not in self._known}
        whole, parts = super().embed_passages(list(new), list(new.values()))
        self._known |= {text: (vector, own) for text, vector, own in zip(new, whole, parts, strict=True)}
        found = [self._known[text] for text in texts]
        turned = np.stack([vector for vector, _ in found])
        noise = self._dice.normal(size=turned.shape).astype(np.float32)
        turned += TURNED * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        turned /= np.linalg.norm(turned, axis=1, keepdims=True)
        return turned, [own for _, own in found]


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
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep that index here for the next time")
    options = parser.parse_args()
    if (options.passages is None) != (options.of is None):
        parser.error("--passages and --of go together")
    many = (options.of, options.texts, options.passages, options.data)
    made = _repeated(*many) if options.of else _own()
    with made as settings, closing(Bot(settings)) as bot:
        print(json.dumps(figures(bot)))


@contextmanager
def _own() -> Iterator[Settings]:
    with TemporaryDirectory() as folder:
        (Path(folder) / "models").symlink_to((load().data_dir / "models").resolve())
        settings = Settings(data_dir=Path(folder), corpus_dir=ROOT / "corpus")
        sync_settings(settings)
        yield settings


@contextmanager
def _repeated(source: Path, count: int, passages: int, data: Path | None) -> Iterator[Settings]:
    models = load().data_dir / "models"
    kept = texts(source)[:count]
    with TemporaryDirectory() as folder:
        with (
            ingested(_written(kept, Path(folder) / "once"), models) as made,
            closing(Bot(made.settings)) as bot,
        ):
            each = bot.catalog.passage_count / len(kept)
        many = list(islice(cycle(kept), round(passages / each)))
        place = _written(many, Path(folder) / "many")
        with ingested(place, models, data, Repeating(models)) as made:
            yield made.settings


def _written(kept: Sequence[Text], folder: Path) -> Path:
    folder.mkdir()
    lines = [
        json.dumps({"id": str(number), "title": text.title, "text": text.text})
        for number, text in enumerate(kept)
    ]
    (folder / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def figures(bot: Bot) -> dict[str, float | int | dict[str, float]]:
    """Seconds of an answer: median, 95th percentile, and the median of each stage."""
    asked = read_questions(ROOT / "tests" / "questions" / "releases.yaml")
    conversations = []
    for question in asked:
        turns: list[Turn] = []
        for text in question.history:
            turns.append(Turn(text, bot.ask(text, turns)))
        bot.ask(question.question, turns)
        conversations.append((question.question, turns))
    taken, stages = [], defaultdict(list)
    for text, turns in conversations:
        started = time.perf_counter()
        account = bot.account(text, turns)
        taken.append(time.perf_counter() - started)
        for stage, seconds in account.seconds.items():
            stages[stage].append(seconds)
    return {
        "passages": bot.catalog.passage_count,
        "questions": len(taken),
        "median": round(statistics.median(taken), 4),
        "p95": round(float(np.quantile(taken, 0.95)), 4),
        "stages": {stage: round(statistics.median(seconds), 4) for stage, seconds in stages.items()},
    }


if __name__ == "__main__":
    main()
