"""Which of many names a text holds, found in one pass over its words.

Short names of the same letters are the same, as in two languages (OIM, IOM).

It knows no release and no question.
"""

import re
from collections.abc import Iterable

from bot.language.terms import fold

_WORD = re.compile(r"[^\W_]+")
_SHORT = re.compile(r"\b[A-Z]{3,8}\b")


class Names:
    """Names to look for: each has a key, by which `held` tells it was found; `add` takes more."""

    def __init__(self) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}

    def add(self, key: str, forms: Iterable[str]) -> None:
        """Let any of the forms count as the name of that key, whatever their case and accents."""
        for form in forms:
            words = (_letters(form),) if _SHORT.fullmatch(form) else words_of(form)
            if words:
                self._by_first.setdefault(words[0], []).append((words, key))

    def held(self, text: str) -> set[str]:
        """The keys of the names that stand in the text as whole words."""
        words = words_of(text)
        found = {
            key
            for place, word in enumerate(words)
            for name, key in self._by_first.get(word, ())
            if words[place : place + len(name)] == name
        }
        for short in set(map(_letters, _SHORT.findall(text))):
            found.update(key for _, key in self._by_first.get(short, ()))
        return found


def _letters(short: str) -> str:
    """The letters of a short name, in an order and a case in which no word is."""
    return f"={''.join(sorted(short))}"


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    return tuple(_WORD.findall(fold(text)))
