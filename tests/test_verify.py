"""What is shown rests on quotes that stand in the release, and is numbered as it is shown."""

import re
import time
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Citation, Evidence, PublicationDate, Release
from bot.verify import check, cite, quoted

TEXT = (
    "Qatar funds the programme. It was launched in 2019 and assists 66 States.\n"
    "Support is given for:\n- Detecting terrorist travel,\n- Protecting 1,200 soft targets.\n"
    "Japan gave 2.5 million dollars."
)
RELEASE = Release(
    id="2023/djibouti",
    root="/corpus",
    file="2023/djibouti.txt",
    revision="a" * 64,
    text=TEXT,
    title="UNOCT and Djibouti",
    language="en",
    published=PublicationDate(date(2023, 6, 23), "stated", "23 June 2023"),
    issuer="UNOCT",
)


def quote(text: str, release: Release = RELEASE) -> Evidence:
    start = release.text.index(text)
    return Evidence(release, start, start + len(text), 0.9)


QATAR = quote("Qatar funds the programme.")
LAUNCH = quote("It was launched in 2019 and assists 66 States.")
LIST = quote("Support is given for:\n- Detecting terrorist travel,\n- Protecting 1,200 soft targets.")
JAPAN = quote("Japan gave 2.5 million dollars.")
EVIDENCE = [QATAR, LAUNCH, LIST, JAPAN]


def quotes(citations: tuple[Citation, ...]) -> list[str]:
    return [citation.quote for citation in citations]


# Citations


def test_a_citation_says_where_its_quote_stands() -> None:
    _, citations = cite("Qatar funds it [1].", EVIDENCE)
    assert citations == (
        Citation(
            number=1,
            quote="Qatar funds the programme.",
            release_id="2023/djibouti",
            title="UNOCT and Djibouti",
            date=date(2023, 6, 23),
            language="en",
            file="2023/djibouti.txt",
            start=0,
            end=26,
            revision="a" * 64,
            issuer="UNOCT",
        ),
    )


@pytest.mark.parametrize(
    ("prose", "shown", "cited"),
    [
        ("Qatar funds it [1].", "Qatar funds it [1].", [QATAR]),
        ("Qatar funds it. [1]", "Qatar funds it. [1]", [QATAR]),
        ("Qatar funds it[1].", "Qatar funds it [1].", [QATAR]),
        ("Qatar funds it 【1】.", "Qatar funds it [1].", [QATAR]),
        ("Qatar funds it ［1］.", "Qatar funds it [1].", [QATAR]),
        ("Qatar funds it【1†source】.", "Qatar funds it [1].", [QATAR]),
        ("Qatar funds it [^1].", "Qatar funds it [1].", [QATAR]),
        ("Qatar funds it [1](https://example.org/x).", "Qatar funds it [1].", [QATAR]),
        ("Japan gave money [4].", "Japan gave money [1].", [JAPAN]),
        ("They fund it [1, 4].", "They fund it [1][2].", [QATAR, JAPAN]),
        ("They fund it [4,1].", "They fund it [1][2].", [JAPAN, QATAR]),
        ("They fund it [1][4].", "They fund it [1][2].", [QATAR, JAPAN]),
        ("They fund it [1], [4].", "They fund it [1][2].", [QATAR, JAPAN]),
        ("They fund it [1] and [4].", "They fund it [1][2].", [QATAR, JAPAN]),
        ("They fund it [1-3].", "They fund it [1][2][3].", [QATAR, LAUNCH, LIST]),
        ("They fund it [3–4].", "They fund it [1][2].", [LIST, JAPAN]),
        ("They fund it [4-3].", "They fund it [1][2].", [LIST, JAPAN]),
        ("They fund it [1-999999999].", "They fund it [1][2][3][4].", EVIDENCE),
        ("They fund it [1, 1].", "They fund it [1].", [QATAR]),
        ("They fund it [9][1].", "They fund it [1].", [QATAR]),
        ("They fund it [0, 1, 17].", "They fund it [1].", [QATAR]),
        ("Qatar [1] and Japan [4] fund it.", "Qatar [1] and Japan [2] fund it.", [QATAR, JAPAN]),
        ("Qatar funds it [1].\n[4] Japan gave.", "Qatar funds it [1].\nJapan gave. [2]", [QATAR, JAPAN]),
        ("Qatar funds it.\n[1]\nAnd Mars.", "Qatar funds it. [1]", [QATAR]),
        (
            "It gave [4]. They gave [1]. It paid [4].",
            "It gave [1]. They gave [2]. It paid [1].",
            [JAPAN, QATAR],
        ),
    ],
)
def test_marks_are_read_in_every_form_and_renumbered_by_first_use(
    prose: str, shown: str, cited: list[Evidence]
) -> None:
    text, citations = cite(prose, EVIDENCE)
    assert text == shown
    assert quotes(citations) == [evidence.quote for evidence in cited]
    assert [citation.number for citation in citations] == list(range(1, len(cited) + 1))


def test_one_span_given_twice_is_one_citation() -> None:
    text, citations = cite("Qatar funds it [2]. Qatar does [1].", [QATAR, QATAR])
    assert (text, quotes(citations)) == ("Qatar funds it [1]. Qatar does [1].", [QATAR.quote])


# Sentences that rest on nothing


@pytest.mark.parametrize(
    ("prose", "shown"),
    [
        ("", ""),
        ("Qatar funds it.", ""),
        ("[1]", ""),
        ("[1].", ""),
        ("Qatar funds it [7].", ""),
        ("Qatar funds it [0].", ""),
        ("Qatar funds it [99999999999999999999].", ""),
        (
            "Qatar funds it [1]. Mars does too. Japan gave money [4].",
            "Qatar funds it [1]. Japan gave money [2].",
        ),
        ("Qatar funds it.[1]Mars does too.", "Qatar funds it. [1]"),
        ("Sure! Here is the answer.\n\nQatar funds it [1].\n\nI hope this helps!", "Qatar funds it [1]."),
        ("Qatar funds it [1].\n\nMars too.\n\nJapan gave [4].", "Qatar funds it [1].\n\nJapan gave [2]."),
        ("## Funding\nQatar funds it [1].", "Qatar funds it [1]."),
    ],
)
def test_a_sentence_that_cites_nothing_is_dropped(prose: str, shown: str) -> None:
    assert cite(prose, EVIDENCE)[0] == shown


def test_citations_are_those_of_the_sentences_shown() -> None:
    text, citations = cite("It assists 70 States [2]. Qatar funds it [1].", EVIDENCE)
    assert (text, quotes(citations)) == ("Qatar funds it [1].", [QATAR.quote])


@pytest.mark.parametrize(
    ("prose", "shown"),
    [
        ("Funders are:\n- Qatar [1]\n- Japan [4]", "Funders are:\n- Qatar [1]\n- Japan [2]"),
        ("Funders are [1]:\n- Qatar\n- Japan", "Funders are [1]:\n- Qatar\n- Japan"),
        ("Funders are:\n- Qatar [1]\n- Mars", "Funders are:\n- Qatar [1]"),
        ("Funders are:\n- Mars\n- Qatar [1]", "Funders are:\n- Qatar [1]"),
        ("Funders are:\n- Mars\n- Venus", ""),
        ("Funders are:\n1. Qatar [1]\n2. Japan [4]", "Funders are:\n1. Qatar [1]\n2. Japan [2]"),
        ("The 70 funders are:\n- Qatar [1]", ""),
        ("Funders are [1]:\n- 70 States", ""),
        ("- Qatar [1]\n- Mars", "- Qatar [1]"),
        ("Funders are:\n- Qatar [1]. Mars helps.\n- Japan [4]", "Funders are:\n- Qatar [1].\n- Japan [2]"),
        ("Funders are:\n- [1] Qatar\n- [4] Japan", "Funders are:\n- Qatar [1]\n- Japan [2]"),
    ],
)
def test_a_list_item_counts_with_its_lead_in(prose: str, shown: str) -> None:
    assert cite(prose, EVIDENCE)[0] == shown


# Numbers


@pytest.mark.parametrize(
    ("prose", "kept"),
    [
        ("It began in 2019 [2].", True),
        ("It began in 2018 [2].", False),
        ("It began in 2019 [1].", False),
        ("It began in 2019 [1][2].", True),
        ("It assists ６６ States [2].", True),
        ("It assists ٦٦ States [2].", True),
        ("It assists 6 States [2].", False),
        ("It assists 066 States [2].", True),
        ("It protects 1200 targets [3].", True),
        ("It protects 1 200 targets [3].", True),
        ("It protects 1.200 targets [3].", True),
        ("It protects 200 targets [3].", False),
        ("It protects 12000 targets [3].", False),
        ("Japan gave 2,5 million [4].", True),
        ("Japan gave 2.50 million [4].", True),
        ("Japan gave 25 million [4].", False),
        ("Japan gave 2 million [4].", False),
        ("Japan gave money [4].", True),
    ],
)
def test_a_sentence_holds_no_number_that_its_evidence_does_not(prose: str, kept: bool) -> None:
    assert bool(cite(prose, EVIDENCE)[0]) is kept


# Hostile prose


@pytest.mark.parametrize(
    ("prose", "shown"),
    [
        ("Qatar funds it [[1]] now [1].", "Qatar funds it ( [1]) now [1]."),
        ("Qatar [[9]4] funds it [1].", ""),
        ("See [Qatar](http://evil.example) [1].", "See (Qatar)(http://evil.example) [1]."),
    ],
)
def test_only_citations_stand_in_square_brackets(prose: str, shown: str) -> None:
    assert cite(prose, EVIDENCE)[0] == shown


def test_an_image_in_prose_is_no_image_when_shown() -> None:
    text, _ = cite(
        "![The seal [1]](https://evil.example/q) is [1] ![here [1]](https://evil.example).", EVIDENCE
    )
    assert "evil.example" in text
    assert "](" not in text
    assert "![" not in text


HOSTILE = st.text(
    alphabet=st.sampled_from("aZé9 \n\r\t.:!-•[]【】［］()1234,;–†^#*٣\x00\u202e\u0301😀。"), max_size=60
)
PIECES = st.sampled_from(
    ["Qatar funds it", ".", " ", "\n", "\n\n", "- ", "1. ", ":", "[1]", "[2-4]", "[9]", "[", "]", "2019"]
)
PROSE = st.one_of(HOSTILE, st.text(max_size=60), st.lists(PIECES, max_size=30).map("".join))
RELEASES = st.text(max_size=60).map(lambda text: replace(RELEASE, text=text))
SOME_EVIDENCE = st.lists(
    st.builds(Evidence, RELEASES, st.integers(-5, 65), st.integers(-5, 65), st.floats(0, 1)), max_size=5
)


def assert_proven(text: str, citations: tuple[Citation, ...], evidence: list[Evidence]) -> None:
    releases = [item.release for item in evidence]
    assert [citation.number for citation in citations] == list(range(1, len(citations) + 1))
    assert all(any(check(citation, release) for release in releases) for citation in citations)
    assert len({(citation.quote, citation.start, citation.end) for citation in citations}) <= len(evidence)


@given(PROSE, SOME_EVIDENCE | st.just(EVIDENCE))
def test_whatever_the_prose_citations_are_proven_and_exactly_those_shown(
    prose: str, evidence: list[Evidence]
) -> None:
    text, citations = cite(prose, evidence)
    assert_proven(text, citations, evidence)
    shown = [int(number) for number in re.findall(r"\[(\d+)\]", text)]
    assert list(dict.fromkeys(shown)) == [citation.number for citation in citations]
    assert not set(re.sub(r"\[\d+\]", "", text)) & set("[]【】［］")
    assert bool(text) == bool(citations)


@given(PROSE)
def test_what_is_shown_passes_again_unchanged(prose: str) -> None:
    text, citations = cite(prose, EVIDENCE)
    order = [Evidence(RELEASE, citation.start, citation.end, 0.9) for citation in citations]
    assert cite(text, order) == (text, citations)


@given(SOME_EVIDENCE)
def test_reading_mode_shows_each_quote_verbatim_with_its_number(evidence: list[Evidence]) -> None:
    text, citations = quoted(evidence)
    assert_proven(text, citations, evidence)
    for citation in citations:
        assert f"{citation.quote.strip()} [{citation.number}]" in text


@pytest.mark.parametrize(
    "piece", ["Qatar funds it [1]. ", "[", "[1", "[1]", "[1]\n", " ", "1,", "- a [1]\n", "1"]
)
def test_the_time_for_long_prose_grows_with_its_length(piece: str) -> None:
    started = time.monotonic()
    text, citations = cite(piece * (50_000 // len(piece)), EVIDENCE)
    assert time.monotonic() - started < 20
    assert_proven(text, citations, EVIDENCE)


# Checking and quoting


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "Qatar funds the programme!"},
        {"quote": ""},
        {"start": 1},
        {"end": 25},
        {"start": -73, "end": -47},
        {"start": 5, "end": 5, "quote": ""},
        {"end": 10_000},
        {"revision": "b" * 64},
        {"release_id": "another"},
    ],
)
def test_a_citation_that_does_not_stand_at_its_place_fails(change: dict[str, Any]) -> None:
    citation = cite("Qatar funds it [1].", EVIDENCE)[1][0]
    assert check(citation, RELEASE)
    assert not check(replace(citation, **change), RELEASE)


@pytest.mark.parametrize(
    "evidence",
    [Evidence(RELEASE, 5, 5, 0.9), Evidence(RELEASE, -9, -1, 0.9), Evidence(RELEASE, 0, 9999, 0.9)],
)
def test_evidence_outside_its_release_is_never_shown(evidence: Evidence) -> None:
    assert quoted([evidence]) == ("", ())
    assert cite("Qatar funds it [1].", [evidence]) == ("", ())


@pytest.mark.parametrize(
    ("evidence", "text"),
    [
        ([], ""),
        ([QATAR], "Qatar funds the programme. [1]"),
        ([QATAR, QATAR], "Qatar funds the programme. [1]"),
        ([LAUNCH, QATAR], f"{LAUNCH.quote} [1] {QATAR.quote} [2]"),
        ([QATAR, LIST, JAPAN], f"{QATAR.quote} [1]\n\n{LIST.quote} [2]\n\n{JAPAN.quote} [3]"),
        (
            [quote("Detecting terrorist travel,"), QATAR],
            f"Detecting terrorist travel, [1]\n\n{QATAR.quote} [2]",
        ),
    ],
)
def test_quotes_follow_one_another_and_lists_keep_their_lines(evidence: list[Evidence], text: str) -> None:
    assert quoted(evidence)[0] == text


def test_figures_that_differ_are_shown_each_with_the_day_of_its_release() -> None:
    older = replace(RELEASE, id="old", text="It assists 60 States.", published=None)
    text, citations = quoted([LAUNCH, quote("It assists 60 States.", older)], "fr")
    assert text == f"23 juin 2023 – {LAUNCH.quote} [1]\n\nIt assists 60 States. [2]"
    assert [citation.date for citation in citations] == [date(2023, 6, 23), None]


@pytest.mark.parametrize(
    ("prose", "stays"),
    [
        ("It assists sixty-six States [2].", True),
        ("It assists sixty-seven States [2].", False),
        ("Il soutient soixante-six États [2].", True),
        ("Il soutient soixante-dix États [2].", False),
        ("Japan gave 2,500,000 dollars [4].", True),
        ("Japan gave two million dollars [4].", False),
    ],
)
def test_a_number_in_words_is_proven_by_its_value(prose: str, stays: bool) -> None:
    assert bool(cite(prose, EVIDENCE)[1]) == stays
