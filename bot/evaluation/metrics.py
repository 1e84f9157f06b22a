"""What a score is made of: facts found in a text, quotes found at their span, shares with their interval.

It knows no question set and asks nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain import Answer, Citation
from bot.errors import CommuniqueError
from bot.facts.days import Day
from bot.facts.folding import folded
from bot.facts.numerals import SPELLED
from bot.facts.words import is_of_value, month_of, values

TextOf = Callable[[str, str], str | None]
"""Gives the stored text of a release at a revision, or None where it is not stored."""

RESAMPLES = 10_000
SEED = 20_230_623


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `total`."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        """The share between 0 and 1, or None of nothing."""
        return self.hits / self.total if self.total else None

    def interval(self) -> tuple[float, float] | None:
        """The 95 % percentile bootstrap interval, or None of nothing; the same at every call.

        Resampling n yes-or-no outcomes with replacement draws from Binomial(n, share), so no
        outcome needs to be kept. At 0 and 1 every resample is alike and the interval is a point.
        """
        if self.value is None:
            return None
        import numpy as np

        draws = np.random.default_rng(SEED).binomial(self.total, self.value, RESAMPLES) / self.total
        low, high = np.quantile(draws, (0.025, 0.975))
        return float(low), float(high)

    def to_json(self) -> dict[str, Any]:
        return {"hits": self.hits, "total": self.total, "share": self.value}


def facts_found(facts: Sequence[Sequence[str]], text: str, language: str | None = None) -> tuple[bool, ...]:
    """For each group of alternatives, whether one of them stands in `text` as whole words.

    Numbers and dates are compared by value: "66" stands in "sixty-six", "23 June 2023" in "le 23 juin
    2023" and "June 2023" too; "6" does not stand in "sixty-six". `language` is that of `text`, told
    from it by default.
    """
    held = folded(text)
    return tuple(any(_stands(alternative, held, text, language) for alternative in group) for group in facts)


def told(answer: Answer) -> str:
    """The text of `answer` without its citation marks, whose numbers are no facts."""
    marks = {str(citation.number) for citation in answer.citations}
    return re.sub(r"\[(\d+)\]", lambda mark: " " if mark[1] in marks else mark[0], answer.text)


def is_verbatim(citation: Citation, text_of: TextOf) -> bool:
    """Whether the stored release holds the quote at exactly the span the citation gives."""
    try:
        text = text_of(citation.release_id, citation.revision)
    except CommuniqueError:
        return False
    if text is None or not citation.quote or not 0 <= citation.start < citation.end <= len(text):
        return False
    return text[citation.start : citation.end] == citation.quote


def _stands(fact: str, held: str, text: str, language: str | None) -> bool:
    readings = {values(fact, spoken) for spoken in ("", *SPELLED)}
    if not any(is_of_value(word) for reading in readings for word in reading):
        return bool(fact.strip()) and folded(fact) in held
    words = values(text, language)
    return any(_follow(reading, words) for reading in readings)


def _follow(fact: Sequence[str | Day], words: Sequence[str | Day]) -> bool:
    """Whether the words of a fact follow each other somewhere in `words`."""
    return bool(fact) and any(
        all(_says(word, wanted) for word, wanted in zip(words[place:], fact, strict=False))
        for place in range(len(words) - len(fact) + 1)
        if _says(words[place], fact[0])
    )


def _says(word: str | Day, wanted: str | Day) -> bool:
    if word == wanted:
        return True
    if not isinstance(word, Day):
        return False
    if isinstance(wanted, Day):
        return wanted.is_told_by(word)
    # A year, a day or a month that is expected alone.
    return wanted in (str(word.year), str(word.day)) or month_of(wanted) == word.month
