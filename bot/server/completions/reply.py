"""An answer as the message of a chat model: its text, its sources as a list, and each mark with its link.

It knows no request. The message is Markdown, as front ends read it: what in a text of others would load or lead
somewhere is escaped, and everything else stays as it is, so that quotes are found in it.
"""

import re
from collections.abc import Sequence
from typing import Any

from bot.domain import Answer, Citation
from bot.prompts import day
from bot.server.links import link
from bot.web.wording import page_of, wording

HEADING = "**Sources**"
_LEADS = re.compile(r"(\\*)(<(?=[a-zA-Z/!?])|(?<=\])[(:]|`{3}|~{3})")
"""Where HTML, the address of an image or a link, or a block of code would begin, with the backslashes before it."""
_TITLE = re.compile(r"[\\`*_\[\]<>]")
_MARK = re.compile(r"\[(\d{1,4})\]")


def escaped(text: str) -> str:
    """The text, in which Markdown finds nothing to load and nowhere to lead."""
    return _LEADS.sub(r"\1\1\\\2", text)


def after_text(answer: Answer, page: str) -> str:
    """What follows the text of an answer: what has to be known of it, and its sources."""
    parts = [escaped(answer.notice)] if answer.notice else []
    if answer.citations:
        sources = "\n".join(_source(citation, answer, page) for citation in answer.citations)
        parts.append(f"{HEADING}\n\n{sources}")
    return "".join(f"\n\n{part}" for part in parts)


def annotations(text: str, citations: Sequence[Citation], page: str) -> list[dict[str, Any]]:
    """Where in the text which citation is: each mark `[n]`, in OpenAI's form."""
    by_number = {citation.number: citation for citation in citations}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": mark.start(),
                "end_index": mark.end(),
                "title": citation.title,
                "url": link(citation, page),
            },
        }
        for mark in _MARK.finditer(text)
        if (citation := by_number.get(int(mark[1])))
    ]


def _source(citation: Citation, answer: Answer, page: str) -> str:
    """One line: number, title with its link, day, issuer, page, and the quote where the text does not show it."""
    title = _TITLE.sub(lambda found: f"\\{found[0]}", " ".join(citation.title.split()))
    facts = [
        day(citation.date, answer.language) if citation.date else None,
        citation.issuer,
        page_of(citation, wording(answer.language)),
    ]
    line = f"- [{citation.number}] [{title}]({link(citation, page)})"
    line += "".join(f", {escaped(' '.join(fact.split()))}" for fact in facts if fact)
    quote = " ".join(citation.quote.split())
    if quote not in " ".join(answer.text.split()):
        line += f": “{escaped(quote)}”"
    if citation.translation:
        line += f" ({escaped(' '.join(citation.translation.split()))})"
    return line
