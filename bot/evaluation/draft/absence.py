"""Whether what a question asks about truly stands in no release: each text is searched once, for all questions.

It makes no question.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from bot.evaluation.draft.held import Names
from bot.evaluation.draft.unanswerable import Doubtful


def unanswered(doubtful: Sequence[Doubtful], texts: Iterable[str]) -> list[Doubtful]:
    """Those of the questions that no text answers, in their order.

    A text counts against a question where it names what is asked about, and, where the question is of a property,
    holds a word of it anywhere, of whomever: what remains is certain.
    """
    names = Names()
    for number, each in enumerate(doubtful):
        names.add(str(number), each.names)
    left = dict(enumerate(doubtful))
    for text in texts:
        told: dict[str, bool] = {}  # whether this text holds a word of a property
        for number in map(int, names.held(text)):
            if number not in left:
                continue
            each = left[number]
            if each.told and each.told not in told:
                told[each.told] = _pattern(each.told).search(text) is not None
            if not each.told or told[each.told]:
                del left[number]
    return [left[number] for number in sorted(left)]


@cache
def _pattern(told: str) -> re.Pattern[str]:
    return re.compile(told, re.IGNORECASE)
