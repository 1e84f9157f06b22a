"""A backup of a data folder, whatever is being asked and ingested meanwhile.

Every store is copied as it is at one moment: first what people said, last the catalog that their answers cite, and the
vectors of exactly that catalog. What can be made again is left out: models, and everything of Chroma's but the vectors.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.backup.archive import packing
from bot.catalog import FILE as CATALOG
from bot.catalog import Catalog
from bot.errors import BackupError, IndexDamagedError, StorageError
from bot.store.database import copy
from bot.vectors import BATCH, Vectors
from bot.vectors import FOLDER as CHROMA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.settings import Settings

VECTORS = "vectors.npy"
"""The member that holds the vectors: one a passage, in the order of the passages' ids."""
REPLACED, UNPACKED = "replaced", "restoring"
"""Folders that a restore makes in the data folder, and removes at its end."""
LEFT_OUT = (
    CHROMA,
    "models",
    REPLACED,
    UNPACKED,
    CATALOG,
    "catalog.rebuild.sqlite",
    "*.lock",
    "*.pid",
    "*.log",
    "*.part",
)
LEFT_OUT_ANYWHERE = ("*.sqlite-wal", "*.sqlite-shm", "*.damaged-*")
TRIES = 5
"""An ingest that removes passages while they are copied makes another try necessary."""
_SQLITE = b"SQLite format 3\0"


def back_up(settings: "Settings", to: Path, *, force: bool = False) -> dict[str, Any]:
    """Write the backup; returns the facts that it holds about itself.

    Raises BackupError, StorageError, and IndexDamagedError where the index is not whole.
    """
    folder = settings.data_dir
    if not folder.is_dir():
        raise BackupError(f"There is no data folder {folder}: set COMMUNIQUE_DATA_DIR to the one to back up.")
    if to.resolve().is_relative_to(folder.resolve()):
        raise BackupError(f"{to} is in the data folder itself: give a place outside of {folder}.")
    try:
        work = tempfile.TemporaryDirectory(dir=to.parent, prefix=".communique-backup-")
    except OSError as error:
        raise StorageError(
            f"{to.parent} cannot be written ({error.strerror}): give another place."
        ) from error
    with work as name, packing(to, force=force) as backup:
        staged = Path(name) / "member"
        for path in _files(folder):
            if _staged(path, staged):
                backup.add(path.relative_to(folder).as_posix(), staged)
        facts: dict[str, Any] = {"made": datetime.now(UTC).isoformat(timespec="seconds"), "generation": 0}
        if (folder / CATALOG).exists():
            facts |= _index(settings, Path(name))
            backup.add(CATALOG, Path(name) / CATALOG)
            if (Path(name) / VECTORS).exists():
                backup.add(VECTORS, Path(name) / VECTORS)
        backup.end(facts)
    return facts | {"bytes": to.stat().st_size}


def _files(folder: Path) -> Iterator[Path]:
    """The files of the folder that belong in a backup, but for the catalog."""
    for top in sorted(folder.iterdir()):
        if top.is_symlink() or any(fnmatch(top.name, each) for each in LEFT_OUT):
            continue
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            left_out = any(fnmatch(path.name, each) for each in LEFT_OUT_ANYWHERE)
            if path.is_file() and not path.is_symlink() and not left_out:
                yield path


def _staged(path: Path, to: Path) -> bool:
    """Copy a file that may be in use; False where it has gone meanwhile."""
    to.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        with path.open("rb") as file:
            is_database = file.read(len(_SQLITE)) == _SQLITE
        if is_database:
            copy(path, to)
        else:
            shutil.copyfile(path, to)
        return True
    return False


def _index(settings: "Settings", to: Path) -> dict[str, Any]:
    """Copy the catalog into `to`, and the vectors of its passages."""
    for attempt in range(TRIES):
        for left in to.glob(f"{CATALOG}*"):
            left.unlink()
        copy(settings.data_dir / CATALOG, to / CATALOG)
        with (
            Catalog.open(to / CATALOG, create=False) as catalog,
            Vectors.open(settings.data_dir, settings.chroma_url) as vectors,
        ):
            try:
                catalog.check()
                _write_vectors(catalog, vectors, to / VECTORS)
                return {
                    "generation": catalog.generation,
                    "releases": len(catalog.releases()),
                    "passages": catalog.passage_count,
                }
            except IndexDamagedError:
                if attempt == TRIES - 1:
                    raise
        time.sleep(attempt)
    raise AssertionError("the last try returns or raises")


def _write_vectors(catalog: Catalog, vectors: Vectors, to: Path) -> None:
    """Raises IndexDamagedError where a vector is lost."""
    import numpy as np

    to.unlink(missing_ok=True)
    ids = sorted(catalog.vector_ids())
    collection = catalog.collection
    if not ids or collection is None:
        return
    rows: NDArray[np.float32] | None = None
    for start in range(0, len(ids), BATCH):
        wanted = ids[start : start + BATCH]
        found, held = vectors.stored(collection, wanted)
        place = {vector_id: number for number, vector_id in enumerate(found)}
        if lost := [vector_id for vector_id in wanted if vector_id not in place]:
            raise IndexDamagedError(
                f"{len(lost)} vectors are lost, such as that of {lost[0]}: run `python -m ingest`, then try again."
            )
        if rows is None:
            rows = np.lib.format.open_memmap(to, "w+", np.float32, (len(ids), held.shape[1]))
        rows[start : start + len(wanted)] = held[[place[vector_id] for vector_id in wanted]]
    assert rows is not None, "there are ids"
    rows.flush()  # type: ignore[attr-defined]
