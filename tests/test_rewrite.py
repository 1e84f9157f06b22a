"""Follow-ups get what they leave out from the turn before; what stands alone stays as it is."""

import pytest

from bot.domain import Answer, Citation, Turn
from bot.rewrite import plain, rewrite

NAMES = frozenset(
    "ct travel djibouti morocco qatar unoct programme dialogue strategic doha rabat office iom oim marrakech "
    "platform memorandum".split()
)


def _turn(question: str, quote: str = "", language: str = "en") -> Turn:
    citations = (Citation(1, quote, "r", "t", None, "en", "f", 0, len(quote), "x"),) if quote else ()
    return Turn(question, Answer("1", question, question, quote, not quote, language, "reading", citations))


def _rewritten(question: str, *turns: Turn) -> str:
    return rewrite(question, turns, lambda word: word.casefold() in NAMES)


SIGNED = "Mr. Vladimir Voronkov and Ms. Alya Al-Thani, the Permanent Representative, signed."


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        (
            "who funds CT Travel?",
            "And how many countries does it assist?",
            "How many countries does CT Travel assist?",
        ),
        ("who funds ct travel?", "when was it launched?", "When was ct travel launched?"),
        ("Who leads CT Travel?", "Who are its partners?", "Who are CT Travel's partners?"),
        ("When was the strategic dialogue held?", "Where?", "Where was the strategic dialogue held?"),
        ("Where was the dialogue with Qatar held?", "Who chaired it?", "Who chaired dialogue with Qatar?"),
        ("Who funds CT Travel?", "and Qatar?", "Who funds CT Travel, Qatar?"),
        (
            "When was the strategic dialogue held?",
            "And in Morocco?",
            "When was the strategic dialogue held, in Morocco?",
        ),
        ("Who funds CT Travel?", "Tell me about that programme", "Tell me about that programme (CT Travel)?"),
        (
            "Where is the Marrakech Platform?",
            "When did that take place?",
            "When did Marrakech Platform take place?",
        ),
    ],
)
def test_an_english_follow_up_is_completed(before: str, question: str, standalone: str) -> None:
    assert _rewritten(question, _turn(before)) == standalone


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    [
        (
            "Qui finance CT Travel ?",
            "Et combien de pays aide-t-il ?",
            "Combien de pays aide-t-il (CT Travel) ?",
        ),
        ("Que fait CT Travel ?", "Qui le finance ?", "Qui le finance (CT Travel) ?"),
        ("Qui dirige CT Travel ?", "Quels sont ses objectifs ?", "Quels sont ses objectifs (CT Travel) ?"),
        ("Quand CT Travel a-t-il été lancé ?", "Pourquoi ?", "Pourquoi CT Travel a-t-il été lancé ?"),
    ],
)
def test_a_french_follow_up_is_completed(before: str, question: str, standalone: str) -> None:
    assert _rewritten(question, _turn(before, language="fr")) == standalone


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("What did he say?", "What did Vladimir Voronkov say?"),
        ("What is her title?", "What is Alya Al-Thani's title?"),
    ],
)
def test_a_person_is_taken_from_the_quotes_by_title(question: str, standalone: str) -> None:
    assert _rewritten(question, _turn("Who signed?", SIGNED)) == standalone


@pytest.mark.parametrize(
    "question",
    [
        "What does PNR stand for?",
        "When did the meeting of the Marrakech Platform take place?",
        "Which department does Major General Al-Ansari direct?",
        "Où se trouve le bureau de Rabat ?",
        "",
        "thanks!",
    ],
)
def test_what_stands_alone_stays(question: str) -> None:
    assert _rewritten(question, _turn("who funds CT Travel?")) == question


def test_without_turns_nothing_changes() -> None:
    assert _rewritten("And when was it launched?") == "And when was it launched?"


def test_a_pronoun_for_something_in_the_question_itself_stays() -> None:
    question = "About the conference on maritime security: when is it?"
    assert _rewritten(question, _turn("who funds CT Travel?")) == question


def test_the_topic_passes_through_several_turns() -> None:
    first = _turn("who funds CT Travel?")
    second = _turn(_rewritten("when was it launched?", first))
    assert _rewritten("and who leads it?", first, second) == "Who leads CT Travel?"


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
        (
            "Another matter: who signed the agreement with Djibouti?",
            "Who signed the agreement with Djibouti?",
        ),
        ("Thanks!", "Thanks!"),
        ("...", "..."),
    ],
)
def test_a_question_is_asked_without_its_politeness(question: str, asked: str) -> None:
    assert plain(question) == asked
