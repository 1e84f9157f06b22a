"""Question sets that the team's pages may open, keep and write."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QuestionError
from bot.evaluation.sets.questions import read_questions
from bot.web.evaluation.sets import KEPT, find_sets, keep_upload, open_set, placed

SET = "- id: a\n  question: Who funds it?\n  facts: [Japan]\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "working"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def written(file: Path, text: str = SET) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_sets_below_the_working_folder_and_those_kept_are_found(here: Path, data: Path) -> None:
    written(here / "questions" / "team.yaml")
    written(here / "questions" / "press-draft.yml", SET + "  tags: [draft]\n")
    written(data / KEPT / "uploaded.yaml")
    written(here / "compose.yaml", "services: {}\n")
    written(here / ".hidden" / "set.yaml")
    written(here / "a" / "b" / "c" / "d" / "deep.yaml")

    found = {Path(each.path).name: each.drafted for each in find_sets(data)}
    assert found == {"uploaded.yaml": False, "press-draft.yml": True, "team.yaml": False}


def test_a_set_that_is_kept_below_the_working_folder_is_found_once_and_those_of_runs_never(
    here: Path,
) -> None:
    written(here / "data" / KEPT / "team.yaml")
    written(here / "data" / "evaluations" / "run" / "questions.yaml")
    assert [each.path for each in find_sets(Path("data"))] == ["data/sets/team.yaml"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../outside.yaml", "not below the folder"),
        ("/etc/passwd", "not below the folder"),
        ("questions/../../outside.yaml", "not below the folder"),
        ("link.yaml", "not below the folder"),
        (".env", "must end in"),
        ("questions", "must end in"),
        ("\0.yaml", "is no path"),
        ("", "not below the folder"),
    ],
)
def test_a_path_elsewhere_or_of_another_kind_is_refused(
    path: str, reason: str, here: Path, data: Path
) -> None:
    outside = written(here.parent / "outside.yaml")
    (here / "link.yaml").symlink_to(outside)
    with pytest.raises(QuestionError, match=reason):
        placed(path, data)


def test_a_path_below_is_taken_as_it_is_given(here: Path, data: Path) -> None:
    assert placed(" questions/team.yaml ", data) == Path("questions/team.yaml")
    assert placed(str(data / KEPT / "x.csv"), data) == data / KEPT / "x.csv"


def test_a_table_is_kept_as_a_set_and_says_what_it_could_not_use(data: Path) -> None:
    table = "Question;Réponse\nQui finance ?;Japon\n;rien\n"
    file, imported = keep_upload("../équipe été.csv", table.encode(), data)

    assert file == data / KEPT / "équipe-été.yaml"
    assert [question.facts for question in read_questions(file)] == [(("Japon",),)]
    assert len(imported.refused) == 1


def test_an_upload_overwrites_no_other_and_the_same_is_kept_once(data: Path) -> None:
    first, _ = keep_upload("team.yaml", SET.encode(), data)
    again, _ = keep_upload("team.yaml", SET.encode(), data)
    other, _ = keep_upload("team.yaml", SET.replace("Japan", "Hungary").encode(), data)

    assert first == again
    assert other.name == "team-2.yaml"
    assert read_questions(first)[0].facts == (("Japan",),)


def test_an_upload_that_holds_nothing_is_explained_without_a_folder_of_the_server(data: Path) -> None:
    with pytest.raises(QuestionError) as caught:
        keep_upload("broken.yaml", b"- id: [", data)
    assert str(caught.value).startswith("broken.yaml is not YAML")
    assert not (data / KEPT).exists()


def test_a_table_without_a_usable_row_is_refused_with_its_reasons(here: Path) -> None:
    with pytest.raises(QuestionError, match="holds no question that can be used"):
        open_set(written(here / "empty.csv", "Question;Answer\n;x\n"))


@given(name=st.text(max_size=60), content=st.binary(max_size=200))
def test_whatever_is_uploaded_is_kept_in_its_folder_or_refused(
    name: str, content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("uploads")
    try:
        file, imported = keep_upload(name, content, data)
    except QuestionError:
        assert not list(data.rglob("*.yaml"))
    else:
        assert file.parent == data / KEPT
        assert read_questions(file) == imported.questions
