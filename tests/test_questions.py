"""The project's own question sets keep their promises, and corpus/ holds every fact they expect."""

from pathlib import Path

import pytest

from bot.evaluation.metrics import facts_found
from bot.evaluation.sets.questions import Question, read_questions
from bot.facts.folding import folded

KINDS = (
    *("fact", "list", "date", "number", "name", "role", "place", "acronym", "yes or no"),
    *("paraphrase", "typing error", "lower case", "keywords", "polite", "cross-language"),
    *("other year", "other country", "number not given", "person not named", "wrong premise", "near miss"),
    "other topic",
)
ROOT = Path(__file__).parent.parent
SETS = {
    name: read_questions(ROOT / "tests" / "questions" / f"{name}.yaml") for name in ("releases", "holdout")
}
BLIND = read_questions(ROOT / "tests" / "questions" / "blind.yaml")
RELEASES = {
    file.relative_to(ROOT / "corpus").with_suffix("").as_posix(): file.read_text("utf-8")
    for file in (ROOT / "corpus").rglob("*")
    if file.suffix in (".txt", ".md")
}


def counted(name: str, tag: str) -> int:
    return sum(tag in question.tags for question in SETS[name])


@pytest.mark.parametrize(("name", "least", "least_unanswerable"), [("releases", 75, 22), ("holdout", 60, 12)])
def test_a_set_is_as_large_as_promised(name: str, least: int, least_unanswerable: int) -> None:
    assert len(SETS[name]) >= least
    assert sum(not question.answerable for question in SETS[name]) >= least_unanswerable


def test_the_blind_questions_are_as_many_as_promised() -> None:
    assert len(BLIND) >= 1020
    assert sum(not question.answerable for question in BLIND) >= 290
    assert sum(bool(question.history) for question in BLIND) >= 168


@pytest.mark.parametrize("name", SETS)
def test_a_fifth_of_a_set_is_french_and_both_languages_ask_over_the_other(name: str) -> None:
    questions = SETS[name]
    assert {question.language for question in questions} == {"en", "fr"}
    assert 5 * sum(question.language == "fr" for question in questions) >= len(questions)
    across = {question.language for question in questions if "cross-language" in question.tags}
    assert across == {"en", "fr"}
    assert {question.language for question in questions if not question.answerable} == {"en", "fr"}


@pytest.mark.parametrize(("name", "least"), [("releases", 14), ("holdout", 8)])
def test_a_set_holds_follow_ups_of_which_some_change_the_topic(name: str, least: int) -> None:
    follow_ups = [question for question in SETS[name] if question.history]
    assert len(follow_ups) >= least
    assert all("follow-up" in question.tags for question in follow_ups)
    assert counted(name, "follow-up") == len(follow_ups)
    assert counted(name, "topic change") >= 2
    assert any(not question.answerable for question in follow_ups)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("tag", KINDS)
def test_every_kind_of_question_is_there(name: str, tag: str) -> None:
    assert any(tag in question.tags for question in SETS[name])


def test_ids_differ_across_the_sets_and_no_question_is_asked_twice() -> None:
    every = [question for questions in SETS.values() for question in questions]
    ids = {question.id for question in (*every, *BLIND)}
    assert len(ids) == len(every) + len(BLIND)
    asked = {(folded(question.question), tuple(map(folded, question.history))) for question in every}
    assert len(asked) == len(every)  # who writes blindly may ask the same


@pytest.mark.parametrize("name", SETS)
def test_a_set_asks_about_all_five_releases(name: str) -> None:
    asked = {release for question in SETS[name] for release in question.releases}
    assert len(asked) == 5
    assert asked <= set(RELEASES)


@pytest.mark.parametrize(
    "question",
    [question for questions in (*SETS.values(), BLIND) for question in questions],
    ids=lambda question: question.id,
)
def test_the_named_releases_hold_the_facts_that_are_expected(question: Question) -> None:
    if not question.answerable:
        assert not question.facts
        assert not question.releases
        return
    assert question.facts
    assert question.releases
    for release in question.releases:
        assert all(facts_found(question.facts, RELEASES[release])), release
