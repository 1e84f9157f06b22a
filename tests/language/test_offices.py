"""Who holds an office is told by a sentence that has a word for it."""

import pytest

from bot.language.offices import of_other_office


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
        ("What did the director say?", "Mr. Paul Roe opened the hub.", False),
    ],
)
def test_an_office_is_told(question: str, sentence: str, other: bool) -> None:
    assert of_other_office(question, sentence) is other
