"""Cleaning only deletes, keeps its mapping, and takes out marks without touching prose."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean import clean, moved

MARKS = st.text(alphabet="[]()*_\\#->!<=`\"' \n\r\t\0aé5.:/\u200b\ufeff🙂\u0301م", max_size=60)
HOSTILE = st.one_of(MARKS, st.text(max_size=200))


def cleaned(source: str) -> str:
    return clean(source)[0]


@given(HOSTILE)
def test_the_runs_lead_back_from_every_character_to_the_source(source: str) -> None:
    text, runs = clean(source)
    assert "".join(source[run.source : run.source + run.length] for run in runs) == text
    place = origin = 0
    for run in runs:
        assert run.start == place
        assert run.source >= origin
        assert run.length > 0
        place, origin = run.start + run.length, run.source + run.length
    assert place == len(text)


@given(HOSTILE)
def test_cleaning_a_cleaned_text_changes_nothing(source: str) -> None:
    text = cleaned(source)
    assert cleaned(text) == text


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"]), max_size=80))
def test_words_without_marks_lose_only_outer_white_space(source: str) -> None:
    assert cleaned(source) == source.strip()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            r"[United Nations Office of Counter-Terrorism \(UNOCT\)](#), the",
            "United Nations Office of Counter-Terrorism (UNOCT), the",
        ),
        ("resolutions [2178](#) (2014) and [2396](#) (2017)", "resolutions 2178 (2014) and 2396 (2017)"),
        ('[a [b] c](https://un.org/x_(y) "Title") d', "a [b] c d"),
        ("![Flag](flag.png) [![Logo](logo.png)](https://un.org)", "Flag Logo"),
        (
            'See [the Office][1] and [IOM][].\n\n[1]: https://un.org\n[iom]: https://iom.int "IOM"',
            "See the Office and IOM.",
        ),
        ("<https://un.org/a_b_c> or <press@un.org>", "https://un.org/a_b_c or press@un.org"),
        (
            "## **PRESS RELEASE** ##\n\n**Doha, 27 March** – *“a symbol”* __x__",
            "PRESS RELEASE\n\nDoha, 27 March – “a symbol” x",
        ),
        ("One\n\n\\*\\*\\*\\*\n\nTwo\n\n* * *\nThree\n---\n", "One\n\nTwo\n\nThree"),
        ("***Both*** and **a *b* c**", "Both and a b c"),
        ("> quoted\n>> twice", "quoted\ntwice"),
        ("\ufeffA\0B\u200bC  \n \n\n\nD\t\n", "ABC\n\nD"),
        ("One\r\nTwo\r\r\nThree\rFour", "One\nTwo\nThree\rFour"),
    ],
)
def test_marks_go_and_their_words_stay(source: str, text: str) -> None:
    assert cleaned(source) == text


@pytest.mark.parametrize(
    "prose",
    [
        "5 * 3 * 2 and 5*3*2",
        "snake_case_name and __init__py_x",
        "The total* rose.\n* Without Japan.",
        "- one\n- two\n* three\n1. four\n  - nested",
        "Article 5(1) [sic] (see above) [2178] (2014)",
        "mail jane_doe@un.org or see https://un.org/_a_/b_c_d and www.un.org/a_b_",
        "We are #1 in C# at 5 > 3 < 4",
        "note (*) and note (*)",
        r"C:\temp\new",
        "— a dash — and a-b--c",
        "A\n\nB\nC",
    ],
)
def test_prose_that_uses_the_characters_themselves_stays(prose: str) -> None:
    assert cleaned(prose) == prose


def test_emphasis_does_not_reach_from_one_paragraph_or_item_to_another() -> None:
    assert cleaned("*Note one\n\nend* two") == "*Note one\n\nend* two"
    assert cleaned("- *one\n- two* three") == "- *one\n- two* three"


def test_marks_nested_beyond_reason_are_all_taken_out() -> None:
    source = "[" * 40 + "word" + "](x)" * 40
    text = cleaned(source)
    assert "word" in text
    assert cleaned(text) == text


@pytest.mark.parametrize(
    "piece", ["[", "*", "\\", "[]()", "**a", "\r", " ", '](" ', "[a [b] ", "> ", "# ", "- ", "<a@", "x "]
)
def test_time_grows_with_the_length_of_a_single_line_and_not_with_its_square(piece: str) -> None:
    def seconds(length: int) -> float:
        source = (piece * (length // len(piece) + 1))[:length] + "x"
        start = time.process_time()
        clean(source)
        return time.process_time() - start

    seconds(10_000)
    short = min(seconds(50_000) for _ in range(3))
    assert seconds(400_000) < 40 * short + 0.2  # eight times the length; its square would be sixty-four


def test_the_releases_of_the_corpus_keep_every_word_and_lose_every_mark(corpus_dir: Path) -> None:
    for path in corpus_dir.glob("*.txt"):
        source = path.read_bytes().decode()
        text, _ = clean(source)
        assert not any(mark in text for mark in ("](", "**", "\\", "\n\n\n", "## "))
        assert "".join(filter(str.isalnum, source)) == "".join(filter(str.isalnum, text))


def test_a_place_moves_to_the_first_character_that_stays_at_or_after_it() -> None:
    source = "# One\n\n\n\n**Two** and\n\n  \n"
    text, runs = clean(source)
    assert text == "One\n\nTwo and"
    places = [0, 2, source.index("**"), source.index(" and"), len(source) - 1]
    assert moved(places, runs) == (0, 0, text.index("Two"), text.index(" and"), len(text))
    assert moved([0, 5], ()) == (0, 0)
