"""A question is asked without what surrounds it."""

import pytest

from bot.language.plain import plain


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("who funds CT Travel?", "Who funds CT Travel?"),
        ("Could you please tell me who funds CT Travel?", "Who funds CT Travel?"),
        ("Hello, I would like to know when it was launched. Thank you very much!", "When it was launched."),
        (
            "Bonjour, pourriez-vous me dire, s'il vous plaît, qui finance CT Travel ?",
            "Qui finance CT Travel ?",
        ),
        ("Pourriez-vous m'indiquer qui finance CT Travel ?", "Qui finance CT Travel ?"),
        (
            "Another matter: who signed the agreement with Djibouti?",
            "Who signed the agreement with Djibouti?",
        ),
        ("About Norway: when did it sign its treaty?", "About Norway: when did it sign its treaty?"),
        ("Whom did the minister thank?", "Whom did the minister thank?"),
        ("Who spoke? Thank you so much in advance.", "Who spoke?"),
        ("Who spoke, thanks a lot", "Who spoke"),
        ("Merci d'avance, qui a signé ?", "Qui a signé ?"),
        ("Thanks, who signed it?", "Who signed it?"),
        ("Thanks!", "Thanks!"),
        ("...", "..."),
    ],
)
def test_a_question_is_asked_without_its_politeness(question: str, asked: str) -> None:
    assert plain(question) == asked
