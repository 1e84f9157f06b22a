"""A server is ready once its index can be read and its models are loaded; until then it says why it is not."""

import shutil
import time
from pathlib import Path

import pytest

from bot.catalog import FILE, Catalog
from bot.server.origins import Rules
from bot.server.problems import ProblemError
from bot.server.served import Served
from bot.settings import Settings
from tests.server.conftest import copied


def refusal(served: Served) -> ProblemError | None:
    try:
        served.require_ready()
    except ProblemError as problem:
        return problem
    return None


def wait_until(served: Served, words: str | None) -> None:
    """Until it is ready, or says such words of why it is not."""
    until = time.monotonic() + 60
    while True:
        found = refusal(served)
        if found is None if words is None else found is not None and words in found.detail:
            return
        assert time.monotonic() < until, found
        time.sleep(0.05)


def test_it_is_ready_when_index_and_models_are_there_and_says_what_is_missing(
    corpus_index: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = copied(corpus_index, tmp_path / "data")
    with Catalog.open(data / FILE, create=False) as catalog:
        assert catalog.collection
        vectors = data / "chroma" / catalog.collection
    shutil.move(vectors, tmp_path / "aside")
    served = Served(Settings(data_dir=data), Rules((), (), True))
    try:
        first = refusal(served)
        assert first
        assert "loading" in first.detail
        wait_until(served, "log says why")
        for _ in range(3):
            wait_until(served, "log says why")
        told = [record.getMessage() for record in caplog.records if "not ready" in record.getMessage()]
        assert len(told) == 1
        assert "python -m ingest --rebuild" in told[0]
        shutil.move(tmp_path / "aside", vectors)
        wait_until(served, None)
        served.stop()
        stopping = refusal(served)
        assert stopping
        assert "stopping" in stopping.detail
    finally:
        served.close()
