"""The Bot of this process: opened once for the same settings, whoever asks for it.

It keeps nothing open: a Bot lives as long as somebody holds it. Whoever watches one watches all of them.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from bot.chain import Bot, Watcher
    from bot.settings import Settings

REMEMBERED = 20_000
"""Readings of passages, a dozen for each question: some 20 MB, in which what many ask is answered at once."""

_bots: "WeakSet[Bot]" = WeakSet()
_watchers: "list[Watcher]" = []
_opening = threading.Lock()


def opened(settings: "Settings") -> "Bot":
    """The Bot for these settings; raises the errors of the index where it cannot be opened."""
    from bot.chain import Bot

    with _opening:
        for bot in _bots:
            if bot.settings == settings:
                return bot
        bot = Bot(settings, _watchers, REMEMBERED)
        _bots.add(bot)
        return bot


@contextmanager
def watching(watchers: "Sequence[Watcher]") -> Iterator[None]:
    """Let these be told of every answer of this process meanwhile, whatever room of it asked."""
    _watchers.extend(watchers)
    try:
        yield
    finally:
        for watcher in watchers:
            _watchers.remove(watcher)
