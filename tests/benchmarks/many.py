"""A large index out of few texts: each is embedded once, and each copy of it has a vector turned a little.

So the search has as many different neighbours as in an index of so many texts.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from bot.chain import Bot
from bot.e5 import EmbeddedE5
from bot.settings import Settings
from tests.benchmarks.bench import SEED, ingested
from tests.benchmarks.sets import Text, texts

TURNED = 0.3
"""The length of what is added to the vector of a copy, of length 1 like the vector itself."""

Floats = NDArray[np.float32]


def turned(vectors: Floats, dice: np.random.Generator) -> Floats:
    """The vectors, each turned its own way, of length 1."""
    noise = dice.normal(size=vectors.shape).astype(np.float32)
    moved = vectors + TURNED * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def copies(written: Sequence[str], vectors: Floats, count: int) -> tuple[list[str], Floats]:
    """So many of the texts, repeated in order, and a vector for each."""
    places = np.arange(count) % len(written)
    return [written[place] for place in places], turned(vectors[places], np.random.default_rng(SEED))


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
        return turned(np.stack([vector for vector, _ in found]), self._dice), [own for _, own in found]


@contextmanager
def repeated(source: Path, count: int, passages: int, models: Path, data: Path) -> Iterator[Settings]:
    """An index below `data` of so many `passages`, made of the first `count` texts of the set `source`."""
    kept = texts(source)[:count]
    with TemporaryDirectory() as folder:
        with (
            ingested(_written(kept, Path(folder) / "once"), models) as made,
            closing(Bot(made.settings)) as bot,
        ):
            each = bot.catalog.passage_count / len(kept)
        copies = list(islice(cycle(kept), round(passages / each)))
        with ingested(_written(copies, Path(folder) / "many"), models, data, Repeating(models)) as made:
            yield made.settings


def _written(kept: Sequence[Text], folder: Path) -> Path:
    folder.mkdir()
    lines = [
        json.dumps({"id": str(number), "title": text.title, "text": text.text})
        for number, text in enumerate(kept)
    ]
    (folder / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder
