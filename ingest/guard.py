"""Work on files that are not to be trusted, in a process of its own: one that hangs, swells or dies fails alone.

It knows no format: it calls a function of a module with values that can be pickled.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, ParamSpec, Self, TypeVar

from bot.errors import CorpusError

SECONDS = 120.0
"""How long one call may take."""
MEMORY = 1 << 30
"""Address space of the process in bytes, its libraries included. macOS does not enforce it."""

_LENGTH_BYTES = 8
_OUT_OF_MEMORY = 86
"""Exit status of a process that could not get more memory."""
_ENVIRONMENT = {
    # Each thread of these would take address space, and a call uses one processor anyway.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
_ROOT = Path(__file__).resolve().parent.parent
_P = ParamSpec("_P")
_R = TypeVar("_R")


class Guard:
    """A process that does one call after another; it starts with the first, and anew after one that ended it.

    For one thread at a time, but for `stop`. A pool is several guards, a thread each.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def call(self, named: str, function: Callable[_P, _R], *values: _P.args, **options: _P.kwargs) -> _R:
        """What the function returns, called in the process; messages call the file `named`.

        Raises the CorpusError that the function raises, and one where it takes more than the guard's time or memory
        or ends its process.
        """
        process = self._started()
        try:
            _send(process.stdin, (function, values, options))
            result, error = _receive(process.stdout)
        except (EOFError, OSError):
            raise CorpusError(f"{named} {self._cause(self._ended(process))}.") from None
        if error is not None:
            raise error
        return result  # type: ignore[no-any-return]

    def stop(self) -> None:
        """End the process, whatever it is at."""
        with self._lock:
            if self._process is not None:
                _kill(self._process)
                self._close(self._process)

    def _started(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._process is None:
                path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "ingest.guard", str(self._seconds), str(self._memory)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    env=os.environ | _ENVIRONMENT | {"PYTHONPATH": path},
                    start_new_session=True,  # Ctrl-C is for the process that asks
                )
            return self._process

    def _ended(self, process: "subprocess.Popen[bytes]") -> int:
        """The exit status of a process that closed its pipes, or was stopped; negative for a signal."""
        with self._lock:
            with suppress(subprocess.TimeoutExpired):
                process.wait(1)
            _kill(process)
            self._close(process)
            return process.returncode

    def _close(self, process: "subprocess.Popen[bytes]") -> None:
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        if self._process is process:
            self._process = None

    def _cause(self, status: int) -> str:
        if status == -signal.SIGALRM:
            return (
                f"took longer than {self._seconds:.0f} seconds to read: split it, or save its text as UTF-8"
            )
        if status in (_OUT_OF_MEMORY, -signal.SIGKILL):
            return f"took more than {self._memory >> 20} MiB of memory to read: split it, or save its text as UTF-8"
        return f"cannot be read, for that ends the process (status {status}): save its text as UTF-8"


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End the process and every program that it started: they are a session of their own."""
    with suppress(OSError):  # it has ended, and nothing is left of it
        os.killpg(process.pid, signal.SIGKILL)


def _send(pipe: IO[bytes] | None, value: object) -> None:
    assert pipe
    message = pickle.dumps(value)
    pipe.write(len(message).to_bytes(_LENGTH_BYTES, "big"))
    pipe.write(message)
    pipe.flush()


def _receive(pipe: IO[bytes] | None) -> Any:
    """The next value. Raises EOFError where the other side ended."""
    assert pipe
    length = int.from_bytes(_read(pipe, _LENGTH_BYTES), "big")
    return pickle.loads(_read(pipe, length))


def _read(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found


def _serve(seconds: float, memory: int) -> None:
    """Do calls from standard input until it ends. The system ends the process where one takes too long."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    while True:
        try:
            function, values, options = _receive(sys.stdin.buffer)
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            answer: tuple[Any, CorpusError | None] = function(*values, **options), None
        except CorpusError as error:
            answer = None, CorpusError(str(error))
        except MemoryError:
            os._exit(_OUT_OF_MEMORY)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(answers, answer)


if __name__ == "__main__":
    _serve(float(sys.argv[1]), int(sys.argv[2]))
