"""The last question and the turns before it become a question that stands alone.

What it may mean is listed in `bot.follow_up`, by the words alone; which of that is meant is chosen here, by how well
the corpus answers it. It knows the corpus only through `name_share`, which tells how often a word is a name there,
and `fit`.
"""

from collections.abc import Callable, Sequence

from bot.domain import Turn
from bot.follow_up import NameShare, answered, rewritings
from bot.terms import language_of, terms

Fit = Callable[[str], float]
"""How likely it is, from 0 to 1, that the corpus answers a question."""
LEAST_FIT = 0.02
"""What no fit falls below: where the corpus answers none of the rewritings, the likeliest before is meant."""
CONTEXT_TURNS = 2
"""Turns whose words tell what a conversation is about."""


def rewrite(question: str, turns: Sequence[Turn], name_share: NameShare, fit: Fit | None = None) -> str:
    """The question with what it leaves out from the turns before, or as it is where it stands alone.

    `fit` is asked only where the words leave open what is meant; without it the likeliest by the words is taken.
    """
    ways = rewritings(question, turns, name_share)
    if fit is None or len(ways) == 1:
        return ways[0].text
    return max(ways, key=lambda way: way.prior * max(LEAST_FIT, fit(way.text))).text


def context(turns: Sequence[Turn]) -> list[str]:
    """The index terms of what was asked and answered last, each once: what the conversation is about."""
    found: dict[str, None] = {}
    for turn in turns[-CONTEXT_TURNS:]:
        for text in (turn.answer.question, *answered(turn.answer)):
            found.update(dict.fromkeys(terms(text, language_of(text, turn.answer.language))))
    return list(found)
