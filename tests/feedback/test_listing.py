"""What people said is listed and exported as it is stored, without a model, and harms no screen and no table."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QuestionError, StorageError
from bot.feedback.listing import as_text, json_line, one_line, table
from bot.history import Feedback, History, StoredAnswer
from tests.feedback.conftest import QUOTE, declined

Command = Callable[..., int]


def ids(output: str) -> list[str]:
    return [json.loads(line)["id"] for line in output.splitlines()]


@pytest.mark.usefixtures("told")
def test_feedback_is_listed_newest_first_with_all_that_belongs_to_it(
    feedback: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert feedback() == 0

    output = capsys.readouterr().out
    newest, oldest = output.strip().split("\n\n")
    assert re.match(r"bbbb1111  \d{4}-\d\d-\d\d \d\d:\d\d UTC  up\n", newest)
    assert oldest.splitlines()[0].endswith("  down")
    assert oldest.splitlines()[1:] == [
        "  comment   Hungary is missing",
        "  before    What is CT Travel?",
        "  question  Who funds it?",
        "  answer    The Programme is co-funded by Qatar, Japan and Hungary. [1]",
    ]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["bbbb1111", "aaaa2222"]),
        ({"down": True}, ["aaaa2222"]),
        ({"up": True}, ["bbbb1111"]),
        ({"declined": True}, ["cccc1111"]),
        ({"declined": True, "down": True}, []),
        ({"since": "2000-01-01"}, ["bbbb1111", "aaaa2222"]),
        ({"since": "9999-12-31"}, []),
        ({"declined": True, "since": "9999-12-31"}, []),
        ({"answer_id": "aaaa1"}, ["aaaa1111"]),
        ({"answer_id": "cccc1111"}, ["cccc1111"]),
    ],
)
def test_answers_are_chosen_by_what_was_said_when_and_whether_they_decline(
    feedback: Command, capsys: pytest.CaptureFixture[str], options: dict[str, object], expected: list[str]
) -> None:
    assert feedback(json=True, **options) == 0

    captured = capsys.readouterr()
    assert ids(captured.out) == expected
    assert captured.err == ("" if expected else "Nothing of that kind is stored.\n")


def test_a_day_begins_at_midnight_in_utc(
    history: History, feedback: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    history.rate("a1", "down", "")
    when = history.feedback()[0].given

    feedback(json=True, since=f"{when:%Y-%m-%d}")
    assert ids(capsys.readouterr().out) == ["a1"]
    feedback(json=True, since=f"{when.replace(year=when.year + 1):%Y-%m-01}")
    assert ids(capsys.readouterr().out) == []


@pytest.mark.usefixtures("told")
def test_a_line_of_json_holds_the_answer_its_conversation_and_what_was_said(
    feedback: Command, told: History, capsys: pytest.CaptureFixture[str]
) -> None:
    feedback(json=True, down=True)

    (line,) = capsys.readouterr().out.splitlines()
    (stored,) = (answer for answer in told.rated() if answer.id == "aaaa2222")
    assert stored.turn is not None
    assert stored.asked is not None
    assert stored.feedback is not None
    assert json.loads(line) == {
        **stored.turn.answer.to_json(),
        "history": ["What is CT Travel?"],
        "asked": stored.asked.isoformat(),
        "thumbs": "down",
        "comment": "Hungary is missing",
        "given": stored.feedback.given.isoformat(),
    }


@pytest.mark.usefixtures("told")
def test_a_table_opens_in_excel(
    feedback: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "said.csv"
    assert feedback(csv=file) == 0

    assert capsys.readouterr().out == ""
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["thumbs"] for row in rows] == ["up", "down"]
    assert rows[1]["comment"] == "Hungary is missing"
    assert rows[1]["questions before"] == "What is CT Travel?"
    assert rows[1]["quotes"] == one_line(QUOTE)
    assert rows[1]["releases"] == "2023/djibouti"
    assert rows[1]["declined"] == "no"


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+33 1", "'+33 1"),
        ("-5 %", "'-5 %"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" \t=1", "'=1"),
        ("\r\n\0=1", "'=1"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ('a; "=1', "a; \"'=1"),
        ("a\n=1", "a =1"),
        ("costs, -5", "costs, -5"),
        ("1 - 1 = 0", "1 - 1 = 0"),
        ('he said "no"', 'he said "no"'),
        ("مرحبا é 🙂", "مرحبا é 🙂"),
        ("half \ud800", "half"),
    ],
)
def test_no_cell_is_a_formula(cell: str, safe: str) -> None:
    content = table(["text"], [{"text": cell}])

    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [["text"], [safe]]


HOSTILE = st.text(st.sampled_from("=+-@＝;,\t\n\r\"' \0a\ud800") | st.characters(exclude_categories=[]))


@given(st.lists(st.tuples(HOSTILE, HOSTILE), max_size=4))
def test_whatever_the_separator_no_cell_of_any_text_starts_a_formula(cells: list[tuple[str, str]]) -> None:
    content = table(["a", "b"], [{"a": a, "b": b} for a, b in cells]).decode("utf-8-sig")

    read = list(csv.reader(io.StringIO(content, newline="")))
    assert [len(row) for row in read] == [2] * (len(cells) + 1)
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(content, newline=""), delimiter=separator):
            assert not [cell for cell in row if re.match(r'[\s"]*[=+\-@＝＋－＠]', cell)]


@given(st.text(st.characters(exclude_categories=[])))
def test_a_line_of_json_is_one_line_for_every_reader(text: str) -> None:
    line = json_line({"text": text})

    assert line.splitlines() == [line]
    assert json.loads(line) == {"text": text}


def test_stored_text_cannot_move_the_cursor_of_a_screen() -> None:
    said = Feedback("x", "down", "a\x1b[2J\x1b]0;title\x07\nb\x9b1A", datetime.now(UTC))
    stored = StoredAnswer("id\x1b[1m", declined("q\rX\x08", "x"), said.given, "c", ("\x1b[0mbefore",), said)

    lines = as_text(stored).split("\n")
    assert [line.split()[0] for line in lines[1:]] == ["comment", "before", "question", "declined"]
    assert all(line.isprintable() for line in lines)


def test_feedback_on_an_answer_that_is_not_stored_is_listed(
    history: History, feedback: Command, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    history.rate("elsewhere", None, "wrong")

    feedback()
    assert "comment   wrong\n  (the answer itself is not stored)" in capsys.readouterr().out
    feedback(json=True)
    line = json.loads(capsys.readouterr().out)
    assert (line["id"], line["comment"], line["asked"], line["history"]) == ("elsewhere", "wrong", None, [])
    assert feedback(csv=tmp_path / "x.csv") == 0


def test_looking_at_feedback_makes_no_history(
    feedback: Command, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert feedback() == feedback(missing=True) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("stored") == 2
    with pytest.raises(QuestionError, match="No stored answer"):
        feedback("aaaa")
    assert not data_dir.exists()


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"since": "2026-13-01"}, "'2026-13-01' is not a day: write it as"),
        ({"since": "yesterday"}, "'yesterday' is not a day"),
        ({"to": Path("set.yaml")}, "--to needs the id of an answer"),
        ({"answer_id": "aaaa1", "missing": True}, "either the id of one answer"),
        ({"answer_id": "zzzz"}, "No stored answer has an id that begins with 'zzzz'"),
        (
            {"answer_id": "aaaa"},
            "2 stored answers have an id that begins with 'aaaa', such as aaaa2222, aaaa1111",
        ),
    ],
)
def test_options_that_cannot_be_used_say_what_to_do(
    feedback: Command, options: dict[str, object], message: str
) -> None:
    with pytest.raises(QuestionError, match=re.escape(message)):
        feedback(**options)


@pytest.mark.usefixtures("told")
def test_a_table_that_cannot_be_written_is_named(feedback: Command, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"no/said\.csv cannot be written: No such file.+--csv"):
        feedback(csv=tmp_path / "no" / "said.csv")


@pytest.mark.usefixtures("told")
def test_a_list_loads_no_model(tmp_path: Path) -> None:
    script = (
        "import sys; from argparse import Namespace; from bot.feedback.command import run\n"
        "unset = dict.fromkeys(('answer_id', 'to', 'since', 'csv', 'down', 'up', 'declined', 'missing', 'json'))\n"
        "run(Namespace(**unset))\n"
        "print({'numpy', 'onnxruntime', 'chromadb', 'langchain_core', 'streamlit'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )

    assert result.stderr == ""
    assert result.stdout.startswith("bbbb1111")
    assert result.stdout.endswith("set()\n")
