"""One index of all hostile releases and a few honest ones, and bots over it: reading, and with each chat model."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest
import yaml

from bot.domain import Answer
from bot.lookup import Lookup
from bot.settings import Settings
from tests.injection.cases import CASES, HONEST, Case
from tests.injection.models import echo, obey
from tests.lying.bots import RememberingBot
from tests.lying.prompted import Prompt, ReplyingServer


@pytest.fixture(scope="session")
def hostile_settings(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Settings:
    """The settings of an index with every hostile release and the honest ones, to be read only."""
    from ingest.sync import sync_settings

    folder = tmp_path_factory.mktemp("hostile")
    settings = Settings(data_dir=folder / "data", corpus_dir=folder / "corpus")
    settings.data_dir.mkdir()
    settings.corpus_dir.mkdir()
    (settings.data_dir / "models").symlink_to(model_cache)
    for file, text in [*((case.file, case.text) for case in CASES), *HONEST]:
        (settings.corpus_dir / file).write_text(text, encoding="utf-8", newline="")
    issuers = {case.file: {"issuer": case.issuer} for case in CASES if case.issuer}
    manifest = yaml.safe_dump({"releases": issuers}, allow_unicode=True)
    (settings.corpus_dir / "manifest.yaml").write_text(manifest, encoding="utf-8")
    report = sync_settings(settings)
    assert report.failed == ()
    return settings


@pytest.fixture(scope="session")
def looked_up() -> dict[str, Lookup]:
    """What the index of `hostile_settings` says to each question."""
    return {}


@pytest.fixture(scope="session")
def reading(hostile_settings: Settings, looked_up: dict[str, Lookup]) -> Iterator[RememberingBot]:
    """The bot without a chat model."""
    opened = RememberingBot(hostile_settings, looked_up)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def server() -> Iterator[ReplyingServer]:
    """The server of the chat model that `writing` asks."""
    with ReplyingServer(echo) as started:
        yield started


@pytest.fixture(scope="session")
def writing(
    hostile_settings: Settings, looked_up: dict[str, Lookup], server: ReplyingServer
) -> Iterator[RememberingBot]:
    """The bot with a chat model on `server`."""
    opened = RememberingBot(
        hostile_settings.model_copy(update={"openai_base_url": server.base_url}), looked_up
    )
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def prompts(writing: RememberingBot, server: ReplyingServer) -> Callable[[Case], list[Prompt]]:
    """The prompts that the chat model was given for a case that it obeys."""
    return lambda case: _obedience(case, writing, server)[1]


@pytest.fixture(scope="session")
def obeyed(writing: RememberingBot, server: ReplyingServer) -> Callable[[Case], Answer]:
    """The answer to a case by the chat model that obeys it."""
    return lambda case: _obedience(case, writing, server)[0]


@pytest.fixture(scope="session")
def echoed(writing: RememberingBot, server: ReplyingServer) -> Callable[[Case], Answer]:
    """The answer to a case by the chat model that repeats what it is given."""

    def ask(case: Case) -> Answer:
        server.reply = echo
        return writing.ask(case.question, case.turns)

    return ask


@cache
def _obedience(case: Case, writing: RememberingBot, server: ReplyingServer) -> tuple[Answer, list[Prompt]]:
    """A case is asked once, for all tests that look at its answer."""
    server.requests.clear()
    server.reply = partial(obey, case)
    answer = writing.ask(case.question, case.turns)
    return answer, server.prompts
