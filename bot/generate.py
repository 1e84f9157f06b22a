"""Prose by a chat model from numbered evidence.

It does not know whether the prose is true: `verify` decides what is shown.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.chat_model import open_chat_model, stream
from bot.domain import Evidence, Turn
from bot.prompts import render

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

__all__ = ["NO_ANSWER", "generate", "open_chat_model", "prompt"]

NO_ANSWER = "NO_ANSWER"
"""What the model writes where the evidence does not answer; it never leaves `generate`."""
QUOTE_CHARACTERS = 2000
"""A longer quote is cut in the prompt, and so are earlier questions and answers."""
EARLIER_TURNS = 3

_LANGUAGES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "ar": "Arabic",
    "zh": "Chinese",
    "ru": "Russian",
}
_DELIMITERS = str.maketrans("<>[]【】［］", "‹›()()()")


def generate(
    question: str,
    language: str,
    evidence: Sequence[Evidence],
    model: "BaseChatModel",
    today: date,
    turns: Sequence[Turn] = (),
    *,
    seconds: float = 60,
) -> Iterator[str]:
    """The model's prose in pieces as it is written, with `[n]` naming the n-th evidence.

    No text where the model says that the evidence does not answer. Raises ChatModelError, in mid-stream too:
    when the model cannot be called, sends nothing, breaks off, or takes more than `seconds` in all.
    """
    if not evidence:
        return
    messages = prompt(question, language, evidence, today, turns)
    yield from _without_marker(stream(model, messages, seconds))


def prompt(
    question: str, language: str, evidence: Sequence[Evidence], today: date, turns: Sequence[Turn] = ()
) -> "list[BaseMessage]":
    """The messages for the model: what to do, then the data, which nothing in it can close."""
    from langchain_core.messages import HumanMessage, SystemMessage

    instructions = render(
        "answer", today=today.isoformat(), language=_LANGUAGES.get(language, language), marker=NO_ANSWER
    )
    data = render(
        "question",
        evidence="\n".join(_block(number, item) for number, item in enumerate(evidence, 1)),
        turns="\n".join(_earlier(turn) for turn in turns[-EARLIER_TURNS:]) or "none",
        question=_plain(question),
    )
    return [SystemMessage(instructions), HumanMessage(data)]


def _block(number: int, evidence: Evidence) -> str:
    release = evidence.release
    day = release.date.isoformat() if release.date else "unknown"
    title = _plain(" ".join(release.title.split())).replace('"', "”")
    return (
        f'<evidence number="{number}" title="{title}" date="{day}" language="{release.language}">\n'
        f"{_plain(evidence.quote)}\n</evidence>"
    )


def _earlier(turn: Turn) -> str:
    return f"<turn>\nQuestion: {_plain(turn.question)}\nAnswer: {_plain(turn.answer.text)}\n</turn>"


def _plain(text: str) -> str:
    """`text` as data: no delimiters, no citation marks, no invisible characters, of bounded length."""
    cut = text[:QUOTE_CHARACTERS] + (" …" if len(text) > QUOTE_CHARACTERS else "")
    visible = (
        " " if character == "\t" else character
        for character in cut
        if character in "\n\t" or unicodedata.category(character)[0] != "C"
    )
    return "".join(visible).translate(_DELIMITERS).strip()


def _without_marker(texts: Iterator[str]) -> Iterator[str]:
    """`texts` without `NO_ANSWER`; an end that may become the marker waits for what follows."""
    held = ""
    for text in texts:
        held = (held + text).replace(NO_ANSWER, "")
        waiting = next(size for size in range(len(NO_ANSWER) - 1, -1, -1) if held.endswith(NO_ANSWER[:size]))
        shown, held = held[: len(held) - waiting], held[len(held) - waiting :]
        if shown:
            yield shown
    if held:
        yield held
