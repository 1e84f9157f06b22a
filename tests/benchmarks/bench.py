"""A folder of benchmark data, indexed by the product's own ingestion: one passage a release.

The folders have `corpus.jsonl` (id, title, text) and `qa.jsonl` (question, context_id, answers, answerable).
"""

import hashlib
import json
import os
import random
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot import closeness
from bot.catalog import Catalog
from bot.chain import open_index
from bot.closeness import WordStates
from bot.e5 import EmbeddedE5
from bot.settings import Settings
from bot.vectors import Vectors
from ingest.sync import sync_settings

SEED = 1
RETRIEVED = 12
"""Passages that are read for a question."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Bench:
    """An open index over a benchmark's passages.

    `context[release_id]` is the passage's id in the benchmark, `article[context_id]` the article it is from.
    """

    catalog: Catalog
    vectors: Vectors
    embeddings: EmbeddedE5
    words: WordStates
    context: dict[str, str]
    article: dict[str, str]


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def questions(folder: Path, count: int) -> list[dict[str, Any]]:
    """`count` of the folder's questions that have an answer, or all of them, always the same."""
    answerable = [row for row in rows(folder / "qa.jsonl") if row.get("answerable", True)]
    return random.Random(SEED).sample(answerable, min(count, len(answerable)))


def set_aside(articles: Iterable[str]) -> set[str]:
    """The tenth of the articles on which nothing is ever trained or fitted, always the same."""
    names = sorted(set(articles), key=lambda name: hashlib.sha256(name.encode()).digest())
    return set(names[: max(1, round(len(names) / 10))])


def each(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """`work` done on each item, in order, by as many threads as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, items))


def auroc(score: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """The chance that a positive scores above a negative (Mann and Whitney 1947)."""
    ranks = np.empty(len(score))
    ranks[np.argsort(score)] = np.arange(1, len(score) + 1)
    count = int(positive.sum())
    return float((ranks[positive].sum() - count * (count + 1) / 2) / (count * (len(score) - count)))


@contextmanager
def indexed(folder: Path, models: Path) -> Iterator[Bench]:
    """The benchmark in `folder`, indexed into a temporary folder; `models` caches the embedding model."""
    with TemporaryDirectory() as temporary:
        corpus = Path(temporary, "corpus")
        corpus.mkdir()
        context, article = {}, {}
        for number, row in enumerate(rows(folder / "corpus.jsonl")):
            context[f"{number:06}"] = row["id"]
            article[row["id"]] = _name(row.get("title") or row["id"])
            (corpus / f"{number:06}.txt").write_text(row["text"], encoding="utf-8")
        settings = Settings(data_dir=Path(temporary, "data"), corpus_dir=corpus)
        embeddings = EmbeddedE5(models)
        sync_settings(settings, embeddings=embeddings)
        catalog, vectors = open_index(settings)
        # Every question reads some of these passages and titles again: none may be forgotten.
        closeness.REMEMBERED = max(closeness.REMEMBERED, 3 * len(context))
        try:
            yield Bench(catalog, vectors, embeddings, WordStates(embeddings), context, article)
        finally:
            vectors.close()
            catalog.close()


def _name(title: str) -> str:
    """The title as all sets write it: some have underscores for spaces."""
    return re.sub(r"[\W_]+", " ", title).strip().casefold()
