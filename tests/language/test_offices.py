"""Who holds an office is told by a sentence that has a word for it."""

import pytest

from bot.language.offices import of_other_office, of_other_speaker


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("Who is the director of the hub?", "Mr. Paul Roe, a minister, opened the hub.", True),
        ("Who is the director of the hub?", "Ms. Ana Ruiz heads the hub.", False),
        ("Qui est la directrice du centre ?", "Mme Ana Ruiz dirige le centre.", False),
        ("Comment s'appelle le coordonnateur résident ?", "Mr. Paul Roe, an ambassador, signed.", True),
        ("Comment s’appelle le coordonnateur résident ?", "Ana Ruiz, Resident Coordinator, spoke.", False),
        ("What are the names of the judges?", "The town opened a school.", False),
        (
            "What is the name of the Canadian ambassador?",
            "Ana Ruiz, Permanent Representative of Canada.",
            False,
        ),
    ],
)
def test_an_office_is_told(question: str, sentence: str, other: bool) -> None:
    assert of_other_office(question, sentence) is other


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("Who heads the trade office?", "Mr. Paul Roe opened the trade office.", True),
        ("Who heads the trade office?", "The trade office is led by Mr. Paul Roe.", False),
        ("Who led the attack?", "Mr. Paul Roe marched on the town.", False),
        ("Qui dirige le bureau ?", "M. Jean Petit est arrivé au bureau.", True),
        ("Which body runs the programme?", "Peru and Japan pay for the programme.", True),
        (
            "Who is the head of the office in Lima?",
            "In Lima, the head of the trade union, Ms. Ana Ruiz, visited the office.",
            True,
        ),
        (
            "Who is the head of the office in Lima?",
            "Ms. Ana Ruiz, head of the office in Lima, was there.",
            False,
        ),
        ("who leads the lima field office", "In Lima, Ana Ruiz, chief of police, spoke.", True),
        ("Who is the head of the office in Lima?", "Ms. Ana Ruiz, the office's head, was there.", False),
    ],
)
def test_the_head_of_one_office_is_not_that_of_another(question: str, sentence: str, other: bool) -> None:
    assert of_other_office(question, sentence) is other


@pytest.mark.parametrize(
    ("question", "release", "other"),
    [
        ("What did the President of Peru say?", "Ms. Ana Ruiz, a minister, came. “We won.”", True),
        ("What did the President of Peru say?", "President Ana Ruiz came. “We won.”", False),
        ("Qu'a dit le ministre ?", "Le maire est venu. « Nous avons gagné. »", True),
        ("Qu'a dit le ministre ?", "Le ministre est venu. « Nous avons gagné. »", False),
    ],
)
def test_what_an_office_said_is_told_where_the_release_knows_it(
    question: str, release: str, other: bool
) -> None:
    assert of_other_speaker(question, release) is other
