"""Terms: what meets what in the full-text index, and in which language a text is taken to be."""

import random
import string
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.terms import _stem, fold, language_of, named_words, question_terms, stem, terms

ENDINGS = ("ational", "ingly", "iveness", "ements", "ied", "ousli", "alities", "sses")


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("funds", "funded", "en"),
        ("FUNDS", "co-funded", "en"),
        ("cooperation", "co-operation", "en"),
        ("country", "Countries", "en"),
        ("financé", "finance", "fr"),
        ("sécurité", "SECURITE", "fr"),
        ("2,500", "2500", "en"),
        ("U.N.", "UN", "en"),
        ("l’atelier", "atelier", "fr"),
        ("UNOCT's", "unoct", "en"),
        ("second", "2nd", "en"),
        ("deuxième", "2e", "fr"),
        ("six", "6", "en"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str, language: str) -> None:
    assert set(terms(one, language)) & set(terms(other, language))


def test_words_of_two_languages_do_not_meet_but_names_and_numbers_do() -> None:
    stems, words = question_terms("Which office opened in Djibouti in 2021?", "en")
    french = terms("L'office ouvert à Djibouti en 2021", "fr")
    assert not set(stems) & set(french)
    assert set(words) & set(french) == {"territorydj", "2021"}


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How much water may they take?", []),
        ("Where did the two march?", ["2"]),
        ("What was agreed in may?", ["month5"]),
        ("what happened on 3 march 2022", ["3", "month3", "2022"]),
        ("Did it open in May?", ["month5"]),
    ],
)
def test_a_verb_is_no_month(question: str, named: list[str]) -> None:
    assert named_words(question, "en") == named


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("Morocco", "Maroc"),
        ("the United States", "les États-Unis"),
        ("the Netherlands", "aux Pays-Bas"),
        ("Africa", "l'Afrique"),
        ("June", "juin"),
        ("six", "six"),
        ("2nd", "deuxième"),
        ("first", "première"),
    ],
)
def test_countries_months_and_numbers_meet_across_languages(english: str, french: str) -> None:
    assert set(question_terms(french, "fr")[1]) & set(terms(english, "en"))


def test_function_words_are_no_terms() -> None:
    assert terms("the of and is", "en") == terms("le de et est", "fr") == []


def test_ideographs_meet_in_pairs() -> None:
    assert set(terms("反恐怖主义", "zh")) & set(terms("恐怖", "zh"))


@given(st.text(max_size=200), st.sampled_from(["en", "fr", "ar", "zh", "xx"]))
def test_terms_of_any_text_are_single_folded_words(text: str, language: str) -> None:
    found = terms(text, language)
    assert all(term and term == fold(term) and not term.isspace() and '"' not in term for term in found)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("who funds CT Travel?", "en"),
        ("qui finance CT Travel ?", "fr"),
        ("C'est quoi API", "fr"),
        ("Qui est Tanja Pacifico ?", "fr"),
        ("and how many countries does it assist?", "en"),
        ("combien de pays", "fr"),
        ("Liste des partenaires", "fr"),
        ("¿Quién financia el programa?", "es"),
        ("من يمول البرنامج؟", "ar"),
        ("谁资助该方案？", "zh"),
        ("Кто финансирует программу?", "ru"),
    ],
)
def test_the_language_of_a_question_is_told(text: str, language: str) -> None:
    assert language_of(text, "xx") == language


@pytest.mark.parametrize("text", ["PNR?", "Voronkov", "", "2178", "???"])
def test_a_text_too_short_to_tell_takes_the_default(text: str) -> None:
    assert language_of(text, "fr") == "fr"


def test_threads_at_once_get_the_stems_that_one_gets() -> None:
    words = [f"{start}{ending}" for start in string.ascii_lowercase for ending in ENDINGS]
    expected = [stem(word, "en") for word in words]
    _stem.cache_clear()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            orders = [random.Random(seed).sample(words, len(words)) for seed in range(16)]
            for order, found in zip(
                orders, threads.map(lambda order: [stem(word, "en") for word in order], orders), strict=True
            ):
                assert dict(zip(order, found, strict=True)) == dict(zip(words, expected, strict=True))
    finally:
        sys.setswitchinterval(before)
        _stem.cache_clear()
