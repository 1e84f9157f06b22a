"""Follow-ups get what they leave out from the turn before; what stands alone stays as it is."""

from collections import defaultdict

import pytest

from bot.domain import Answer, Citation, Turn
from bot.rewrite import context, rewrite

NAMES = frozenset(
    "ct travel djibouti morocco qatar unoct programme dialogue strategic doha rabat office iom oim marrakech "
    "platform memorandum".split()
)


def _turn(question: str, quote: str = "", language: str = "en") -> Turn:
    citations = (Citation(1, quote, "r", "t", None, "en", "f", 0, len(quote), "x"),) if quote else ()
    return Turn(question, Answer("1", question, question, quote, not quote, language, "reading", citations))


def _rewritten(question: str, *turns: Turn) -> str:
    return rewrite(question, turns, lambda word: float(word.casefold() in NAMES))


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
        (
            "Where was the dialogue with Qatar held?",
            "Who chaired it?",
            "Who chaired the dialogue with Qatar?",
        ),
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
            "When did the Marrakech Platform take place?",
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
            "Combien de pays CT Travel aide-t-il ?",
        ),
        ("Que fait CT Travel ?", "Qui le finance ?", "Qui finance CT Travel ?"),
        ("Qui dirige CT Travel ?", "Quels sont ses objectifs ?", "Quels sont les objectifs de CT Travel ?"),
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


def test_what_the_corpus_answers_best_is_meant() -> None:
    said = _turn("Who led the talks?", "The talks were led by Mr. Leo Brandt and Mr. Vladimir Voronkov.")
    for name in ("Leo Brandt", "Vladimir Voronkov"):
        answered = f"Where was {name} born?"
        fits = defaultdict(lambda: 0.1, {answered: 0.9})
        assert rewrite("Where was he born?", [said], lambda word: None, fits.__getitem__) == answered


def test_where_the_corpus_answers_nothing_the_likeliest_is_meant() -> None:
    said = _turn("Who led the talks?", "The talks were led by Mr. Leo Brandt and Mr. Vladimir Voronkov.")
    assert rewrite("Where was he born?", [said], lambda word: None, lambda text: 0.0) == (
        rewrite("Where was he born?", [said], lambda word: None)
    )


def test_the_corpus_is_not_asked_where_the_words_leave_nothing_open() -> None:
    def fit(text: str) -> float:
        raise AssertionError(text)

    for question in ("When was that?", "Who opened the school of music?"):
        rewrite(question, [_turn("Who opened the fair?", "Ada Finch did.")], lambda word: None, fit)


def test_the_context_is_what_was_asked_and_answered_in_the_last_two_turns() -> None:
    turns = [
        _turn("Who built the lighthouse?", "x"),
        _turn("Where?", "In Marlow."),
        _turn("When?", "In 1887."),
    ]
    assert set(context(turns)) == {"en_marlow", "marlow", "1887", "en_1887"}


def test_the_context_holds_nothing_of_an_answer_that_declined() -> None:
    assert context([_turn("Who built the lighthouse?")]) == context([_turn("Who built the lighthouse?", "")])
    assert context(()) == []


READ = "How many states does CT Travel assist?"


def _chosen(question: str, reading: str | None, fits: dict[str, float]) -> str:
    turn = _turn("who funds CT Travel?")
    return rewrite(
        question,
        [turn],
        lambda word: float(word.casefold() in NAMES),
        lambda text: fits.get(text, 0.1),
        reading,
    )


def test_a_reading_by_a_chat_model_is_one_more_thing_that_may_be_meant() -> None:
    by_words = "How many countries does CT Travel assist?"
    question = "And how many countries does it assist?"
    assert _chosen(question, READ, {READ: 0.9, by_words: 0.3}) == READ
    assert _chosen(question, READ, {READ: 0.3, by_words: 0.9}) == by_words
    assert _chosen(question, None, {READ: 0.9}) == by_words


def test_where_the_corpus_prefers_neither_the_words_decide() -> None:
    assert _chosen("And how many countries does it assist?", READ, {}) == (
        "How many countries does CT Travel assist?"
    )


def test_a_reading_that_the_words_give_too_is_the_likelier_and_needs_no_look() -> None:
    def fit(text: str) -> float:
        raise AssertionError(text)

    reading = "how many countries does CT travel assist"
    found = rewrite(
        "And how many countries does it assist?",
        [_turn("who funds CT Travel?")],
        lambda word: float(word.casefold() in NAMES),
        fit,
        reading,
    )
    assert found == "How many countries does CT Travel assist?"


def test_between_what_the_words_leave_open_the_reading_decides() -> None:
    said = _turn("Who led the talks?", "The talks were led by Mr. Leo Brandt and Mr. Vladimir Voronkov.")
    for name in ("Leo Brandt", "Vladimir Voronkov"):
        reading = f"Where was {name} born?"
        assert rewrite("Where was he born?", [said], lambda word: None, lambda text: 0.4, reading) == reading
