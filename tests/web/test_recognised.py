"""Wherever a quote is shown, it is said that a machine recognised it on a scanned page."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.__main__ import _print_answer
from bot.domain import Answer, Citation, Release, Turn
from bot.server.completions.reply import after_text
from bot.server.export import as_document
from bot.server.mcp.tools import _answer
from bot.server.wiki_text import DOKUWIKI, MEDIAWIKI, as_wiki_text
from bot.web.cards import card_html, copied_text
from bot.web.release import header_html
from bot.web.wording import ENGLISH, FRENCH, Wording, wording

CITATION = Citation(
    1, "Qatar funds it.", "r", "Title", None, "en", "a.pdf", 0, 15, "0" * 64, page=2, recognised=True
)
SHOWN: dict[str, Callable[[Answer, Wording], str]] = {
    "card": lambda answer, words: card_html(answer.citations[0], None, answer.id, words),
    "copy": copied_text,
    "Markdown": lambda answer, words: as_document("Title", [Turn("?", answer)]),
    "wikitext": lambda answer, words: as_wiki_text(MEDIAWIKI, [Turn("?", answer)], lambda _: "https://a"),
    "DokuWiki": lambda answer, words: as_wiki_text(DOKUWIKI, [Turn("?", answer)], lambda _: "https://a"),
    "chat completion": lambda answer, words: after_text(answer, "https://a"),
    "tool": lambda answer, words: _answer(answer, "c", None).text,
}


def answer(language: str, citation: Citation = CITATION) -> Answer:
    return Answer("a", "?", "?", "Qatar funds it. [1]", False, language, "reading", (citation,))


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "page 2, recognised from a scan"), ("fr", "page 2, reconnu sur une page numérisée")],
)
@pytest.mark.parametrize("where", [*SHOWN, "terminal"])
def test_a_quote_says_so_beside_its_page(
    where: str, language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def shown(answer: Answer) -> str:
        if where in SHOWN:
            return SHOWN[where](answer, wording(language))
        _print_answer(answer)
        return capsys.readouterr().out

    assert said in shown(answer(language))
    plain = shown(answer(language, replace(CITATION, recognised=False)))
    assert "page 2" in plain
    assert said not in plain


def test_an_answer_keeps_it_and_one_of_before_has_none() -> None:
    told = answer("en").to_json()
    assert told["citations"][0]["recognised"] is True
    assert Answer.from_json(told) == answer("en")
    del told["citations"][0]["recognised"]
    assert Answer.from_json(told) == answer("en", replace(CITATION, recognised=False))


@pytest.mark.parametrize(
    ("words", "said"),
    [(ENGLISH, "Recognised from a scan"), (FRENCH, "Reconnu sur un scan")],
)
def test_a_release_names_the_pages(words: Wording, said: str) -> None:
    release = Release(
        "r", "/", "a.pdf", "", "Text", "Title", "en", pages=(0,) * 7, recognised=(1, 2, 3, 5, 7)
    )
    assert f'<dt>{said}</dt><dd dir="auto">p. 1–3, 5, 7</dd>' in header_html(release, words)
    assert said not in header_html(replace(release, recognised=()), words)
