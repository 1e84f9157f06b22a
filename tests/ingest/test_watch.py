"""`python -m ingest --watch` and `--every`, as processes over real folders."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest

from bot.embeddings import open_embeddings
from bot.settings import EMBEDDED
from ingest.__main__ import main


class Watching:
    """A process that keeps an index up to date; `reports` are what it printed, `said` its lines on stderr."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ingest", "--json", *arguments],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        self.said: list[str] = []
        Thread(target=self._read, daemon=True).start()
        self._errors = Thread(target=self._listen, daemon=True)
        self._errors.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.put(line)

    def _listen(self) -> None:
        assert self._process.stderr
        self.said.extend(line.strip() for line in self._process.stderr)

    def report(self) -> dict[str, int]:
        """The next one: how many were added, changed, removed, failed."""
        try:
            report = json.loads(self._lines.get(timeout=60))
        except Empty:
            raise AssertionError(f"it never came; {self.said}") from None
        counts = {name: report[name] for name in ("added", "changed", "removed") if report[name]}
        return counts | ({"failed": len(report["failed"])} if report["failed"] else {})

    def stop(self, number: int) -> int:
        self._process.send_signal(number)
        status = self._process.wait(30)
        self._errors.join(10)
        return status

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            assert pipe
            pipe.close()


Watch = Callable[..., Watching]


@pytest.fixture
def watch(tmp_path: Path, data_dir: Path, model_cache: Path) -> Iterator[Watch]:
    open_embeddings(EMBEDDED, model_cache).embed_query("builds the model")
    data_dir.mkdir()
    (data_dir / "models").symlink_to(model_cache)
    started: list[Watching] = []

    def start(*arguments: str) -> Watching:
        started.append(Watching(tmp_path, *arguments))
        return started[-1]

    yield start
    for each in started:
        each.end()


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "qatar.txt").write_text("Qatar funds the programme.\n")
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(folder))
    return folder


@pytest.mark.slow
def test_the_index_follows_the_folder_whatever_becomes_of_it(watch: Watch, corpus: Path) -> None:
    watching = watch("--watch")
    assert watching.report() == {"added": 1}
    for number in range(3):  # within moments: one run
        (corpus / f"r{number}.md").write_text(f"Release {number}.\n")
    (corpus / ".hidden.md").write_text("Not this.\n")
    assert watching.report() == {"added": 3}
    (corpus / "r0.md").unlink()
    (corpus / "qatar.txt").write_text("Japan funds the programme.\n")
    (corpus / "bad.md").write_bytes(bytes(range(256)) * 20)
    assert watching.report() == {"changed": 1, "removed": 1, "failed": 1}
    aside = corpus.rename(corpus.with_name("aside"))
    _until(lambda: any("corpus does not exist" in line for line in watching.said))
    (aside / "bad.md").unlink()
    (aside / "peru.md").write_text("Peru joined.\n")
    aside.rename(corpus)
    assert watching.report() == {"added": 1}
    assert watching.stop(signal.SIGTERM) == 0
    assert [line for line in watching.said if "bad.md" in line and "binary" in line] != []
    assert watching.said[-1].startswith("communique: stopped")


@pytest.mark.slow
def test_a_schedule_runs_again_and_says_nothing_where_there_is_nothing_to_say(
    watch: Watch, corpus: Path
) -> None:
    watching = watch("--every", "0.02")
    assert watching.report() == {"added": 1}
    time.sleep(3)
    (corpus / "peru.md").write_text("Peru joined.\n")
    assert watching.report() == {"added": 1}
    assert watching.stop(signal.SIGINT) == 0


@pytest.mark.usefixtures("corpus")
def test_sigterm_stops_a_single_run_as_ctrl_c_does(watch: Watch, corpus: Path, data_dir: Path) -> None:
    for number in range(200):
        (corpus / f"r{number}.md").write_text(f"# Release {number}\n\n{'The office works there. ' * 40}")
    running = watch()
    _until((data_dir / "chroma").exists)
    time.sleep(1)
    assert running.stop(signal.SIGTERM) == 128 + signal.SIGTERM
    assert running.said[-1].startswith("communique: stopped")
    assert not (data_dir / "ingest.pid").exists()


@pytest.mark.parametrize("minutes", ["0", "-1", "soon", "inf", "nan"])
def test_a_schedule_needs_minutes(minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--every", minutes])
    assert "minutes above 0" in capsys.readouterr().err


@pytest.mark.parametrize("once", [["--rebuild"], ["--remove", "peru"]])
def test_what_is_done_once_is_not_repeated(once: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--watch", *once])
    assert "are done once" in capsys.readouterr().err


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
