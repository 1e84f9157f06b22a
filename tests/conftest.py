"""What every test has: none of the developer's settings, a data folder of its own, and no network."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from bot.settings import Settings
from tests.offline import loopback_only

ROOT = Path(__file__).resolve().parent.parent

_CLEARED = ("COMMUNIQUE_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_", "CHROMA_", "STREAMLIT_", "OTEL_")
"""A developer's settings, keys and traces: variables that begin so would change what is tested."""

loopback_only.enforce()
# No deadline: a shared machine pauses a test for longer than any bug would. The rest is Hypothesis's own
# default, which in CI draws the same examples every time.
hypothesis.settings.register_profile(
    "communique",
    hypothesis.settings(),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("communique")


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No settings and no keys from the environment or `.env`, here and in every process a test starts.

    Such a process still reads a `.env` in its working folder: start it in a folder of the test's.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.upper().startswith(_CLEARED) or name.upper().endswith("_PROXY"):
                patch.delenv(name)
        patch.setenv("COMMUNIQUE_DATA_DIR", str(tmp_path_factory.mktemp("communique")))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests" / "offline")]))
        patch.setitem(Settings.model_config, "env_file", None)
        yield


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of this test, not yet made, which its settings name."""
    folder = tmp_path / ".communique"
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(folder))
    return folder


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Fail a test that tried to reach another machine, even where the code swallowed the error."""
    loopback_only.refused.clear()
    yield
    assert not loopback_only.refused, f"the test reached for the network: {loopback_only.refused}"


@pytest.fixture(scope="session")
def model_cache(pytestconfig: pytest.Config) -> Path:
    """The folder of the embedded model, kept between runs so that it is built once."""
    return pytestconfig.cache.mkdir("models")


@pytest.fixture(scope="session")
def corpus_dir() -> Path:
    """The project's own five releases."""
    return ROOT / "corpus"


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path, model_cache: Path) -> Path:
    """A data folder with the five releases in its index, to be read only: who writes, writes to a copy."""
    from ingest.sync import sync_settings

    folder = tmp_path_factory.mktemp("corpus_index")
    (folder / "models").symlink_to(model_cache)
    sync_settings(Settings(data_dir=folder, corpus_dir=corpus_dir))
    return folder
