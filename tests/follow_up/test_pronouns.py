"""Pronouns are found, and names put into their places."""

import pytest

from bot.follow_up.pronouns import pronouns, replaced


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What did he say about her plan?", [("person", "m", False), ("person", "f", True)]),
        ("Who are its partners?", [("thing", "", True)]),
        ("When will the next one be?", [("one", "", False)]),
        ("Tell me about that programme", [("noun", "", False)]),
        ("Is there a hub there?", [("place", "", False)]),
        ("Is there a hub?", []),
        ("What other hubs are there?", []),
        ("Have there been others?", []),
        ("Is it true that the sea is rising?", []),
        ("Is it already too late to help?", []),
        ("Is it open?", [("thing", "", False)]),
        ("Is it possible to fish?", []),
        ("What is it meant to assess?", [("thing", "", False)]),
        ("How long does it take to get there by boat?", [("place", "", False)]),
        ("Which films that Bose made are known?", []),
        ('Who wrote "What is it"?', []),
    ],
)
def test_english_pronouns(text: str, found: list[tuple[str, str, bool]]) -> None:
    assert [(each.kind, each.gender, each.owns) for each in pronouns(text, "en")] == found


@pytest.mark.parametrize(
    ("text", "phrase", "whole"),
    [
        ("When did it begin?", "the fair", "When did the fair begin?"),
        ("Who are its partners?", "CT Travel", "Who are CT Travel's partners?"),
        ("Is there a hub there?", "Doha", "Is there a hub in Doha?"),
        ("How much does each of them give?", "the donors", "How much does each of them give (the donors)?"),
        ("Who runs that programme?", "CT Travel", "Who runs CT Travel?"),
    ],
)
def test_an_english_name_takes_the_place_of_its_pronoun(text: str, phrase: str, whole: str) -> None:
    assert replaced(text, pronouns(text, "en")[0], phrase, "en") == whole


def test_what_a_long_name_owns_goes_before_it() -> None:
    text = "Who signed its headquarters agreement?"
    whole = replaced(text, pronouns(text, "en")[0], "the UNOCT office in Rabat", "en", len(text) - 1)
    assert whole == "Who signed the headquarters agreement of the UNOCT office in Rabat?"


@pytest.mark.parametrize(
    ("text", "phrase", "whole"),
    [
        ("Combien de temps a-t-il duré ?", "l'atelier", "Combien de temps l'atelier a-t-il duré ?"),
        ("Quand s'est-elle tenue ?", "la foire", "Quand la foire s'est-elle tenue ?"),
        ("Qu'a-t-elle dit ?", "Tanja Pacifico", "Qu'a dit Tanja Pacifico ?"),
        ("Qui le finance ?", "CT Travel", "Qui finance CT Travel ?"),
        ("Qui l'a signé ?", "l'accord", "Qui a signé l'accord ?"),
        ("Quels sont ses objectifs ?", "le programme", "Quels sont les objectifs du programme ?"),
        ("Quel est son avis ?", "l'OIM", "Quel est l'avis de l'OIM ?"),
        ("Qui dirige ce programme ?", "CT Travel", "Qui dirige CT Travel ?"),
        ("Combien de pays y participent ?", "CT Travel", "Combien de pays y participent (CT Travel) ?"),
        ("Depuis quand il existe ?", "le bureau", "Depuis quand le bureau existe ?"),
    ],
)
def test_a_french_name_takes_the_place_of_its_pronoun(text: str, phrase: str, whole: str) -> None:
    assert replaced(text, pronouns(text, "fr")[0], phrase, "fr") == whole


@pytest.mark.parametrize("text", ["Qu'y a-t-il à Doha ?", "Est-il possible de pêcher ?", "Il y a un pont ?"])
def test_a_french_pronoun_may_stand_for_nothing(text: str) -> None:
    assert [each for each in pronouns(text, "fr") if each.kind != "noun"] == []
