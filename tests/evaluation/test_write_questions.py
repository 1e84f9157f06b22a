"""A question set that is written gives the same questions when it is read."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import StorageError
from bot.evaluation.sets.questions import Question, read_questions
from bot.evaluation.sets.writing import write_questions

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
WORD = TEXT.map(lambda text: f"{text}a").map(str.strip)
TEXTS = st.lists(WORD, max_size=3)
KEPT = st.recursive(
    st.none() | TEXT, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
)
ENTRY = st.fixed_dictionaries(
    {"question": WORD},
    optional={
        "history": TEXTS,
        "facts": st.lists(st.lists(WORD, min_size=1, max_size=3), max_size=3),
        "releases": TEXTS,
        "quotes": TEXTS,
        "answerable": st.booleans(),
        "language": st.none() | TEXT,
        "tags": TEXTS,
        "as_of": st.none() | st.dates().map(date.isoformat),
        "note": TEXT,
    },
)
OWN = st.dictionaries(TEXT.filter(lambda key: key not in Question.model_fields), KEPT, max_size=3)


@settings(deadline=None)
@given(st.lists(st.tuples(ENTRY, OWN), min_size=1, max_size=4))
@example([({"question": "a"}, {"<<": {"x": "y"}, "null": "~", "~": "null", "=": "yes", "": None})])
@example([({"question": "a:\n  b # c\n\n\td"}, {"x": "\x00\x07\x85\u2028\ufeff\ue000\U0001f600 'q' \"r\" "})])
@example([({"question": "2023-06-23"}, {"seed": "s", "x": ["&a", "*a", "!!b", "- c", "---", "1.10"]})])
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, entries: list[tuple[dict[str, Any], dict[str, Any]]]
) -> None:
    questions = tuple(
        Question.model_validate({"id": f"q{number}", **known, **own})
        for number, (known, own) in enumerate(entries)
    )
    file = tmp_path_factory.getbasetemp() / "set.yaml"
    write_questions(questions, file)
    assert read_questions(file) == questions


@pytest.mark.parametrize("name", ["releases", "holdout"])
def test_the_project_s_own_sets_are_written_as_they_are_read(tmp_path: Path, name: str) -> None:
    questions = read_questions(Path(__file__).parent.parent / "questions" / f"{name}.yaml")
    write_questions(questions, tmp_path / "set.yaml")
    assert read_questions(tmp_path / "set.yaml") == questions


def test_other_readers_of_yaml_see_the_same_texts(tmp_path: Path) -> None:
    question = Question(id="007", question="no", facts=(("2023-06-23", "1.10"), ("2178",)), answerable=False)
    write_questions([question], tmp_path / "set.yaml")
    assert yaml.safe_load((tmp_path / "set.yaml").read_text("utf-8")) == [
        {"id": "007", "question": "no", "facts": [["2023-06-23", "1.10"], ["2178"]], "answerable": False}
    ]


def test_defaults_are_not_written_and_accents_stay_readable(tmp_path: Path) -> None:
    write_questions([Question(id="a", question="Où ?")], tmp_path / "set.yaml")
    assert (tmp_path / "set.yaml").read_text("utf-8") == "- id: a\n  question: Où ?\n"


def test_numbers_of_own_keys_are_written_as_texts(tmp_path: Path) -> None:
    write_questions([Question(id="a", question="q", x=1.5, y=True)], tmp_path / "set.yaml")
    assert read_questions(tmp_path / "set.yaml")[0].model_extra == {"x": "1.5", "y": "true"}


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"set\.yaml cannot be written: .+give another file"):
        write_questions([Question(id="a", question="q")], tmp_path / "missing" / "set.yaml")
    with pytest.raises(StorageError, match="half a character"):
        write_questions([Question(id="a", question="q", x="\ud800")], tmp_path / "set.yaml")
    assert list(tmp_path.iterdir()) == []
