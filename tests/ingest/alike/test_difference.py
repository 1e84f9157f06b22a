"""Two texts in one language: the same words, a correction, or two releases that only look alike."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain import PublicationDate, Release
from ingest.alike.difference import difference
from ingest.alike.told import told

TITLE = "The Office assists 66 States"
TEXT = """New York – The United Nations Office of Counter-Terrorism said that its programme assists 66 Member States.
Mr. Vladimir Voronkov thanked the Government of Djibouti for its cooperation and signed an agreement with Ambassador
Mohamed Siad Doualeh on the margins of a meeting in New York. The agreement sets out how the two sides work together:
they share good practices and lessons, train officers at the borders, and set up a unit for the data of passengers.
The programme is funded by the European Union, Japan, Qatar and Hungary. It was launched in 2019 and has trained 450
officers since. An evaluation by the Office found that every second officer used what was taught within a year."""
MARCH, APRIL = date(2023, 3, 14), date(2023, 4, 14)


def release(
    text: str = TEXT, day: date | None = MARCH, title: str = TITLE, file: str = "a.md", language: str = "en"
) -> Release:
    published = PublicationDate(day, "stated", "the day") if day else None
    return Release(file, "/corpus", file, "0" * 64, text, title, language, published)


ORIGINAL = release()

SAME = {
    "another file": (ORIGINAL, release(file="b.md"), "copy"),
    "wrapped otherwise": (ORIGINAL, release(TEXT.replace("\n", " ")), "copy"),
    "a day later on another site": (ORIGINAL, release(day=date(2023, 3, 16)), "copy"),
    "with a site around it": (ORIGINAL, release(f"Home > News\n\n{TEXT}\n\nPrevious Post Next Post"), "copy"),
    "without days": (release(day=None), release(day=None, file="b.md"), "copy"),
    "a figure of that day": (ORIGINAL, release(TEXT.replace("66", "68")), "revision"),
    "a name of that day": (ORIGINAL, release(TEXT.replace("Hungary", "Germany")), "revision"),
    "a name spelled otherwise": (
        release(day=None),
        release(TEXT.replace("Doualeh", "Doualé"), None),
        "revision",
    ),
    "a sentence more": (
        ORIGINAL,
        release(TEXT.replace("It was launched", "More are to join them next year. It was launched")),
        "revision",
    ),
    "words, without days": (
        release(day=None),
        release(TEXT.replace("found", "came to see"), None),
        "revision",
    ),
    "a figure, called a correction": (
        release(day=None),
        release(TEXT.replace("450", "540"), None, title=f"{TITLE} (corrected)"),
        "revision",
    ),
    "weeks later, called a correction by its file": (
        ORIGINAL,
        release(TEXT.replace("450", "540"), APRIL, file="a-corrected.md"),
        "revision",
    ),
    "in French": (
        release(language="fr"),
        release(TEXT.replace("450", "540"), APRIL, title=f"{TITLE} (rectificatif)", language="fr"),
        "revision",
    ),
}

TWO = {
    "a month later with another figure": (ORIGINAL, release(TEXT.replace("450", "470"), APRIL)),
    "a month later with the same words": (ORIGINAL, release(day=APRIL)),
    "another figure, without days": (release(day=None), release(TEXT.replace("450", "470"), None)),
    "another month, without days": (
        release(TEXT.replace("in 2019", "in March 2019"), None),
        release(TEXT.replace("in 2019", "in April 2019"), None),
    ),
    "another month in French, without days": (
        release(TEXT.replace("in 2019", "en mars"), None, language="fr"),
        release(TEXT.replace("in 2019", "en avril"), None, language="fr"),
    ),
    "another name, without days": (release(day=None), release(TEXT.replace("Djibouti", "Morocco"), None)),
    "of that day, with another partner": (
        ORIGINAL,
        release(TEXT.replace("Djibouti", "Morocco").replace("Mohamed Siad Doualeh", "Omar Hilale")),
    ),
    "of that day, with another name and figure": (
        ORIGINAL,
        release(TEXT.replace("Hungary", "Germany").replace("450", "470")),
    ),
    "of that day, with another title": (
        ORIGINAL,
        release(TEXT.replace("66", "67"), title="The Office assists 67 States"),
    ),
    "another language": (ORIGINAL, release(language="fr")),
    "half of it": (ORIGINAL, release(TEXT[: len(TEXT) // 2])),
    "a year later, called an update": (
        ORIGINAL,
        release(TEXT.replace("450", "470"), date(2024, 3, 14), title=f"{TITLE} (updated)"),
    ),
}


@pytest.mark.parametrize(("one", "other", "relation"), SAME.values(), ids=SAME)
def test_the_same_release_is_recognised(one: Release, other: Release, relation: str) -> None:
    assert difference(told(one), told(other)) == difference(told(other), told(one)) == relation


@pytest.mark.parametrize(("one", "other"), TWO.values(), ids=TWO)
def test_releases_that_look_alike_stay_two(one: Release, other: Release) -> None:
    assert difference(told(one), told(other)) is difference(told(other), told(one)) is None


def test_too_few_words_say_nothing() -> None:
    assert difference(told(release("Nothing to report.")), told(release("Nothing to report."))) is None


def test_a_series_of_statements_is_no_series_of_corrections() -> None:
    series = [
        release(
            TEXT.replace("450", str(450 + number)), date(2023, number, 1), "Monthly statement", f"{number}.md"
        )
        for number in range(1, 13)
    ]
    for dated in (series, [replace(each, published=None) for each in series]):
        found = [difference(told(one), told(other)) for one in dated for other in dated if one is not other]
        assert set(found) == {None}
