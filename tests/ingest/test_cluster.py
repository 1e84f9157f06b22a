"""Embedding on a Ray cluster: what a worker loses another does, and the index is the one that this machine makes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from bot.catalog import FILE, Catalog
from bot.embeddings import open_embeddings
from bot.errors import EmbeddingsError
from bot.settings import EMBEDDED, Settings
from bot.vectors import Vectors
from ingest.cluster import Model, on_ray
from ingest.sync import verify_index

RELEASES = 200


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_worker_that_is_killed_loses_nothing(
    tmp_path: Path, data_dir: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = open_embeddings(EMBEDDED, model_cache)
    model.embed_query("builds the model")
    data_dir.mkdir()
    (data_dir / "models").symlink_to(model_cache)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(RELEASES):
        (corpus / f"r{number}.txt").write_text(f"Release {number} tells of {number * 7} ports. All are open.")
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(corpus))
    running = subprocess.Popen(
        [sys.executable, "-m", "ingest", "--json", "--ray", "local"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    killed = _kill_a_worker(running)
    output, errors = running.communicate(timeout=200)
    assert running.returncode == 0, errors
    assert killed
    assert json.loads(output)["added"] == RELEASES
    settings = Settings()
    with (
        Catalog.open(settings.data_dir / FILE, create=False) as catalog,
        Vectors.open(settings.data_dir) as vectors,
    ):
        assert verify_index(catalog, vectors) == []
        for summary in catalog.releases()[::40]:
            (passage,) = catalog.passages_of(summary.id)
            ((own,), (parts,)) = model.embed_passages([passage.text], [[(0, 20)]])
            assert vectors.similarities(catalog.collection or "", [passage.id], own)[passage.id] > 0.99999
            assert len(catalog.sentence_vectors([passage.id])[passage.id].vectors) == 2
            assert np.isfinite(parts).all()


def _kill_a_worker(running: "subprocess.Popen[str]") -> bool:
    """Kill the first worker that is embedding; returns whether there was one before the end."""
    deadline = time.monotonic() + 90
    while running.poll() is None and time.monotonic() < deadline:
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                title = (folder / "cmdline").read_bytes()
                mine = f"COMMUNIQUE_DATA_DIR={os.environ['COMMUNIQUE_DATA_DIR']}".encode()
                if title.startswith(b"ray::_embed") and mine in (folder / "environ").read_bytes():
                    os.kill(int(folder.name), signal.SIGKILL)
                    return True
            except OSError:  # it ended
                continue
        time.sleep(0.02)
    return False


@pytest.mark.slow
def test_an_address_without_a_cluster_is_named() -> None:
    with (
        pytest.raises(EmbeddingsError, match=r"No Ray cluster answers at 127\.0\.0\.1:1 "),
        on_ray("127.0.0.1:1", Model(EMBEDDED, "", "")),
    ):
        pass
