"""Quotes in the language of the answer, by a chat model: shown beside them, and never in their place.

It does not prove a translation. It refuses one whose numbers differ from those of the quote.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain import Citation
from bot.errors import ChatModelError
from bot.language.figures import figures
from bot.language.terms import language_of
from bot.model.chat_model import reply
from bot.model.usage import Meter
from bot.prompts import DATA_CHARACTERS, as_data, render

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

QUOTES = 8
"""Quotes that are translated for one answer, in one call: the first of them."""
LONGEST = 2.5
"""A translation takes at most this many times as many bytes of UTF-8 as its quote, and at least its inverse.

In bytes, texts of the same content differ less in length between scripts than in characters.
"""


def translated(
    citations: Sequence[Citation],
    language: str,
    model: "BaseChatModel",
    seconds: float,
    meter: Meter | None = None,
) -> tuple[Citation, ...]:
    """The citations, those in another language than `language` with a translation where the model gives a usable one.

    It makes one call of at most `seconds`, or none where every quote is in that language. A failure leaves the
    citations as they are.
    """
    foreign = [
        citation
        for citation in citations
        if language_of(citation.quote, citation.language) != language
        and len(citation.quote) <= DATA_CHARACTERS
    ]
    asked = {str(citation.number): citation for citation in foreign[:QUOTES]}
    if not asked:
        return tuple(citations)
    try:
        written = reply(model, prompt(asked, language), seconds, meter)
    except ChatModelError:
        return tuple(citations)
    found = dict(asked)
    for number, text in _parsed(written).items():
        line = " ".join(as_data(text).split())
        if number in asked and is_usable(line, asked[number], language):
            found[number] = replace(asked[number], translation=line)
    return tuple(found.get(str(citation.number), citation) for citation in citations)


def prompt(quotes: Mapping[str, Citation], language: str) -> "list[BaseMessage]":
    """The messages for the model: what to do, then the quotes as data, by number."""
    from babel import Locale
    from langchain_core.messages import HumanMessage, SystemMessage

    data = "\n".join(
        f'<quote number="{number}">\n{as_data(citation.quote)}\n</quote>'
        for number, citation in quotes.items()
    )
    name = Locale("en").languages.get(language, language)
    return [SystemMessage(render("translate", language=name)), HumanMessage(data)]


def is_usable(text: str, citation: Citation, language: str) -> bool:
    """Whether a text may be the quote in that language: by its language, its length and its numbers."""
    quote = citation.quote
    size, length = len(quote.encode("utf-8", "replace")), len(text.encode("utf-8", "replace"))
    return (
        size / LONGEST <= length <= size * LONGEST
        and text != quote
        and language_of(text, language) == language
        and figures(text, language) == figures(quote, language_of(quote, citation.language))
    )


def _parsed(written: str) -> dict[str, str]:
    """The texts by number of the one JSON object that was asked for; none where there is none."""
    start, end = written.find("{"), written.rfind("}")
    try:
        found = json.loads(written[start : end + 1])
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {number: text for number, text in found.items() if isinstance(text, str)}
