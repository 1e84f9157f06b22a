"""The JSON Schema of question sets says what their reader takes."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.errors import QuestionError
from bot.evaluation.sets.entries import read_entries
from bot.evaluation.sets.questions import Question, read_questions
from bot.evaluation.sets.schema import schema

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "bot" / "evaluation" / "sets" / "questions.schema.json"
VALIDATOR = Draft202012Validator(
    json.loads(FILE.read_text("utf-8")), format_checker=Draft202012Validator.FORMAT_CHECKER
)


def test_the_schema_is_up_to_date() -> None:
    Draft202012Validator.check_schema(schema())
    assert json.loads(FILE.read_text("utf-8")) == schema(), (
        "run: python -m bot.evaluation.sets.schema > bot/evaluation/sets/questions.schema.json"
    )


def test_every_key_is_described() -> None:
    properties = schema()["$defs"]["Question"]["properties"]
    assert set(properties) == {*Question.model_fields, "seed"}
    assert all(field["description"] for field in properties.values())


@pytest.mark.parametrize(
    "file", sorted((ROOT / "tests" / "questions").glob("*.yaml")), ids=lambda file: file.stem
)
def test_the_project_s_own_sets_are_valid_as_they_are_read_and_as_editors_see_them(file: Path) -> None:
    assert list(VALIDATOR.iter_errors([entry.values for entry in read_entries(file)])) == []
    assert list(VALIDATOR.iter_errors(yaml.safe_load(file.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "a", "question": "q"},
        {"id": 7, "question": "q", "facts": ["66", ["x", "y"], 2178], "seed": "djibouti"},
        {"id": "a", "question": "q", "history": ["h"], "releases": "r", "quotes": ["v"], "tags": None},
        {
            "id": "a",
            "question": "q",
            "as_of": "2023-06-23",
            "note": "n",
            "answerable": False,
            "own": {"x": 1},
        },
        {"id": "a", "question": "q", "as_of": None, "facts": None, "language": None, "answerable": None},
    ],
)
def test_what_the_schema_takes_is_read(tmp_path: Path, entry: dict[str, Any]) -> None:
    (tmp_path / "set.yaml").write_text(json.dumps([entry]))
    assert list(VALIDATOR.iter_errors([entry])) == []
    assert list(VALIDATOR.iter_errors({"name": "mine", "questions": [entry]})) == []
    assert read_questions(tmp_path / "set.yaml")[0].question == "q"


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "a"},
        {"question": "q"},
        {"id": "", "question": "q"},
        {"id": "a", "question": ["q"]},
        {"id": "a", "question": "q", "facts": "words"},
        {"id": "a", "question": "q", "facts": [[]]},
        {"id": "a", "question": "q", "facts": [[["x"]]]},
        {"id": "a", "question": "q", "history": "before"},
        {"id": "a", "question": "q", "releases": [""]},
        {"id": "a", "question": "q", "seed": {"x": "y"}},
        {"id": "a", "question": "q", "answerable": "perhaps"},
        {"id": "a", "question": "q", "as_of": "June 2023"},
        {"id": "a", "question": "q", "note": ["n"]},
    ],
)
def test_what_the_schema_refuses_is_refused_by_the_reader(tmp_path: Path, entry: dict[str, Any]) -> None:
    (tmp_path / "set.yaml").write_text(json.dumps([entry]))
    assert list(VALIDATOR.iter_errors([entry]))
    with pytest.raises(QuestionError):
        read_questions(tmp_path / "set.yaml")
