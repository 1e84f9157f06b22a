"""The words of the corpus page are whole in both languages."""

import string
from dataclasses import fields

import pytest

from bot.web.corpus.english import ENGLISH
from bot.web.corpus.french import FRENCH
from bot.web.corpus.wording import CorpusWording
from bot.web.corpus.words import corpus_wording


def placeholders(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


@pytest.mark.parametrize("name", [field.name for field in fields(CorpusWording)])
def test_every_phrase_is_there_in_both_languages_with_the_same_places_to_fill(name: str) -> None:
    english, french = getattr(ENGLISH, name), getattr(FRENCH, name)
    assert english.strip()
    assert french.strip()
    assert placeholders(english) == placeholders(french)


def test_the_words_follow_the_language() -> None:
    assert [corpus_wording(code) for code in ("en", "fr")] == [ENGLISH, FRENCH]  # type: ignore[arg-type]
