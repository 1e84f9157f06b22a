"""Typing errors: a word that nobody writes is read as the one it resembles, and any real word is left alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.catalog import FILE, Catalog
from bot.spelling import corrected


@pytest.fixture(scope="module")
def catalog(corpus_index: Path) -> Iterator[Catalog]:
    with Catalog.open(corpus_index / FILE, create=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("written", "language", "meant"),
    [
        ("whcih contries fund the programe", "en", "which countries fund the programe"),
        ("the conferance on maritme policy", "en", "the conference on maritime policy"),
        ("Who is Mr Voronkof?", "en", "Who is Mr Voronkov?"),
        ("Does Hungayr help?", "en", "Does Hungary help?"),
        ("Combien d'États membres sont asistés ?", "fr", "Combien d'États membres sont assistés ?"),
        ("Qeuls pays financent le progarmme ?", "fr", "quels pays financent le programme ?"),
        ("what is the meaing of that", "en", "what is the meaning of that"),
    ],
)
def test_a_typing_error_is_read_as_what_was_meant(
    catalog: Catalog, written: str, language: str, meant: str
) -> None:
    assert corrected(written, language, catalog) == meant


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("In what year was the office founded, and who opened its doors?", "en"),
        ("How many organisations run the programmes?", "en"),
        ("Who is Karim Nasser, and where is Nairobi?", "en"),
        ("What do UNOCT, CTED and ICAO say of e-mails that weren't multi-lingual?", "en"),
        ("Quelles réunions l'Iran et l'Irak ont-ils organisées à Marrakech ?", "fr"),
        ("Qui est Mme Tanja Pacifico ?", "fr"),
        ("¿Quién financa el programma?", "es"),
        ("谁资助该方案", "zh"),
        ("", "en"),
        ("?! 66 2,500", "en"),
    ],
)
def test_what_is_written_right_stays_as_it_is(catalog: Catalog, text: str, language: str) -> None:
    assert corrected(text, language, catalog) == text
