"""Prose by a chat model from numbered evidence.

It does not know whether the prose is true: `verify` decides what is shown.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

from bot.context import before
from bot.domain import Evidence, Turn
from bot.model.chat_model import open_chat_model, reply, stream
from bot.model.usage import Meter
from bot.prompts import DATA_CHARACTERS, as_data, render

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

__all__ = ["NO_ANSWER", "generate", "open_chat_model", "prompt", "repair"]

NO_ANSWER = "NO_ANSWER"
"""What the model writes where the evidence does not answer; it never leaves `generate`."""
QUOTE_CHARACTERS = DATA_CHARACTERS
"""A longer quote is cut in the prompt, and so are earlier questions and answers."""
CONTEXT_CHARACTERS = 300
"""How far before a quote its release is shown, so that the model knows what "it" is."""
EARLIER_TURNS = 3

_ANGLES = str.maketrans("<>", "‹›")
_LANGUAGES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "ar": "Arabic",
    "zh": "Chinese",
    "ru": "Russian",
}


def generate(
    question: str,
    language: str,
    evidence: Sequence[Evidence],
    model: "BaseChatModel",
    today: date,
    turns: Sequence[Turn] = (),
    *,
    seconds: float = 60,
    meter: Meter | None = None,
) -> Generator[str, None, bool]:
    """The model's prose in pieces as it is written, with `[n]` naming the n-th evidence.

    It returns whether the model says that the evidence does not answer. Closing it ends the request. Raises
    ChatModelError, in mid-stream too: when the model cannot be called, sends nothing, breaks off, or takes more than
    `seconds` in all.
    """
    if not evidence:
        return True
    messages = prompt(question, language, evidence, today, turns)
    with closing(stream(model, messages, seconds, meter)) as texts:
        return (yield from _without_marker(texts))


def repair(
    messages: "list[BaseMessage]",
    text: str,
    fault: str,
    language: str,
    model: "BaseChatModel",
    *,
    seconds: float,
    meter: Meter | None = None,
) -> str:
    """What the model writes instead of a part of its answer to `messages` that has a fault; nothing to leave it out.

    Raises what `generate` raises.
    """
    from langchain_core.messages import AIMessage, HumanMessage

    said = text[:DATA_CHARACTERS].translate(_ANGLES)  # its marks stay
    asked = render(
        "repair",
        text=said,
        fault=as_data(fault),
        language=_LANGUAGES.get(language, language),
        marker=NO_ANSWER,
    )
    written = reply(model, [*messages, AIMessage(said), HumanMessage(asked)], seconds, meter)
    return written.replace(NO_ANSWER, "").strip()


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
        evidence="\n".join(_block(number, item, evidence) for number, item in enumerate(evidence, 1)),
        turns="\n".join(_earlier(turn) for turn in turns[-EARLIER_TURNS:]) or "none",
        question=as_data(question),
    )
    return [SystemMessage(instructions), HumanMessage(data)]


def _block(number: int, item: Evidence, all_of_it: Sequence[Evidence]) -> str:
    release = item.release
    day = release.date.isoformat() if release.date else "unknown"
    title = as_data(" ".join(release.title.split())).replace('"', "”")
    earlier = before(item, CONTEXT_CHARACTERS)[:1]
    told = {(each.release.id, each.start) for each in all_of_it}
    context = "".join(
        f'<context number="{number}">\n{as_data(sentence.quote)}\n</context>\n'
        for sentence in earlier
        if (sentence.release.id, sentence.start) not in told
    )
    return (
        f'{context}<evidence number="{number}" title="{title}" date="{day}" language="{release.language}">\n'
        f"{as_data(item.quote)}\n</evidence>"
    )


def _earlier(turn: Turn) -> str:
    return f"<turn>\nQuestion: {as_data(turn.question)}\nAnswer: {as_data(turn.answer.text)}\n</turn>"


def _without_marker(texts: Iterator[str]) -> Generator[str, None, bool]:
    """`texts` without `NO_ANSWER`, and whether it was there; an end that may become it waits for what follows."""
    held = ""
    found = False
    for text in texts:
        held += text
        found = found or NO_ANSWER in held
        held = held.replace(NO_ANSWER, "")
        waiting = next(size for size in range(len(NO_ANSWER) - 1, -1, -1) if held.endswith(NO_ANSWER[:size]))
        shown, held = held[: len(held) - waiting], held[len(held) - waiting :]
        if shown:
            yield shown
    if held:
        yield held
    return found
