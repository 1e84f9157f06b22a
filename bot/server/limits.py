"""How much one caller may ask for: so many requests a minute, and so many questions with one token.

It keeps its counts in memory and knows a caller by name only.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from bot.server.problems import QUOTA_USED, TOO_MANY, ProblemError, busy

CALLERS = 10_000
"""Callers that are remembered: the one that was silent longest is forgotten first, whose bucket is full again."""


class Buckets:
    """A bucket of `per_minute` tokens for each name, filled evenly; a request takes one out.

    Used from one thread, as an event loop is.
    """

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = per_minute
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> None:
        """Count one request; raises the problem `too-many-requests` where the bucket is empty."""
        now = self._clock()
        level, then = self._levels.pop(name, (self._size, now))
        level = min(self._size, level + (now - then) * self._size / 60)
        self._levels[name] = (level - 1 if level >= 1 else level, now)
        if len(self._levels) > CALLERS:
            self._levels.popitem(last=False)
        if level < 1:
            raise busy(
                (1 - level) * 60 / self._size,
                f"At most {self._size:g} such requests a minute are answered. Wait, then ask again.",
                TOO_MANY,
            )


class Quotas:
    """How often each token was used. Used from one thread, as an event loop is."""

    def __init__(self) -> None:
        self._used: OrderedDict[str, int] = OrderedDict()

    def take(self, name: str, quota: int) -> None:
        """Count one use; raises the problem `quota-used` where there were `quota` before."""
        used = self._used.get(name, 0)
        if used >= quota:
            raise ProblemError(QUOTA_USED, f"It was good for {quota} questions. Its page needs a new one.")
        self._used[name] = used + 1
        if len(self._used) > CALLERS * 10:
            self._used.popitem(last=False)
