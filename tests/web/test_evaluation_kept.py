"""Runs as they are kept in the data folder."""

from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.evaluation.results import result_of
from bot.evaluation.sets.questions import read_questions
from bot.web.evaluation.amounts import run_labels
from bot.web.evaluation.english import ENGLISH
from bot.web.evaluation.kept import (
    FOLDER,
    QUESTIONS,
    answered,
    begin,
    delete_run,
    kept_runs,
    open_run,
)
from bot.web.evaluation.replies import outcome_in
from tests.evaluation.examples import asked, right, written, wrong


def test_a_run_that_begins_keeps_its_questions_and_is_not_ended(tmp_path: Path) -> None:
    questions = (asked("a", "Japan", releases=("djibouti",)), asked("b", answerable=False))
    run = begin(questions, "questions/team.yaml", "reading", tmp_path)
    (kept,) = kept_runs(tmp_path)

    assert kept == run
    assert run.folder.parent == tmp_path / FOLDER
    assert read_questions(run.folder / QUESTIONS) == questions
    assert (kept.ended, answered(kept)) == (False, 0)
    assert kept.about
    assert (kept.about.set, kept.about.questions) == ("questions/team.yaml", 2)


def test_two_runs_of_the_same_second_have_folders_of_their_own(tmp_path: Path) -> None:
    runs = [begin((asked("a", "Japan"),), "team.yaml", "reading", tmp_path) for _ in range(5)]
    assert len({run.folder for run in runs}) == 5


def test_a_run_that_the_command_wrote_there_is_listed_and_opened(tmp_path: Path) -> None:
    written(tmp_path / FOLDER / "by-command", [right("a"), wrong("b")])
    (kept,) = kept_runs(tmp_path)
    opened = open_run(kept.folder)

    assert (kept.ended, kept.about) == (True, None)
    assert [result.id for result in opened.results] == ["a", "b"]
    assert opened.measured["accuracy"].value == 0.5
    assert len(opened.against(opened).pairs) == 2


def test_the_newest_run_is_first_and_other_folders_are_none(tmp_path: Path) -> None:
    first = begin((asked("a", "Japan"),), "a.yaml", "reading", tmp_path)
    second = begin((asked("a", "Japan"),), "b.yaml", "reading", tmp_path)
    (tmp_path / FOLDER / "notes").mkdir()
    (tmp_path / FOLDER / "file.txt").write_text("x")

    assert [run.name for run in kept_runs(tmp_path)] == [second.name, first.name]


def test_every_run_is_called_something_of_its_own(tmp_path: Path) -> None:
    for _ in range(2):
        begin((asked("a", "Japan"),), "questions/team.yaml", "reading", tmp_path)
    begin((asked("a", "Japan"),), "other.yaml", "reading", tmp_path)
    written(tmp_path / FOLDER / "by-command", [right("a")])
    labels = run_labels(kept_runs(tmp_path), ENGLISH)

    assert len(set(labels.values())) == 4
    assert labels["by-command"] == "by-command"
    (other,) = [label for label in labels.values() if "other.yaml" in label]
    assert other.endswith(" · other.yaml · 1 question · unfinished")


def test_a_run_whose_note_is_damaged_is_still_listed(tmp_path: Path) -> None:
    run = begin((asked("a", "Japan"),), "a.yaml", "reading", tmp_path)
    (run.folder / "run.json").write_text('{"set": ', encoding="utf-8")
    (kept,) = kept_runs(tmp_path)
    assert (kept.name, kept.about) == (run.name, None)


def test_a_deleted_run_is_gone_and_another_stays(tmp_path: Path) -> None:
    first, second = (begin((asked("a", "Japan"),), "a.yaml", "reading", tmp_path) for _ in range(2))
    delete_run(first)
    assert [run.name for run in kept_runs(tmp_path)] == [second.name]
    with pytest.raises(StorageError, match="cannot be removed"):
        delete_run(first)


def test_a_data_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file")
    with pytest.raises(StorageError, match="COMMUNIQUE_DATA_DIR"):
        begin((asked("a", "Japan"),), "a.yaml", "reading", tmp_path)


def test_an_answer_that_a_run_does_not_hold_is_explained(tmp_path: Path) -> None:
    folder = written(tmp_path / "run", [right("a")])
    with pytest.raises(StorageError, match="in another form"):
        outcome_in(folder, open_run(folder).results[0])
    (folder / "answers.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match="has no answer to 'a'"):
        outcome_in(folder, result_of(right("a")))
