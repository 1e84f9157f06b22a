"""Acronyms are found with their long forms, in English and French, and nothing else is."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean
from ingest.metadata.definitions import definitions


def pairs(text: str) -> list[tuple[str, str]]:
    return [(found.acronym, found.long_form) for found in definitions("r", text)]


def test_the_five_releases_define_their_acronyms(corpus_dir: Path) -> None:
    found: set[tuple[str, str]] = set()
    for path in corpus_dir.glob("*.txt"):
        text, _ = clean(path.read_bytes().decode())
        for definition in definitions(path.stem, text):
            found.add((definition.acronym, definition.long_form))
            written = text[definition.start : definition.end]
            assert definition.release_id == path.stem
            assert definition.acronym in written
            assert definition.long_form in written
            assert written.endswith(")")
    assert found == {
        ("UNOCT", "United Nations Office of Counter-Terrorism"),
        ("UNOCT", "United Nations Office of Counter- Terrorism"),
        ("UNOCT", "Office des Nations Unies contre le terrorisme"),
        ("ONUCT", "United Nations Program for counter-terrorism and training in Africa"),
        ("UNCCT", "United Nations Counter-Terrorism Center"),
        ("CT Travel", "Countering Terrorist Travel"),
        ("CTED", "United Nations Counter-Terrorism Executive Directorate"),
        ("UNODC", "United Nations Office on Drugs and Crime"),
        ("ONUDC", "Office des Nations Unies contre la drogue et le crime"),
        ("ICAO", "International Civil Aviation Organization"),
        ("OACI", "Autorité de l'aviation civile internationale"),
        ("OICT", "United Nations Office of Information and Communication Technology"),
        ("UNOICT", "Office des Nations Unies pour les technologies de l'information et de la communication"),
        ("INTERPOL", "International Criminal Police Organization"),
        ("INTERPOL", "Organisation internationale de police criminelle"),
        ("IOM", "International Organization for Migration"),
        ("OIM", "Organisation internationale pour les migrations"),
        ("MoU", "Memorandum of Understanding"),
        ("API", "information préalable sur les passagers"),
        ("PNR", "dossiers passagers"),
        ("GCTF", "Global Counter-Terrorism Forum"),
        ("AASP", "African Atlantic States Process"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with the Federal Bureau of Investigation (FBI).", ("FBI", "Federal Bureau of Investigation")),
        ("under the Fair Harbour Dues Act of 1994 (FHDA) it", ("FHDA", "Fair Harbour Dues Act of 1994")),
        ("sous la Loi sur les Ports Francs de 2011 (LPF)", ("LPF", "Loi sur les Ports Francs de 2011")),
        ("U.S. Immigration and Customs Enforcement (ICE)", ("ICE", "Immigration and Customs Enforcement")),
        (
            "Department of Housing and Urban Development (HUD)",
            ("HUD", "Department of Housing and Urban Development"),
        ),
        ("the passenger name record (PNR) data", ("PNR", "passenger name record")),
        ("foreign terrorist fighters (FTFs)", ("FTFs", "foreign terrorist fighters")),
        ("small and medium-sized enterprises (SMEs)", ("SMEs", "small and medium-sized enterprises")),
        ("was held with human immunodeficiency virus (HIV)", ("HIV", "human immunodeficiency virus")),
        (
            "the United Nations Educational, Scientific and Cultural Organization (UNESCO)",
            ("UNESCO", "United Nations Educational, Scientific and Cultural Organization"),
        ),
        ("the Under-Secretary-General of the Global Border Forum (GBF)", ("GBF", "Global Border Forum")),
        ("signed a Memorandum of Understanding (“MoU”)", ("MoU", "Memorandum of Understanding")),
        ("The Fund for Peace (‘FFP’) works", ("FFP", "Fund for Peace")),
        ("the Global Counter-Terrorism\nForum (GCTF)", ("GCTF", "Global Counter-Terrorism Forum")),
        ("l’Organisation mondiale de la Santé (OMS)", ("OMS", "Organisation mondiale de la Santé")),
        ("en partenariat avec l'Office des migrations du Sud (SMO)", ("SMO", "Office des migrations du Sud")),
        (
            "le Bureau de la coordination des affaires humanitaires (OCHA)",
            ("OCHA", "Bureau de la coordination des affaires humanitaires"),
        ),
        ("NATO (North Atlantic Treaty Organization) met", ("NATO", "North Atlantic Treaty Organization")),
        (
            "IOM (Organisation internationale pour les migrations)",
            ("IOM", "Organisation internationale pour les migrations"),
        ),
    ],
)
def test_a_long_form_is_found_from_its_first_word(text: str, expected: tuple[str, str]) -> None:
    assert pairs(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "resolutions 2178 (2014) and (see above)",
        'the Board of Trustees (the "Board") met',
        "the Security Council (III) and Chapter (VII)",
        "WASHINGTON (AP) – Ambassador Jean Dupont (PS) of New York (USA)",
        "he told the press agency (AFP)",
        "a-t-il déclaré à la presse (AFP)",
        "Mr. X said it was great (UNESCO)",
        "UNODC (a United Nations body) and UNOCT (New York)",
        "Firearms, Tobacco and Cultural Organization (UNXYZ)",
        "the Levant (Da'esh) and Rabat (Morocco)",
        "(UNOCT) first, Centre (UNCCT)",
        "UNOCT (UNOCT)",
    ],
)
def test_other_brackets_define_nothing(text: str) -> None:
    assert pairs(text) == []


def test_a_pair_is_told_once_where_it_first_stands() -> None:
    text = "The Global Border Forum (GBF) met. The Global Border Forum (GBF) closed."
    (found,) = definitions("r", text)
    assert text[found.start : found.end] == "Global Border Forum (GBF)"
    assert found.start == 4


@given(st.text(alphabet="ABab ()'\"“”,.-\nOof", max_size=120))
def test_spans_hold_what_they_define_in_any_text(text: str) -> None:
    for found in definitions("r", text):
        written = " ".join(text[found.start : found.end].split())
        assert found.acronym in written
        assert found.long_form in written


@pytest.mark.parametrize("piece", ["(", "(UN", "(UNO) ", "of of (OOOO) ", "Office of the (ABC) ", "A "])
def test_time_grows_with_the_length_and_not_with_its_square(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        start = time.process_time()
        definitions("r", text)
        return time.process_time() - start

    seconds(5_000)
    short = min(seconds(20_000) for _ in range(2))
    assert seconds(160_000) < 40 * short + 0.3  # eight times the length; its square would be sixty-four
