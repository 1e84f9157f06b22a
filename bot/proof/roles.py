"""Whether two names have changed places between a sentence and what it cites: who thanked whom.

It sees only sentences that keep the words between the names, in one language; it knows no store.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.language.terms import content_words, fold, stem
from bot.proof.names import HONORIFICS, Likely, names

_EITHER_WAY = frozenset(
    "and or with between both et ou avec entre ainsi y e o con ni as comme como than que versus".split()
)
"""Words after which two names may change places: what is said is the same, or something else than who did what."""
_PASSIVE = frozenset("by par por".split())
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Named:
    """Names that follow one another, as one, with their place in the text."""

    words: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Link:
    """What stands between two names: its content words by their stems, and whether the second one is who acts."""

    stems: frozenset[str]
    passive: bool

    def holds(self, other: "_Link") -> bool:
        return other.stems <= self.stems and other.passive == self.passive


def exchanged(claim: str, quotes: Sequence[str], language: str, is_common: Likely) -> tuple[str, str] | None:
    """Two names that the claim has in the other order around the same words than the quotes; None where it has none.

    All are in `language`.
    """
    for first, second in pairwise(_named(claim, is_common)):
        link = _link(claim[first.end : second.start], language)
        if link is None or first.words & second.words:
            continue
        as_said = list(_links(first, second, quotes, language, is_common))
        if any(each.holds(link) for each in as_said):
            continue
        if any(each.holds(link) for each in _links(second, first, quotes, language, is_common)):
            return claim[first.start : first.end], claim[second.start : second.end]
    return None


def _named(text: str, is_common: Likely) -> list[_Named]:
    """The names of a text, those that follow one another joined."""
    found: list[_Named] = []
    for name in names(text, is_common):
        words = frozenset(_WORD.findall(fold(name.text)))
        if found and not text[found[-1].end : name.start].strip(" .’'-"):
            found[-1] = _Named(found[-1].words | words, found[-1].start, name.end)
        else:
            found.append(_Named(words, name.start, name.end))
    return found


def _links(
    first: _Named, second: _Named, quotes: Sequence[str], language: str, is_common: Likely
) -> Iterator[_Link]:
    """What stands between the two in the quotes, wherever the first comes before the second."""
    for quote in quotes:
        there = _named(quote, is_common)
        for place, one in enumerate(there):
            if not _same(one, first):
                continue
            for other in there[place + 1 :]:
                if _same(other, second):
                    link = _link(quote[one.end : other.start], language, strict=False)
                    if link:
                        yield link


def _same(one: _Named, other: _Named) -> bool:
    return one.words <= other.words or other.words <= one.words


def _link(between: str, language: str, strict: bool = True) -> _Link | None:
    """None where nothing stands between; where `strict`, also in a list, or with a word for either way."""
    words = frozenset(_WORD.findall(fold(between)))
    if strict and (words & _EITHER_WAY or "," in between or ";" in between):
        return None
    said = {folded for _, folded in content_words(between, language)} - HONORIFICS
    stems = frozenset(stem(folded, language) for folded in said)
    return _Link(stems, bool(words & _PASSIVE)) if stems else None
