"""A complaint becomes an entry of a question set: nothing that stands there changes, and it is added once."""

import codecs
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Answer, Citation, Turn
from bot.errors import QuestionError, StorageError
from bot.evaluation.outcomes import outcome_of
from bot.evaluation.scores import Scores
from bot.evaluation.sets.questions import read_questions
from bot.feedback.append import append, entries_in
from bot.feedback.entry import entry_of
from bot.history import History
from tests.feedback.conftest import QUOTE, answered

Command = Callable[..., int]

ENTRY = {
    "id": "new",
    "question": "Who: funds #it?\nAnd when?",
    "history": ["What is CT Travel?"],
    "facts": [],
    "answerable": None,
    "given": {"declined": False, "citations": [{"start": 5, "quote": "a\n\n  - b: c"}]},
}
READ = {
    **ENTRY,
    "given": {"declined": "false", "citations": [{"start": "5", "quote": "a\n\n  - b: c"}]},
}


def written(tmp_path: Path, content: str | bytes) -> Path:
    file = tmp_path / "set.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


@pytest.mark.usefixtures("told")
def test_a_complaint_becomes_an_entry_with_the_answer_of_that_day(
    feedback: Command, told: History, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sets" / "complaints.yaml"
    assert feedback("aaaa2222", to=file) == 0

    assert f"Added complaint-aaaa2222 to {file}." in capsys.readouterr().out
    (question,) = read_questions(file)
    assert question.id == "complaint-aaaa2222"
    assert question.question == "Who funds it?"
    assert question.history == ("What is CT Travel?",)
    assert question.language == "en"
    assert question.tags == ("complaint",)
    assert question.facts == ()
    (stored,) = told.begins("aaaa2222")
    assert stored.asked is not None
    assert entries_in(file)[0]["note"] == "Hungary is missing"
    assert (question.model_extra or {})["given"] == {
        "answer_id": "aaaa2222",
        "asked": stored.asked.isoformat(),
        "thumbs": "down",
        "declined": "false",
        "mode": "reading",
        "answer": f"{QUOTE} [1]",
        "citations": [
            {"release_id": "2023/djibouti", "start": "5", "end": "61", "revision": "f" * 64, "quote": QUOTE}
        ],
    }


@pytest.mark.usefixtures("told")
def test_until_a_person_says_what_is_right_the_entry_is_unscored(feedback: Command, tmp_path: Path) -> None:
    file = tmp_path / "set.yaml"
    feedback("aaaa2222", to=file)
    answer = answered("Who funds it?", "x").answer

    def scores() -> Scores:
        return Scores(tuple(outcome_of(question, answer, 0.1) for question in read_questions(file)))

    assert (scores().unscored, scores().overall.accuracy.total) == (1, 0)
    text = file.read_text()
    file.write_text(text.replace("facts: []", "facts: [[Qatar], [Hungary, Hongrie]]"))
    assert (scores().unscored, scores().overall.accuracy.hits) == (0, 1)
    file.write_text(text.replace("answerable: null", "answerable: false"))
    assert (scores().unscored, scores().overall.declines.total) == (0, 1)


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    "changed", [None, ("id: complaint-aaaa2222", "id: hungary"), ("Who funds", "Who pays")]
)
def test_an_answer_is_added_once_whatever_a_person_made_of_it(
    feedback: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: tuple[str, str] | None
) -> None:
    file = tmp_path / "set.yaml"
    feedback("aaaa2222", to=file)
    if changed:
        file.write_text(file.read_text().replace(*changed))
    before = file.read_bytes()
    capsys.readouterr()

    assert feedback("aaaa2", to=file) == 0
    assert file.read_bytes() == before
    assert "has it already: " in capsys.readouterr().out


@pytest.mark.usefixtures("told")
def test_an_id_that_the_set_uses_for_something_else_is_not_used_again(
    feedback: Command, tmp_path: Path
) -> None:
    file = written(
        tmp_path, "- {id: complaint-aaaa2222, question: q}\n- {id: complaint-aaaa2222-2, question: q}\n"
    )
    feedback("aaaa2222", to=file)

    assert [question.id for question in read_questions(file)][2] == "complaint-aaaa2222-3"


@pytest.mark.usefixtures("told")
def test_an_answer_that_nobody_complains_of_can_be_added_too_but_is_no_complaint(
    feedback: Command, tmp_path: Path
) -> None:
    file = tmp_path / "set.yaml"
    feedback("cccc", to=file)
    feedback("bbbb", to=file)

    declined, praised = read_questions(file)
    assert (declined.id, declined.tags, declined.history) == ("asked-cccc1111", (), ("Who signed?",))
    assert (declined.model_extra or {})["given"]["declined"] == "true"
    assert "citations" in (declined.model_extra or {})["given"]
    assert (praised.id, praised.tags) == ("asked-bbbb1111", ())


def test_feedback_on_an_answer_that_is_not_stored_makes_no_entry(history: History) -> None:
    history.rate("elsewhere", "down", "wrong")

    with pytest.raises(QuestionError, match="only the feedback is stored"):
        entry_of(history.rated()[0])


APPENDED = {
    "a list": "- id: a\n  question: q\n",
    "no line end": "- id: a\n  question: q",
    "remarks": "# before\n- id: a # here\n  question: q\n\n# after\n   # more\n",
    "a list that is moved in": "  - id: a\n    question: q\n",
    "a document": "%YAML 1.1\n---\n- id: a\n  question: q\n",
    "under questions": "name: mine\nquestions:\n- id: a\n  question: q\n",
    "under questions, moved in": "name: mine\nquestions:\n    - id: a\n      question: q\n",
    "questions without any": "name: mine\nquestions:\n",
    "a text that keeps its line ends": "- id: a\n  question: |+\n    q\n\n\n",
    "anchors": "- &one {id: a, question: q, facts: &f [[x]]}\n- {<<: *one, id: b, facts: *f}\n",
    "nothing": "",
    "only a remark": "# mine\n",
    "blank lines": "\n\n",
    "Windows": "- id: a\r\n  question: q\r\n",
    "old Macintosh": "- id: a\r  question: q\r",
    "wide letters": "# 🙂\n- id: 🙂\n  question: é ü\n",
    "an entry that is not whole": "- question: q\n",
}
INSERTED = {
    "brackets": ("[{id: a, question: q}", "]\n"),
    "brackets, a last comma": ("[{id: a, question: q},", "]\n"),
    "brackets, a remark": ("[{id: 🙂, question: q} # ]\n", "] # end\n"),
    "empty brackets": ("[", "]"),
    "JSON": ('{"questions": [{"id": "a", "question": "q"}', '], "name": "mine"}'),
    "before other keys": ("questions:\n- id: a\n  question: q\n", "\n# the name\nname: mine\n"),
    "before other keys, moved in": ("questions:\n  - id: a\n    question: q\n", "name: mine\n"),
    "before other keys, an alias": (
        "x: &x [y]\nquestions:\n- {id: a, question: q}\n- {id: b, f: *x}\n",
        "z: 1\n",
    ),
    "before other keys, a text": (
        "questions:\n- id: a\n  question: |\n    q\n    # no remark\n",
        "name: mine\n",
    ),
    "before the end of the document": ("- id: a\n  question: q\n", "...\n"),
}


@pytest.mark.parametrize(
    ("first", "last"),
    [*((text, "") for text in APPENDED.values()), *INSERTED.values()],
    ids=[*APPENDED, *INSERTED],
)
def test_every_byte_of_a_set_stays_and_the_entry_comes_last(tmp_path: Path, first: str, last: str) -> None:
    file = written(tmp_path, first + last)
    before = entries_in(file)
    append(ENTRY, file)

    content = file.read_bytes().decode()
    assert content.startswith(first)
    assert content.endswith(last)
    assert entries_in(file) == [*before, READ]

    append({**ENTRY, "id": "newer"}, file)
    assert file.read_bytes().decode().startswith(first)
    assert entries_in(file) == [*before, READ, {**READ, "id": "newer"}]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be"])
def test_a_set_keeps_its_encoding(tmp_path: Path, encoding: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    for text in ("- {id: é, question: 🙂}\n", "[{id: é, question: 🙂}]"):
        content = mark + text.encode(encoding)
        file = written(tmp_path, content)
        append(ENTRY, file)

        assert file.read_bytes().startswith(content.removesuffix("]".encode(encoding.removesuffix("-sig"))))
        assert [entry["id"] for entry in entries_in(file)] == ["é", "new"]


def test_the_lines_of_an_entry_end_as_those_of_the_set(tmp_path: Path) -> None:
    file = written(tmp_path, "- id: a\r\n  question: q\r\n")
    append(ENTRY, file)

    content = file.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 10


@pytest.mark.parametrize(
    "content",
    [
        "just words",
        "id: a\nquestion: q\n",
        "- {id: a, question: 'q",
        "- {id: a, question: q}\n--- \n- {id: b, question: q}\n",
        b"- {id: a, question: caf\xe9}",
        b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe",
        "[" * 10_000,
        "null\n",
        "questions: ~\n",
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_set_that_takes_no_entry_is_named_and_left_as_it_is(tmp_path: Path, content: str | bytes) -> None:
    file = written(tmp_path, content)
    before = file.read_bytes()

    with pytest.raises(QuestionError) as raised:
        append(ENTRY, file)
    assert str(file) in str(raised.value)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["set.csv", "set", "set.xlsx"])
def test_only_yaml_is_written_into(tmp_path: Path, name: str) -> None:
    with pytest.raises(QuestionError, match=r"not a YAML file: give a question set that ends in \.yaml"):
        append(ENTRY, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_set_is_named(tmp_path: Path) -> None:
    (tmp_path / "set.yaml").mkdir()
    with pytest.raises(QuestionError, match="cannot be read: Is a directory"):
        append(ENTRY, tmp_path / "set.yaml")
    with pytest.raises(StorageError, match=r"inner\.yaml cannot be written: .+--to"):
        append(ENTRY, written(tmp_path / "set.yaml", "") / "inner.yaml")


def test_a_set_keeps_its_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    file = written(tmp_path, "- {id: a, question: q}\n")
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    append(ENTRY, link)

    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert len(entries_in(file)) == 2


def test_a_set_that_was_changed_meanwhile_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "- {id: a, question: q}\n")
    flush = os.fsync

    def save_in_an_editor(descriptor: int) -> None:
        file.write_text("- {id: edited, question: q}\n")
        flush(descriptor)

    monkeypatch.setattr("os.fsync", save_in_an_editor)
    with pytest.raises(QuestionError, match="was changed meanwhile"):
        append(ENTRY, file)
    assert file.read_text() == "- {id: edited, question: q}\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk_leaves_the_set_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, "- {id: a, question: q}\n")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        append(ENTRY, file)
    assert file.read_text() == "- {id: a, question: q}\n"
    assert list(tmp_path.iterdir()) == [file]


def test_a_process_that_is_killed_leaves_a_whole_set(tmp_path: Path) -> None:
    file = written(tmp_path, "".join(f"- {{id: q{n}, question: q}}\n" for n in range(200)))
    script = (
        "import sys; from pathlib import Path; from bot.feedback.append import append\n"
        "print('ready', flush=True)\n"
        "for n in range(10000): append({'id': f'n{n}', 'question': 'q' * 500}, Path(sys.argv[1]))"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(file)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.kill()
    process.communicate()

    ids = [question.id for question in read_questions(file)]
    assert ids[:200] == [f"q{n}" for n in range(200)]
    assert ids[200:] == [f"n{n}" for n in range(len(ids) - 200)]


ANY_TEXT = st.text(
    st.sampled_from("\n\r\t \0\x85\u2028\ufeff'\"#:-[]{},&*!|>%@`\\🙂é\ud800~=") | st.characters()
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=ANY_TEXT, quote=ANY_TEXT, before=st.sampled_from([*APPENDED.values(), "[]", '{"questions": []}'])
)
def test_any_text_stands_in_the_set_as_it_was_said(
    tmp_path: Path, question: str, quote: str, before: str
) -> None:
    file = written(tmp_path, before)
    entries = entries_in(file)
    citation = Citation(1, quote, "r", "T", None, "en", "r.txt", 0, 1, "ff")
    answer = Answer("a", question, question, quote, False, "en", "reading", (citation,))
    with History.in_memory() as history:
        conversation = history.create()
        history.add(conversation.id, Turn(question, answer))
        (stored,) = history.begins("a")
    append(entry_of(stored), file)

    *others, added = entries_in(file)
    assert others == entries
    plain = quote.encode("utf-8", "replace").decode()
    assert added["given"]["answer"] == added["given"]["citations"][0]["quote"] == plain
    assert added.get("question", "") == question.encode("utf-8", "replace").decode()
    assert json.dumps(added)
