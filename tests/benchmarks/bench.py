"""A folder of benchmark data, indexed by the product's own ingestion: one passage a release.

The folders have `corpus.jsonl` (id, text) and `qa.jsonl` (question, context_id, answers, answerable).
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.catalog import Catalog
from bot.chain import open_index
from bot.closeness import WordStates
from bot.e5 import EmbeddedE5
from bot.settings import Settings
from bot.vectors import Vectors
from ingest.sync import sync_settings


@dataclass(frozen=True)
class Bench:
    """An open index over a benchmark's passages; `context[release_id]` is the passage's id in the benchmark."""

    catalog: Catalog
    vectors: Vectors
    embeddings: EmbeddedE5
    words: WordStates
    context: dict[str, str]


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@contextmanager
def indexed(folder: Path, models: Path) -> Iterator[Bench]:
    """The benchmark in `folder`, indexed into a temporary folder; `models` caches the embedding model."""
    with TemporaryDirectory() as temporary:
        corpus = Path(temporary, "corpus")
        corpus.mkdir()
        context = {}
        for number, row in enumerate(rows(folder / "corpus.jsonl")):
            context[f"{number:06}"] = row["id"]
            (corpus / f"{number:06}.txt").write_text(row["text"], encoding="utf-8")
        settings = Settings(data_dir=Path(temporary, "data"), corpus_dir=corpus)
        embeddings = EmbeddedE5(models)
        sync_settings(settings, embeddings=embeddings)
        catalog, vectors = open_index(settings)
        try:
            yield Bench(catalog, vectors, embeddings, WordStates(embeddings), context)
        finally:
            vectors.close()
            catalog.close()
