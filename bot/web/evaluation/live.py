"""The run that goes on: in a thread of its own, which no page's reload ends, until it is done or stopped.

It draws nothing; pages look at `Live.now`.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.errors import CommuniqueError, StorageError
from bot.evaluation.evaluate import Progress
from bot.web.evaluation.kept import Kept

Work = Callable[[Progress], object]
"""Asks all questions of a run and tells how many are done; what it raises ends the run."""


class _StopError(Exception):
    """Someone stopped the run."""


@dataclass(frozen=True, slots=True)
class Going:
    """How far a run is.

    `kept` counts the answers that were there when it went on from an interruption, `seconds` since then. A run
    that is `over` was stopped, or failed with `error`, or is whole.
    """

    run: Kept
    total: int
    done: int = 0
    kept: int = 0
    seconds: float = 0.0
    stopping: bool = False
    over: bool = False
    error: str | None = None

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; None while there is none."""
        asked = self.done - self.kept
        return self.seconds / asked * (self.total - self.done) if asked > 0 else None


class Live:
    """At most one run at a time; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now: Going | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def now(self) -> Going | None:
        """How far the run is that was started last."""
        return self._now

    @property
    def busy(self) -> bool:
        """Whether a run goes on."""
        now = self._now
        return now is not None and not now.over

    def start(self, run: Kept, total: int, work: Work) -> None:
        """Begin. Raises StorageError while another run goes on."""
        with self._lock:
            if self.busy:
                raise StorageError("Another run is going on. Wait for its end, or stop it.")
            self._stop.clear()
            self._now = Going(run, total)
            self._thread = threading.Thread(target=self._run, args=(work,), name="evaluation", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Let the questions end that are being asked, and no other begin."""
        self._stop.set()
        self._tell(stopping=True)

    def close(self) -> None:
        """Stop, and wait until nothing is asked any more."""
        self.stop()
        if self._thread:
            self._thread.join()

    def _run(self, work: Work) -> None:
        started = time.monotonic()
        kept: int | None = None
        error: str | None = None

        def tell(done: int, total: int) -> None:
            nonlocal kept
            # The first that is told is what stood there before.
            kept = done if kept is None else kept
            self._tell(done=done, kept=kept, seconds=time.monotonic() - started)
            if self._stop.is_set():
                raise _StopError

        try:
            work(tell)
        except _StopError:
            pass
        except CommuniqueError as raised:
            error = str(raised)
        finally:
            # Also where an error that nobody foresaw goes on to the log.
            self._tell(over=True, error=error)

    def _tell(self, **news: object) -> None:
        with self._lock:
            if self._now and not self._now.over:
                self._now = replace(self._now, **news)  # type: ignore[arg-type]
