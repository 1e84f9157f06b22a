"""Long forms and their acronyms, where a text writes them together: "long form (ACRONYM)" or the reverse.

Initials are matched word by word first, then letter by letter after Schwartz and Hearst, "A simple algorithm
for identifying abbreviation definitions in biomedical text" (2003). A translated acronym keeps the letters of
another language: there the noun phrase before it is the long form, if it names an organisation or the like.
It knows no list of acronyms.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain import Definition
from ingest.issuer import HEAD_NOUN

_WINDOW = 220
"""Characters before the bracket in which a long form may begin."""
_LONGEST = 16
"""Words of a long form."""

_BRACKET = re.compile(r"\(([^()\n]{2,120})\)")
_ACRONYM = re.compile(r"[A-ZÀ-ÖØ-Þ][\w&/.-]{1,11}")
_ROMAN = re.compile(r"[IVXLCDM]+")
_QUOTED = re.compile(r"""(?P<quote>['"‘“«])\s?(?P<name>[A-ZÀ-ÖØ-Þ][^'"’”»]{1,40}?)\s?['"’”»]""")
_BEFORE_BRACKET = re.compile(r"(?<![\w-])([A-ZÀ-ÖØ-Þ][\w&/-]{1,11})[ ]\Z")
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
    r"|Group|Groupe|Team|Network|Réseau|Alliance|League|Corps|Police|Partnership|Partenariat|Commissariat|Commissioner)\b"
)


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def folded(self) -> str:
        return self.text.casefold()

    @property
    def connects(self) -> bool:
        return self.folded in _CONNECTORS

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def definitions(release_id: str, text: str) -> list[Definition]:
    """The definitions in the order of the text, each pair of acronym and long form once.

    A definition's span holds both, from the first character of one to the bracket that closes the other.
    """
    found: dict[tuple[str, str], Definition] = {}
    for bracket in _BRACKET.finditer(text):
        for acronym, long_form, start in _read(text, bracket):
            long_form = " ".join(long_form.split())
            key = acronym, long_form.casefold()
            if key not in found:
                found[key] = Definition(acronym, long_form, release_id, start, bracket.end())
    return list(found.values())


def _read(text: str, bracket: re.Match[str]) -> Iterator[tuple[str, str, int]]:
    """The acronym, long form and start of what a bracket defines, if it does."""
    content = bracket[1].strip()
    quoted = _QUOTED.fullmatch(content)
    if _is_acronym(content) or quoted:
        name = quoted["name"] if quoted else content
        start = _long_form_start(name, text, bracket.start())
        if start is not None:
            yield name, text[start : bracket.start()].rstrip(), start
        return
    before = _BEFORE_BRACKET.search(text, max(0, bracket.start() - 14), bracket.start())
    if before and _is_acronym(before[1]) and not re.search(r"\d", content):
        long_form = re.sub(r"\A(?:the|la|le|l['’])\s?", "", content, flags=re.IGNORECASE)
        if _spells_out(before[1], long_form):
            yield before[1], long_form, before.start(1)


def _long_form_start(name: str, text: str, place: int) -> int | None:
    """Where the long form of a name starts that ends before `place`; None where nothing before it is one."""
    words = _words_before(text, place)
    start = _by_initials(name, words)
    if start is not None or " " in name:
        return start
    since_comma = [word for word in words if word.start > text.rfind(",", 0, place)]
    if len(since_comma) < len(words) and since_comma and since_comma[0].folded in _ENUMERATORS:
        return None  # the end of a list: "Educational, Scientific and Cultural Organization"
    start = _by_phrase(name, since_comma, text)
    return _by_letters(name, since_comma) if start is None else start


def _is_acronym(content: str) -> bool:
    capitals = sum(character.isupper() for character in content)
    return capitals >= 2 and _ACRONYM.fullmatch(content) is not None


def _spells_out(acronym: str, long_form: str) -> bool:
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


def _inside_word(text: str, stop: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation, as in U.S. or St. Petersburg."""
    return stop.group() == "." and (
        text[stop.end() : stop.end() + 1].isalnum()
        or _ABBREVIATED.search(text, max(0, stop.start() - 4), stop.start()) is not None
    )


def _words(text: str, start: int, end: int) -> list[_Word]:
    """Words and the parts of hyphenated ones."""
    return [_Word(match.start(), match.end(), match.group()) for match in _WORD.finditer(text, start, end)]


def _by_initials(acronym: str, words: list[_Word]) -> int | None:
    """Where the long form starts whose words, connectors aside, begin with the acronym's letters, in order.

    A word that the short name writes out ("CT Travel") must stand in the long form.
    """
    place = _match_back(_letters(acronym), words, len(words))
    if place is None or len(words) - place < 2 or words[place].connects:
        return None
    return words[place if " " in acronym else _with_head(words, place)].start


def _match_back(wanted: list[str], words: list[_Word], end: int) -> int | None:
    """Where the words before `end` start that match `wanted`; a connector counts only if it has to."""
    if not wanted:
        return end
    if end == 0:
        return None
    word = words[end - 1]
    skipped = _match_back(wanted, words, end - 1) if word.connects or _second_part(words, end - 1) else None
    if skipped is not None or not _begins(word, wanted[-1]):
        return skipped
    return _match_back(wanted[:-1], words, end - 1)


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


def _second_part(words: list[_Word], place: int) -> bool:
    """Whether a word follows a hyphen, as "sized" does in "medium-sized"."""
    return place > 0 and words[place].start - words[place - 1].end == 1 and not words[place].capital


def _with_head(words: list[_Word], place: int) -> int:
    """The start with what the acronym leaves out: "Department of" before HUD, "United Nations" before CTED."""
    if place >= 2 and words[place - 1].folded in ("of", "de", "des", "du", "d"):
        head = words[place - 2]
        if head.capital and re.fullmatch(HEAD_NOUN, head.text):
            return place - 2
    start = place
    while start and words[place].capital and _names_on(words[start - 1]):
        start -= 1
    return start if start and words[start - 1].folded in _DETERMINERS else place


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
    """Where the shortest long form starts in which the acronym's letters occur in order, the first as an initial.

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
