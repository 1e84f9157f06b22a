"""A data folder out of a backup: unpacked and proven beside what is there, then put in its place, the catalog last.

The caller holds the lock of the folder. It does not know how a backup file is made.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.backup.archive import unpack
from bot.backup.make import REPLACED, UNPACKED, VECTORS
from bot.catalog import FILE as CATALOG
from bot.catalog import Catalog
from bot.errors import BackupError, CommuniqueError, StorageError
from bot.vectors import BATCH, Vectors, new_collection
from bot.vectors import FOLDER as CHROMA

if TYPE_CHECKING:
    from bot.settings import Settings

KEPT = (CHROMA, "models", UNPACKED, "ingest.lock", "ingest.pid")
"""What a restore leaves where it is."""


def restore(path: Path, settings: "Settings", *, force: bool = False) -> dict[str, Any]:
    """Make the data folder what the backup at `path` holds; returns the facts about it.

    Until everything is unpacked and proven, what is there stays as it is. Raises BackupError where the folder holds
    something and it may not be replaced, and for a file that is no whole backup.
    """
    folder = settings.data_dir
    there = [each for each in folder.iterdir() if each.name not in KEPT]
    if there and not force:
        raise BackupError(
            f"{folder} holds {there[0].name} already: set COMMUNIQUE_DATA_DIR to an empty folder, or give --force "
            "to replace what is there."
        )
    with _empty(folder / UNPACKED) as unpacked, _explained(folder):
        contents = unpack(path, unpacked)
        collection = None
        if CATALOG in contents.members:
            with Vectors.open(folder, settings.chroma_url) as vectors:
                collection = _index(unpacked, folder, vectors)
        (unpacked / VECTORS).unlink(missing_ok=True)
        _exchange(there, unpacked, folder)
        if collection is not None:
            with Vectors.open(folder, settings.chroma_url) as vectors:
                vectors.drop_other_collections(collection)
    return contents.facts


def _index(unpacked: Path, folder: Path, vectors: Vectors) -> str | None:
    """Put the vectors of the unpacked catalog into a new collection, which it then names; returns its name."""
    import numpy as np

    old = _known(folder / CATALOG)
    with Catalog.open(unpacked / CATALOG, create=False) as catalog:
        catalog.check()
        ids = sorted(catalog.vector_ids())
        if catalog.collection is None:
            return None
        # The name of another index on the same server must stay another.
        collection = new_collection(old[0] if old else None)
        vectors.create(collection)
        if ids:
            try:
                rows = np.load(unpacked / VECTORS, mmap_mode="r", allow_pickle=False)
            except (OSError, ValueError) as error:
                raise BackupError(
                    f"The vectors in the backup cannot be read ({error}): take another."
                ) from None
            if len(rows) != len(ids):
                raise BackupError(f"The backup holds {len(rows)} vectors, not {len(ids)}: take another.")
            for start in range(0, len(ids), BATCH):
                part = ids[start : start + BATCH]
                vectors.upsert(collection, part, np.array(rows[start : start + BATCH]))
        if sorted(vectors.ids(collection)) != ids:
            raise StorageError("Chroma does not hold the vectors that it was given: try again.")
        catalog.adopt(collection, after=old[1] if old else 0)
    return collection


def _exchange(there: list[Path], unpacked: Path, folder: Path) -> None:
    """Put what is unpacked in the place of what is there, the catalog last; where that fails, all is as it was."""
    replaced = folder / REPLACED
    shutil.rmtree(replaced, ignore_errors=True)  # of a restore that was cut short
    replaced.mkdir()
    moved: list[tuple[Path, Path]] = []
    try:
        for each in there:
            if each != replaced:
                moved.append((each.replace(replaced / each.name), each))
        for each in sorted(unpacked.iterdir(), key=lambda each: each.name == CATALOG):
            moved.append((each.replace(folder / each.name), each))
    except OSError:
        for now, before in reversed(moved):
            now.replace(before)
        raise
    shutil.rmtree(replaced, ignore_errors=True)


def _known(path: Path) -> tuple[str | None, int] | None:
    """Collection and generation of the catalog that is replaced; None where there is none that can be read."""
    try:
        with Catalog.open(path, create=False) as catalog:
            return catalog.collection, catalog.generation
    except CommuniqueError:
        return None


@contextmanager
def _empty(folder: Path) -> Iterator[Path]:
    """An empty folder, removed at the end."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be written ({error.strerror or error}): free space or make it writable, then try again."
        ) from error
