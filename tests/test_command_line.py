"""`python -m bot` as a person or a script meets it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.catalog import FILE, Catalog, Stamp
from bot.select import MINIMUM_PROBABILITY
from tests.conftest import ROOT

QUESTION = "who funds CT Travel?"
FUNDERS = (
    *("European Union", "Kingdom of the Netherlands", "State of Qatar", "Germany", "Australia"),
    *("United States of America", "Republic of India", "Japan", "Hungary"),
)

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the command in a process of its own, in a folder of its own."""

    def run_command(*arguments: str | bytes | Path, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=100,
        )

    return run_command


@pytest.fixture
def corpus(corpus_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(corpus_dir))
    return corpus_dir


@pytest.fixture
def index(corpus_index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The index of the five releases, to be read only."""
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(corpus_index))
    return corpus_index


@pytest.fixture
def copied(corpus_index: Path, corpus: Path, data_dir: Path) -> Path:
    """A copy of that index, to be broken."""
    shutil.copytree(corpus_index, data_dir, symlinks=True)
    return data_dir


@pytest.fixture
def free_port(monkeypatch: pytest.MonkeyPatch) -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    monkeypatch.setenv("COMMUNIQUE_PORT", str(port))
    return port


def error_of(result: "subprocess.CompletedProcess[str]") -> str:
    """The one line that a command that failed wrote."""
    assert result.returncode == 1, result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("communique: ")
    return line


# help


def test_help_is_instant(run: Run) -> None:
    """Under half a second on an idle machine; the bound allows for one that is slow, and other work does not count."""
    before = os.times()
    result = run("--help")
    after = os.times()
    assert result.returncode == 0
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"--help: {seconds:.2f} s")
    assert seconds < 1.5
    for command in (
        "ask",
        "explain",
        "chat",
        "serve",
        "evaluate",
        "calibrate",
        "import",
        "feedback",
        "doctor",
    ):
        assert command in result.stdout


def test_no_command_is_a_usage_error(run: Run) -> None:
    result = run()
    assert result.returncode == 2
    assert "usage:" in result.stderr


# ask


def test_the_first_question_builds_the_index_and_says_so_on_stderr_alone(
    corpus: Path, data_dir: Path, model_cache: Path, run: Run
) -> None:
    data_dir.mkdir()
    (data_dir / "models").symlink_to(model_cache)
    result = run("ask", QUESTION, "--json")
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert all(funder in answer["answer"] for funder in FUNDERS)
    assert (data_dir / FILE).exists()
    first, *_, last = result.stderr.splitlines()
    assert first.endswith("%")
    assert last.startswith("5 releases, ")


def test_ask_prints_the_answer_and_then_its_sources(index: Path, run: Run) -> None:
    result = run("ask", QUESTION)
    assert result.returncode == 0
    assert all(funder in result.stdout for funder in FUNDERS)
    assert "\n  [1] " in result.stdout
    assert "23 June 2023 (2023-06-23-unoct-djibouti-ct-travel-agreement.txt:" in result.stdout
    assert result.stderr == ""


def test_a_question_is_read_from_standard_input(index: Path, run: Run) -> None:
    result = run("ask", "-", "--json", stdin="Qui finance\nle programme CT Travel ?\n")
    answer = json.loads(result.stdout)
    assert answer["language"] == "fr"
    assert "Hungary" in answer["answer"]


def test_a_question_in_another_encoding_is_asked_as_far_as_it_can_be_read(index: Path, run: Run) -> None:
    result = run("ask", "--json", "who funds CT Travel \udcff?".encode(errors="surrogateescape"))
    assert result.returncode == 0, result.stderr
    assert "Hungary" in json.loads(result.stdout)["answer"]


def test_explain_says_what_was_found_and_read_and_how_sure_it_was(index: Path, run: Run) -> None:
    result = run("explain", QUESTION)
    assert result.returncode == 0, result.stderr
    best = next(line for line in result.stdout.splitlines() if line.startswith("  1*"))
    assert "co-funded" in best
    assert f"Below {MINIMUM_PROBABILITY:.2f} it declines: 1 quoted." in result.stdout


def test_explain_as_json_holds_the_answer_and_its_ranked_evidence(index: Path, run: Run) -> None:
    account = json.loads(run("explain", QUESTION, "--json").stdout)
    assert account["answer"]["citations"][0]["quote"] == account["evidence"][0]["quote"]
    probabilities = [sentence["probability"] for sentence in account["evidence"]]
    assert probabilities == sorted(probabilities, reverse=True)
    assert probabilities[0] >= account["minimum_probability"]
    assert len(account["passages"]) == 12
    read = [passage["read"] for passage in account["passages"]]
    assert read[0]
    assert read == sorted(read, reverse=True)
    assert set(account["stages"]) == {"rewrite", "retrieve", "read", "write"}


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize(
    ("question", "message"), [("", "The question is empty"), ("a" * 100_000, "100,000 characters")]
)
def test_a_question_that_cannot_be_asked_is_one_line(run: Run, question: str, message: str) -> None:
    assert message in error_of(run("ask", "-", stdin=question))


def test_a_missing_corpus_is_one_line_that_names_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(tmp_path / "missing"))
    line = error_of(run("ask", QUESTION))
    assert str(tmp_path / "missing") in line


def test_an_empty_corpus_is_one_line_that_names_it(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(tmp_path / "empty"))
    line = error_of(run("ask", QUESTION))
    assert str(tmp_path / "empty") in line


@pytest.mark.usefixtures("corpus")
def test_a_data_folder_that_is_a_file_is_one_line_that_names_it(run: Run, data_dir: Path) -> None:
    data_dir.write_text("not a folder")
    assert str(data_dir) in error_of(run("ask", QUESTION))


def test_a_corrupt_catalog_is_one_line_with_the_command_that_repairs_it(copied: Path, run: Run) -> None:
    (copied / FILE).write_bytes(b"no database" * 1000)
    line = error_of(run("ask", QUESTION))
    assert str(copied / FILE) in line
    assert "python -m ingest --rebuild" in line


def test_a_bad_setting_is_one_line_that_names_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_PASSAGES", "many")
    assert "COMMUNIQUE_PASSAGES" in error_of(run("ask", QUESTION))


def test_a_reader_that_goes_away_is_no_error(index: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", QUESTION],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    process.wait(timeout=60)


# chat in the terminal


def test_the_terminal_chat_answers_follow_ups_and_outlives_a_bad_question(
    index: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_QUESTION_CHARACTERS", "50")
    lines = [QUESTION, "x" * 60, "And how many countries does it assist?", ""]
    result = run("chat", "--terminal", stdin="\n".join(lines))
    assert result.returncode == 0
    assert "Hungary" in result.stdout
    assert "66 beneficiary Member States" in result.stdout
    assert "at most 50 are read" in result.stderr


def test_ctrl_c_ends_the_chat_with_one_line(index: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", "--terminal"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    assert "empty line" in process.stderr.readline()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert errors == "communique: stopped\n"
    assert process.returncode == 130


# evaluate

SET = """
- id: funders
  question: who funds CT Travel?
  facts: [[Hungary, Hongrie], [Japan]]
- id: follow-up
  question: And how many countries does it assist?
  history: [who funds CT Travel?]
  facts: [["66"]]
- {id: mercury, question: What is the boiling point of mercury?, answerable: false}
"""


def test_evaluate_writes_each_answer_and_the_scores(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "set.yaml").write_text(SET)
    assert main(["evaluate", str(tmp_path / "set.yaml"), "--out", str(tmp_path / "out"), "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    lines = (tmp_path / "out" / "answers.jsonl").read_text("utf-8").splitlines()
    answers = [json.loads(line) for line in lines]
    assert [answer["id"] for answer in answers] == ["funders", "follow-up", "mercury"]
    assert all(answer["seconds"] > 0 for answer in answers)
    assert [answer["declined"] for answer in answers] == [False, False, True]
    assert scores["accuracy"]["hits"] == 2
    assert scores["quotes_verbatim"]["share"] == 1


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read"), ("words", "holds no list"), ("- {id: x", "is not YAML")],
)
def test_a_question_set_that_cannot_be_used_is_refused_before_an_index_is_built(
    data_dir: Path, tmp_path: Path, run: Run, content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "set.yaml").write_text(content)
    line = error_of(run("evaluate", tmp_path / "set.yaml", "--out", tmp_path / "out"))
    assert message in line
    assert str(tmp_path / "set.yaml") in line
    assert not data_dir.exists()
    assert not (tmp_path / "out").exists()


def test_a_judge_without_a_chat_model_is_refused_before_anything_is_asked(
    index: Path, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "set.yaml").write_text(SET)
    line = error_of(run("evaluate", tmp_path / "set.yaml", "--out", tmp_path / "out", "--judge"))
    assert "no chat model to judge the answers" in line
    assert not (tmp_path / "out").exists()


# calibrate


def test_calibrate_says_of_a_small_set_that_it_is_too_small(index: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "set.yaml").write_text(SET)
    result = run("calibrate", tmp_path / "set.yaml", "--risk", "0.05", "--write")
    assert result.returncode == 1, result.stderr
    assert "English: 3 questions are too few: it takes 117" in " ".join(result.stdout.split())
    assert "the settings stay as they are" in result.stderr
    assert not (tmp_path / ".env").exists()


@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize("share", ["0", "1", "5", "much", "nan"])
def test_a_risk_that_is_no_share_is_a_usage_error(run: Run, share: str) -> None:
    result = run("calibrate", "set.yaml", "--risk", share)
    assert result.returncode == 2
    assert f"{share!r} is no share: write one between 0 and 1" in result.stderr


@pytest.mark.slow
@pytest.mark.timeout(600)  # it answers 128 questions
def test_the_projects_own_questions_pass_their_gate(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = ROOT / "tests" / "questions"
    out = ["--out", str(tmp_path / "out"), "--gate", str(ROOT / "tests" / "gate.yaml")]
    status = main(["evaluate", str(questions / "releases.yaml"), *out])
    assert status == 0, capsys.readouterr().err
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000


# doctor


def doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The status of the command, and what it found wrong by part."""
    status = main(["doctor", "--json"])
    findings = json.loads(capsys.readouterr().out)
    return status, {finding["part"]: finding["detail"] for finding in findings if not finding["ok"]}


@pytest.mark.usefixtures("index", "free_port")
def test_doctor_finds_a_sound_installation_well(run: Run) -> None:
    result = run("doctor")
    assert result.returncode == 0, result.stdout
    assert "WRONG" not in result.stdout
    assert "5 releases" in result.stdout
    parts = [line.split()[1] for line in result.stdout.splitlines()]
    assert {"python", "packages", "settings", "corpus", "index", "key", "port"} <= set(parts)


@pytest.mark.usefixtures("corpus", "free_port")
def test_doctor_takes_an_empty_index_for_well(
    data_dir: Path, model_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data_dir.mkdir()
    (data_dir / "models").symlink_to(model_cache)
    assert doctor(capsys) == (0, {})
    assert not (data_dir / FILE).exists()


@pytest.mark.usefixtures("index", "free_port")
@pytest.mark.parametrize(
    ("variable", "value", "part", "message"),
    [
        ("COMMUNIQUE_PASSAGES", "many", "settings", "COMMUNIQUE_PASSAGES"),
        ("COMMUNIQUE_CORPUS_DIR", "/nowhere", "corpus", "COMMUNIQUE_CORPUS_DIR"),
        ("COMMUNIQUE_EMBEDDINGS", "embedded:other", "model file", "COMMUNIQUE_EMBEDDINGS"),
        ("COMMUNIQUE_CHROMA_URL", "http://127.0.0.1:9", "server", "COMMUNIQUE_CHROMA_URL"),
        ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1", "server", "OPENAI_BASE_URL"),
    ],
)
def test_doctor_names_the_setting_that_is_wrong(
    variable: str,
    value: str,
    part: str,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    status, wrong = doctor(capsys)
    assert status == 1
    assert message in wrong[part]


@pytest.mark.usefixtures("index")
def test_doctor_says_that_the_port_is_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("COMMUNIQUE_PORT", str(server.getsockname()[1]))
        status, wrong = doctor(capsys)
    assert status == 1
    assert "COMMUNIQUE_PORT" in wrong["port"]


@pytest.mark.usefixtures("corpus", "free_port")
def test_doctor_says_that_the_data_folder_is_a_file(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data_dir.write_text("not a folder")
    status, wrong = doctor(capsys)
    assert status == 1
    assert "COMMUNIQUE_DATA_DIR" in wrong["data folder"]


def corrupt(folder: Path) -> None:
    (folder / FILE).write_bytes(b"no database" * 1000)


def take_vectors(folder: Path) -> None:
    shutil.rmtree(folder / "chroma")


def built_by_another_model(folder: Path) -> None:
    with Catalog.open(folder / FILE, create=False) as catalog:
        assert catalog.stamp
        assert catalog.collection
        other = Stamp("openai:text-embedding-3-small", catalog.stamp.splitter)
        catalog.apply([], [], stamp=other, collection=catalog.collection)


@pytest.mark.usefixtures("free_port")
@pytest.mark.parametrize("damage", [corrupt, take_vectors, built_by_another_model])
def test_doctor_says_what_is_wrong_with_the_index_and_how_to_repair_it(
    copied: Path, damage: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    damage(copied)
    status, wrong = doctor(capsys)
    assert status == 1
    assert set(wrong) == {"index"}
    assert "python -m ingest" in wrong["index"]


# serve


def test_serve_answers_on_loopback_until_it_is_stopped(index: Path, free_port: int, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ},
    )
    try:
        assert wait_for(f"http://127.0.0.1:{free_port}/_stcore/health") == b"ok"
        with pytest.raises(OSError, match=r"refused|timed out"):
            socket.create_connection(("127.0.0.2", free_port), timeout=2).close()
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=20)
        assert b"Traceback" not in output
    finally:
        process.kill()
        process.communicate()


def wait_for(url: str, seconds: float = 60) -> bytes:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:
                content: bytes = response.read()
                return content
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
