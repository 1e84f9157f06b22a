"""The names and acronyms of a sentence that what it cites does not hold.

A name may be held in other words: as the acronym or the long form that the releases define, inflected, or in another
language. It knows no store: what defines an acronym comes with the names.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.facts.folding import apart, split
from bot.facts.words import month_of
from bot.language.aliases import Aliases, places
from bot.language.terms import content_words, function_words, stem

_WORD = re.compile(r"(?:\b[^\W\d_]\.){2,}|[^\W_]+")
_OPENS = re.compile(r"(?:^|[.!?:;\n]\s+|[“\"«(‹]\s*)[\s“\"«(‹*•-]*$")
"""What a sentence, a quotation or a bracket opens with: a capital there says nothing."""
HONORIFICS = frozenset("mr mrs ms dr m mm mme mlle prof sir st".split())
_CASED = re.compile(r"[^\W\d_]")
_LONGEST_COUNTRY = 5
_SUFFIXES = sorted(
    "s es n an ian ean ese i ish o a y e ia ie is in en ien ienne ain aine ais aise ois oise een eenne".split(),
    key=len,
    reverse=True,
)
"""What demonyms and inflections add to the name of a place, folded: Morocco, Moroccan, marocain."""
_ROOT = 4
"""Least letters that two words share to be one name in other endings."""
_COGNATE = 0.7
"""Least share of letters, in order, that the words of one name have in common in two languages."""
_ACRONYMS = (
    *("au ua", "who oms", "wto omc", "ilo oit", "imf fmi", "ngo ong", "gdp pib", "aids sida", "hiv vih"),
)
"""Short names that are other letters in English and French; those of the same letters (NATO, OTAN) need no list."""

_SHORT_COUNTRIES = {
    **dict.fromkeys(("un", "onu"), "territoryun"),
    **dict.fromkeys(("eu", "ue"), "territoryeu"),
    **dict.fromkeys(("us", "usa"), "territoryus"),
    "uk": "territorygb",
}
"""Short names, in capitals, of what Unicode CLDR names in full among the countries."""

Likely = Callable[[str], bool]
"""Whether a word, written with a capital, is rather a common word than a name."""


@dataclass(frozen=True, slots=True)
class Name:
    """A word that names something, as written, with its place in the text; a country is one name of several words."""

    text: str
    start: int
    end: int
    country: str | None = None

    @property
    def folded(self) -> str:
        return _fold(self.text)


@dataclass(frozen=True, slots=True)
class Source:
    """A text that may hold names, with its language."""

    text: str
    language: str


def names(text: str, is_common: Likely) -> list[Name]:
    """The words of `text` that are names: written with a capital that their place does not ask for, or countries.

    `is_common` tells of a word that opens a sentence whether it is rather a common word.
    """
    words = [Name(match.group(), *match.span()) for match in _WORD.finditer(text)]
    found = []
    place = 0
    while place < len(words):
        taken, country = _country(text, words, place, is_common)
        if country:
            start, end = words[place].start, words[place + taken - 1].end
            found.append(Name(text[start:end], start, end, country))
            place += taken
            continue
        word = words[place]
        if _is_name(text, word, is_common):
            found.append(word)
        place += 1
    return found


def missing_names(
    text: str, language: str, sources: Sequence[Source], aliases: Aliases, is_common: Likely
) -> list[Name]:
    """The names of `text`, a sentence in `language`, that none of the sources holds."""
    claimed = names(text, is_common)
    if not claimed:
        return []
    held = [_Held.of(source.text, source.language) for source in sources]
    aliased = list(_aliased(text, sources, aliases))
    missing = [
        name
        for name in claimed
        if not any(start <= name.start and name.end <= end for start, end in aliased)
        and not any(_holds(own, name, text, language) for own in held)
    ]
    return missing


@dataclass(frozen=True, slots=True)
class _Held:
    """The words of a text in the forms in which a name can meet them."""

    language: str
    words: frozenset[str]
    roots: frozenset[str]
    stems: frozenset[str]
    countries: frozenset[str]

    @staticmethod
    @lru_cache(maxsize=256)
    def of(text: str, language: str) -> "_Held":
        found = [match.group() for match in _WORD.finditer(text)]
        words = [_fold(word) for word in found]
        joined = [one + other for one, other in pairwise(words)]
        countries = {name.country for name in names(text, lambda _: False) if name.country}
        return _Held(
            language,
            frozenset([*words, *joined]),
            frozenset(root for word in words for root in _roots(word)),
            frozenset(stem(word, language) for word in words),
            frozenset(countries),
        )


def _holds(held: _Held, name: Name, text: str, language: str) -> bool:
    folded = name.folded
    if name.country:
        return name.country in held.countries or folded in held.words
    if folded in held.words or _joined(name, text) & held.words:
        return True
    if stem(folded, held.language) in held.stems:
        return True
    if not is_acronym(name.text) and _roots(folded) & held.roots:
        return True
    return held.language != language and _is_spelled_otherwise(name, held)


def _is_spelled_otherwise(name: Name, held: _Held) -> bool:
    """Whether a text of another language has a name that is this one as that language writes it.

    An acronym stands there with the same letters in another order, or as another that is known; other names are
    written much alike. Those that are translated in full are for their sense to show.
    """
    folded = name.folded
    if is_acronym(name.text):
        letters = sorted(folded)
        known = [pair.split() for pair in _ACRONYMS]
        return (len(folded) > 2 and any(sorted(word) == letters for word in held.words)) or any(
            folded in pair and set(pair) - {folded} & held.words for pair in known
        )
    return any(_alike(folded, word) for word in held.words)


@lru_cache(maxsize=8192)
def _fold(word: str) -> str:
    return "".join(split(apart(word.replace(".", ""))))


def _alike(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    if min(len(one), len(other)) < _ROOT or one[0] != other[0]:
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _COGNATE


def _is_name(text: str, word: Name, is_common: Likely) -> bool:
    written = word.text
    if len(written) < 2 or not _CASED.search(written) or written.islower() or not _has_capital(written):
        return False
    if month_of(word.folded) or word.folded in HONORIFICS:
        return False
    ignored = word.folded in function_words("en") or word.folded in function_words("fr")
    if is_acronym(written):
        return not (ignored and text.isupper())
    if ignored:
        return False
    if not _OPENS.search(text[: word.start]):
        return True
    return not is_common(written)


def _has_capital(written: str) -> bool:
    return any(letter.isupper() for letter in written)


def is_acronym(written: str) -> bool:
    """Whether a name is written in capitals, but for a plural or a letter or two (MoU, NGOs), or with a digit (G20)."""
    letters = [letter for letter in written if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    return (capitals >= 2 and capitals * 2 > len(letters)) or (
        capitals > 0 and any(map(str.isdigit, written))
    )


def _joined(name: Name, text: str) -> set[str]:
    """The word with the one before or after it, as a compound is written in one."""
    after = re.match(r"[-‑ ’']?([^\W_]+)", text[name.end :])
    before = re.search(r"([^\W_]+)[-‑ ’']?$", text[: name.start])
    joined = {name.folded + _fold(after[1])} if after else set()
    return joined | ({_fold(before[1]) + name.folded} if before else set())


def _roots(word: str) -> set[str]:
    found = {word[: -len(suffix)] for suffix in _SUFFIXES if word.endswith(suffix)} | {word}
    return {root for root in found if len(root) >= _ROOT}


def _country(text: str, words: Sequence[Name], place: int, is_common: Likely) -> tuple[int, str | None]:
    """How many words from `place` on are the name of a country or region, and its code.

    Without a capital, where that is not a common word as well (chad, turkey).
    """
    first = words[place].text
    if not _has_capital(first[:1]) and is_common(first.capitalize()):
        return 0, None
    for length in range(min(_LONGEST_COUNTRY, len(words) - place), 0, -1):
        code = _code(text[words[place].start : words[place + length - 1].end])
        if code:
            return length, code
    return 0, None


@lru_cache(maxsize=8192)
def _code(phrase: str) -> str | None:
    if phrase.isupper() and (short := _SHORT_COUNTRIES.get(_fold(phrase))):
        return short
    found = [folded for _, folded in content_words(phrase, "")]
    return found[0] if len(found) == 1 and found[0].startswith("territory") else None


def _aliased(text: str, sources: Sequence[Source], aliases: Aliases) -> Iterator[tuple[int, int]]:
    """Where `text` calls something by a name for which the sources have another that the releases define."""
    for group in aliases.of(text):
        claimed = [span for name in group for span in places(text, name)]
        if claimed and any(places(source.text, name) for name in group for source in sources):
            yield from claimed
