"""A follow-up as the chat model understands it: the question with what it leaves out, or nothing.

It does not know the corpus; whether this reading is the one that is meant is chosen in `bot.rewrite`.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.domain import Turn
from bot.errors import ChatModelError
from bot.follow_up import LONGEST, answered
from bot.language.figures import figures
from bot.language.terms import content_words, language_of
from bot.model.chat_model import reply
from bot.model.usage import Meter
from bot.prompts import as_data, render
from bot.rewrite import bare

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

TURNS = 3
"""Turns that the model is told of, and from which it may take names and numbers."""
SECONDS = 10.0
"""What the answer may wait for a reading: the words alone give one at once."""
_QUOTES = "\"'“”«»‘’` \u00a0\u202f"


def restate(
    question: str,
    turns: Sequence[Turn],
    model: "BaseChatModel",
    seconds: float = SECONDS,
    meter: Meter | None = None,
) -> str | None:
    """The question as the model completes it from the turns before, in at most `seconds`.

    None where there is nothing to complete it from, where the model fails, and where what it wrote is no reading of
    the question: see `is_reading`.
    """
    if not turns or not question.strip() or len(question) > LONGEST:
        return None
    try:
        written = reply(model, prompt(question, turns), min(seconds, SECONDS), meter)
    except ChatModelError:
        return None
    reading = as_data(written).strip(_QUOTES)
    return reading if is_reading(reading, question, turns) else None


def prompt(question: str, turns: Sequence[Turn]) -> "list[BaseMessage]":
    """The messages for the model: what to do, then the conversation and the question as data."""
    from langchain_core.messages import HumanMessage, SystemMessage

    told = [
        f"<turn>\nQuestion: {as_data(turn.answer.standalone_question)}\n"
        f"Answer: {as_data(turn.answer.text)}\n</turn>"
        for turn in turns[-TURNS:]
    ]
    return [
        SystemMessage(render("rewrite")),
        HumanMessage("\n".join([*told, f"<question>\n{as_data(question)}\n</question>"])),
    ]


def is_reading(reading: str, question: str, turns: Sequence[Turn]) -> bool:
    """Whether a text may be what the question means: one line, in its language, of what was said.

    It keeps the names and numbers of the question, brings in none that neither the question nor the last turns hold,
    and is not an earlier question over again.
    """
    if not reading or len(reading.splitlines()) != 1 or len(reading) > 2 * LONGEST:
        return False
    language = language_of(question, turns[-1].answer.language)
    if language_of(reading, language) != language:
        return False
    if bare(reading) in {bare(turn.answer.standalone_question) for turn in turns[-TURNS:]}:
        return False
    said = [question, *_said(turns[-TURNS:])]
    words = {folded for text in said for _, folded in content_words(text, language_of(text, language))}
    values = frozenset[str]().union(*(figures(text, language_of(text, language)) for text in said))
    return (
        _names(reading, language) <= words
        and figures(reading, language) <= values
        and _names(question, language, first=False) <= {word for _, word in content_words(reading, language)}
        and figures(question, language) <= figures(reading, language)
    )


def _said(turns: Sequence[Turn]) -> Iterator[str]:
    for turn in turns:
        yield from (turn.question, turn.answer.standalone_question, *answered(turn.answer))
        yield from {citation.title for citation in turn.answer.citations}


def _names(text: str, language: str, first: bool = True) -> frozenset[str]:
    """The folded words written as names; the first of the text, which a sentence capitalises, only where told."""
    words = list(content_words(text, language))
    opens = bool(words) and text.lstrip("¿ ").startswith(words[0][0])
    return frozenset(folded for word, folded in words[0 if first or not opens else 1 :] if word[0].isupper())
