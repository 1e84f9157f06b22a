"""An answer and its numbered sources as HTML: each quote marked inside its paragraph.

It draws nothing and opens no store: values come in, HTML goes out.
"""

import re
from collections.abc import Collection
from datetime import date

from bot.domain import Answer, Citation, Release, Turn
from bot.prompts import day
from bot.verify import check
from bot.web.markup import as_html, link_html
from bot.web.wording import Wording, language_name, page_of

CONTEXT_CHARACTERS = 180
"""How much of the paragraph a card shows on each side of the quote."""
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_BREAKS = re.compile(r"\n[^\S\n]*\n\s*|(?<=[.!?…”»])\n\s*")
"""Blank lines, and line ends that close a sentence: some releases have no blank line between paragraphs."""
_MARK = re.compile(r"\[(\d{1,4})\]")


def answer_html(text: str, answer_id: str = "", numbers: Collection[int] | None = None) -> str:
    """The answer in paragraphs; each `[n]` of `numbers` becomes a link to the n-th source card.

    While the answer is being written its sources are not known yet: without `numbers` each is a sign.
    """
    paragraphs = [paragraph for paragraph in _PARAGRAPHS.split(text.strip()) if paragraph]

    def sign(found: re.Match[str]) -> str:
        number = int(found[1])
        if numbers is None:
            return f'<span class="cq-mark">{number}</span>'
        if number not in numbers:
            return found[0]
        return f'<a class="cq-mark" href="#{card_id(answer_id, number)}">{number}</a>'

    body = "".join(f'<p dir="auto">{_MARK.sub(sign, as_html(paragraph))}</p>' for paragraph in paragraphs)
    return f'<div class="cq-answer">{body}</div>'


def meant_html(turn: Turn, words: Wording) -> str:
    """What the question was taken to mean, folded away; nothing where it was asked as it stands."""
    meant = turn.answer.standalone_question
    if _letters(meant) in ("", _letters(turn.question)):
        return ""
    return (
        f'<details class="cq-meant"><summary>{as_html(words.understood_as)}</summary>'
        f'<p dir="auto">{as_html(meant)}</p></details>'
    )


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def card_html(citation: Citation, release: Release | None, answer_id: str, words: Wording) -> str:
    """The source card: number, title, facts, the quote in its paragraph, and its translation where there is one.

    `release` is the revision that was quoted; where it is gone the stored quote stands alone.
    """
    before = after = note = ""
    link = link_html(release.url, words.original) if release else ""
    original = f" · {link}" if link else ""
    facts = facts_html(citation.date, citation.issuer, citation.language, words, page_of(citation, words))
    if release and check(citation, release):
        before, after = context(release.text, citation.start, citation.end)
    else:
        note = f'<p class="cq-note">{as_html(words.changed_release)}</p>'
    return (
        f'<article class="cq-card" id="{card_id(answer_id, citation.number)}">'
        f'<header><span class="cq-number">{citation.number}</span>'
        f'<div><bdi class="cq-title" title="{as_html(citation.title)}">{as_html(citation.title)}</bdi>'
        f'<div class="cq-facts">{facts}{original and f" · {original}"}</div>'
        f"</div></header>"
        f'<blockquote lang="{as_html(citation.language)}" dir="auto">'
        f"{_muted(before)}<mark>{as_html(citation.quote)}</mark>{_muted(after)}</blockquote>"
        f"{_translation_html(citation.translation, words)}{note}</article>"
    )


def _translation_html(translation: str | None, words: Wording) -> str:
    """The translation under the name of what it is: a machine's words, not the release's."""
    if not translation:
        return ""
    return (
        f'<p class="cq-translation" dir="auto"><span>{as_html(words.translation)}</span>'
        f"{as_html(translation)}</p>"
    )


def facts_html(
    published: date | None, issuer: str | None, language: str, words: Wording, page: str = ""
) -> str:
    """Date, issuer, language and page in one line; a missing date is said, a missing issuer or page left out."""
    facts = [
        day(published, words.language) if published else words.no_date,
        issuer,
        language_name(language, words.language),
        page,
    ]
    return " · ".join(f"<bdi>{as_html(fact)}</bdi>" for fact in facts if fact)


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """What surrounds ``text[start:end]`` in its paragraph: whole words, at most CONTEXT_CHARACTERS a side."""
    opened = max((found.end() for found in _BREAKS.finditer(text, 0, start)), default=0)
    found = _BREAKS.search(text, end)
    closed = found.start() if found else len(text.rstrip())
    before, after = text[opened:start], text[end : max(end, closed)]
    if len(before) > CONTEXT_CHARACTERS:
        before = "…\u00a0" + before[-CONTEXT_CHARACTERS:].partition(" ")[2]
    if len(after) > CONTEXT_CHARACTERS:
        after = after[:CONTEXT_CHARACTERS].rpartition(" ")[0] + "\u00a0…"
    return before, after


def _muted(text: str) -> str:
    return f'<span class="cq-context">{as_html(text)}</span>' if text else ""


def card_id(answer_id: str, number: int) -> str:
    """The name of a source card in the page, safe in HTML and in a script."""
    return f"source-{re.sub(r'[^a-zA-Z0-9]', '', answer_id)}-{number}"


def copied_text(answer: Answer, words: Wording) -> str:
    """Question, answer and sources as plain text, for the clipboard."""
    sources = [
        f"[{citation.number}] “{citation.quote}” — {citation.title}, "
        f"{day(citation.date, words.language) if citation.date else words.no_date} "
        f"({', '.join(filter(None, (citation.file, page_of(citation, words))))})"
        for citation in answer.citations
    ]
    return "\n\n".join([answer.question, answer.text, *sources])
