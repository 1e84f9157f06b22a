"""The Bot of this process: opened once for the same settings, whoever asks for it.

It keeps nothing open: a Bot lives as long as somebody holds it.
"""

import threading
from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from bot.chain import Bot
    from bot.settings import Settings

_bots: "WeakSet[Bot]" = WeakSet()
_opening = threading.Lock()


def opened(settings: "Settings") -> "Bot":
    """The Bot for these settings; raises the errors of the index where it cannot be opened."""
    from bot.chain import Bot

    with _opening:
        for bot in _bots:
            if bot.settings == settings:
                return bot
        bot = Bot(settings)
        _bots.add(bot)
        return bot
