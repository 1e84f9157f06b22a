"""One writer at a time: the lock of a data folder, held while an index is written.

It does not know what is written.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.errors import IndexBusyError, StorageError
from bot.first_run import LOCK


@contextmanager
def writing(data_dir: Path, seconds: float) -> Iterator[None]:
    """Hold the lock of `data_dir`, waiting up to `seconds` for another process that does.

    The system releases it when a process ends, however it ends. Raises IndexBusyError, naming the process
    that holds it, and StorageError where the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    holder = data_dir / "ingest.pid"
    lock = FileLock(data_dir / LOCK)
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=seconds)
        holder.write_text(str(os.getpid()))
    except Timeout:
        raise IndexBusyError(
            f"Process {_pid(holder)} is writing the index in {data_dir}: wait until it is done, or stop it."
        ) from None
    except OSError as error:
        lock.release()
        raise StorageError(
            f"{data_dir} cannot be written ({error.strerror}): make it a folder with free space that you may "
            "write to, or set COMMUNIQUE_DATA_DIR to one."
        ) from error
    try:
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _pid(holder: Path) -> str:
    try:
        return holder.read_text().strip() or "unknown"
    except OSError:
        return "unknown"
