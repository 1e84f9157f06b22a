"""The questions that the reader learns from are of their form, and none is about the releases it is measured on."""

import json
import re

import pytest

from tests.benchmarks.training.written import WRITTEN, passage, questions
from tests.conftest import ROOT

ROWS = [json.loads(line) for line in WRITTEN.read_text("utf-8").splitlines()]
OWN = re.compile(r"UNOCT|CT Travel|Djibouti|Qatar|Morocc|Maroc|Voronkov", re.IGNORECASE)


def test_each_passage_has_questions_that_it_answers_and_others() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) > 1000
    for row in ROWS:
        answered = {question["answerable"] for question in questions(row)}
        assert answered == {True, False}, row["id"]


def test_the_words_that_answer_stand_in_the_passage() -> None:
    for row in ROWS:
        if "text" in row:
            text = passage(row, {})["text"]
            assert all(answer in text for question in questions(row) for answer in question["answers"])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_both_languages_are_asked(language: str) -> None:
    asked = [question for row in ROWS for question in questions(row) if question["language"] == language]
    assert len(asked) > 3000


def test_nothing_is_about_the_releases_of_the_corpus() -> None:
    shingles = {
        shingle
        for file in (ROOT / "corpus").glob("*.txt")
        for shingle in _shingles(file.read_text(encoding="utf-8"))
    }
    for row in ROWS:
        written = " ".join([row.get("text", ""), *(question for _, question, _ in row["questions"])])
        assert not OWN.search(written), row["id"]
        assert not shingles & _shingles(written), row["id"]


def _shingles(text: str, size: int = 8) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[place : place + size]) for place in range(len(words) - size + 1)}
