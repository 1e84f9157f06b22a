"""The words of the interface are whole in every language."""

import string
from dataclasses import fields
from datetime import date

import pytest

from bot.prompts import day
from bot.web.wording import ENGLISH, FRENCH, Wording, language_name, wording


def placeholders(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


@pytest.mark.parametrize("name", [field.name for field in fields(Wording)])
def test_every_phrase_is_there_in_both_languages_with_the_same_places_to_fill(name: str) -> None:
    english, french = getattr(ENGLISH, name), getattr(FRENCH, name)
    if isinstance(english, dict):
        assert english.keys() == french.keys()
        english, french = " ".join(english.values()), " ".join(french.values())

    assert english.strip()
    assert french.strip()
    assert placeholders(english) == placeholders(french)


@pytest.mark.parametrize(
    ("locale", "words"),
    [("fr", FRENCH), ("fr-CA", FRENCH), ("en-GB", ENGLISH), ("de", ENGLISH), (None, ENGLISH)],
)
def test_the_browser_chooses_the_language(locale: str | None, words: Wording) -> None:
    assert wording(locale) is words


def test_dates_and_languages_have_names_in_both_languages() -> None:
    assert day(date(2024, 9, 26), "en") == "26 September 2024"
    assert day(date(2023, 3, 1), "fr") == "1 mars 2023"
    assert language_name("fr", "en") == "French"
    assert language_name("en", "fr") == "anglais"
    assert language_name("<b>", "en") == "<b>"
