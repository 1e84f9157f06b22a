"""An exported conversation shows every character of every text, and none of them does anything."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.domain import Answer, Citation, Turn
from bot.server.export import as_document

HARMLESS = {
    *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "blockquote_open"),
    *("blockquote_close", "inline", "text", "softbreak", "text_special"),
}
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](javascript:alert(1))",
    "[x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)",
    "$\\alert{1}$ and `code`",
    "# heading",
    "1. list\n2) list\n- list\n+ list\n* list",
    "    indented\n\ttab",
    "a\n===\nb\n---",
    "| a | b |\n|---|---|",
    "> quote",
    "&lt;script&gt; &#60;",
    "~~~\ncode\n~~~",
    "\x00\x1b[31m",
    "www.evil.example https://evil.example a@evil.example",
)


def turn(text: str) -> Turn:
    citation = Citation(1, text, "r", text, date(2023, 6, 23), "en", text, 0, 5, "0" * 64, text)
    return Turn(text, Answer("a", text, text, text, False, "en", "reading", (citation,), notice=text))


def kinds(document: str) -> set[str]:
    found = set()
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(document):
        found.add(token.type)
        found |= {child.type for child in token.children or ()}
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_text(text: str) -> None:
    assert kinds(as_document(text, [turn(text)])) <= HARMLESS


@given(st.text())
def test_any_text_is_text(text: str) -> None:
    assert kinds(as_document(text, [turn(text)])) <= HARMLESS


def test_a_reader_sees_the_quote_as_it_is() -> None:
    quote = "It costs $5 * 2 (see [1]) <b>now</b> & later_on #1."
    document = as_document("Funding", [turn(quote)])
    rendered = MarkdownIt("commonmark").render(document)
    assert "It costs $5 * 2 (see [1]) &lt;b&gt;now&lt;/b&gt; &amp; later_on #1." in rendered
    assert "23 June 2023" in rendered


def test_the_page_stands_before_the_characters_of_a_quote() -> None:
    citation = Citation(1, "Quote.", "r", "T", None, "en", "a.pdf", 0, 6, "0" * 64, page=2)
    answer = Answer("a", "Q?", "Q?", "A", False, "en", "reading", (citation,))
    assert "a.pdf, page 2, 0–6" in as_document("T", [Turn("Q?", answer)])
