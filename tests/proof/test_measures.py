"""Numbers, dates and signs are held by value, or they are missing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.proof.measures import missing_measures
from tests.proof.conftest import release

DAY = date(2023, 6, 23)
QUOTE = (
    "It was launched on 14 and 15 March 2019 in the second phase, assists 66 States and has 1,200 targets."
)


def missing(claim: str, quote: str = QUOTE, language: str = "en", title: str = "A title") -> list[str]:
    return missing_measures(claim, language, [(quote, release(quote, title, "en", DAY))])


@pytest.mark.parametrize(
    "claim",
    [
        "It assists 66 States.",
        "It assists sixty-six States.",
        "It has 1 200 targets.",
        "It began in 2019.",
        "It began in March 2019.",
        "It began on 15 March 2019.",
        "It began on March 14, 2019.",
        "It began on 2019-03-14.",
        "It began in March.",
        "It is in its 2nd phase.",
        "It is the first of its kind.",
        "It may march on.",
        "As of 23 June 2023, it assists 66 States.",
        "It assists 66 States (June 2023).",
        "No measure at all.",
    ],
)
def test_a_measure_that_the_quote_gives_in_any_form_is_held(claim: str) -> None:
    assert missing(claim) == []


@pytest.mark.parametrize(
    ("claim", "lacks"),
    [
        ("It assists 67 States.", "67"),
        ("It assists sixty-seven States.", "67"),
        ("It assists two States.", "2"),
        ("It assists 14 States.", "14"),
        ("It has 66 % of targets.", "%"),
        ("It has $66.", "$"),
        ("It began in 2018.", "2018"),
        ("It began on 16 March 2019.", "2019-03-16"),
        ("It began in April 2019.", "2019-04"),
        ("It began in April.", "the month"),
        ("It began on 23 June 2023.", "2023-06-23"),
        ("It began in 2023.", "2023"),
        ("It is in its third phase.", "3th"),
    ],
)
def test_a_measure_that_the_quote_does_not_give_is_missing(claim: str, lacks: str) -> None:
    assert missing(claim) == [lacks]


@pytest.mark.parametrize(
    ("claim", "language"),
    [
        ("Il soutient soixante-six États.", "fr"),
        ("Il a commencé le 14 mars 2019.", "fr"),
        ("Il a commencé les 14 et 15 mars 2019.", "fr"),
        ("Il en est à sa deuxième phase.", "fr"),
    ],
)
def test_measures_are_held_across_languages(claim: str, language: str) -> None:
    assert missing(claim, language=language) == []


def test_the_day_of_a_release_tells_what_its_quote_leaves_out() -> None:
    quote = "They signed an agreement today."
    assert missing("They signed an agreement on 23 June 2023.", quote) == []
    assert missing("They signed an agreement in 2023.", quote) == []
    assert missing("They signed an agreement in 2022.", quote) == ["2022"]
    assert missing("They met on 5 May 2023.", "They met on 5 May.") == []
    assert missing("They met on 5 May 2021.", "They met on 5 May.") == ["2021-05-05"]


def test_what_a_title_gives_is_held() -> None:
    assert missing("The 4th meeting took place.", "The meeting took place.", title="The fourth meeting") == []


@given(st.text(max_size=80))
def test_a_quote_holds_its_own_measures(text: str) -> None:
    assert missing_measures(text, "en", [(text, release(text))]) == []
