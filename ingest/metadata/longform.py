"""Where the long form of an acronym begins, given where it ends.

Initials are matched word by word first, then letter by letter after Schwartz and Hearst, "A simple algorithm
for identifying abbreviation definitions in biomedical text" (2003). A translated acronym keeps the letters of
another language: there the noun phrase before it is the long form, if it names an organisation or the like.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.metadata.issuer import HEAD_NOUN

_WINDOW = 220
"""Characters before the bracket in which a long form may begin."""
_LONGEST = 16
"""Words of a long form."""

_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_ROMAN = re.compile(r"[IVXLCDM]+")
_STOP = re.compile(r"""[.!?;:()\[\]"“”«»–—]|\s['‘]|[\n\r]\s*[\n\r]|[\n\r]\s*[-*•]\s""")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:St|Dr|Mr|Ms|Mrs))\Z")
_WORD = re.compile(r"[^\W_]+")
_CONNECTORS = frozenset(
    {"of", "for", "on", "and", "the", "in", "to", "against", "with", "at", "by", "from", "a", "an"}
    | {"de", "des", "du", "d", "la", "le", "les", "l", "et", "pour", "contre", "sur", "en", "aux", "au", "à"}
    | {"par", "dans", "un", "une", "y", "el", "los", "las", "del", "e"}
)
_DETERMINERS = frozenset({"the", "a", "an", "la", "le", "les", "l", "un", "une", "el", "los", "las"})
_ENUMERATORS = frozenset({"and", "or", "et", "ou", "y", "o"})
_GENITIVES = _CONNECTORS - _DETERMINERS - {"with", "by", "par", "at", "from", "dans"}
_NAMED_THING = re.compile(
    rf"\b(?:{HEAD_NOUN}|System|Système|Strategy|Stratégie|Compact|Process|Forum|Initiative|Plan|Convention|Treaty"
    r"|Group|Groupe|Team|Network|Réseau|Alliance|League|Corps|Police|Partnership|Partenariat"
    r"|Commissariat|Commissioner)\b"
)


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    hyphenated: bool

    @property
    def folded(self) -> str:
        return self.text.casefold()

    @property
    def connects(self) -> bool:
        return self.folded in _CONNECTORS

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def long_form_start(name: str, text: str, place: int) -> int | None:
    """Where the long form of a name starts that ends before `place`; None where nothing before it is one."""
    words = _without_year(_words_before(text, place))
    start = _by_initials(name, words)
    if start is not None or " " in name:
        return start
    since_comma = [word for word in words if word.start > text.rfind(",", 0, place)]
    start = _by_phrase(name, since_comma, text)
    start = _by_letters(name, since_comma) if start is None else start
    if start is not None and len(since_comma) < len(words):
        before = [word.folded for word in since_comma if word.start < start]
        while before and before[-1] in _DETERMINERS:
            before.pop()
        if before and before[-1] in _ENUMERATORS:
            return None  # the end of a list: "Educational, Scientific and Cultural Organization"
    return start


def spells_out(acronym: str, long_form: str) -> bool:
    """Whether all of a bracket is the long form of the acronym before it."""
    words = _words(long_form, 0, len(long_form))
    if len(words) < 2:
        return False
    if words[0].start in (_by_initials(acronym, words), _by_letters(acronym, words)):
        return True
    translated = words[0].capital and len(words) >= 4 and "," not in long_form
    return translated and _NAMED_THING.search(long_form) is not None


def _words_before(text: str, place: int) -> list[_Word]:
    """The words between the last stop and `place`, in order."""
    low = max(0, place - _WINDOW)
    stops = [stop.end() for stop in _STOP.finditer(text, low, place) if not _inside_word(text, stop)]
    start = stops[-1] if stops else low
    words = _words(text, start, place)
    if not stops and low > 0:
        words = words[1:]  # it may be the end of a word
    return words[-3 * _LONGEST :]


def _without_year(words: list[_Word]) -> list[_Word]:
    """The words without the year of a law behind its name: "Act of 1994"."""
    if len(words) < 2 or not _YEAR.fullmatch(words[-1].text):
        return words
    return words[: -2 if words[-2].folded in ("of", "de", "du") else -1]


def _inside_word(text: str, stop: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation, as in U.S. or St. Petersburg."""
    return stop.group() == "." and (
        text[stop.end() : stop.end() + 1].isalnum()
        or _ABBREVIATED.search(text, max(0, stop.start() - 4), stop.start()) is not None
    )


def _words(text: str, start: int, end: int) -> list[_Word]:
    """Words and the parts of hyphenated ones."""
    return [
        _Word(match.start(), match.end(), match.group(), text[max(start, match.start() - 1)] == "-")
        for match in _WORD.finditer(text, start, end)
    ]


def _by_initials(acronym: str, words: list[_Word]) -> int | None:
    """Where the long form starts whose words, connectors aside, begin with the acronym's letters.

    A word that the short name writes out ("CT Travel") must stand in the long form.
    """
    place = _match_back(_letters(acronym), words, len(words))
    if place is None or len(words) - place < 2 or words[place].connects:
        return None
    return words[place if " " in acronym else _with_head(words, place)].start


def _match_back(wanted: list[str], words: list[_Word], end: int) -> int | None:
    """Where the words before `end` start that match `wanted`; a connector counts only if it has to.

    The second part of a hyphenated word in small letters may be left out: "medium-sized".
    """
    tried: set[tuple[int, int]] = set()

    def match(left: int, place: int) -> int | None:
        if left == 0:
            return place
        if place == 0 or (left, place) in tried:
            return None
        tried.add((left, place))
        word = words[place - 1]
        optional = word.connects or (word.hyphenated and not word.capital)
        start = match(left, place - 1) if optional else None
        if start is None and _begins(word, wanted[left - 1]):
            start = match(left - 1, place - 1)
        return start

    return match(len(wanted), end)


def _letters(acronym: str) -> list[str]:
    """What each word of the long form must be or begin with."""
    wanted: list[str] = []
    for part in re.findall(r"[^\W_]+", acronym):
        capitals = sum(character.isupper() for character in part)
        if capitals < 2 and len(part) > 2:
            wanted.append(part.casefold())
        else:
            plural = part[:-1] if part.endswith("s") and part[:-1].isupper() else part
            wanted.extend(plural.casefold())
    return wanted


def _begins(word: _Word, wanted: str) -> bool:
    return word.folded.startswith(wanted) if len(wanted) == 1 else word.folded == wanted


def _with_head(words: list[_Word], place: int) -> int:
    """The start with what the acronym leaves out: "Department of" for HUD, "United Nations" for CTED."""
    if place >= 2 and words[place - 1].folded in ("of", "de", "des", "du", "d"):
        head = words[place - 2]
        if head.capital and re.fullmatch(HEAD_NOUN, head.text):
            return place - 2
    start = place
    while start and words[start].start - words[start - 1].end == 1 and _names_on(words[start - 1]):
        start -= 1
    begins_a_phrase = start == 0 or words[start - 1].folded in _DETERMINERS
    return start if begins_a_phrase and words[place].capital else place


def _by_phrase(acronym: str, words: list[_Word], text: str) -> int | None:
    """Where the noun phrase starts that names an organisation or the like, or a term of as many words."""
    letters = [character for character in acronym if character.isalnum()]
    if len(letters) < 3 or _ROMAN.fullmatch(acronym):
        return None
    for place in _capital_starts(words):
        phrase = text[words[place].start : words[-1].end]
        if len(words) - place > _LONGEST:
            break
        if len(words) - place >= 2 and _NAMED_THING.search(phrase):
            return words[place].start
    if any(word.capital for word in words[-2 * len(letters) :]):
        return None
    return _term_start(words, len(letters))


def _capital_starts(words: list[_Word]) -> Iterator[int]:
    """The capitals with which a noun phrase that reaches to the end can begin, the nearest first."""
    for place in range(len(words) - 1, -1, -1):
        word, before = words[place], words[place - 1] if place else None
        if not word.capital or word.folded in _DETERMINERS or (before and _names_on(before)):
            continue
        if not (before and before.connects and _has_head(words, place - 1)):
            yield place


def _names_on(before: _Word) -> bool:
    return before.capital and before.folded not in _DETERMINERS


def _has_head(words: list[_Word], place: int) -> bool:
    """Whether a head noun governs what follows `place`; connectors and two adjectives may lie between."""
    governed = any(word.folded in _GENITIVES for word in words[max(0, place - 1) : place + 1])
    adjectives = 0
    for word in reversed(words[: place + 1]):
        if word.capital:
            return governed and _NAMED_THING.fullmatch(word.text) is not None
        adjectives += not word.connects
        if adjectives > 2:
            break
    return False


def _term_start(words: list[_Word], letters: int) -> int | None:
    """A term in small letters: as many words as the acronym has letters, right after an article or "de"."""
    content = [place for place, word in enumerate(words) if not word.connects]
    if len(content) >= letters:
        start = content[-letters]
        introduced = start > 0 and words[start - 1].connects
        return words[start].start if introduced else None
    led = bool(content) and content[0] > 0 and len(content) >= 2
    return words[content[0]].start if led else None


def _by_letters(acronym: str, words: list[_Word]) -> int | None:
    """Where the shortest long form starts that holds the letters in order, the first of them as its initial.

    All its words are names, or none is; it has no more words than the acronym has letters, and two.
    """
    letters = [character.casefold() for character in acronym if character.isalnum()]
    for place in range(len(words) - 2, max(-1, len(words) - len(letters) - 3), -1):
        phrase = words[place:]
        content = [word for word in phrase if not word.connects]
        alike = all(word.capital for word in content) or not any(word.capital for word in content)
        if phrase[0].connects or not alike or not _begins(phrase[0], letters[0]):
            continue
        rest = iter("".join(word.folded for word in phrase)[1:])
        initials = sum(word.text[0].casefold() in letters for word in content)
        if all(letter in rest for letter in letters[1:]) and initials == len(content):
            return phrase[0].start
    return None
