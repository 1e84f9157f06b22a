"""Two texts in two languages: a translation, or two releases on one matter."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.domain import PublicationDate, Release
from ingest.alike.told import told
from ingest.alike.translation import matching, may_translate
from tests.conftest import ROOT

MARCH = date(2023, 3, 14)
ENGLISH = """Yesterday, on 14 March 2023, UNOCT said that its programme assists 66 countries, in line with resolution
2178. Its head Voronkov thanked the ambassador Doualeh of Djibouti. The programme, which has trained 450 officers
in Rabat and Doha, is to meet again on 9 June 2024."""
FRENCH = """Hier, le 14 mars 2023, UNOCT a annoncé que son programme aide 66 pays, conformément à la résolution 2178.
Son chef Voronkov a remercié l'ambassadeur Doualeh de Djibouti. Le programme, qui a formé 450 agents à Rabat
et à Doha, se réunira encore le 9 juin 2024."""


def release(text: str, language: str, day: date | None = None) -> Release:
    published = PublicationDate(day, "stated", "the day") if day else None
    return Release(language, "/corpus", f"{language}.md", "0" * 64, text, "Title", language, published)


def may(french: str, day: date | None = None, other_day: date | None = None, language: str = "fr") -> bool:
    return may_translate(told(release(ENGLISH, "en", day)), told(release(french, language, other_day)))


def test_days_figures_and_names_that_agree_let_a_text_be_a_translation() -> None:
    assert may(FRENCH)
    assert may(FRENCH, MARCH, MARCH)
    assert may(FRENCH, MARCH, date(2023, 3, 16))
    assert may(FRENCH.replace("66", "soixante-six"))


def test_on_one_day_a_figure_may_differ() -> None:
    other = FRENCH.replace("66", "quelques")
    assert may(other, MARCH, MARCH)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("66", "67"),
        ("2023", "2024"),
        ("9 juin 2024", "9 juillet 2025"),
        (FRENCH, f"{FRENCH} {FRENCH}"),
        (FRENCH, "Le Bureau a annoncé que son programme continue."),
    ],
    ids=["another figure", "another year", "other days", "twice as long", "nothing to compare"],
)
def test_texts_that_differ_in_what_no_translation_changes_are_two(before: str, after: str) -> None:
    assert not may(FRENCH.replace(before, after))


def test_weeks_apart_or_in_one_language_nothing_is_a_translation() -> None:
    assert not may(FRENCH, MARCH, date(2023, 4, 14))
    assert not may(ENGLISH, language="en")


def test_no_english_release_of_the_corpus_may_translate_another() -> None:
    texts = [file for file in sorted((ROOT / "corpus").glob("*.txt")) if "atelier" not in file.name]
    french = Path(__file__).with_name("translations").glob("*.fr.txt")
    originals = [told(release(file.read_text("utf-8"), "en")) for file in texts]
    for file in french:
        other = told(release(file.read_text("utf-8"), "fr"))
        fitting = [texts[number].stem for number, one in enumerate(originals) if may_translate(one, other)]
        assert fitting == [file.stem.removesuffix(".fr")]


TEMPLATE = {
    "en": "Geneva, 4 May 2024 – The {name} opened an office at the lake today. It is led by {leader} and assists 66 "
    "ports. The mayor thanked everybody who had come.",
    "fr": "Genève, 4 mai 2024 – Le {name} a ouvert aujourd'hui un bureau au bord du lac. Il est dirigé par {leader} et "
    "aide 66 ports. Le maire a remercié tous ceux qui étaient venus.",
}


def made(language: str, name: str, leader: str) -> Release:
    text = TEMPLATE[language].format(name=name, leader=leader)
    day = PublicationDate(date(2024, 5, 4), "stated", "")
    return Release(f"{language} {name}", "", "r.txt", "0" * 64, text, name, language, day)


@pytest.mark.parametrize(
    ("name", "leader", "same"),
    [
        ("Cobalt Fjord", "Elena Marlow", True),
        ("Fjord Cedar", "Elena Marlow", False),
        ("Cobalt Fjord", "Idris Okafor", False),
        ("Dune Orchard", "Idris Okafor", False),
    ],
)
def test_the_subject_tells_releases_apart_that_are_alike_in_all_else(
    name: str, leader: str, same: bool
) -> None:
    one, other = made("en", "Cobalt Fjord", "Elena Marlow"), made("fr", name, leader)
    assert may_translate(told(one), told(other)) is same


SIZES = ([100, 100, 100], [100, 100, 100])


def cosines(*near: tuple[int, int, float]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    found = np.full((3, 3), 0.8, np.float32)
    for row, column, value in near:
        found[row, column] = value
    return found


def test_passages_that_are_near_one_by_one_match() -> None:
    assert matching(cosines((0, 0, 0.9), (1, 1, 0.92), (2, 2, 0.9)), SIZES) == [(0, 0), (1, 1), (2, 2)]


def test_a_passage_may_match_two() -> None:
    assert matching(cosines((0, 0, 0.9), (0, 1, 0.89), (1, 2, 0.9), (2, 2, 0.88)), SIZES) == [
        (0, 0),
        (0, 1),
        (1, 2),
        (2, 2),
    ]


@pytest.mark.parametrize(
    "found",
    [
        cosines(),
        cosines((0, 0, 0.95), (1, 1, 0.85), (2, 2, 0.81)),
        cosines((0, 2, 0.9), (1, 1, 0.9), (2, 0, 0.9)),
        np.empty((0, 3), np.float32),
    ],
    ids=["far", "one near", "in another order", "nothing"],
)
def test_texts_that_are_not_near_throughout_and_in_order_do_not_match(
    found: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
) -> None:
    assert matching(found, SIZES) == []
