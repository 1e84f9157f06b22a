"""Answers as text to paste into a wiki page, of MediaWiki or DokuWiki, with each quote as a reference.

It knows no request. Texts of releases, models and people stand in `<nowiki>`, out of which nothing of theirs gets.
"""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain import Answer, Citation, Turn
from bot.prompts import day
from bot.server.export import CONTROL
from bot.web.wording import page_of, wording

_MARK = re.compile(r"\[(\d{1,4})\]")
_END = re.compile(r"(</now)(?=iki>)", re.IGNORECASE)

_SPLIT = r"\1</nowiki><nowiki>"
"""There a text that would end its `<nowiki>` goes on in another."""


@dataclass(frozen=True, slots=True)
class Wiki:
    """How one wiki writes text that is nothing but text, bold, a line break, a link, and a reference with a name."""

    literal: Callable[[str], str]
    bold: Callable[[str], str]
    line_break: str
    link: Callable[[str, str], str]
    reference: Callable[[str, str], str]
    again: Callable[[str, str], str]
    end: str


MEDIAWIKI = Wiki(
    # In <nowiki> only entities still mean something, so they are what the rest is written with.
    literal=lambda text: f"<nowiki>{html.escape(text, quote=False)}</nowiki>",
    bold=lambda text: f"'''{text}'''",
    line_break="<br />",
    link=lambda address, name: f"[{address} {name}]",
    reference=lambda name, content: f'<ref name="{name}">{content}</ref>',
    again=lambda name, content: f'<ref name="{name}" />',
    end="\n\n<references />",
)
DOKUWIKI = Wiki(
    literal=lambda text: f"<nowiki>{_END.sub(_SPLIT, text)}</nowiki>",
    bold=lambda text: f"**{text}**",
    line_break=r" \\ ",
    link=lambda address, name: f"[[{address}|{name}]]",
    reference=lambda name, content: f"(({content}))",
    again=lambda name, content: f"(({content}))",  # footnotes of the same text are shown as one
    end="",
)


def as_wiki_text(wiki: Wiki, turns: Sequence[Turn], link: Callable[[Citation], str]) -> str:
    """Questions and answers; `link` gives the address of a quote in its release. It ends with a line break."""
    parts = []
    for turn in turns:
        parts.append(wiki.bold(_line(wiki, turn.question)))
        parts.append(_answer(wiki, turn.answer, link))
        if turn.answer.notice:
            parts.append(_line(wiki, turn.answer.notice))
    return "\n\n".join(part for part in parts if part) + wiki.end + "\n"


def _answer(wiki: Wiki, answer: Answer, link: Callable[[Citation], str]) -> str:
    """Its lines, each `[n]` a reference; what is cited nowhere stands at the end."""
    citations = {citation.number: citation for citation in answer.citations}
    given: set[int] = set()

    def reference(number: int) -> str:
        name, content = f"communique-{answer.id}-{number}", _source(wiki, citations[number], answer, link)
        written = (wiki.again if number in given else wiki.reference)(name, content)
        given.add(number)
        return written

    def piece(place: int, text: str) -> str:
        if place % 2 and int(text) in citations:
            return reference(int(text))
        return _literal(wiki, f"[{text}]" if place % 2 else text)

    lines = [line for line in answer.text.splitlines() if line.strip()]
    written = ["".join(piece(*each) for each in enumerate(_MARK.split(line.strip()))) for line in lines]
    rest = "".join(reference(number) for number in citations if number not in given)
    return "\n\n".join(written) + rest


def _source(wiki: Wiki, citation: Citation, answer: Answer, link: Callable[[Citation], str]) -> str:
    words = wording(answer.language)
    lines = citation.quote.strip().splitlines()
    quote = wiki.line_break.join(_literal(wiki, line) for line in lines if line.strip())
    when = day(citation.date, words.language) if citation.date else words.no_date
    place = ", ".join(filter(None, (when, page_of(citation, words))))
    where = wiki.link(link(citation), words.open_release)
    return f"“{quote}” — {_line(wiki, citation.title)}, {place}. {where}"


def _line(wiki: Wiki, text: str) -> str:
    return _literal(wiki, " ".join(text.split()))


def _literal(wiki: Wiki, text: str) -> str:
    return wiki.literal(text.translate(CONTROL)) if text else ""
