"""Work that takes long, in a bounded number of threads with a bounded queue before them.

It does not know what the work is: a generator whose pieces are awaited one by one.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from functools import partial
from typing import Generic, TypeVar

from bot.server.problems import TOO_MANY, UNAVAILABLE, busy

T = TypeVar("T")
FIRST_GUESS_SECONDS = 2.0
"""What a piece of work takes, as long as none was measured."""


class Pool:
    """`at_once` threads, and room for `waiting` more pieces of work; used from one event loop.

    One caller gets a quarter of the room at most, so that nobody keeps the others out.
    """

    def __init__(
        self, at_once: int, waiting: int, waited: Callable[[float], None] = lambda seconds: None
    ) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="answering")
        self._at_once = at_once
        self._waited = waited
        self.room = at_once + waiting
        """Pieces of work that may be inside."""
        self._room_of_one = max(1, self.room // 4)
        self._inside_of: Counter[str] = Counter()
        self._seconds = FIRST_GUESS_SECONDS
        self._closed = False
        self.inside = 0
        """Pieces of work that run or wait."""

    def start(self, work: Callable[[], Iterator[T]], caller: str | None = None) -> "Stream[T]":
        """What `work` yields, as it comes; raises the problem `busy` where there is no room.

        Without a `caller` all of the room may be taken.
        """
        if self._closed:
            raise busy(10, "The server is stopping. Ask again in a moment.", UNAVAILABLE)
        if self.inside >= self.room:
            raise busy(
                self._seconds * self.inside / self._at_once,
                f"{self.inside} questions are being answered or wait. Ask again in a moment.",
            )
        if caller is not None and self._inside_of[caller] >= self._room_of_one:
            raise busy(
                self._seconds,
                f"{self._room_of_one} of your questions are being answered or wait. Wait for one of them.",
                TOO_MANY,
            )
        self.inside += 1
        if caller is not None:
            self._inside_of[caller] += 1
        stream: Stream[T] = Stream()
        stream.begin(self._threads, work, lambda seconds: self._ended(seconds, caller), self._waited)
        return stream

    @property
    def running(self) -> int:
        """Pieces of work that do not wait."""
        return min(self.inside, self._at_once)

    def close(self) -> None:
        """Take no more work; what is inside goes on."""
        self._closed = True

    def stop(self) -> None:
        """Let go of the threads; work that has not begun is dropped."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ended(self, seconds: float, caller: str | None) -> None:
        self.inside -= 1
        if caller is not None:
            self._inside_of[caller] -= 1
            self._inside_of += Counter()  # forget those with none
        if seconds:
            self._seconds += 0.2 * (seconds - self._seconds)  # the newest five or so count


class Stream(Generic[T]):
    """The pieces of one work; whoever does not want them any more calls `leave`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._pieces: asyncio.Queue[T | None] = asyncio.Queue()
        self._left = threading.Event()
        self._seconds = 0.0
        self._future: Future[None]

    def begin(
        self,
        threads: ThreadPoolExecutor,
        work: Callable[[], Iterator[T]],
        ended: Callable[[float], None],
        waited: Callable[[float], None],
    ) -> None:
        """Put the work into the queue of `threads`; `waited` and `ended` are told how many seconds it waited and took.

        The thread knows what the context of the caller does, such as the request.
        """
        submitted = time.monotonic()

        def finish(_: Future[None]) -> None:
            self._call(partial(ended, self._seconds))
            self._call(partial(self._pieces.put_nowait, None))

        def run() -> None:
            waited(time.monotonic() - submitted)
            self._run(work)

        self._future = threads.submit(copy_context().run, run)
        self._future.add_done_callback(finish)

    def leave(self) -> None:
        """Let the work end at its next step, or before it begins."""
        self._left.set()
        self._future.cancel()

    async def next(self, seconds: float) -> T | None:
        """The next piece, or None at the end; raises what the work raised, and TimeoutError after `seconds`."""
        piece = await asyncio.wait_for(self._pieces.get(), seconds)
        if piece is None and not self._future.cancelled():
            self._future.result()
        return piece

    def _run(self, work: Callable[[], Iterator[T]]) -> None:
        started = time.monotonic()
        try:
            pieces = work()
            with closing(pieces):  # type: ignore[type-var]
                for piece in pieces:
                    if self._left.is_set():
                        break
                    self._call(partial(self._pieces.put_nowait, piece))
        finally:
            self._seconds = time.monotonic() - started

    def _call(self, action: Callable[[], None]) -> None:
        if not self._loop.is_closed():  # else the server has stopped, and nobody waits
            self._loop.call_soon_threadsafe(action)
