"""The mark of a data folder whose first ingest has begun and not ended, so that half a corpus is never taken for all.

It knows neither what is ingested nor how.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "ingest.lock"
"""The file in the data folder that a process locks while it writes the index."""
MARK = "first-run"


@contextmanager
def first_run(data_dir: Path, *, begins: bool) -> Iterator[None]:
    """Mark `data_dir` where this `begins` its index; a mark goes once what is done here has ended well.

    The caller holds the lock.
    """
    mark = data_dir / MARK
    if begins:
        mark.touch()
    yield
    mark.unlink(missing_ok=True)


def is_cut_short(data_dir: Path) -> bool:
    """Whether the first ingest of `data_dir` did not end, and no process is at it."""
    if not (data_dir / MARK).exists():
        return False
    from filelock import FileLock, Timeout

    try:
        with FileLock(data_dir / LOCK).acquire(timeout=0):
            return (data_dir / MARK).exists()
    except (Timeout, OSError):
        return False
