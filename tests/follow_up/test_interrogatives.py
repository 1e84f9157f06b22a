"""A question that only asks another thing is asked of the question before it."""

import pytest

from bot.follow_up.interrogatives import asked_again, bare_interrogative


@pytest.mark.parametrize(
    ("before", "question", "asked"),
    [
        ("When was the bridge opened?", "Where?", "Where was the bridge opened?"),
        ("When was the bridge opened?", "where was that", "Where was the bridge opened?"),
        ("Where will the forum be held?", "On which dates?", "On which dates will the forum be held?"),
        ("In which city was the deal signed?", "in what year?", "In what year was the deal signed?"),
        ("Is Morocco the chair of a group?", "Since when?", "Since when is Morocco the chair of a group?"),
        ("Who signed the deal?", "When?", "When was the deal signed?"),
        ("Who leads the mission?", "Since when?", "Since when is the mission led?"),
        ("Who pays for the bridge?", "Why?", "Why is the bridge paid for?"),
        ("Who is Ada Finch?", "Why?", "Why is Ada Finch?"),
        ("How many countries does it help?", "Which ones?", "Which countries does it help?"),
        ("Which countries fund it?", "How many?", "How many countries fund it?"),
        ("Which parts did they test?", "Why?", "Why did they test parts?"),
        ("What does the office do?", "What else?", "What else does the office do?"),
        ("Tell me about the Ister", "where is that?", "Where (the Ister)?"),
        ("Quand l'atelier a-t-il eu lieu ?", "Où ça ?", "Où l'atelier a-t-il eu lieu ?"),
        ("Quand l'atelier a-t-il eu lieu ?", "C'était où ?", "Où l'atelier a-t-il eu lieu ?"),
        ("Combien de pays aide-t-il ?", "Lesquels ?", "Quels pays aide-t-il ?"),
        ("Qui a signé l'accord ?", "Quand ?", "Quand a-t-on signé l'accord ?"),
    ],
)
def test_the_question_before_is_asked_again(before: str, question: str, asked: str) -> None:
    assert asked_again(before, bare_interrogative(question)) == asked


@pytest.mark.parametrize(
    "question",
    [
        "Who is it?",
        "What is that?",
        "What happened?",
        "What causes floods?",
        "When did it begin?",
        "Pour quelle organisation travaille-t-elle ?",
        "Where is the office?",
        "",
    ],
)
def test_what_says_more_is_not_bare(question: str) -> None:
    assert bare_interrogative(question) == ""
