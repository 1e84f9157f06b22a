"""A history with what people said, as the chat leaves it."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.domain import Answer, Citation, Turn
from bot.feedback.command import run
from bot.history import FILE, History

QUOTE = "The Programme is co-funded by Qatar,\nJapan and Hungary."


def answered(question: str, answer_id: str) -> Turn:
    citation = Citation(
        1, QUOTE, "2023/djibouti", "Agreement", date(2023, 6, 23), "en", "2023/djibouti.txt", 5, 61, "f" * 64
    )
    answer = Answer(
        answer_id, question, question, f"{QUOTE} [1]", False, "en", "reading", (citation,), 0.25, 0.9
    )
    return Turn(question, answer)


def declined(question: str, answer_id: str, language: str = "en", alone: str = "") -> Turn:
    text = "The releases do not say."
    return Turn(question, Answer(answer_id, question, alone or question, text, True, language, "reading"))


@pytest.fixture
def history(data_dir: Path) -> Iterator[History]:
    with History.open(data_dir / FILE) as history:
        yield history


@pytest.fixture
def told(history: History) -> History:
    """Two conversations: a complaint on a follow-up, praise, and a decline that nobody rated."""
    first, second = history.create(), history.create()
    history.add(first.id, answered("What is CT Travel?", "aaaa1111"))
    history.add(first.id, answered("Who funds it?", "aaaa2222"))
    history.add(second.id, answered("Who signed?", "bbbb1111"))
    history.add(second.id, declined("What does it cost?", "cccc1111", alone="What does CT Travel cost?"))
    history.rate("aaaa2222", "down", "Hungary is missing")
    history.rate("bbbb1111", "up", "")
    return history


@pytest.fixture
def feedback() -> Callable[..., int]:
    """Runs the command with these options, the others as they are when not given."""

    def with_options(answer_id: str | None = None, **given: object) -> int:
        unset = dict.fromkeys(("to", "since", "csv"), None) | dict.fromkeys(
            ("down", "up", "declined", "missing", "json"), False
        )
        return run(Namespace(answer_id=answer_id, **{**unset, **given}))

    return with_options
