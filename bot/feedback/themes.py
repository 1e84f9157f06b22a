"""Groups declined questions by theme: what people asked about that the releases do not say.

It does not know how a text becomes a vector: a callable embeds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.feedback.grouping import ORDINARY, centred, grouped
from bot.feedback.words import shared_words
from bot.history import StoredAnswer
from bot.language.terms import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Embed = Callable[[list[str]], "NDArray[np.float32]"]
"""Texts to vectors, (texts, dimensions)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and all its askings, the newest first; case, accents and punctuation make no difference."""

    answers: tuple[StoredAnswer, ...]

    @property
    def question(self) -> str:
        """It, as it stands alone, in the words of the newest asking."""
        return _question(self.answers[0])

    @property
    def language(self) -> str:
        turn = self.answers[0].turn
        return turn.answer.language if turn else ""

    @property
    def newest(self) -> datetime:
        return _asked(self.answers[0])


@dataclass(frozen=True, slots=True)
class Theme:
    """Questions about one thing, the most asked first, then the most typical; and the words that they share."""

    words: tuple[str, ...]
    questions: tuple[Asked, ...]

    @property
    def asked(self) -> int:
        """How often its questions were asked."""
        return sum(len(question.answers) for question in self.questions)

    @property
    def conversations(self) -> int:
        """In how many conversations: the nearest to how many people that the store knows."""
        return len({answer.conversation for question in self.questions for answer in question.answers})

    @property
    def newest(self) -> datetime:
        return max(question.newest for question in self.questions)


def themes(declined: Sequence[StoredAnswer], embed: Embed) -> tuple[Theme, ...]:
    """The themes of the declined questions, the most asked first; each question is in one of them."""
    questions = _gathered(declined)
    if not questions:
        return ()
    usual = [text for texts in ORDINARY.values() for text in texts]
    embedded = embed([*usual, *(question.question for question in questions)])
    vectors = centred(
        embedded[len(usual) :], [question.language for question in questions], embedded[: len(usual)]
    )
    members: dict[int, list[int]] = {}
    for number, theme in enumerate(grouped(vectors, [len(question.answers) for question in questions])):
        members.setdefault(int(theme), []).append(number)
    for numbers in members.values():
        typical = vectors[numbers] @ vectors[numbers].mean(axis=0)
        closeness = dict(zip(numbers, typical, strict=True))
        numbers.sort(key=lambda number: (-len(questions[number].answers), -closeness[number]))
    words = shared_words(
        [(question.question, question.language, len(question.answers)) for question in questions],
        list(members.values()),
    )
    found = [
        Theme(named, tuple(questions[number] for number in numbers))
        for named, numbers in zip(words, members.values(), strict=True)
    ]
    return tuple(sorted(found, key=lambda theme: (theme.asked, theme.newest), reverse=True))


def _gathered(declined: Sequence[StoredAnswer]) -> list[Asked]:
    """The different questions, the most asked first."""
    askings: dict[str, list[StoredAnswer]] = {}
    for answer in sorted(declined, key=_asked, reverse=True):
        text = _question(answer)
        words = "".join(letter if letter.isalnum() else " " for letter in fold(text)).split()
        askings.setdefault(" ".join(words) or text, []).append(answer)
    return [Asked(tuple(askings[key])) for key in sorted(askings, key=lambda key: (-len(askings[key]), key))]


def _asked(answer: StoredAnswer) -> datetime:
    return answer.asked or answer.when


def _question(answer: StoredAnswer) -> str:
    return answer.turn.answer.standalone_question if answer.turn else ""
