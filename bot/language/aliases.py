"""The names that the corpus writes out: a question with a short name, read with the long one as well.

It knows the definitions of the catalog and nothing of passages.
"""

import re
from collections.abc import Iterable, Sequence

from bot.domain import Definition
from bot.language.terms import fold

VARIANTS = 3
"""Ways to read a question besides its own."""
_LETTERS = 3
"""Short names of at least so many letters are the same in two languages where their letters are (OIM, IOM)."""
_WORD = re.compile(r"[^\W_]+")


class Aliases:
    """The names that `definitions` give one thing, found by their first words: what a text costs is what it holds."""

    def __init__(self, definitions: Sequence[Definition] = ()) -> None:
        self.definitions = definitions
        self._by_word: dict[str, list[list[str]]] = {}
        for names in _groups(definitions):
            for first in dict.fromkeys(words[0][0] for name in names if (words := _words(name))):
                self._by_word.setdefault(first, []).append(names)

    def of(self, text: str) -> list[list[str]]:
        """All names of each thing that the text may name."""
        found = (names for word, _ in _words(text) for names in self._by_word.get(word, ()))
        return list({id(names): names for names in found}.values())

    def variants(self, question: str) -> list[str]:
        """The question with the names it holds replaced by what else the corpus calls them, without its own form.

        The n-th variant uses the n-th other name of each, so that there are at most `VARIANTS`.
        """
        words = _words(question)
        found: list[tuple[int, int, list[str]]] = []
        for names in self.of(question):
            held = [(place, name) for name in names for place in _places(words, name)]
            own = {fold(name) for _, name in held}
            others = [name for name in names if fold(name) not in own]
            if held and others:
                (start, end), _ = max(held, key=lambda item: item[0][1] - item[0][0])
                found.append((start, end, others))
        apart = _apart(found)
        longest = max((len(names) for _, _, names in apart), default=0)
        return [_replaced(question, apart, turn) for turn in range(min(longest, VARIANTS))]


def writes_out(question: str, definitions: Iterable[Definition]) -> list[Definition]:
    """The definitions of the short names that the question holds."""
    words = _words(question)
    return [definition for definition in definitions if _places(words, definition.acronym)]


def places(text: str, name: str) -> list[tuple[int, int]]:
    """Where the words of a name stand one after another in `text`, whatever their case and accents: its spans."""
    return _places(_words(text), name)


def _groups(definitions: Sequence[Definition]) -> list[list[str]]:
    """Names of one thing: a short name with its long forms, joined with those of the same letters."""
    groups: dict[str, list[str]] = {}
    for definition in definitions:
        short = definition.acronym
        letters = "".join(sorted(fold(short))) if len(short) >= _LETTERS and short.isalpha() else fold(short)
        groups.setdefault(letters, []).extend([definition.long_form, short])
    return [list({fold(name): name for name in names}.values()) for names in groups.values()]


def _words(text: str) -> list[tuple[str, tuple[int, int]]]:
    return [(fold(match.group()), match.span()) for match in _WORD.finditer(text)]


def _places(words: Sequence[tuple[str, tuple[int, int]]], name: str) -> list[tuple[int, int]]:
    """Where the words of a name stand one after another in a text's words: spans in characters."""
    wanted = [fold(word) for word in _WORD.findall(name)]
    if not wanted:
        return []
    return [
        (words[place][1][0], words[place + len(wanted) - 1][1][1])
        for place in range(len(words) - len(wanted) + 1)
        if [word for word, _ in words[place : place + len(wanted)]] == wanted
    ]


def _apart(found: Sequence[tuple[int, int, list[str]]]) -> list[tuple[int, int, list[str]]]:
    """The names that do not overlap, the longest of those that do, from the last in the question to the first."""
    apart: list[tuple[int, int, list[str]]] = []
    for start, end, names in sorted(found, key=lambda item: item[0] - item[1]):
        if all(end <= other_start or other_end <= start for other_start, other_end, _ in apart):
            apart.append((start, end, names))
    return sorted(apart, reverse=True)


def _replaced(question: str, found: Sequence[tuple[int, int, list[str]]], turn: int) -> str:
    text = question
    for start, end, names in found:
        text = text[:start] + names[min(turn, len(names) - 1)] + text[end:]
    return text
