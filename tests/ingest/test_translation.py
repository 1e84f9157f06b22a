"""Texts out of one template that name other things are not taken for translations of each other."""

from datetime import date

import pytest

from bot.domain import PublicationDate, Release
from ingest.told import told
from ingest.translation import may_translate

TEXTS = {
    "en": "Geneva, 4 May 2024 – The {name} opened an office at the lake today. It is led by {leader} and assists 66 "
    "ports. The mayor thanked everybody who had come.",
    "fr": "Genève, 4 mai 2024 – Le {name} a ouvert aujourd'hui un bureau au bord du lac. Il est dirigé par {leader} et "
    "aide 66 ports. Le maire a remercié tous ceux qui étaient venus.",
}


def release(language: str, name: str, leader: str) -> Release:
    text = TEXTS[language].format(name=name, leader=leader)
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
    one, other = release("en", "Cobalt Fjord", "Elena Marlow"), release("fr", name, leader)
    assert may_translate(told(one), told(other)) is same
