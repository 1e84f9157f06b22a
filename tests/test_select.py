"""An answer is as few sentences as tell what is asked; of different figures the newest comes first."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Evidence, PublicationDate, Release
from bot.select import QUOTED, select

RELEASE = Release("r", "/corpus", "r.txt", "0" * 64, "x" * 1000, "Title", "en")
QUESTION = "Who came?"


def evidence(start: int, end: int, probability: float, release: Release = RELEASE) -> Evidence:
    return Evidence(release, start, end, probability)


def said(text: str, probability: float, day: date | None = None, answer: str = "") -> Evidence:
    """The only sentence of a release, and the words of it that answer."""
    published = PublicationDate(day, "stated", str(day)) if day else None
    release = Release(f"{day} {text}", "/corpus", "r.txt", "0" * 64, text, "Title", "en", published)
    start = text.index(answer)
    return Evidence(release, 0, len(text), probability, (start, start + len(answer)) if answer else None)


def test_nothing_is_selected_below_the_minimum() -> None:
    assert not select(QUESTION, [evidence(0, 9, 0.49)], 0.5).evidence
    assert not select(QUESTION, [], 0.0).evidence


def test_at_the_minimum_it_is_selected() -> None:
    assert select(QUESTION, [evidence(0, 9, 0.5)], 0.5).evidence == (evidence(0, 9, 0.5),)


def test_where_it_is_unsure_which_answers_both_are_selected() -> None:
    best, near = said("Amina came.", 0.2), said("Omar came.", 0.1)
    assert select(QUESTION, [best, near], 0.15).evidence == (best, near)


def test_what_is_far_less_probable_than_the_best_is_left_out() -> None:
    best, near, far = said("Amina came.", 0.9), said("Omar came.", 0.88), said("Lea came.", 0.02)
    assert select(QUESTION, [best, near, far], 0.01).evidence == (best, near)


def test_of_what_overlaps_the_most_probable_is_selected() -> None:
    text = "Amina and Omar came on Monday. Lea came too."
    release = replace(RELEASE, text=text)
    best, inside, beside = (
        evidence(0, 30, 0.9, release),
        evidence(10, 14, 0.89, release),
        evidence(31, 44, 0.88, release),
    )
    assert select(QUESTION, [best, inside, beside], 0.1).evidence == (best, beside)


def test_of_two_versions_of_a_release_one_is_quoted() -> None:
    best, more, other = said("Amina came.", 0.9), said("Omar sang.", 0.85), said("Lea spoke.", 0.8)
    twin = replace(said("Amina est venue.", 0.88), item="a")
    chosen = select(QUESTION, [replace(best, item="a"), twin, more, other], 0.1).evidence
    assert [item.quote for item in chosen] == ["Amina came.", "Omar sang.", "Lea spoke."]


def test_versions_of_a_release_are_no_releases_that_differ() -> None:
    one, other = (
        replace(said(f"It assists {number} states.", probability, answer=number), item="a")
        for number, probability in (("66", 0.9), ("68", 0.8))
    )
    assert not select("How many states does it assist?", [one, other], 0.1).differ


def test_what_only_tells_the_same_again_is_left_out() -> None:
    best = said("Qatar and Japan fund the programme.", 0.9, answer="Qatar and Japan")
    again = said("Later Japan funded it once more.", 0.8, answer="Japan")
    more = said("Hungary funds it.", 0.7, answer="Hungary")
    assert select("Who funds the programme?", [best, again, more], 0.1).evidence == (best, more)


def test_different_figures_are_all_shown_the_newest_first() -> None:
    old = said("It assists 62 Member States.", 0.9, date(2022, 5, 4), "62")
    new = said("It assists sixty-six Member States.", 0.5, date(2023, 6, 23), "sixty-six")
    undated = said("It assists 60 Member States.", 0.4, None, "60")
    chosen = select("How many countries does it assist?", [old, new, undated], 0.3)
    assert chosen.differ
    assert chosen.evidence == (new, old, undated)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("How many countries does it assist?", said("It assists 66 countries.", 0.6, None, "66")),
        ("How many countries does it assist?", said("It assists countries.", 0.6, None, "countries")),
        ("How many countries does it assist?", said("It assists 62 States.", 0.01, None, "62")),
        ("Whom does it assist?", said("It assists 62 States.", 0.6, None, "62 States")),
    ],
    ids=["the same figure", "no figure", "hardly probable", "no figure asked for"],
)
def test_figures_do_not_differ_where_one_is_the_same_missing_improbable_or_not_asked_for(
    question: str, other: Evidence
) -> None:
    best = said("The Programme assists 66 Member States.", 0.9, date(2023, 6, 23), "66")
    chosen = select(question, [best, other], 0.005)
    assert not chosen.differ
    assert chosen.evidence[0] == best


def test_two_figures_of_one_release_are_no_difference() -> None:
    text = "It assists 66 Member States. It trained 40 officers."
    release = replace(RELEASE, text=text)
    best, other = Evidence(release, 0, 28, 0.9, (11, 13)), Evidence(release, 29, 52, 0.6, (40, 42))
    assert not select("How many does it assist?", [best, other], 0.1).differ


@given(
    st.lists(
        st.tuples(st.integers(0, 990), st.integers(1, 300), st.floats(0, 1, allow_subnormal=False)),
        max_size=12,
    ),
    st.floats(0, 1),
)
def test_a_selection_is_short_probable_and_without_overlaps(
    spans: list[tuple[int, int, float]], minimum: float
) -> None:
    offered = sorted(
        (evidence(start, start + length, probability) for start, length, probability in spans),
        key=lambda item: -item.probability,
    )
    chosen = select(QUESTION, offered, minimum).evidence
    assert len(chosen) <= QUOTED == 3
    assert all(item in offered for item in chosen)
    assert bool(chosen) == bool(offered and offered[0].probability >= minimum)
    assert list(chosen[:1]) == offered[: len(chosen[:1])]
    for place, one in enumerate(chosen):
        for other in chosen[place + 1 :]:
            assert one.end <= other.start or other.end <= one.start
