"""The last question and the turns before it become a question that stands alone.

What it may mean is listed in `bot.follow_up`, by the words alone, and a chat model may add its reading; which of that
is meant is chosen here, by how well the corpus answers it. It knows the corpus only through `name_share`, which tells
how often a word is a name there, and `fit`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.domain import Turn
from bot.follow_up import NameShare, Rewriting, answered, rewritings
from bot.language.terms import fold, language_of, terms

Fit = Callable[[str], float]
"""How likely it is, from 0 to 1, that the corpus answers a question."""
LEAST_FIT = 0.02
"""What no fit falls below: where the corpus answers none of the rewritings, the likeliest before is meant."""
READING_PRIOR = 1.0
"""How likely a chat model's reading is what was meant: as likely as all that the words leave open, together."""
CONTEXT_TURNS = 2
"""Turns whose words tell what a conversation is about."""


def rewrite(
    question: str,
    turns: Sequence[Turn],
    name_share: NameShare,
    fit: Fit | None = None,
    reading: str | None = None,
) -> str:
    """The question with what it leaves out from the turns before, or as it is where it stands alone.

    `reading` is how a chat model understands it. `fit` is asked only where more than one thing may be meant; without
    it the likeliest by the words is taken.
    """
    return likeliest(rewritings(question, turns, name_share), fit, reading)


def likeliest(ways: Sequence[Rewriting], fit: Fit | None = None, reading: str | None = None) -> str:
    """Which of the ways to understand a question is meant: see `rewrite`."""
    if reading:
        ways = _with(reading, ways)
    if fit is None or len(ways) == 1:
        return max(ways, key=lambda way: way.prior).text
    return max(ways, key=lambda way: way.prior * max(LEAST_FIT, fit(way.text))).text


def _with(reading: str, ways: Sequence[Rewriting]) -> list[Rewriting]:
    """The ways and the reading; a way that says the same becomes the likelier for it."""
    for place, way in enumerate(ways):
        if bare(way.text) == bare(reading):
            likelier = replace(way, prior=way.prior + READING_PRIOR)
            return [*ways[:place], likelier, *ways[place + 1 :]]
    return [*ways, Rewriting(reading, READING_PRIOR)]


def bare(text: str) -> str:
    """The letters and digits of a text, without case and accents: what two ways to write one question share."""
    return "".join(character for character in fold(text) if character.isalnum())


def told_by(turns: Sequence[Turn]) -> frozenset[str]:
    """The releases that were quoted last: what a question that leans on the turns is likely about."""
    return frozenset(
        citation.release_id for turn in turns[-CONTEXT_TURNS:] for citation in turn.answer.citations
    )


def context(turns: Sequence[Turn]) -> list[str]:
    """The index terms of what was asked and answered last, each once: what the conversation is about."""
    found: dict[str, None] = {}
    for turn in turns[-CONTEXT_TURNS:]:
        for text in (turn.answer.question, *answered(turn.answer)):
            found.update(dict.fromkeys(terms(text, language_of(text, turn.answer.language))))
    return list(found)
