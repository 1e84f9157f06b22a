"""Answers and source cards: quotes stand marked in their paragraph, and nothing in them is taken for HTML."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Answer, Citation, Release, Turn
from bot.web.cards import (
    CONTEXT_CHARACTERS,
    answer_html,
    card_html,
    card_id,
    context,
    copied_text,
    meant_html,
)
from bot.web.wording import ENGLISH, FRENCH

TEXT = """UNOCT and Djibouti sign an agreement

The Programme was launched in 2019. It is co-funded by Qatar, Japan and Hungary. It assists 66 Member States.

For more information, please contact the office."""
QUOTE = "It is co-funded by Qatar, Japan and Hungary."
RELEASE = Release("2023/djibouti", "/corpus", "2023/djibouti.txt", "f" * 64, TEXT, "UNOCT and Djibouti", "en")


def cited(release: Release, quote: str, **facts: object) -> Citation:
    start = release.text.index(quote)
    citation = Citation(
        1, quote, release.id, release.title, date(2023, 6, 23), "en", release.file, start, start + len(quote),
        release.revision, "UNOCT",
    )  # fmt: skip
    return replace(citation, **facts)  # type: ignore[arg-type]


def test_the_card_shows_number_title_date_issuer_language_and_the_marked_quote_in_its_paragraph() -> None:
    card = card_html(cited(RELEASE, QUOTE), RELEASE, "a1", ENGLISH)

    assert '<span class="cq-number">1</span>' in card
    assert "<bdi>23 June 2023</bdi> · <bdi>UNOCT</bdi> · <bdi>English</bdi>" in card
    assert ">UNOCT and Djibouti</bdi>" in card
    assert f"launched in 2019. </span><mark>{QUOTE}</mark><span" in card
    assert "please contact" not in card
    assert 'id="source-a1-1"' in card


def test_a_card_and_what_is_copied_name_the_page_where_the_file_has_pages() -> None:
    citation = cited(RELEASE, QUOTE, page=3)
    assert "<bdi>English</bdi> · <bdi>page 3</bdi>" in card_html(citation, RELEASE, "a1", ENGLISH)
    answer = Answer("a1", "Who?", "Who?", QUOTE, False, "en", "reading", (citation,))
    assert copied_text(answer, ENGLISH).endswith("(2023/djibouti.txt, page 3)")


def test_a_card_says_that_no_date_is_stated_and_leaves_out_a_missing_issuer() -> None:
    card = card_html(cited(RELEASE, QUOTE, date=None, issuer=None, language="fr"), RELEASE, "a1", ENGLISH)

    assert "<bdi>no date stated</bdi> · <bdi>French</bdi>" in card


def test_a_card_speaks_the_language_of_the_interface_and_names_that_of_the_quote() -> None:
    card = card_html(cited(RELEASE, QUOTE), RELEASE, "a1", FRENCH)

    assert "<bdi>23 juin 2023</bdi> · <bdi>UNOCT</bdi> · <bdi>anglais</bdi>" in card
    assert '<blockquote lang="en"' in card


@pytest.mark.parametrize("release", [None, replace(RELEASE, text="Another text altogether.")])
def test_where_the_quoted_revision_is_gone_the_stored_quote_stands_alone(release: Release | None) -> None:
    card = card_html(cited(RELEASE, QUOTE), release, "a1", ENGLISH)

    assert re.search(r"<blockquote[^>]*><mark>(.*)</mark></blockquote>", card)
    assert "Another text" not in card
    assert ENGLISH.changed_release in card


def test_hostile_titles_and_quotes_are_text() -> None:
    hostile = '<img src=x onerror="alert(1)"></mark><script>alert(2)</script>'
    release = replace(RELEASE, text=f"Before. {hostile} After.", title=hostile, issuer=hostile)
    card = card_html(
        cited(release, hostile, title=hostile, issuer=hostile, language='"><b>'), release, "a1", ENGLISH
    )

    assert "<img" not in card
    assert "<script" not in card
    assert "<b>" not in card
    assert card.count("<mark>") == card.count("</mark>") == 1


def test_a_long_paragraph_is_cut_to_whole_words_around_the_quote() -> None:
    text = "word " * 200 + QUOTE + " more" * 200
    before, after = context(text, 1000, 1000 + len(QUOTE))

    assert before.startswith("…\u00a0word ")
    assert after.endswith(" more\u00a0…")
    assert len(before) <= CONTEXT_CHARACTERS + 2
    assert len(after) <= CONTEXT_CHARACTERS + 2


def test_without_blank_lines_a_paragraph_ends_with_its_closed_line_and_a_list_keeps_its_lead_in() -> None:
    paragraphs = "First paragraph.\nSecond starts. Second ends.\nThird."
    start = paragraphs.index("Second ends.")
    assert context(paragraphs, start, start + len("Second ends.")) == ("Second starts. ", "")

    listed = "They agreed on:\n- one,\n- two,\n- three."
    start = listed.index("- two,")
    assert context(listed, start, start + len("- two,")) == ("They agreed on:\n- one,\n", "\n- three.")


def test_a_line_without_spaces_is_cut_too() -> None:
    before, after = context("x" * 5000 + QUOTE + "y" * 5000, 5000, 5000 + len(QUOTE))
    assert len(before) + len(after) <= 2 * CONTEXT_CHARACTERS + 4


@given(st.text(), st.data())
def test_the_context_surrounds_the_quote_in_any_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    before, after = context(text, start, end)

    assert text[:start].endswith(before.removeprefix("…\u00a0"))
    assert text[end:].startswith(after.removesuffix("\u00a0…"))


def test_marks_link_to_the_cards_that_exist_and_others_stay_text() -> None:
    shown = answer_html("Qatar [1] and note [7].", "a1", {1})

    assert f'<a class="cq-mark" href="#{card_id("a1", 1)}">1</a>' in shown
    assert "note [7]." in shown


def test_while_it_is_written_marks_are_signs_without_a_link() -> None:
    assert '<span class="cq-mark">1</span>' in answer_html("Qatar [1]")


def test_an_answer_keeps_its_paragraphs_and_is_never_html() -> None:
    shown = answer_html("One <b>bold</b>.\n\n\n$x$ *two*\n- three", "a1", ())

    assert shown.count("<p ") == 2
    assert "&lt;b&gt;bold&lt;/b&gt;" in shown
    assert "$x$ *two*\n- three" in shown


@given(st.text())
def test_card_names_are_safe_wherever_they_stand(answer_id: str) -> None:
    assert re.fullmatch(r"source-[a-zA-Z0-9]*-3", card_id(answer_id, 3))


def test_what_is_copied_holds_question_answer_and_every_source() -> None:
    answer = Answer(
        "a1",
        "Who funds it?",
        "Who funds it?",
        f"{QUOTE} [1]",
        False,
        "en",
        "reading",
        (cited(RELEASE, QUOTE),),
    )
    assert copied_text(answer, ENGLISH) == (
        f"Who funds it?\n\n{QUOTE} [1]\n\n"
        f"[1] “{QUOTE}” — UNOCT and Djibouti, 23 June 2023 (2023/djibouti.txt)"
    )


def test_a_translation_stands_behind_the_quote_and_says_that_a_machine_made_it() -> None:
    citation = cited(RELEASE, QUOTE, translation="Le Qatar <b>le</b> cofinance.")
    card = card_html(citation, RELEASE, "a1", FRENCH)

    assert f"<mark>{QUOTE}</mark>" in card
    assert card.index("</blockquote>") < card.index("Traduction automatique")
    assert "</span>Le Qatar &lt;b&gt;le&lt;/b&gt; cofinance.</p>" in card


def test_a_card_without_a_translation_does_not_speak_of_one() -> None:
    assert "cq-translation" not in card_html(cited(RELEASE, QUOTE), RELEASE, "a1", ENGLISH)


def turn(question: str, meant: str) -> Turn:
    return Turn(question, Answer("a1", question, meant, "", True, "en", "reading"))


def test_what_a_follow_up_was_taken_to_mean_is_folded_away_under_it() -> None:
    html = meant_html(turn("And <who> leads it?", "Who leads <CT> Travel?"), ENGLISH)

    assert html.startswith('<details class="cq-meant"><summary>Understood as</summary>')
    assert "Who leads &lt;CT&gt; Travel?" in html


@pytest.mark.parametrize("meant", ["who funds it?", "Who funds it", "WHO FUNDS IT ?"])
def test_a_question_that_was_asked_as_it_stands_is_not_said_twice(meant: str) -> None:
    assert meant_html(turn("who funds it?", meant), ENGLISH) == ""


def test_a_card_links_to_the_original_where_that_is_an_address_of_the_web() -> None:
    citation = cited(RELEASE, QUOTE)
    fetched = replace(RELEASE, url="https://example.org/news?a=1&b=2")
    assert 'href="https://example.org/news?a=1&amp;b=2"' in card_html(citation, fetched, "a", ENGLISH)
    assert "<a " not in card_html(citation, replace(RELEASE, url="javascript:alert(1)"), "a", ENGLISH)
