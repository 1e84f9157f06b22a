"""The words of the team's pages are whole in both languages."""

import string
from dataclasses import fields
from datetime import UTC, datetime
from typing import get_args

import pytest

from bot.evaluation.compare import Kind
from bot.evaluation.loss import Stage
from bot.evaluation.measures import NAMED, Measure, Measured
from bot.web.evaluation import amounts
from bot.web.evaluation.decisions import Status
from bot.web.evaluation.english import ENGLISH
from bot.web.evaluation.french import FRENCH
from bot.web.evaluation.verdicts import VERDICTS
from bot.web.evaluation.wording import TeamWording
from bot.web.evaluation.words import team_wording


def placeholders(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


@pytest.mark.parametrize("name", [field.name for field in fields(TeamWording)])
def test_every_phrase_is_there_in_both_languages_with_the_same_places_to_fill(name: str) -> None:
    english, french = getattr(ENGLISH, name), getattr(FRENCH, name)
    if isinstance(english, dict):
        assert english.keys() == french.keys()
        assert all(phrase.strip() for phrase in (*english.values(), *french.values()))
        return
    assert english.strip()
    assert french.strip()
    assert placeholders(english) == placeholders(french)


def test_what_the_evaluation_can_say_has_words() -> None:
    assert ENGLISH.measures.keys() == {measure.name for measure in NAMED}
    assert ENGLISH.measures.items() >= {(each.name, each.label) for each in NAMED if "'" not in each.label}
    assert set(get_args(Stage)) <= ENGLISH.stages.keys()
    assert ENGLISH.verdicts.keys() == set(VERDICTS)
    assert ENGLISH.kinds.keys() == set(get_args(Kind))
    assert ENGLISH.statuses.keys() == set(get_args(Status))


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("fr", FRENCH)])
def test_the_words_follow_the_language(language: str, words: TeamWording) -> None:
    assert team_wording(language) is words  # type: ignore[arg-type]


def test_figures_are_written_as_the_language_has_them() -> None:
    share = Measured(Measure("accuracy", "right"), 0.7633, 74, (0.6851, 0.8649), 56.0, 74.0)
    assert amounts.figure(share.value, "share", ENGLISH) == "76.3%"
    assert amounts.figure(share.value, "share", FRENCH) == "76,3\u00a0%"
    assert amounts.interval(share, FRENCH) == "68,5\u00a0% à 86,5\u00a0%"
    assert amounts.count(share, ENGLISH) == "56 of 74"
    assert amounts.figure(0.1234, "index", FRENCH) == "0,123"
    assert [amounts.seconds(value, ENGLISH) for value in (0.354, 48.2, 200.0)] == [
        "0.35\u00a0s",
        "48\u00a0s",
        "3\u00a0min",
    ]
    assert amounts.moment(datetime(2026, 3, 1, 12, 5, tzinfo=UTC).astimezone(), FRENCH).startswith(
        "1 mars 2026"
    )
    assert (ENGLISH.questions(1), FRENCH.questions(2)) == ("1 question", "2 questions")
