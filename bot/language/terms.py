"""Words as the full-text index and the reader compare them: folded, stemmed, without function words.

It does not know what is stored. A word is a stem marked with its language (`en_fund`), so that words meet
only in one language; names, numbers and acronyms also stand bare (`djibouti`, `2178`) and meet in all.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

LANGUAGES = ("en", "fr", "es", "ar", "zh", "ru")
"""What text is told apart into: the six official languages of the United Nations."""
SURE = 0.9
"""Least probability at which the language identifier overrules the default, on its own."""
LIKELY = 0.6
"""The same where the function words of the text point to that language too."""

ABOUT_CHARACTERS = 50_000
"""So much of a release is looked through for the words that tell what it is about."""

_STEMMERS = {"en": "english", "fr": "french", "es": "spanish", "ar": "arabic", "ru": "russian"}
_WORD = re.compile(
    r"(?:\b[^\W\d_]\.){2,}|\d+(?:st|nd|rd|th|er|re|[eè]me|i[eè]me|nde?|e)\b|\d+(?:[.,]\d+)*|[^\W_]+",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[.,]")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_LONGEST_NAME = 4
"""Words in the longest name of a country that is recognised."""
_STEMMING = threading.Lock()
"""A stemmer keeps the word it works on in itself, so that two threads in it at once mix their words up."""
_VERBS = frozenset({"may", "march"})
"""Months only with a capital, beside a number, or after one of these words."""
_BEFORE_MONTHS = frozenset("in of since until till by from during last next this early mid late".split())
_PREFIXES = frozenset({"co", "re", "pre", "non", "e", "anti", "inter", "sub", "multi"})

_FUNCTION_WORDS = {
    "en": """a about after all also am an and any are as at be been before being but by can could did do does
        doing for from had has have having he her here hers him his how i if in into is it its itself just me
        more most my no not of off on once only or other our out over own please same she should so some such
        tell than that the their them then there these they this those through to too under up us very was we
        were what when where which while who whom whose why will with would you your s t d ll re ve m""",
    "fr": """a afin ai ait alors as au aussi autre autres aux avait avant avec avez avoir avons c ce cela celle
        celles celui ces cet cette ceux chez ci combien comme comment d dans de des donc dont du elle elles en entre
        est et etaient etait ete etes etre eu eux fait font fut il ils j je l la laquelle le lequel les
        lesquelles lesquels leur leurs lors lorsque lui m ma mais me meme mes moi mon n ne ni nos notre nous on
        ont ou par parmi pas pendant plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa
        sans se selon sera ses si sont sous sur t ta te tes toi ton tous tout toute toutes tres tu un une vers
        veuillez vos votre vous y""",
    "es": """a al ante como con cual cuales cuando cuanto cuantos de del desde donde e el ella ellas ellos en
        entre era es esta este esto estos fue ha han hay la las le les lo los mas me mi muy no nos o para pero
        por porque que quien quienes se ser si sin sobre son su sus tambien te tiene tu un una unos y ya""",
}


_NUMBERS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty",
    "fr": "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf vingt",
}
_ORDINALS = {
    "en": "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "fr": "zeroieme premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme "
    "onzieme douzieme",
}
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|er|re|e|eme|ieme|nde?)")


def fold(text: str) -> str:
    """`text` without case and accents; its length may change."""
    if text.isascii():
        return text.lower()
    lower = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in lower if not unicodedata.combining(character))


@lru_cache(maxsize=8192)
def language_of(text: str, default: str) -> str:
    """The language of `text` as one of `LANGUAGES`; `default` where it is too short or mixed to tell."""
    words = {fold(word) for word in _WORD.findall(text)}
    votes = {language: len(words & function_words(language)) for language in _FUNCTION_WORDS}
    first, second = sorted(votes, key=lambda language: votes[language], reverse=True)[:2]
    if votes[first] >= 2 * votes[second] and votes[first] >= 2:
        return first
    language, probability = _identifier().classify(text[:2000])
    needed = LIKELY if votes.get(language, 0) > 0 else SURE
    return str(language) if probability >= needed else default


@cache
def function_words(language: str) -> frozenset[str]:
    """The folded words of a language that carry no subject matter; empty for a language without a list."""
    return frozenset(_FUNCTION_WORDS.get(language, "").split())


def terms(text: str, language: str) -> list[str]:
    """The index terms of a passage: every content word as a stem, names and numbers bare besides."""
    found: list[str] = []
    for word, folded in content_words(text, language):
        found.append(stem(folded, language))
        if is_name(word) or is_name(folded):
            found.append(folded)
    return found


def question_terms(question: str, language: str) -> tuple[list[str], list[str]]:
    """The terms of a question: stems for passages in its language, bare words for all others."""
    words = list(dict.fromkeys(folded for _, folded in content_words(question, language)))
    return [stem(word, language) for word in words], words


def is_name(word: str) -> bool:
    """Whether a word as written looks like a name, an acronym or a number."""
    return word[0].isupper() or word[0].isdigit()


def is_shared(folded: str) -> bool:
    """Whether a folded word is the same in all languages: a number, or the code of a country or month."""
    return folded[0].isdigit() or folded in _shared_codes()


def named_words(question: str, language: str) -> list[str]:
    """The folded words of a question that are names or numbers; its first word only if it is a code."""
    found = []
    for place, (word, folded) in enumerate(content_words(question, language)):
        inside = place > 0 or not question.lstrip("\"'“«¿ ").startswith(word)
        if is_shared(folded) or (is_name(word) and inside):
            found.append(folded)
    return list(dict.fromkeys(found))


def stem(folded: str, language: str) -> str:
    """The stem of a folded word, marked with its language."""
    return f"{language}_{_stem(folded, language)}"


def content_words(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Each content word as written and folded.

    Countries, months, numbers and ordinals are folded to what they have in common across languages,
    hyphenated prefixes are joined and left out, ideographs come in pairs.
    """
    ignored = function_words(language)
    words = [(start, word, fold(word)) for start, word in _words(text)]
    place = 0
    while place < len(words):
        start, word, folded = words[place]
        length, shared = _shared(words, place)
        if shared and (length > 1 or folded not in ignored):
            yield word, shared
        elif _IDEOGRAPHS.match(word):
            yield from ((pair, pair) for pair in _pairs(folded))
        elif folded not in ignored and (len(folded) > 1 or folded.isdigit()):
            if text[start - 1 : start] == "-" and (prefix := _prefix_before(text, start - 1)):
                yield word, f"{prefix}{folded}"
            yield word, folded
        place += max(1, length)


def _shared(words: list[tuple[int, str, str]], place: int) -> tuple[int, str]:
    """How many words from `place` on are the name of something known in several languages, and its code."""
    known = _codes()
    folded = words[place][2]
    most = _LONGEST_NAME if folded in _first_words() and not _is_verb(words, place) else 0
    for length in range(min(most, len(words) - place), 0, -1):
        code = known.get(" ".join(folded for _, _, folded in words[place : place + length]))
        if code:
            return length, code
    ordinal = _ORDINAL.fullmatch(folded)
    return (1, f"{ordinal.group(1)}th") if ordinal else (0, "")


def _is_verb(words: list[tuple[int, str, str]], place: int) -> bool:
    """Whether a word that may name a month is a verb: "may they", "they march"."""
    if words[place][1] not in _VERBS:
        return False
    before = words[place - 1][2] if place else ""
    after = words[place + 1][2] if place + 1 < len(words) else ""
    return before not in _BEFORE_MONTHS and not before.isdigit() and not after.isdigit()


@cache
def _first_words() -> frozenset[str]:
    return frozenset(name.split()[0] for name in _codes())


@cache
def _shared_codes() -> frozenset[str]:
    return frozenset(_codes().values())


@cache
def country_names(language: str) -> frozenset[str]:
    """The names of countries and regions in a language, folded, those of one word."""
    from babel import Locale

    names = Locale(language).territories.values()
    return frozenset(fold(name) for name in names if name.isalpha())


@cache
def _codes() -> dict[str, str]:
    """Folded names of countries and months (Unicode CLDR, through Babel), numbers and ordinals, to codes."""
    from babel import Locale

    codes: dict[str, str] = {}
    for language in _FUNCTION_WORDS:
        locale = Locale(language)
        names = [(name, f"territory{code.lower()}") for code, name in locale.territories.items()]
        names += [(name, f"month{number}") for number, name in locale.months["format"]["wide"].items()]
        for kind, ending in ((_NUMBERS, ""), (_ORDINALS, "th")):
            names += [
                (name, f"{number}{ending}") for number, name in enumerate(kind.get(language, "").split())
            ]
        for name, code in names:
            key = " ".join(fold(word) for _, word in _words(name))
            if key and len(key.split()) <= _LONGEST_NAME:
                codes.setdefault(key, code)
    for everyday in ("one", "un", "reunion"):  # a pronoun, an article, and a meeting before it is an island
        codes.pop(everyday, None)
    return {**codes, "seconde": "2th", "premiere": "1th"}


def _words(text: str) -> Iterator[tuple[int, str]]:
    for match in _WORD.finditer(text):
        word = match.group()
        following = text[match.end() : match.end() + 2]
        if fold(word) in _PREFIXES and following[:1] == "-" and following[1:].isalpha():
            continue
        yield match.start(), _SEPARATORS.sub("", word)


def _prefix_before(text: str, hyphen: int) -> str:
    before = re.search(r"[^\W_]+$", text[max(0, hyphen - 8) : hyphen])
    prefix = fold(before.group()) if before else ""
    return prefix if prefix in _PREFIXES else ""


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(max(1, len(run) - 1))]


@lru_cache(maxsize=65536)
def _stem(folded: str, language: str) -> str:
    stemmer = None if is_shared(folded) else _stemmer(language)
    if stemmer is None:
        return folded
    with _STEMMING:
        return str(stemmer.stemWord(folded))


@cache
def _stemmer(language: str) -> Any:
    if language not in _STEMMERS:
        return None
    import snowballstemmer

    return snowballstemmer.stemmer(_STEMMERS[language])


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
