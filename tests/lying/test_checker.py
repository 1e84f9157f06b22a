"""The examiner of shown text finds what is wrong, and leaves alone what is right."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain import Answer, Citation
from tests.lying.checker import _mark_faults, _sentence_faults, unheld

QUOTE = (
    "Mr. Ito said on 4 and 5 June 2024 that 1,250 ports in Germany and seven in the European Union joined."
)
CITED = Citation(
    1, QUOTE, "r", "UNOCT and Japan meet", date(2024, 9, 26), "en", "r.txt", 0, len(QUOTE), "0" * 64
)
ANSWER = Answer("1", "q", "q", f"{QUOTE} [1]", False, "en", "openai:x", (CITED,))


@pytest.mark.parametrize(
    "sentence",
    [
        "On 5 June 2024, 1250 ports joined.",
        "Le 4 juin, 1 250 ports d'Allemagne et sept de l'Union européenne ont adhéré.",
        "As of 26 September 2024, Germany and Japan had 7.",
        "According to Mr. Ito, UNOCT met in June 2024.",
    ],
)
def test_what_a_quote_its_title_or_its_day_holds_is_held(sentence: str) -> None:
    assert list(unheld(sentence, [CITED])) == []


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("On 6 June 2024 it began.", ["date (2024, 6, 6)", "number 6"]),
        ("On 5 July it began.", ["date (None, 7, 5)"]),
        ("In June 2023 it began.", ["date (2023, 6, None)", "number 2023"]),
        ("1,251 ports joined.", ["number 1251"]),
        ("Seventy-three ports joined.", ["number 73"]),
        ("Soixante-treize ports.", ["number 73"]),
        ("Peru and Mr. Ito joined.", ["name peru"]),
        ("Ports of France joined UNODC.", ["name ports", "name france", "name unodc"]),
    ],
)
def test_what_they_do_not_hold_is_found(sentence: str, missing: list[str]) -> None:
    found = list(unheld(sentence, [CITED]))
    assert set(found) <= set(missing)
    assert found


@pytest.mark.parametrize(
    ("text", "faulty"),
    [
        (f"{QUOTE} [1]", False),
        (f"26 September 2024 – {QUOTE} [1]", False),
        ("Germany joined [1]. It joined on 4 June. [1]", False),
        ("They are:\n- Germany [1]\n- the European Union [1]", False),
        ("Germany joined. The European Union did too [1].", True),
        ("Germany joined [1]. So did all others", True),
        ("Germany joined [1] in 1999.", True),
    ],
)
def test_each_sentence_has_to_cite(text: str, faulty: bool) -> None:
    assert bool(list(_sentence_faults(replace(ANSWER, text=text)))) is faulty


@pytest.mark.parametrize("text", ["Germany joined.", "Germany joined [2].", "Germany 【1】 joined [1].", " "])
def test_marks_and_citations_have_to_be_the_same(text: str) -> None:
    assert list(_mark_faults(replace(ANSWER, text=text)))
    assert list(_mark_faults(ANSWER)) == []
