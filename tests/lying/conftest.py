"""Bots over the project's own five releases: one that reads, and others whose chat models lie or fail."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bot.lookup import Lookup
from bot.settings import Settings
from tests.lying.bots import RememberingBot
from tests.lying.prompted import ReplyingServer
from tests.lying.raw import RawServer

FUNDS = "Who funds CT Travel?"
CHAT_SECONDS = 1.0
"""What a chat model is given that fails."""


@pytest.fixture(scope="session")
def liar_server() -> Iterator[ReplyingServer]:
    with ReplyingServer(lambda prompt: "") as started:
        yield started


@pytest.fixture(scope="session")
def raw_server() -> Iterator[RawServer]:
    with RawServer() as started:
        yield started


@pytest.fixture(scope="session")
def open_bot(corpus_index: Path, corpus_dir: Path) -> Iterator[Callable[..., RememberingBot]]:
    """Opens a bot with these settings over the five releases; all of them look a question up once."""
    settings = Settings(data_dir=corpus_index, corpus_dir=corpus_dir)
    looked_up: dict[str, Lookup] = {}
    with ExitStack() as stack:

        def opened(**update: object) -> RememberingBot:
            return stack.enter_context(closing(RememberingBot(settings.model_copy(update=update), looked_up)))

        yield opened


@pytest.fixture(scope="session")
def reading(open_bot: Callable[..., RememberingBot]) -> RememberingBot:
    """The bot without a chat model."""
    return open_bot()


@pytest.fixture(scope="session")
def lied_to(open_bot: Callable[..., RememberingBot], liar_server: ReplyingServer) -> RememberingBot:
    """The bot whose chat model is on `liar_server` and may take its time."""
    return open_bot(openai_base_url=liar_server.base_url)


@pytest.fixture(scope="session")
def failed(open_bot: Callable[..., RememberingBot], liar_server: ReplyingServer) -> RememberingBot:
    """The same with CHAT_SECONDS for an answer, once all that it needs is imported."""
    opened = open_bot(openai_base_url=liar_server.base_url, chat_seconds=CHAT_SECONDS)
    liar_server.reply = lambda prompt: f"{prompt.evidence[1]} {prompt.marks}"
    opened.ask(FUNDS)
    return opened


@pytest.fixture(scope="session")
def misled(
    open_bot: Callable[..., RememberingBot], failed: RememberingBot, raw_server: RawServer
) -> RememberingBot:
    """The bot whose chat model is on `raw_server`, with CHAT_SECONDS for an answer."""
    return open_bot(openai_base_url=raw_server.base_url, chat_seconds=CHAT_SECONDS)


@pytest.fixture(scope="session")
def down(open_bot: Callable[..., RememberingBot], failed: RememberingBot) -> RememberingBot:
    """The bot whose chat model is on a server that has gone, with CHAT_SECONDS for an answer."""
    with RawServer() as gone:
        pass
    return open_bot(openai_base_url=gone.base_url, chat_seconds=CHAT_SECONDS)
