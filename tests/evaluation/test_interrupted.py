"""A run that is killed goes on where it was: the same answers, none of them asked twice."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.sets.questions import read_questions
from bot.evaluation.sets.writing import write_questions
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

KEPT = 3
"""Answers that must be on disk before the run is killed."""
OF_THE_ASKING = ("answer_id", "seconds", "stages")
"""What differs whenever the same is asked again."""


def command(folder: Path, out: str, *more: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "bot",
        "evaluate",
        str(folder / "set.yaml"),
        "--out",
        str(folder / out),
        *more,
    ]


def answers(folder: Path) -> list[bytes]:
    """The lines of the run's answers that are whole."""
    file = folder / "answers.jsonl"
    content = file.read_bytes() if file.exists() else b""
    return [line for line in content.splitlines(keepends=True) if line.endswith(b"\n")]


def said(line: bytes) -> dict[str, Any]:
    return {key: value for key, value in json.loads(line).items() if key not in OF_THE_ASKING}


def test_a_killed_run_ends_with_the_answers_of_one_that_was_left_alone(
    corpus_index: Path, corpus_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(corpus_index))
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(corpus_dir))
    own = read_questions(ROOT / "tests" / "questions" / "releases.yaml")
    plain = [question for question in own if not question.history]
    asked = [*plain[:10], *[question for question in own if question.history][:3], *plain[10:19]]
    write_questions(asked, tmp_path / "set.yaml")

    whole = subprocess.run(command(tmp_path, "whole"), cwd=tmp_path, capture_output=True, text=True)
    assert whole.returncode == 0, whole.stderr

    killed = subprocess.Popen(command(tmp_path, "killed"), cwd=tmp_path, stderr=subprocess.PIPE)
    try:
        while len(answers(tmp_path / "killed")) < KEPT:
            assert killed.poll() is None, killed.communicate()
            time.sleep(0.01)
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
    before = answers(tmp_path / "killed")
    assert KEPT <= len(before) < len(asked)
    assert not (tmp_path / "killed" / "scores.json").exists()

    resumed = subprocess.run(
        command(tmp_path, "killed", "--resume"), cwd=tmp_path, capture_output=True, text=True
    )
    assert resumed.returncode == 0, resumed.stderr
    after = answers(tmp_path / "killed")
    assert after[: len(before)] == before  # each with the id of the answer that was given then
    assert [said(line) for line in after] == [said(line) for line in answers(tmp_path / "whole")]
    assert [said(line)["id"] for line in after] == [question.id for question in asked]

    scores, others = (
        json.loads((tmp_path / out / "scores.json").read_text("utf-8")) for out in ("killed", "whole")
    )
    assert scores["accuracy"] == others["accuracy"]
    assert scores["wrong"] == others["wrong"]
