"""The ingest as a process: what it tells is seen while it goes on, and one goes on at a time."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalog import FILE, Catalog
from bot.errors import IndexBusyError
from bot.settings import Settings
from bot.upkeep import run as running
from bot.upkeep.run import Run, Runner, runner_of

SECONDS = 90.0


@pytest.fixture
def settings(tmp_path: Path, model_cache: Path) -> Settings:
    data = tmp_path / "data"
    data.mkdir()
    (data / "models").symlink_to(model_cache)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "qatar.txt").write_text("Qatar funds the programme.")
    (corpus / "broken.txt").write_text(" ")
    return Settings(data_dir=data, corpus_dir=corpus)


@pytest.fixture
def runner(settings: Settings) -> Iterator[Runner]:
    made = Runner(settings)
    yield made
    made.close()


def ended(runner: Runner) -> Run:
    until = time.monotonic() + SECONDS
    while runner.is_busy and time.monotonic() < until:
        time.sleep(0.05)
    last = runner.last
    assert last
    assert last.ended, "it did not end"
    return last


def test_a_run_tells_what_it_did_and_what_it_could_not_read(runner: Runner, settings: Settings) -> None:
    started = runner.start()
    assert started.to_json()["state"] == "running"
    with pytest.raises(IndexBusyError):
        runner.start()
    run = ended(runner)
    assert run.report
    assert (run.report["added"], len(run.report["failed"]), run.fraction) == (1, 1, 1.0)
    (error,) = run.errors
    assert error.startswith("broken.txt is empty")
    assert run.report["failed"][0]["file"] == "broken.txt"
    assert run.to_json()["state"] == "done"
    with Catalog.open(settings.data_dir / FILE, create=False) as catalog:
        assert [release.id for release in catalog.releases()] == ["qatar"]


def test_a_run_that_cannot_begin_fails_with_its_reason(runner: Runner, settings: Settings) -> None:
    runner.start(["--remove", "nothing"])
    run = ended(runner)
    assert run.to_json()["state"] == "failed"
    assert run.report is None
    assert len(run.errors) == 1


def test_a_process_that_dies_without_a_word_is_said(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(running, "HOME", tmp_path)
    (tmp_path / "ingest.py").write_text("import os, sys\nsys.stderr.write('out of luck\\n')\nos._exit(9)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    runner.start()
    assert ended(runner).errors == ("The ingest ended with status 9: out of luck",)


def test_a_run_is_stopped_and_its_process_ends(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(running, "HOME", tmp_path)
    (tmp_path / "ingest.py").write_text(
        "import json, sys, time\n"
        "print(json.dumps({'fraction': 0.5, 'done': 1, 'total': 2, 'noise': 1}), file=sys.stderr, flush=True)\n"
        "try:\n    time.sleep(60)\n"
        "except KeyboardInterrupt:\n"
        "    print(json.dumps({'error': 'stopped'}), file=sys.stderr)\n    sys.exit(130)\n"
    )
    runner.start()
    until = time.monotonic() + SECONDS
    while not (runner.last and runner.last.done) and time.monotonic() < until:
        time.sleep(0.02)
    runner.stop()
    assert runner.last
    assert runner.last.is_stopped
    assert ended(runner).errors == ("stopped",)


def test_there_is_one_runner_for_a_data_folder(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_runners", {})
    monkeypatch.chdir(settings.data_dir.parent)
    assert runner_of(settings) is runner_of(Settings(data_dir=Path(os.curdir, "data")))
