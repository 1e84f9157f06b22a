"""Hostile text is shown character by character, in HTML and in Markdown."""

import html
import json
import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.web.markup import as_html, as_markdown, as_terminal, as_terminal_json

WORD_JOINER = "\u2060"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'onmouseover='alert(1)",
    "costs $5 and $6, $$x^2$$",
    "[link](javascript:alert(1)) ![image](http://192.0.2.1/x.png)",
    "# heading",
    "* item",
    "- item",
    "1. item",
    "    code",
    "`code` ```fence```",
    "_one_ *two* **three** ~~four~~ ~five~",
    ":smile: :material/home: :red[text] :blue-background[text] :small[x]",
    "| a | b |\n| - | - |\n| 1 | 2 |",
    "a\n===\nb\n---",
    "&lt;b&gt; &amp;lt; &#60;",
    "<!-- comment --> <b onclick=x>bold</b>",
    "back\\slash \\* \\",
    "footnote[^1] and [1]: http://example.org",
    "\u202eright to left\u202c عربى 🙂 e\u0301",
    "nul\x00 bell\x07 \ud800 lone",
    "> quote\n>> deeper",
]
texts = st.one_of(
    st.text(), st.sampled_from(HOSTILE), st.text(alphabet="\\`*_{}[]()#+-.!|~<>$:&;/\"'= \nab1")
)


def shown(text: str) -> str:
    """What is left to see: control characters and lone surrogates have a sign in their place."""
    text = text.encode("utf-8", "replace").decode()
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "\ufffd", text)


class Page(HTMLParser):
    """Collects what a browser would make of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(f"<!--{data}")


@given(texts)
@example("]]>")
def test_html_shows_any_text_and_makes_no_element_of_it(text: str) -> None:
    page = Page()
    page.feed(f'<p title="{as_html(text)}">{as_html(text)}</p>')
    page.close()

    assert page.tags == ["p"]
    assert page.attributes == [("title", shown(text))]
    assert page.text == shown(text)


@given(texts)
def test_markdown_shows_any_text_as_one_line_and_makes_no_element_of_it(text: str) -> None:
    line = as_markdown(text)
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(line)

    assert "\n" not in line
    tags = re.findall(r"<[^>]*>", rendered)
    assert tags in ([], ["<p>", "</p>"])
    seen = html.unescape(re.sub(r"</?p>", "", rendered)).strip("\n")
    assert seen.replace(WORD_JOINER, "") == " ".join(shown(text).split()).replace(WORD_JOINER, "")


@pytest.mark.parametrize(
    "text",
    [
        *("a -> b", "a <-> b", "a -- b", "a >= b", "->", ":material_home:", ":streamlit:", "x ~= y -- z"),
        *("see https://a.example/b", "HTTP://a.example", "WWW.a.example", "write to a.b@c.example, please"),
    ],
)
def test_what_streamlit_replaces_even_when_escaped_is_broken(text: str) -> None:
    plain = re.sub(r"\\(.)", r"\1", as_markdown(text))

    assert plain.replace(WORD_JOINER, "") == text
    assert not re.search(r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)|:material_\w+:|:streamlit:", plain)
    assert not re.search(r"https?://|www\.|\w@\w", plain, re.IGNORECASE)


@pytest.mark.parametrize("text", ["What is 2178 (2014)?", "UNOCT–Qatar, L’Office", "«Bonjour», déjà"])
def test_ordinary_text_gets_nothing_invisible(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", as_markdown(text)) == text


@given(texts)
@example("\x1b[2J\x9b31m\x7f\u202e\u2066\r\x00 a\tb\nc")
def test_a_terminal_is_told_nothing_but_text(text: str) -> None:
    line = as_terminal(text)
    obeyed = {each for each in line if unicodedata.category(each) == "Cc"} | set(line) & set("\u202e\u2066")

    assert obeyed <= {"\n", "\t"}
    assert len(line) == len(text)
    assert all(one == other or other == "\ufffd" for one, other in zip(text, line, strict=True))


@given(texts)
@example("\x7f\x9b31m\u202e \\ \\u0041")
def test_json_for_a_terminal_reads_back_the_same(text: str) -> None:
    line = as_terminal_json(json.dumps({text: [text]}, ensure_ascii=False))

    assert json.loads(line) == {text: [text]}
    assert as_terminal(line) == line
