"""Names and noun phrases with their kinds, by the form of the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.follow_up import NameShare
from bot.follow_up.mentions import inner, mentions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("When did the office in Rabat open?", [("the", "office in Rabat", "name")]),
        (
            "Where did UNOCT and Qatar hold their fourth dialogue?",
            [("", "UNOCT", "name"), ("", "Qatar", "place"), ("their", "fourth dialogue", "thing")],
        ),
        ("who funds ct travel?", [("", "ct travel", "name")]),
        ("What are the rules for fishing?", [("the", "rules for fishing", "thing")]),
        (
            "In March 2020 the law sets a limit.",
            [("", "March 2020", "time"), ("the", "law", "thing"), ("a", "limit", "thing")],
        ),
        ("What does the Minister of Finance say?", [("the", "Minister of Finance", "name")]),
        ("the dialogue of Morocco and UNOCT", [("the", "dialogue of Morocco and UNOCT", "name")]),
        ("Djibouti's police", [("", "Djibouti", "place")]),
        ("", []),
        ("?!", []),
    ],
)
def test_an_english_text_mentions(text: str, found: list[tuple[str, str, str]], share: NameShare) -> None:
    assert [(each.determiner, each.text, each.kind) for each in mentions(text, "en", share)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Quand l'atelier sur la pêche a-t-il eu lieu ?",
            [("l", "atelier sur la pêche", "thing")],
        ),
        ("Qui dirige la mission de l'OIM ?", [("la", "mission de l'OIM", "name")]),
        ("Quels sont les objectifs du programme ?", [("les", "objectifs du programme", "thing")]),
    ],
)
def test_a_french_text_mentions(text: str, found: list[tuple[str, str, str]], share: NameShare) -> None:
    assert [(each.determiner, each.text, each.kind) for each in mentions(text, "fr", share)] == found


@pytest.mark.parametrize(
    ("text", "name", "gender", "title"),
    [
        ("It was opened by Mr. Leo Brandt in person.", "Leo Brandt", "m", "Mr."),
        ("H.E. Sheikha Alya Ahmed S. Al-Thani spoke.", "Alya Ahmed S. Al-Thani", "f", "H.E. Sheikha"),
        ("Mme Tanja Pacifico a parlé.", "Tanja Pacifico", "f", "Mme"),
        ("Minister Finch and others came.", "Finch", "", "Minister"),
        ("Later Ada Finch left.", "Ada Finch", "", ""),
    ],
)
def test_people_have_the_gender_of_their_title(
    text: str, name: str, gender: str, title: str, share: NameShare
) -> None:
    people = [each for each in mentions(text, "en", share, prose=True) if each.kind == "person"]
    assert [(each.text, each.gender, each.title) for each in people] == [(name, gender, title)]


@pytest.mark.parametrize(
    "text",
    [
        "The Religious Truth Office",
        "They spoke of African Cooperation.",
        "The King of Morocco",
        "New York, 23 June 2023 – The office was opened.",
    ],
)
def test_two_capitals_are_not_always_a_person(text: str, share: NameShare) -> None:
    assert [each.text for each in mentions(text, "en", share, prose=True) if each.kind == "person"] == []


def test_in_prose_a_small_word_is_no_name(share: NameShare) -> None:
    assert mentions("They travel to morocco.", "en", share, prose=True) == []


def test_names_inside_of_a_longer_one_have_their_own_places(share: NameShare) -> None:
    text = "When did the office in Rabat open?"
    parts = inner(mentions(text, "en", share), "en", share)
    assert [(each.text, text[each.start : each.end]) for each in parts] == [("Rabat", "Rabat")]


@given(st.text(max_size=80))
def test_a_mention_is_the_text_at_its_place_and_none_overlap(text: str) -> None:
    end = 0
    for mention in mentions(text, "en", lambda word: None):
        assert text[mention.start : mention.end] == mention.text
        assert mention.start >= end
        end = mention.end
