"""Names are held as written, inflected, by another name that releases define, or as another language writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Definition
from bot.language.aliases import Aliases
from bot.proof.names import Source, missing_names, names

QUOTE = (
    "Mr. Vladimir Voronkov of the United Nations Office of Counter-Terrorism (UNOCT) met the Kingdom of Morocco, "
    "the European Union, Niger and Bolesław II on CT Travel."
)
DEFINED = [
    Definition("CT Travel", "Countering Terrorist Travel", "r", 0, 1),
    Definition("MoU", "Memorandum", "r", 0, 1),
]
COMMON = frozenset({"turkey", "funding", "partners", "financement"})


def is_common(word: str) -> bool:
    return word.lower() in COMMON


def missing(claim: str, quote: str = QUOTE, language: str = "en", quoted_in: str = "en") -> list[str]:
    return [
        name.text
        for name in missing_names(claim, language, [Source(quote, quoted_in)], Aliases(DEFINED), is_common)
    ]


@pytest.mark.parametrize(
    "claim",
    [
        "Vladimir Voronkov met Morocco.",
        "Mr. Voronkov met the European Union.",
        "Voronkov met them.",
        "The Moroccan side met the EU.",
        "The UN met Morocco.",
        "UNOCT is an office of counterterrorism.",
        "Boleslaw was there.",
        "They met on Countering Terrorist Travel.",
        "Funding was discussed.",
        "The Office met them.",
        "They met over turkey.",
        "They met.",
        "",
    ],
)
def test_a_name_that_the_quote_has_in_some_form_is_held(claim: str) -> None:
    assert missing(claim) == []


@pytest.mark.parametrize(
    ("claim", "lacks"),
    [
        ("Qatar met Morocco.", ["Qatar"]),
        ("Oxfam met Morocco.", ["Oxfam"]),
        ("Vladimir Putin met Morocco.", ["Putin"]),
        ("They met Nigeria.", ["Nigeria"]),
        ("They met the United States.", ["United States"]),
        ("They met UNICEF.", ["UNICEF"]),
        ("They signed the MoU.", ["MoU"]),
        ("The G20 met.", ["G20"]),
        ("The WHO met Morocco.", ["WHO"]),
        ("They met qatar.", ["qatar"]),
    ],
)
def test_a_name_that_the_quote_does_not_have_is_missing(claim: str, lacks: list[str]) -> None:
    assert missing(claim) == lacks


@pytest.mark.parametrize(
    ("claim", "quote", "language", "quoted_in"),
    [
        ("L'Union européenne et le Maroc.", "The European Union and Morocco.", "fr", "en"),
        ("The European Union and Germany.", "L'Union européenne et l'Allemagne.", "en", "fr"),
        ("The IOM took part.", "L'OIM a participé.", "en", "fr"),
        ("L'ONU a participé.", "The UN took part.", "fr", "en"),
        ("The WHO took part.", "L'OMS a participé.", "en", "fr"),
        ("The International Organization.", "l'Organisation internationale", "en", "fr"),
        ("Tanja Pacifico spoke.", "Mme Tanja Pacifico a parlé.", "en", "fr"),
    ],
)  # fmt: skip
def test_a_name_is_held_as_another_language_writes_it(
    claim: str, quote: str, language: str, quoted_in: str
) -> None:
    assert missing(claim, quote, language, quoted_in) == []


@pytest.mark.parametrize(
    ("claim", "lacks"),
    [
        ("The UNHCR took part.", ["UNHCR"]),
        ("Amina Diallo spoke.", ["Amina", "Diallo"]),
        ("Chad spoke.", ["Chad"]),
    ],
)
def test_another_name_in_another_language_is_missing(claim: str, lacks: list[str]) -> None:
    assert missing(claim, "Mme Tanja Pacifico de l'OIM a parlé.", "en", "fr") == lacks


def test_in_one_language_an_acronym_of_other_letters_is_another() -> None:
    assert missing("The OIM took part.", "The IOM took part.") == ["OIM"]


@given(st.text(max_size=60))
def test_a_quote_holds_its_own_names(text: str) -> None:
    assert missing(text, text) == []
    assert all(text[name.start : name.end] == name.text for name in names(text, is_common))
