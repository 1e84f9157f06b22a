"""A negation that is added or dropped, and an opposite, contradict; a negation of something else does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.proof.polarity import contradicts


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Qatar does not fund it.", "Qatar funds it."),
        ("Qatar doesn't fund it.", "Qatar funds it."),
        ("Qatar funds it.", "Qatar does not fund it."),
        ("Qatar never signed.", "Qatar signed the agreement, which does not bind Japan."),
        ("Qatar signed it.", "Qatar refused to sign it."),
        ("It increased the budget.", "It reduced the budget, not the staff."),
        ("Funding began to fall.", "Funding began to rise."),
        ("It was held before the summit.", "It was held after the summit."),
    ],
)
def test_the_contrary_is_told(claim: str, quote: str) -> None:
    assert contradicts(claim, "en", quote, "en")


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Qatar funds it.", "Qatar funds it."),
        ("Qatar does not fund it.", "Qatar doesn't fund it."),
        ("Qatar did not sign.", "Qatar refused to sign."),
        ("Qatar signed it.", "Qatar signed the agreement, which does not bind Japan."),
        ("It funds ports.", "It not only funds ports but also ships."),
        ("Spending rose before the fall.", "Spending rose before the fall."),
        ("It assists 66 States.", "No fewer than 66 States are assisted."),
        ("The origin was explained in 1864.", "The origin would not be fully explained until 1864."),
        ("It fights terrorism.", "It prevents and counters terrorism."),
    ],
)
def test_the_same_in_other_words_is_no_contrary(claim: str, quote: str) -> None:
    assert not contradicts(claim, "en", quote, "en")


@pytest.mark.parametrize(
    ("claim", "language", "quote", "quoted_in", "contrary"),
    [
        ("Le Qatar ne finance pas le programme.", "fr", "Le Qatar finance le programme.", "fr", True),
        ("Le Qatar finance le programme.", "fr", "Le Qatar ne finance plus le programme.", "fr", True),
        ("Le Qatar finance le programme.", "fr", "Le Qatar finance le programme.", "fr", False),
        ("Le Qatar ne le finance pas.", "fr", "Qatar funds it.", "en", True),
        ("Qatar does not fund it.", "en", "Le Qatar ne le finance pas.", "fr", False),
        ("Le Qatar le finance.", "fr", "Qatar funds it.", "en", False),
        ("Qatar does not fund it.", "en", "卡塔尔资助该方案。", "zh", False),
    ],
)
def test_french_and_two_languages(
    claim: str, language: str, quote: str, quoted_in: str, contrary: bool
) -> None:
    assert contradicts(claim, language, quote, quoted_in) is contrary


@given(st.text(max_size=80), st.sampled_from(["en", "fr", "ar"]))
def test_no_text_contradicts_itself_by_what_it_says_once(text: str, language: str) -> None:
    words = " ".join(dict.fromkeys(word for word in text.split() if word.isalpha()))
    assert not contradicts(words, language, words, language)
