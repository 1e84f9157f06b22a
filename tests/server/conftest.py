"""Servers that tests share: one as a person starts it, and one that a proxy's operator has set up."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.keys import FILE, Keys
from tests.server.collector import Collector, collecting
from tests.server.serving import Serving, serving

WIKI = "https://wiki.example.org"
BASE = "/tools/communique"


def copied(index: Path, to: Path) -> Path:
    shutil.copytree(index, to, symlinks=True)
    return to


@pytest.fixture(scope="session")
def own(corpus_index: Path, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The server with nothing set: this machine's own, without keys."""
    with serving(copied(corpus_index, tmp_path_factory.mktemp("own") / "data"), corpus_dir) as server:
        yield server


@pytest.fixture
def api(own: Serving) -> Iterator[httpx.Client]:
    with own.client() as client:
        yield client


@pytest.fixture(scope="session")
def traced() -> Iterator[Collector]:
    """What the shared server sends of its traces."""
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="session")
def shared(
    corpus_index: Path, corpus_dir: Path, traced: Collector, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """A server with keys, under a path, behind a proxy on this machine, that a wiki may embed."""
    data = copied(corpus_index, tmp_path_factory.mktemp("shared") / "data")
    keys(data).create("somebody", ["ask"])  # from now on a key is needed
    with serving(
        data,
        corpus_dir,
        communique_base_path=BASE,
        communique_allowed_origins=WIKI,
        communique_allowed_hosts="chat.example.org",
        communique_trusted_proxies="127.0.0.1",
        communique_questions_per_minute="12",
        communique_question_characters="300",
        communique_log_format="json",
        communique_log_level="info",
        otel_exporter_otlp_endpoint=traced.endpoint,
        otel_bsp_schedule_delay="100",
    ) as server:
        yield server


def keys(data: Path) -> Keys:
    return Keys(data / FILE)


@pytest.fixture
def key(shared: Serving) -> str:
    """A new key of the shared server, with a bucket of its own."""
    return keys(shared.folder).create("test", ["ask"])[1]
