"""A run is read back from its folder, or the reason why not names the file and the line."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StorageError
from bot.evaluation.results import result_of
from bot.evaluation.runs import Quoted, Reply, read_run
from tests.evaluation.examples import answer, asked, outcome, right, written, wrong

OUTCOMES = (
    right("a"),
    wrong("b"),
    outcome(asked("c", "Japan"), None, error="the catalog is damaged"),
    outcome(asked("d", "Japan"), answer("half a pair \ud83d, a line\u2028separator")),
)


def test_a_run_reads_back_what_was_scored_and_answered(tmp_path: Path) -> None:
    run = read_run(written(tmp_path, OUTCOMES))
    assert list(run.results.values()) == [result_of(each) for each in OUTCOMES]
    quote = Quoted("djibouti", "It is funded by Japan.")
    assert run.replies["a"] == Reply("It is funded by Japan. [1]", (quote,))
    assert run.replies["c"].error == "the catalog is damaged"
    assert run.replies["d"].text == "half a pair \ud83d, a line\u2028separator"


def test_a_run_of_no_questions_is_a_run(tmp_path: Path) -> None:
    assert read_run(written(tmp_path, ())).results == {}


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("scores.json", None, "scores.json cannot be read: No such file"),
        ("scores.json", "", "scores.json is not JSON"),
        ("scores.json", "[" * 100_000, "scores.json is not JSON"),
        ("scores.json", "[]", "does not say what each question scored"),
        ("scores.json", '{"questions": 3}', "does not say what each question scored"),
        ("scores.json", '{"by_question": 3}', "by_question: Input should be a valid list"),
        ("scores.json", '{"by_question": [{"id": "a"}]}', "by_question.0.question: Field required"),
        ("scores.json", b"\xff\xfe", "is not UTF-8"),
        ("answers.jsonl", None, "answers.jsonl cannot be read: No such file"),
        ("answers.jsonl", "", "has no answer to 'a'"),
        ("answers.jsonl", '{"id": "a"}\n', "answers.jsonl, line 1 is no answer"),
        ("answers.jsonl", "\n[1]\n", "answers.jsonl, line 2 is no answer"),
        (
            "answers.jsonl",
            '{"id": "a", "answer": "x", "citations": [3]}',
            "answers.jsonl, line 1 is no answer",
        ),
        ("answers.jsonl", '{"id": "a", "answ', "answers.jsonl, line 1 is not JSON"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_folder_that_holds_no_run_says_what_is_wrong_and_where(
    tmp_path: Path, file: str, content: str | bytes | None, expected: str
) -> None:
    written(tmp_path, OUTCOMES)
    (tmp_path / file).unlink()
    if content is not None:
        (tmp_path / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(StorageError) as raised:
        read_run(tmp_path)
    message = str(raised.value)
    assert expected in message
    assert str(tmp_path) in message
    assert "evaluate" in message.lower()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("probability", 1.5),
        ("seconds", "long"),
        ("counts", {"accuracy": [1]}),
        ("right", "perhaps"),
        ("tags", 3),
    ],
)
def test_a_score_that_cannot_be_is_named(tmp_path: Path, field: str, value: object) -> None:
    data = json.loads((written(tmp_path, OUTCOMES) / "scores.json").read_text("utf-8"))
    data["by_question"][1][field] = value
    (tmp_path / "scores.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(StorageError, match=rf"by_question\.1\.{field}"):
        read_run(tmp_path)


@given(scores=st.binary(max_size=60), answers=st.binary(max_size=60))
def test_any_bytes_are_a_run_or_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, scores: bytes, answers: bytes
) -> None:
    folder = tmp_path_factory.mktemp("run")
    (folder / "scores.json").write_bytes(scores)
    (folder / "answers.jsonl").write_bytes(answers)
    with pytest.raises(StorageError):
        read_run(folder)
