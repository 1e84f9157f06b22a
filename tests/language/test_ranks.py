"""Another rank than was asked for: what tells of the second is no answer to who is first."""

import pytest

from bot.language.ranks import of_other_rank, of_same_place


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("Which country is the largest donor?", "Peru is the second leading donor to the fund.", True),
        (
            "Which country is the second largest donor?",
            "Peru is the second leading donor to the fund.",
            False,
        ),
        ("Which country is the largest donor?", "Peru is the leading donor to the fund.", False),
        ("Which country supports the fund?", "Peru is the second leading donor to the fund.", False),
        ("Quel est le plus grand donateur ?", "Le Pérou est le deuxième plus grand donateur du fonds.", True),
        ("Who is the Secretary-General?", "Ana Ruiz, Under-Secretary-General, opened the talks.", True),
        (
            "Who is the Under-Secretary-General?",
            "Ana Ruiz, Under-Secretary-General, opened the talks.",
            False,
        ),
        (
            "Who is the Secretary-General?",
            "The Under-Secretary-General thanked the Secretary-General, Paul Roe.",
            False,
        ),
        ("Who is the minister of health?", "The former minister, Jean Petit, spoke first.", True),
        ("Qui est le ministre de la santé ?", "L'ancien ministre Jean Petit a parlé.", True),
        ("When did the minister speak?", "The minister spoke on Monday.", False),
        ("When was the fifth trade meeting?", "The fourth trade meeting was held on Monday.", True),
        ("When was the fourth meeting?", "The fourth trade meeting was held on Monday.", False),
        ("When was the 4th meeting?", "They held their fourth meeting and its third session.", False),
        ("Quand a eu lieu la troisième réunion ?", "La deuxième réunion a eu lieu lundi.", True),
        ("When was the fifth meeting?", "It was the first anniversary of the hub.", False),
        ("Who is the deputy director?", "Ana Ruiz, director of the hub, spoke.", True),
        ("Who is the deputy director?", "Ana Ruiz, deputy director of the hub, spoke.", False),
        ("Who is the deputy director?", "Paul Roe spoke.", False),
        ("Where did she work before that?", "Ana Ruiz, chief of the mission in Lima, spoke.", True),
        ("Where did she work before that?", "Ana Ruiz, formerly of the mission in Lima, spoke.", False),
        ("When was the one before the fourth meeting?", "The fourth meeting is on 3 May.", True),
        ("When was the one before the fourth meeting?", "They last met on 3 May.", False),
        ("When is the next meeting?", "The meeting was held on Monday.", True),
        ("When is the next meeting?", "They will meet again on 3 May.", False),
        ("Quand aura lieu le prochain atelier ?", "L'atelier a eu lieu le 3 mai.", True),
        ("Quand aura lieu le prochain atelier ?", "Un autre atelier se tiendra le 3 mai.", False),
    ],
)
def test_another_rank_is_told(question: str, sentence: str, other: bool) -> None:
    assert of_other_rank(question, sentence) is other


@pytest.mark.parametrize(
    ("question", "sentence", "same"),
    [
        ("When is the second fair?", "The 2nd fair will be held in May.", True),
        ("Quand se tient la troisième réunion ?", "La 3e réunion aura lieu en mai.", True),
        ("When is the second fair?", "The next forum will be held in May.", False),
        ("When is the second fair?", "The third fair will be held in May.", False),
        ("When was the first fair?", "The first fair was held in May.", False),
    ],
)
def test_the_same_edition_is_told_however_it_is_written(question: str, sentence: str, same: bool) -> None:
    assert of_same_place(question, sentence) is same
