"""A piece of a question takes the place of its like in the question before it."""

import pytest

from bot.follow_up import NameShare
from bot.follow_up.fragments import completed, is_clause, is_fragment, joined


@pytest.mark.parametrize(
    ("before", "fragment", "whole"),
    [
        (
            "Where did UNOCT and Qatar hold their fourth dialogue?",
            "the first one with Morocco?",
            ["Where did UNOCT and Morocco hold their first dialogue?"],
        ),
        (
            "When did Varna hold its third fair?",
            "the one before that?",
            ["When did Varna hold its second fair?", "When did Varna hold its previous fair?"],
        ),
        (
            "When did Varna hold its third fair?",
            "the next one",
            ["When did Varna hold its fourth fair?", "When did Varna hold its next fair?"],
        ),
        (
            "When did Varna hold its first fair?",
            "the previous one?",
            ["When did Varna hold its previous fair?"],
        ),
        ("When did Varna hold its third fair?", "the last one?", ["When did Varna hold its last fair?"]),
        ("When was the fair in Varna?", "the previous one?", ["When was the previous fair in Varna?"]),
        (
            "When did the office in Rabat open?",
            "the one in Nairobi?",
            ["When did the office in Nairobi open?"],
        ),
        ("When did the office in Rabat open?", "in Morocco?", ["When did the office in Morocco open?"]),
        ("What happened in 2019?", "in 2020?", ["What happened in 2020?"]),
        ("How many came in March 2019?", "in April?", ["How many came in April?"]),
        ("How many states does it help?", "in 2020?", ["How many states does it help, in 2020?"]),
        ("Who represented Qatar at the fair?", "Morocco?", ["Who represented Morocco at the fair?"]),
        ("What does UNOCT stand for?", "IOM?", ["What does IOM stand for?"]),
        ("Who leads the programme?", "the office?", ["Who leads the office?"]),
        ("What are the rules for fishing?", "hunting?", ["What are the rules for hunting?"]),
        ("Who funds CT Travel?", "Qatar?", ["Who funds CT Travel, Qatar?"]),
        ("Who funds CT Travel?", "pollution?", []),
    ],
)
def test_an_english_fragment_is_completed(
    before: str, fragment: str, whole: list[str], share: NameShare
) -> None:
    assert is_fragment(fragment, True, "en")
    assert completed(before, fragment, "en", share) == whole


@pytest.mark.parametrize(
    ("before", "fragment", "whole"),
    [
        (
            "Quand a eu lieu le dialogue avec le Qatar ?",
            "avec le Maroc ?",
            ["Quand a eu lieu le dialogue avec le Maroc ?"],
        ),
        ("Qui a signé l'accord avec Djibouti ?", "au Maroc ?", ["Qui a signé l'accord avec le Maroc ?"]),
        (
            "Quand a eu lieu la troisième foire ?",
            "la précédente ?",
            ["Quand a eu lieu la deuxième foire ?", "Quand a eu lieu la précédent foire ?"],
        ),
        ("Que signifie OIM ?", "UNOCT ?", ["Que signifie UNOCT ?"]),
    ],
)
def test_a_french_fragment_is_completed(
    before: str, fragment: str, whole: list[str], share: NameShare
) -> None:
    assert is_fragment(fragment, True, "fr")
    assert completed(before, fragment, "fr", share) == whole


@pytest.mark.parametrize(
    ("question", "opens"),
    [
        ("who foots the bill?", True),
        ("does it help?", True),
        ("combien de temps a-t-il duré ?", True),
        ("I am in Varna.", True),
        ("ct travel financing countries", False),
        ("", True),
        ("a long list of many different things that nobody asked about", True),
    ],
)
def test_a_sentence_of_its_own_is_no_fragment(question: str, opens: bool) -> None:
    assert not is_fragment(question, opens, "en")


def test_what_has_no_like_goes_behind() -> None:
    assert joined("Who funds it?", "in Rabat?") == "Who funds it, in Rabat?"


@pytest.mark.parametrize(("text", "clause"), [("Who funds it?", True), ("Funding of the bridge", False)])
def test_a_clause_says_or_asks_something(text: str, clause: bool) -> None:
    assert is_clause(text) is clause
