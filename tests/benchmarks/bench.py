"""A folder of benchmark data, indexed by the product's own ingestion: one passage a release.

What the folders hold is read by `sets.py`.
"""

import hashlib
import os
import random
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from bot.catalog import Catalog
from bot.e5 import EmbeddedE5
from bot.embeddings import PassageEmbeddings
from bot.errors import QuestionError
from bot.lookup import open_index
from bot.reader import Reader
from bot.settings import Settings
from bot.vectors import Vectors
from ingest.metadata.manifest import FILE as MANIFEST
from ingest.progress import Progress
from ingest.sync import sync_settings
from tests.benchmarks.metrics import auroc as auroc
from tests.benchmarks.sets import Text, rows, texts

SEED = 1
RETRIEVED = 12
"""Passages that are read for a question."""
TOLD_SECONDS = 15
"""How often a long job says on stderr how far it is."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Ingested:
    """A benchmark's passages in an index of the product's.

    `context[release_id]` is the passage's id in the benchmark, `article[context_id]` the article it is from.
    """

    settings: Settings
    context: dict[str, str]
    article: dict[str, str]


@dataclass(frozen=True)
class Bench:
    """An open index over a benchmark's passages.

    `context[release_id]` is the passage's id in the benchmark, `article[context_id]` the article it is from.
    """

    catalog: Catalog
    vectors: Vectors
    embeddings: EmbeddedE5
    reader: Reader
    context: dict[str, str]
    article: dict[str, str]


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


@contextmanager
def ingested(
    folder: Path, models: Path, data: Path | None = None, embeddings: PassageEmbeddings | None = None
) -> Iterator[Ingested]:
    """The benchmark in `folder`, indexed below `data`, which keeps the index for the next time, or temporarily.

    `models` caches the embedding model; `embeddings` takes the place of the one that the settings name.
    """
    with TemporaryDirectory() as temporary:
        place = (data / folder.resolve().name if data else Path(temporary)).resolve()
        corpus, index = place / "corpus", place / "data"
        written = texts(folder)
        shutil.rmtree(corpus, ignore_errors=True)
        _write(written, corpus)
        index.mkdir(exist_ok=True)
        models.mkdir(parents=True, exist_ok=True)
        (index / "models").unlink(missing_ok=True)
        (index / "models").symlink_to(models.resolve())
        settings = Settings(data_dir=index, corpus_dir=corpus, chroma_url=None)
        report = sync_settings(settings, embeddings=embeddings, progress=_telling(folder.name))
        if report.failed:
            count, (_, reason) = len(report.failed), report.failed[0]
            print(f"{folder.name}: {count} passages are not in the index: {reason}", file=sys.stderr)
        context = {f"{number:06}": text.id for number, text in enumerate(written)}
        article = {text.id: _name(text.title or text.id) for text in written}
        yield Ingested(settings, context, article)


@contextmanager
def indexed(folder: Path, models: Path, data: Path | None = None) -> Iterator[Bench]:
    """The benchmark in `folder`, indexed as by `ingested`, and what reads it."""
    embeddings = EmbeddedE5(models)
    with ingested(folder, models, data, embeddings) as made:
        catalog, vectors = open_index(made.settings)
        try:
            yield Bench(catalog, vectors, embeddings, Reader(embeddings), made.context, made.article)
        finally:
            vectors.close()
            catalog.close()


def _write(written: Iterable[Text], corpus: Path) -> None:
    """A file for each passage, and their titles as an editor gives them: in the manifest."""
    import yaml

    corpus.mkdir(parents=True)
    titles = {}
    for number, text in enumerate(written):
        file = f"{number:06}.txt"
        (corpus / file).write_text(text.text, encoding="utf-8", errors="replace", newline="")
        if text.title:
            titles[file] = {"title": text.title}
    if titles:
        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        with (corpus / MANIFEST).open("w", encoding="utf-8", errors="replace") as file_:
            yaml.dump({"releases": titles}, file_, Dumper=dumper, allow_unicode=True)


@contextmanager
def asking(question: str) -> Iterator[None]:
    """Says of a question that cannot be asked which one it is, by its id."""
    try:
        yield
    except QuestionError as error:
        raise QuestionError(f"Question {question}: {error}") from None


def told(name: str, things: str) -> Callable[[int, int], None]:
    """Says on stderr how many things of how many are done, not too often."""
    last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last > TOLD_SECONDS:
            last = time.monotonic()
            print(f"{name}: {done} of {total} {things}", file=sys.stderr, flush=True)

    return tell


def _telling(name: str) -> Callable[[Progress], None]:
    tell = told(name, "passages indexed")
    return lambda progress: tell(progress.done, progress.total)


def _name(title: str) -> str:
    """The title as all sets write it: some have underscores for spaces."""
    return re.sub(r"[\W_]+", " ", title).strip().casefold()
