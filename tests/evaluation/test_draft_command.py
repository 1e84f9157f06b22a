"""`python -m bot evaluate --draft` writes a set that `evaluate` takes as it is, and touches nothing else."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.evaluation.sets.questions import read_questions
from tests.openai_server import OpenAIServer

TEXT = (
    "The Lagos Fisheries Forum was held in Abuja on 3 May 2021. The Lagos Fisheries Forum is funded by the Kingdom of "
    "Norway and Japan. In March 2020, Peru and Chile signed a Headquarters Agreement with the Andean Bank."
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Releases that no index holds."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "forum.txt").write_text(TEXT, "utf-8")
    return tmp_path / "news"


def digests(folder: Path) -> dict[str, str]:
    files = [file for file in folder.rglob("*") if file.is_file() and "models" not in file.parts]
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def test_the_configured_corpus_is_drafted_from_its_index(
    corpus_index: Path, corpus_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(corpus_index))
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(corpus_dir))
    assert main(["evaluate", "--draft", str(corpus_dir), "--out", str(tmp_path / "draft.yaml")]) == 0
    questions = read_questions(tmp_path / "draft.yaml")
    assert len({release for each in questions for release in each.releases}) == 5


def test_another_folder_is_read_and_the_index_left_alone(
    corpus_index: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(corpus_index))
    before = digests(corpus_index)
    assert main(["evaluate", "--draft", str(folder), "--out", str(tmp_path / "draft.yaml")]) == 0
    questions = read_questions(tmp_path / "draft.yaml")
    assert {each.releases for each in questions if each.answerable} == {("forum",)}
    assert digests(corpus_index) == before


def test_a_drafted_set_is_evaluated_as_it_is(
    corpus_index: Path, corpus_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(corpus_index))
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(corpus_dir))
    out = tmp_path / "draft.yaml"
    assert main(["evaluate", "--draft", str(corpus_dir), "--out", str(out), "--limit", "1"]) == 0
    assert main(["evaluate", str(out), "--out", str(tmp_path / "run")]) == 0
    scores = json.loads((tmp_path / "run" / "scores.json").read_text("utf-8"))
    answers = [
        json.loads(line) for line in (tmp_path / "run" / "answers.jsonl").read_text("utf-8").splitlines()
    ]
    assert [each["id"] for each in answers] == [each.id for each in read_questions(out)]
    assert not any("error" in each for each in answers)
    assert scores["accuracy"]["total"] == len(answers) == 5


def test_a_file_that_cannot_be_read_is_named_and_the_rest_drafted(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.txt").write_bytes(b"\x00\xff" * 500)
    assert main(["evaluate", "--draft", str(folder), "--out", str(tmp_path / "draft.yaml")]) == 0
    assert "broken.txt" in capsys.readouterr().err


def test_a_chat_model_that_fails_leaves_the_questions_of_rules(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with OpenAIServer(["no list"]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("COMMUNIQUE_CHAT_MODEL", "openai:scripted")
        assert main(["evaluate", "--draft", str(folder), "--out", str(tmp_path / "one.yaml")]) == 0
        assert server.requests
    assert main(["evaluate", "--draft", str(folder), "--out", str(tmp_path / "two.yaml")]) == 0
    assert "From there on the questions are those of rules" in capsys.readouterr().err
    assert read_questions(tmp_path / "one.yaml") == read_questions(tmp_path / "two.yaml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give question sets to ask, or --draft"),
        (["set.yaml", "--draft", "news"], "leave out the question sets"),
        (["--draft", "news", "--gate", "gate.yaml"], "--gate is of a run"),
        (["--draft", "news", "--json"], "--json is of a run"),
        (["set.yaml", "--limit", "3"], "--limit and --seed go with --draft only"),
        (["set.yaml", "--seed", "0"], "--limit and --seed go with --draft only"),
        (["--draft", "news", "--limit", "0"], "write 1 or more"),
        (["--draft", "news", "--limit", "²"], "write 1 or more"),
    ],
)
def test_what_does_not_go_together_is_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["evaluate", *arguments, "--out", "draft.yaml"])
    assert refused.value.code == 2
    assert message in capsys.readouterr().err


def test_a_set_that_is_there_already_stays(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "draft.yaml").write_text("mine", "utf-8")
    assert main(["evaluate", "--draft", str(folder), "--out", str(tmp_path / "draft.yaml")]) == 1
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "draft.yaml").read_text("utf-8") == "mine"
    assert main(["evaluate", "--draft", str(folder), "--out", str(tmp_path / "draft")]) == 1
    assert "ends in .yaml" in capsys.readouterr().err


def test_a_folder_without_releases_or_with_nothing_to_ask_is_an_error(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "draft.yaml")]
    assert main(["evaluate", "--draft", str(tmp_path / "nowhere"), *out]) == 1
    assert "does not exist" in capsys.readouterr().err
    shutil.rmtree(folder)
    folder.mkdir()
    assert main(["evaluate", "--draft", str(folder), *out]) == 1
    assert "no release" in capsys.readouterr().err
    (folder / "short.txt").write_text("Nothing happened here.", "utf-8")
    assert main(["evaluate", "--draft", str(folder), *out]) == 1
    assert "No question could be drafted" in capsys.readouterr().err
    assert not (tmp_path / "draft.yaml").exists()
