"""What a score is made of: facts found in a text, quotes found at their span, shares with their interval.

It knows no question set and asks nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain import Answer, Citation
from bot.errors import CommuniqueError

TextOf = Callable[[str, str], str | None]
"""Gives the stored text of a release at a revision, or None where it is not stored."""

RESAMPLES = 10_000
SEED = 20_230_623

# Letters that Unicode does not decompose although readers write them as one or two plain ones.
_PLAIN = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i"})
# Scripts written without spaces between words: each character is a word of its own.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[%$€£¥₹]|(?:(?![{_UNSPACED}])[^\W_])+")
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})(?=([ ,.'\u2019])\d{3}(?!\d))((?:\2\d{3})+)(?!\d)")


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


def folded(text: str) -> str:
    """The words of `text` with one space before and after each, so that `" 6 "` is not in `" 66 "`.

    Case, accents, ligatures, dashes, quotes, punctuation and white space make no difference, nor
    do separators of thousands (`10,000`, `10 000`, `10'000`). A sign of per cent or currency is a word.
    """
    plain = unicodedata.normalize("NFKD", text.casefold()).casefold()
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in ("Mn", "Cf"))
    plain = _THOUSANDS.sub(lambda found: found[1] + found[3].replace(found[2], ""), plain.translate(_PLAIN))
    return f" {' '.join(_WORD.findall(plain))} "


def facts_found(facts: Sequence[Sequence[str]], text: str) -> tuple[bool, ...]:
    """For each group of alternatives, whether one of them stands in `text` as whole words."""
    held = folded(text)
    return tuple(any(_stands(folded(alternative), held) for alternative in group) for group in facts)


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


def _stands(fact: str, held: str) -> bool:
    return bool(fact.strip()) and fact in held
