from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Answer, Citation
from bot.errors import IndexDamagedError
from bot.evaluation.metrics import Share, facts_found, folded, is_verbatim, told

TEXT = "Launched in 2019, it assists 66 Member States."


def cited(quote: str, start: int, end: int, number: int = 1) -> Citation:
    return Citation(
        number, quote, "djibouti", "Agreement", date(2023, 6, 23), "en", "djibouti.txt", start, end, "r1"
    )


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("66", TEXT),
        ("member states", TEXT),
        ("MEMBER STATES", "the Member\u00a0 \n States"),
        ("États-Unis", "les Etats-Unis d'Amerique"),
        ("États-Unis", "les E\u0301tats\u2011Unis"),
        ("co-funded", "is co funded by"),
        ("Counter-Terrorism", "Office of Counter- Terrorism"),
        ("19-20 November 2024", "in Rabat on 19–20 November 2024."),
        ("l'Organisation", "de l’Organisation"),
        ("Morocco", "Morocco’s role"),
        ("OIM", "de l'OIM à Djibouti"),
        ("mise en œuvre", "MISE EN OEUVRE"),
        ("10,000", "some 10\u202f000 people"),
        ("10000", "some 10,000 people"),
        ("1 234 567", "1'234'567 units"),
        ("1.234.567", "1,234,567 units"),
        ("gerardl@un.org", "at gerardl@un.org."),
        ("2178", "resolutions, [2178](#) (2014)"),
        ("5%", "about 5 % of it"),
        ("Straße", "STRASSE"),
        ("恐怖主义", "打击恐怖主义办公室"),
        ("مكافحة", "مكافحة الإرهاب"),
        ("ﬁrst", "the first one"),
    ],
)
def test_a_fact_is_found_whatever_its_spelling(fact: str, text: str) -> None:
    assert facts_found([[fact]], text) == (True,)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("6", TEXT),
        ("Iran", "Tirana"),
        ("Oman", "Romania"),
        ("000", "10,000 people"),
        ("10", "10,000 people"),
        ("in 2019", "2482 (2019)"),
        ("21 200", "in 2021 200 people"),
        ("5%", "5 people"),
        ("23 June 2023", "23 July 2023"),
        ("66", ""),
        ("", TEXT),
        ("...", TEXT),
    ],
)
def test_a_fact_that_is_not_there_is_not_found(fact: str, text: str) -> None:
    assert facts_found([[fact]], text) == (False,)


def test_each_group_is_met_by_any_of_its_alternatives() -> None:
    assert facts_found([["Allemagne", "Germany"], ["Japan"], ["66", "six"]], f"Germany. {TEXT}") == (
        True,
        False,
        True,
    )


def test_no_groups_leave_nothing_to_find() -> None:
    assert facts_found([], TEXT) == ()


def test_a_list_of_years_is_not_taken_for_one_number() -> None:
    assert folded("2019, 200 and 2020") == " 2019 200 and 2020 "


@given(st.text(max_size=200))
def test_folding_is_stable_and_keeps_words_apart(text: str) -> None:
    once = folded(text)
    assert once.startswith(" ")
    assert once.endswith(" ")
    assert "  " not in once.strip()
    assert folded(f"x {text} x").startswith(" x ")


@given(st.text(st.characters(categories=["Lu", "Ll"]), min_size=1, max_size=20))
def test_any_word_is_found_in_itself_but_not_inside_a_longer_one(word: str) -> None:
    if folded(word).strip():
        assert facts_found([[word]], f"({word})") == (True,)
        assert facts_found([[f"{word}q"]], word) == (False,)


def test_citation_marks_are_not_read_as_numbers() -> None:
    citations = (cited("a", 0, 1), cited("b", 1, 2, number=2))
    answer = Answer("a1", "q", "q", "It is so [1][2], says note [3].", False, "en", "reading", citations)
    assert facts_found([["1"], ["2"], ["3"]], told(answer)) == (False, False, True)


def test_a_quote_is_verbatim_only_at_its_span_in_its_revision() -> None:
    stored = {("djibouti", "r1"): TEXT}

    def text_of(release_id: str, revision: str) -> str | None:
        return stored.get((release_id, revision))

    assert is_verbatim(cited("66", 29, 31), text_of)
    assert not is_verbatim(cited("66", 28, 30), text_of)
    assert not is_verbatim(cited("67", 29, 31), text_of)
    assert not is_verbatim(cited("", 5, 5), text_of)
    assert not is_verbatim(cited("s.", -2, 46), text_of)
    assert not is_verbatim(cited("States.", 39, 999), text_of)
    stored.clear()
    assert not is_verbatim(cited("66", 29, 31), text_of)


def test_a_quote_of_a_release_that_cannot_be_read_is_not_verbatim() -> None:
    def text_of(release_id: str, revision: str) -> str | None:
        raise IndexDamagedError("the catalog is damaged")

    assert not is_verbatim(cited("66", 29, 31), text_of)


def test_a_share_of_nothing_has_no_value_and_no_interval() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval() is None


def test_the_interval_of_a_half_is_that_of_the_binomial() -> None:
    # Binomial(100, 0.5): P(X <= 39) = 0.0176 and P(X <= 40) = 0.0284, so the quantiles are 40 and 60.
    assert Share(50, 100).interval() == (0.40, 0.60)
    assert Share(50, 100).interval() == Share(50, 100).interval()


def test_the_interval_narrows_with_more_questions_and_is_a_point_at_the_ends() -> None:
    few, many = Share(8, 10).interval(), Share(800, 1000).interval()
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]
    assert Share(7, 7).interval() == (1.0, 1.0)
    assert Share(0, 7).interval() == (0.0, 0.0)
