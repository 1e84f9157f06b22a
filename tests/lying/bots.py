"""Bots for tests that ask the same questions of one index many times."""

from typing import Any

from bot.chain import Bot
from bot.lookup import Lookup
from bot.settings import Settings


class RememberingBot(Bot):
    """Looks each question up once, for all the bots that share `looked_up`: only the writing is done anew."""

    def __init__(self, settings: Settings, looked_up: dict[str, Lookup]) -> None:
        super().__init__(settings)
        look_up = self._index.look_up

        def remembered(*arguments: Any, **options: Any) -> Lookup:
            asked = repr((arguments, options))
            if asked not in looked_up:
                looked_up[asked] = look_up(*arguments, **options)
            return looked_up[asked]

        self._index.look_up = remembered  # type: ignore[method-assign]
