"""Conversations in sight, and a corpus that knows few names."""

from collections.abc import Callable

import pytest

from bot.domain import Answer, Citation, Turn
from bot.follow_up import NameShare

NAMES = frozenset(
    "ct travel djibouti morocco maroc qatar unoct doha rabat nairobi iom oim marrakech platform ister varna marlow "
    "finch ada brandt leo voronkov doualeh states organisation".split()
)
COMMON = frozenset("cooperation meeting programme office truth later".split())

MakeTurn = Callable[..., Turn]


@pytest.fixture
def share() -> NameShare:
    """Of what is no name and no common word here, the corpus has heard nothing."""

    def share(word: str) -> float | None:
        return 1.0 if word.casefold() in NAMES else 0.1 if word.casefold() in COMMON else None

    return share


@pytest.fixture
def turn() -> MakeTurn:
    def make(question: str, *quotes: str, asked: str = "", title: str = "", language: str = "en") -> Turn:
        citations = tuple(
            Citation(number, quote, "r", title, None, language, "f", 0, len(quote), "x")
            for number, quote in enumerate(quotes, 1)
        )
        text = " ".join(quotes)
        answer = Answer("1", asked or question, question, text, not quotes, language, "reading", citations)
        return Turn(asked or question, answer)

    return make
