"""`python -m ingest` as a person or a script meets it, with the product's own embeddings."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.catalog import FILE, Catalog
from bot.embeddings import open_embeddings
from bot.settings import EMBEDDED, Settings
from ingest.__main__ import index as index_for_first_use
from ingest.__main__ import main

Run = Callable[..., "subprocess.CompletedProcess[str]"]

TEXTS = {
    "morocco.md": "# Morocco and UNOCT\n\nRabat, 24 June 2022 – The office marked its first anniversary.\n",
    "qatar.txt": "Doha, 27 March 2022\n\nQatar funds the programme.\n",
}


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(folder))
    return folder


@pytest.fixture
def models(data_dir: Path, model_cache: Path) -> None:
    """The data folder with the model built, which takes seconds."""
    open_embeddings(EMBEDDED, model_cache).embed_query("builds the model")
    data_dir.mkdir()
    (data_dir / "models").symlink_to(model_cache)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the command in a process of its own."""

    def run_command(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "ingest", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=100,
        )

    return run_command


def messages(stderr: str) -> list[str]:
    """The lines that are not progress, which a slow machine shows too."""
    return [line for line in stderr.splitlines() if not re.match(r"\d+ of \d+ releases, \d+%", line)]


def test_help_comes_at_once_and_imports_nothing_heavy(run: Run) -> None:
    before = os.times()
    done = run("--help")
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    assert done.returncode == 0
    assert "--rebuild" in done.stdout
    assert done.stderr == ""
    assert seconds < 0.5 * SLOWNESS
    heavy = {"numpy", "chromadb", "rich", "pydantic"}
    code = f"import sys, ingest.__main__; print(len(sys.modules.keys() & {heavy!r}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "0\n"


SLOWNESS = 4
"""A machine that others use takes so many times longer."""


@pytest.mark.usefixtures("corpus", "models")
def test_a_first_run_prints_a_summary_and_a_second_that_there_is_nothing_to_do(run: Run) -> None:
    first, second = run(), run()
    assert (first.returncode, messages(first.stderr)) == (0, [])
    assert [line.split() for line in first.stdout.splitlines()[:2]] == [
        ["added", "2"],
        ["in", "the", "index", "2"],
    ]
    assert "2 passages embedded" in first.stdout
    assert (second.returncode, second.stderr) == (0, "")
    assert second.stdout == "Nothing to do: 2 releases are up to date.\n"


@pytest.mark.usefixtures("models")
def test_json_is_one_object_and_failures_are_named_on_stderr(run: Run, corpus: Path) -> None:
    (corpus / "empty.md").write_text("\n")
    (corpus / "photo.jpeg").write_bytes(b"\xff\xd8")
    done = run("--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert (report["added"], report["releases"], report["passages"], report["skipped"]) == (2, 2, 2, 1)
    assert (report["changed"], report["unchanged"], report["removed"], report["generation"]) == (0, 0, 0, 1)
    assert [failure["file"] for failure in report["failed"]] == [str(corpus / "empty.md")]
    assert messages(done.stderr) == [f"communique: {report['failed'][0]['reason']}"]


@pytest.mark.usefixtures("models")
def test_a_program_reads_progress_and_failures_as_json_lines(run: Run, corpus: Path) -> None:
    (corpus / "empty.md").write_text("\n")
    done = run("--progress", "json", "--json")
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.returncode == 1
    assert json.loads(done.stdout)["added"] == 2
    assert lines[0]["stage"] == "reading"
    assert lines[-2]["stage"] == "embedding"
    assert (lines[-2]["done"], lines[-2]["total"], lines[-2]["fraction"]) == (3, 3, 1)
    assert lines[-1] == {"error": lines[-1]["error"], "file": str(corpus / "empty.md")}
    assert "is empty" in lines[-1]["error"]


@pytest.mark.usefixtures("models")
def test_a_path_takes_the_place_of_the_corpus_folder(run: Run, corpus: Path, data_dir: Path) -> None:
    assert run(corpus / "qatar.txt").returncode == 0
    with Catalog.open(data_dir / FILE, create=False) as catalog:
        assert [summary.file for summary in catalog.releases()] == ["qatar.txt"]


def _no_corpus(corpus: Path, data_dir: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("COMMUNIQUE_CORPUS_DIR", str(corpus / "nowhere"))


def _empty_corpus(corpus: Path, data_dir: Path, patch: pytest.MonkeyPatch) -> None:
    for file in corpus.iterdir():
        file.unlink()


def _noise(corpus: Path, data_dir: Path, patch: pytest.MonkeyPatch) -> None:
    data_dir.mkdir()
    (data_dir / FILE).write_bytes(b"noise" * 1000)


def _in_the_way(corpus: Path, data_dir: Path, patch: pytest.MonkeyPatch) -> None:
    data_dir.write_text("a file where the folder should be")


def _no_server(corpus: Path, data_dir: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("COMMUNIQUE_CHROMA_URL", "http://127.0.0.1:1")


def _bad_setting(corpus: Path, data_dir: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("COMMUNIQUE_LOCK_SECONDS", "soon")


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (_no_corpus, "COMMUNIQUE_CORPUS_DIR"),
        (_empty_corpus, "put files in it"),
        (_noise, "python -m ingest --rebuild"),
        (_in_the_way, "COMMUNIQUE_DATA_DIR"),
        (_no_server, "COMMUNIQUE_CHROMA_URL"),
        (_bad_setting, "COMMUNIQUE_LOCK_SECONDS"),
    ],
)
@pytest.mark.parametrize("arguments", [[], ["--json"], ["--progress", "json"]])
def test_an_error_is_one_line_that_says_what_to_do(
    corpus: Path,
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    break_it: Callable[[Path, Path, pytest.MonkeyPatch], None],
    told: str,
    arguments: list[str],
) -> None:
    break_it(corpus, data_dir, monkeypatch)
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    *before, last = printed.err.splitlines()
    assert told in last
    assert [json.loads(line)["stage"] for line in before] == (
        ["reading"] if "--progress" in arguments and break_it is not _bad_setting else []
    )


@pytest.mark.usefixtures("corpus", "models")
def test_ctrl_c_ends_with_one_line_and_status_130(tmp_path: Path, corpus: Path) -> None:
    for number in range(200):
        (corpus / f"r{number}.md").write_text(f"# Release {number}\n\n{'The office works there. ' * 40}")
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _wait_until(lambda: (tmp_path / ".communique/chroma").exists())
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert output == ""
    assert messages(errors) == [
        "communique: stopped; what was finished is in the index; run the command again to go on."
    ]


def _wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


@pytest.mark.usefixtures("corpus", "models")
def test_first_use_indexes_and_names_failures(
    corpus: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus / "empty.md").write_text("\n")
    index_for_first_use(Settings())
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "empty.md" in printed.err
    with Catalog.open(data_dir / FILE, create=False) as catalog:
        assert len(catalog.releases()) == 2
