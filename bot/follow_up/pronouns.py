"""Words that stand for someone or something named elsewhere, and sentences with the name in their place.

English and French, by the form of the words alone: it does not know what is named.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.follow_up.words import INTERROGATIVES, acts, is_verb
from bot.language.terms import fold, function_words

PronounKind = Literal["person", "thing", "group", "place", "noun", "one"]
"""Whom or what it can stand for. noun: "that programme"; one: "the next one"."""

LONG = 3
"""Words of a name that is too long for "'s"."""


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A word or phrase at ``text[start:end]`` that stands for something else.

    `text` is the word itself. `gender` is "m", "f" or "". `owns` where it says whose something is. `noun` is the
    word that goes with it: "programme" in "that programme", "next" in "the next one". `of_event` where only an event
    can be meant: "quand a-t-il eu lieu".
    """

    kind: PronounKind
    start: int
    end: int
    text: str = ""
    gender: str = ""
    owns: bool = False
    noun: str = ""
    of_event: bool = False


_ENGLISH: tuple[tuple[PronounKind, str, bool, str], ...] = (
    ("person", r"\b(?:he|him)\b", False, "m"),
    ("person", r"\bhis\b", True, "m"),
    ("person", r"\b(?:she|hers)\b|\bher(?!\s+[a-z])", False, "f"),
    ("person", r"\bher(?=\s+[a-z])", True, "f"),
    (
        "one",
        r"\b(?:the|that|this|their|its)\s+(?P<noun>next|previous|last|latest|first|second|third|other|following|"
        r"preceding|earlier|later)\s+one\b",
        False,
        "",
    ),
    ("group", r"\btheir\b", True, ""),
    ("group", r"\b(?:they|them)\b|\b(?:these|those)(?!\s+\w)", False, ""),
    ("thing", r"\bits\b", True, ""),
    (
        "thing",
        r"\bit\b(?!\s+(?:is\s+|was\s+)?(?:possible|true|necessary|important|likely|difficult|easy|worth|seems?|rain\w*|"
        r"takes?\b(?!\s+(?:place|part))))|\bthat\b(?=\s*(?:[?!.,;]|$|(?:is|was|were|will|did|does|has|had|can|could|take|"
        r"took|happen\w*|mean\w*|work|by|in|on|of|for|with|part of)\b))|(?:(?<=about )|(?<=of )|(?<=with )|(?<=after )|"
        r"(?<=before )|(?<=do )|(?<=did )|(?<=like ))that\b(?!\s+\w)|\b(?:all\s+)?this\b(?!\s+[a-z])|"
        r"(?:(?<=consider )|(?<=find )|(?<=deem ))it\b(?=\s+[\w-]+\W*$)|"
        r"\bthis\b(?=\s+(?:is|was|take|happen|mean|work|in|by|on|for|with|affect|apply|change|help)\b)",
        False,
        "",
    ),
    ("thing", r"\bthe\s+latter\b(?!['’])", False, ""),
    ("noun", r"\b(?:this|that|these|those|such)\s+(?P<noun>[a-z][\w-]+)\b", False, ""),
    (
        "place",
        r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!been )(?<!have )(?<!has )(?<!had )(?<!will )\bthere\b"
        r"(?!\s+(?:is|are|was|were|be|been|has|have|a|an|any)\b)",
        False,
        "",
    ),
)
_FRENCH: tuple[tuple[PronounKind, str, bool, str], ...] = (
    ("thing", r"(?<=[\w]-)(?:t-)?(?P<gender>il|elle)\b(?!\s+(?:y\s+a|possible|vrai))", False, ""),
    ("group", r"(?<=[\w]-)(?:t-)?(?:ils|elles)\b", False, ""),
    ("group", r"\b(?:ils|elles)\b|\beux\b|\bces\s+derni(?:ers|ères)\b", False, ""),
    ("thing", r"\bce(?P<gender>\s+dernier|tte\s+dernière)\b(?!\s+\w+ion\b)", False, ""),
    ("person", r"\blui\b", False, ""),
    (
        "thing",
        r"(?<![\w-])\b(?P<gender>il|elle)\b(?!\s+(?:n['’])?(?:y\s+(?:a|avait|aura)|s['’]agit|faut|fait|est\s+(?:possible|"
        r"vrai))\b)",
        False,
        "",
    ),
    (
        "thing",
        r"\b(?:qui|quand|comment|pourquoi|où|combien|qui est-ce qui|on)\s+(?:l['’]|les?\s|la\s)(?=\w+\s*(?:[?.!]|$)|"
        r"(?:a|ont|avait|aura|est|sont)\b)",
        False,
        "",
    ),
    ("noun", r"\b(?:ce|cet|cette|ces)\s+(?P<noun>(?!que\b|qui\b|dont\b|sont\b|n['’])[\w’'-]+)", False, ""),
    (
        "one",
        r"(?<![\w’'])(?:le|la)\s+(?P<noun>prochaine?|suivante?|précédente?|derni(?:er|ère))\b(?=\s*(?:[,?.!]|$))",
        False,
        "",
    ),
    ("noun", r"\b(?:celui|celle|ceux|celles)-(?:ci|là)\b", False, ""),
    ("group", r"\bleurs?\b(?=\s+\w)", True, ""),
    ("thing", r"\b(?:son|sa|ses)\b(?=\s+\w)", True, ""),
    ("thing", r"\b(?:tout\s+)?(?:cela|ça|ceci)\b(?!\s+(?:veut|va)\b)", False, ""),
    (
        "thing",
        r"\ben\b(?=\s+(?:est|sont|était|étaient|sera|seront|a|ont|avait|fait|font|bénéfici\w*|parl\w*|pens\w*|dit|"
        r"dis\w*)\b)",
        False,
        "",
    ),
    ("thing", r"\by\b(?!\s+(?:a|avait|aura)(?:-|\s+(?:un|une|des|du|de|eu|il)\b)|-)", False, ""),
    ("place", r"\blà-bas\b|\blà(?=\s*[?.!]?\s*$)", False, ""),
)
_TAKES_PLACE = re.compile(
    r"\s+(?:(?:ne\s+)?(?:pas\s+)?(?:eu|avoir|été|être)\s+)?(?:lieu|tenue?s?|déroulée?s?|duré|organisée?s?|célébrée?s?)\b",
    re.I,
)
_QUOTES = re.compile(r"[\"“«][^\"”»]*[\"”»]")
_EXPLETIVE = re.compile(
    r"it\s+(?P<be>(?:is|was|be|will be|would be)\s+)?(?:(?!to\b|that\b|if\b)[\w’'-]+\s+){0,3}"
    r"(?:that|if|to\s+(?P<to>\w+))\b",
    re.I,
)
_DESTINED = re.compile(
    r"it\s+(?:meant|supposed|expected|designed|intended|planned|scheduled|due|set|going|about|able|built|bound|aimed)"
    r"\s+to\b",
    re.I,
)
"""Only something can be meant or set to do a thing: "what is it meant to assess"."""
_POINTS = re.compile(r"it\s+(?:[\w’'-]+\s+){1,2}that\s+[\w’'-]+\W*$", re.I)
"""What ends with "that" and one word points to something: "when was it given that task"."""
_GOES_ON = re.compile(
    r"\b(?:it|all|ones?|true|possible|likely|clear|sure|certain|says?|said|think|believe|know|known|means?|shows?|claims?|"
    r"agreed?|fact|so|such|given|now)\s+$",
    re.I,
)
"""Words behind which "that" begins a clause."""
_DESCRIBED = re.compile(
    r"\b(?:the|an?|any|some|all|no|which|what|many|other|those|these|only)\s+(?:[\w’'-]+\s+){0,2}?([^\W_]+)\s+$",
    re.I,
)
_OF_THEM = re.compile(r"\b(?:one|some|any|all|each|both|many|most) of (?:them|these|those)\b", re.I)
_INVERTED = re.compile(
    r"(?P<clitics>(?:\b(?:ne|se|le|la|les|lui|leur|y|en)\s+|\b[nsl]['’])*)(?P<verb>\b[^\W_]+)-(?:t-)?(?:ils?|elles?)\b",
    re.I,
)
_OBJECT = re.compile(
    r"(?P<who>\b(?:qui|quand|comment|pourquoi|où|combien|on)\s+)(?:l['’]|les?\s+|la\s+)(?P<verb>(?:(?:a|ont|avait|avaient|"
    r"aura|auront|est|sont)\s+(?:été\s+)?)?[\w’']+\b(?!-))",
    re.I,
)
_OWNED = re.compile(
    r"\b(?:son|sa|ses|leurs?)\s+(?P<noun>[\w’'-]+(?:(?:\s+(?!(?:en|y|de|du|des|au|aux|et|ou|à)\b)[\w’'-]+){1,2}(?=\s*[?.!]*$))?)",
    re.I,
)
"""With the adjectives behind it, at the end of a question: "son adresse électronique"."""
_ARTICLE = {"son": "le", "sa": "la", "ses": "les", "leur": "le", "leurs": "les"}


def pronouns(text: str, language: str) -> list[Pronoun]:
    """The pronouns of the text in order; they do not overlap."""
    found: list[Pronoun] = []
    quotes = [match.span() for match in _QUOTES.finditer(text)]
    for kind, pattern, owns, gender in _FRENCH if language == "fr" else _ENGLISH:
        for match in re.finditer(pattern, text, re.I):
            start, end = match.span()
            if any(start < other.end and other.start < end for other in found):
                continue
            if any(first <= start < last for first, last in quotes) or _is_empty(text, match, language):
                continue
            groups = match.groupdict()
            if groups.get("gender"):
                gender = "m" if groups["gender"].strip().lower() in ("il", "dernier") else "f"
            found.append(
                Pronoun(
                    kind,
                    start,
                    end,
                    match.group().lower(),
                    gender,
                    owns,
                    (groups.get("noun") or "").lower(),
                    of_event=_TAKES_PLACE.match(text, end) is not None,
                )
            )
    return sorted(found, key=lambda pronoun: pronoun.start)


def _is_empty(text: str, match: re.Match[str], language: str) -> bool:
    """Whether the word stands for nothing: "is it safe to go", "the films that Bose made", "y a-t-il"."""
    if language == "fr":
        return re.search(r"\by\s+(?:a|avait|aura)-$", text[: match.start()], re.I) is not None
    if match.group().lower() == "it":
        if _DESTINED.match(text, match.start()):
            return False
        told = _EXPLETIVE.match(text, match.start())
        if _POINTS.match(text, match.start()):
            return False
        be = re.search(r"\b(?:is|was|be|isn['’]t|wasn['’]t|becomes?)\s+$", text[: match.start()], re.I)
        return (
            told is not None
            and (be is not None or told["be"] is not None)
            and (not told["to"] or is_verb(told["to"]))
        )
    if not re.match(r"that\s+\w", text[match.start() :], re.I):
        return False
    if _GOES_ON.search(text[: match.start()]):
        return True
    before = _DESCRIBED.search(text[: match.start()])
    noun = match.groupdict().get("noun") or "x"
    return noun[0].isupper() or (
        before is not None
        and fold(before.group(1)) not in function_words("en") | INTERROGATIVES
        and not is_verb(before.group(1))
        and not acts(before.group(1))
    )


def replaced(text: str, pronoun: Pronoun, phrase: str, language: str, owned_end: int = 0) -> str:
    """The text with the phrase in the pronoun's place; where that would be no sentence, in brackets at its end.

    `owned_end` is where what the pronoun owns ends, 0 where that is not known.
    """
    if language == "fr":
        return _replaced_french(text, pronoun, phrase)
    if _OF_THEM.search(text):
        return bracketed(text, phrase, language)
    if pronoun.kind == "place":
        return f"{text[: pronoun.start]}in {phrase}{text[pronoun.end :]}"
    if pronoun.owns:
        if len(phrase.split()) > LONG and owned_end > pronoun.end:
            owned = text[pronoun.end : owned_end].strip()
            return f"{text[: pronoun.start]}the {owned} of {phrase}{text[owned_end:]}"
        return f"{text[: pronoun.start]}{phrase}{_s(phrase)}{text[pronoun.end :]}"
    return f"{text[: pronoun.start]}{phrase}{text[pronoun.end :]}"


def bracketed(text: str, phrase: str, language: str) -> str:
    """The question with the phrase in brackets before its mark."""
    return f"{text.rstrip(' ?.!')} ({phrase}){' ?' if language == 'fr' else '?'}"


def _replaced_french(text: str, pronoun: Pronoun, phrase: str) -> str:
    if pronoun.kind in ("thing", "group") and not pronoun.owns:
        for match in _INVERTED.finditer(text):
            if match.start("verb") < pronoun.start < match.end():
                if re.search(r"\bqu['’]$|\bque\s+$", text[: match.start()], re.I):
                    rest = text[match.end() :]
                    return f"{text[: match.end('verb')]}{rest.rstrip(' ?.!')} {phrase} ?"
                return f"{text[: match.start()]}{phrase} {text[match.start() :]}"
        for match in _OBJECT.finditer(text):
            if match.start() <= pronoun.start < match.end():
                return f"{text[: match.start()]}{match['who']}{match['verb']} {phrase}{text[match.end() :]}"
        if re.fullmatch(r"(?:ils?|elles?|cela|ça|ceci)", text[pronoun.start : pronoun.end], re.I):
            said = text[: pronoun.start]
            if phrase[:1].lower() not in "aeiouéèêâîôh":
                said = re.sub(r"\b([Qq])u['’]$", r"\1ue ", said)
            return f"{said}{phrase}{text[pronoun.end :]}"
        if re.match(r"ce", text[pronoun.start : pronoun.end], re.I):
            owner = re.search(r"\bde\s+$", text[: pronoun.start], re.I)
            named = of(phrase) if owner else phrase
            return f"{text[: owner.start() if owner else pronoun.start]}{named}{text[pronoun.end :]}"
    if pronoun.owns and (owned := _OWNED.match(text, pronoun.start)):
        noun = owned["noun"]
        own = text[pronoun.start : pronoun.end].lower()
        article = (
            "l'"
            if own in ("son", "sa", "leur") and noun[0].lower() in "aeiouyhéèêâîô"
            else f"{_ARTICLE[own]} "
        )
        return f"{text[: pronoun.start]}{article}{noun} {of(phrase)}{text[owned.end() :]}"
    if pronoun.kind == "noun" and pronoun.noun:
        return f"{text[: pronoun.start]}{phrase}{text[pronoun.end :]}"
    return bracketed(text, phrase, "fr")


def of(phrase: str) -> str:
    """French "de" before a phrase."""
    for article, contracted in (("le ", "du "), ("les ", "des ")):
        if phrase.startswith(article):
            return contracted + phrase[len(article) :]
    return f"d'{phrase}" if phrase[:1].lower() in "aeiouéèêâîôh" and phrase[1:2].islower() else f"de {phrase}"


def joined(phrases: Sequence[str], language: str) -> str:
    """Names in a row: "Morocco and UNOCT"."""
    word = "et" if language == "fr" else "and"
    return f" {word} ".join([", ".join(phrases[:-1]), phrases[-1]]) if len(phrases) > 1 else "".join(phrases)


def _s(name: str) -> str:
    return "'" if name.endswith("s") and name[:1].isupper() and len(name.split()) == 1 else "'s"
