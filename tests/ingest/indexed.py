"""A corpus folder of a test's, and the index that is made of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.catalog import FILE, Catalog
from bot.settings import Settings
from bot.vectors import Vectors
from ingest.progress import Progress
from ingest.sync import Report, sync_settings, verify_index
from tests.fakes import HashEmbeddings


class Index:
    """A corpus folder, and the index that is made of it."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.corpus = folder / "corpus"
        self.data = folder / "data"
        self.url = url

    def write(self, texts: dict[str, str], folder: Path | None = None) -> None:
        for name, text in texts.items():
            path = (folder or self.corpus) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def settings(self, **changes: Any) -> Settings:
        values = {"data_dir": self.data, "corpus_dir": self.corpus, "chroma_url": self.url, "lock_seconds": 0}
        return Settings(**(values | changes))

    def sync(
        self,
        *paths: Path,
        rebuild: bool = False,
        embeddings: HashEmbeddings | None = None,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> Report:
        return sync_settings(self.settings(), paths, rebuild, progress, embeddings or HashEmbeddings())

    def catalog(self) -> Catalog:
        return Catalog.open(self.data / FILE, create=False)

    def vectors(self) -> Vectors:
        return Vectors.open(self.data, self.url)

    def files(self) -> dict[str, str]:
        """The files of the releases in the index, with the release's id."""
        with self.catalog() as catalog:
            return {summary.file: summary.id for summary in catalog.releases()}

    def wrong(self) -> list[str]:
        with self.catalog() as catalog, self.vectors() as vectors:
            return verify_index(catalog, vectors)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    """Added, changed, unchanged, removed, failed."""
    return report.added, report.changed, report.unchanged, report.removed, len(report.failed)
