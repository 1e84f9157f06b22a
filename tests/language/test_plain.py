"""A question is asked without what surrounds it."""

import pytest

from bot.language.plain import parted, plain


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
        ("Fact check: was sport on the agenda?", "Was sport on the agenda?"),
        ("The hub in Lima: who runs it today?", "The hub in Lima: who runs it today?"),
        ("Would you be so kind as to give me the names?", "The names?"),
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


@pytest.mark.parametrize(
    ("text", "beside", "question"),
    [
        ("I am off to Lima. Who runs the hub?", "I am off to Lima.", "Who runs the hub?"),
        ("Who runs the hub? The badge needs a name.", "The badge needs a name.", "Who runs the hub?"),
        ("The hub in Lima: who runs it today?", "The hub in Lima", "Who runs it today?"),
        ("Who runs the hub?", "", "Who runs the hub?"),
        ("Who runs the hub? Who pays?", "", "Who runs the hub? Who pays?"),
        ("I am off to Lima. Thanks.", "", "I am off to Lima. Thanks."),
        ("", "", ""),
    ],
)
def test_what_is_told_beside_a_question_is_told_apart(text: str, beside: str, question: str) -> None:
    assert parted(text) == (beside, question)
