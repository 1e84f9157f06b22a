"""What one server process works with: the bot, the history, the keys, and the limits on their use.

It knows no request: routes ask it for what they need.
"""

import logging
import threading
from typing import TYPE_CHECKING, Any

from bot.errors import CommuniqueError
from bot.history import FILE as HISTORY
from bot.history import History
from bot.keys import FILE as KEYS
from bot.keys import Keys
from bot.server.limits import Buckets, Quotas
from bot.server.metrics import Metrics
from bot.server.once import Once
from bot.server.origins import Rules
from bot.server.pool import Pool
from bot.server.problems import UNAVAILABLE, busy, of_error
from bot.settings import Settings
from bot.upkeep.run import runner_of

if TYPE_CHECKING:
    from bot.catalog import Catalog
    from bot.chain import Bot

REQUESTS_PER_QUESTION = 10
"""Requests that ask nothing, such as reading a release, that a caller has for each question."""
WARMING = "Communiqué"
"""What is looked up once so that the models are loaded before the first person asks."""
LOG = logging.getLogger("communique.server")


class Served:
    """Opened with the first request that needs it; threads may share it."""

    def __init__(self, settings: Settings, rules: Rules) -> None:
        self.settings = settings
        self.rules = rules
        self.keys = Keys(settings.data_dir / KEYS)
        self.metrics = Metrics()
        self.pool = Pool(settings.answers_at_once, settings.questions_waiting, self.metrics.waited)
        self.questions = Buckets(settings.questions_per_minute)
        self.requests = Buckets(settings.questions_per_minute * REQUESTS_PER_QUESTION)
        self.quotas = Quotas()
        self.runner = runner_of(settings)
        self.given: Once[tuple[str, dict[str, Any]]] = Once()
        self.people_log_in = False
        """Whether the chat page asks people who they are: then no page calls the API without a key."""
        self.is_stopping = False
        self._opening = threading.Lock()
        self._history: History | None = None
        self._bot: Bot | None = None
        self._is_warm = False
        self._is_warming = False
        self._trouble: CommuniqueError | None = None

    def bot(self) -> "Bot":
        """The bot, shared with the chat page; opening it takes seconds, so ask in a thread."""
        from bot.opened import opened

        if self._bot is None:
            self._bot = opened(self.settings)
        return self._bot

    @property
    def is_answering(self) -> bool:
        """Whether somebody, of the API or the chat page, waits for an answer."""
        return self.pool.inside > 0 or (self._bot is not None and self._bot.listeners > 0)

    @property
    def catalog_if_open(self) -> "Catalog | None":
        """The catalog; None as long as no question was answered and no model loaded."""
        return self._bot.catalog if self._bot is not None else None

    def history(self) -> History:
        """The history in the file that is in its place now."""
        with self._opening:
            if self._history is None or not self._history.is_current:
                if self._history is not None:
                    self._history.close()
                self._history = History.open(self.settings.data_dir / HISTORY)
            return self._history

    def warm_up(self) -> None:
        """Begin to load index and models in the background, where they are not; a stop does not wait for it."""
        if not (self._is_warm or self._is_warming or self.is_stopping):
            self._is_warming = True
            threading.Thread(target=self._warm, name="warming").start()

    def require_ready(self) -> None:
        """Raises the problem `unavailable` as long as questions cannot be answered."""
        if self.is_stopping:
            raise busy(10, "The server is stopping.", UNAVAILABLE)
        if not self._is_warm:
            trouble = self._trouble
            self.warm_up()
            if trouble is not None:
                raise of_error(trouble)
            raise busy(5, "The server is loading its index and models.", UNAVAILABLE)

    def stop(self) -> None:
        """Take no more questions; those inside are answered."""
        self.is_stopping = True
        self.pool.close()

    def close(self) -> None:
        """Let go of everything."""
        self.stop()
        self.pool.stop()
        self.runner.close()
        self.keys.close()
        if self._history is not None:
            self._history.close()
        if self._bot is not None:
            self._bot.close()

    def _warm(self) -> None:
        try:
            bot = self.bot()
            if not self.is_stopping:
                bot.read(WARMING)
                self._is_warm, self._trouble = True, None
        except CommuniqueError as error:
            if str(error) != str(self._trouble):  # it is tried again with every question
                LOG.error("not ready: %s", error)
            self._trouble = error
        finally:
            self._is_warming = False
