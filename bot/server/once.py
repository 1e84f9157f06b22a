"""What was done for a name, remembered, so that a request that is sent again does nothing again.

It knows neither requests nor what is done; it remembers as long as the server runs.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
REMEMBERED = 10_000
"""Names: the one that was asked for longest ago is forgotten first."""


class Once(Generic[T]):
    """Results by name; threads may share it."""

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def once(self, name: Hashable, action: Callable[[], T]) -> T:
        """What `action` gave when it was called for this name, now or before; what it raises is not remembered."""
        with self._lock:
            if name not in self._results:
                self._results[name] = action()
            self._results.move_to_end(name)
            if len(self._results) > REMEMBERED:
                self._results.popitem(last=False)
            return self._results[name]
