"""A piece of a question ("And in Morocco?", "the one before that?"), put into the question before it.

English and French, by the form of the words alone: it knows no store and no model.
"""

import re

from bot.follow_up.mentions import Mention, inner, mentions
from bot.follow_up.words import INTERROGATIVES, NameShare, is_verb
from bot.language.terms import content_words, fold, is_shared

FRAGMENT_WORDS = 4
"""Content words of the longest question that is read as a piece of the one before."""

_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|do|does|did|will|would|can|could|has|have|had|should|tell|give|list|name|explain|describe|"
    r"show|know|want|need|am|i|we|you|est|sont|était|étaient|ont|avait|peut|peux|dois|doit|je|nous|vous|donne|"
    r"donnez|dis|dites)\b|\w-(?:t-)?(?:il|elle|ils|elles|on|ce)\b|['’]m\b",
    re.I,
)
_ONE = re.compile(
    r"\b(?:the\s+)?(?:(?P<which>\w+)\s+)?ones?\b|\b(?:celui|celle|ceux|celles)(?:-ci|-là)?\b|\bthat(?=\s+of\b)",
    re.I,
)
_EARLIER = re.compile(
    r"\b(?:(?:one|time|year|meeting|celui|celle) before(?: that| it)?|previous|preceding|earlier|before that|"
    r"précédente?s?|d['’]avant|avant (?:cela|ça))\b",
    re.I,
)
_LATER = re.compile(
    r"\b(?:one after(?: that| it)?|next|following|after that|suivante?s?|prochaine?s?|d['’]après|après (?:cela|ça))\b",
    re.I,
)
_LAST = re.compile(r"\b(?:last|latest|most recent|derni(?:er|ère)s?|plus récente?)\b", re.I)
_ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
    "fr": "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième "
    "douzième".split(),
}
_ORDINAL = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th|er|re|e|ème|eme)|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"eleventh|twelfth|premi(?:er|ère)|deuxième|seconde?|troisième|quatrième|cinquième|sixième|septième|huitième|"
    r"neuvième|dixième|onzième|douzième)\b",
    re.I,
)
_ELIDED = re.compile(r"\bl['’]$")
_LEADING = re.compile(r"^(?:the|any|some|other|le|la|les|des|d['’]autres)\s+", re.I)
_TIMES = re.compile(
    r"\b(?:(?:january|february|march|april|may|june|july|august|september|october|november|december|janvier|février|"
    r"mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)(?:\s+(?:1[5-9]|20)\d\d)?|(?:1[5-9]|20)\d\d)\b",
    re.I,
)


def is_fragment(bare: str, opens: bool, language: str) -> bool:
    """Whether the question is a piece of a sentence that lacks what it says or asks."""
    text = bare.strip(" ?!.…")
    words = [word for word, _ in content_words(text, language)]
    if not text or len(words) > FRAGMENT_WORDS or _CLAUSE.search(text):
        return False
    if any(fold(word) in INTERROGATIVES for word in re.findall(r"\w+", text)):
        return False
    leans = re.match(
        r"(?:in|for|with|at|on|from|to|by|en|au|aux|à|pour|avec|chez|dans|par|celui|celle|ceux|celles)\b",
        text,
        re.I,
    )
    return opens or bool(leans) or bool(_ONE.search(text))


def completed(previous: str, fragment: str, language: str, name_share: NameShare) -> list[str]:
    """The question before with what the fragment brings in the place of its like, the most literal first.

    What has no like there is added at the end; empty where nothing has.
    """
    text = fragment.strip(" ?!.…")
    if moved := _moved(previous, text, language, name_share):
        return moved
    result, rest, added = previous, text, list[str]()
    for pattern in (_ORDINAL, _TIMES):
        if new := pattern.search(rest):
            if old := pattern.search(result):
                result = result[: old.start()] + new.group() + result[old.end() :]
            else:
                added.append(_with_preposition(rest, new.start(), new.end()))
            rest = rest[: new.start()] + rest[new.end() :]
    rest = _ONE.sub(lambda one: one["which"] or " ", rest)
    units = [unit for unit in mentions(rest, language, name_share) if unit.kind != "time"]
    for unit in units:
        if like := _like(unit, rest, result, language, name_share):
            result = result[: like.start] + _in_place(unit, like, result) + result[like.end :]
        else:
            added.append(_with_preposition(rest, unit.start, unit.end))
    loose = _LEADING.sub("", rest.strip(" ,"))
    if not units and loose and result == previous and (tail := _tail(previous, language, name_share)):
        return [previous[: tail[0]] + loose + previous[tail[1] :]]
    if result == previous and not added:
        return []
    return [joined(result, ", ".join(added)) if added else result]


def joined(previous: str, fragment: str) -> str:
    """The question before with the fragment behind it."""
    return f"{previous.rstrip(' ?.!')}, {fragment.rstrip(' ?.!')}?"


def is_clause(question: str) -> bool:
    """Whether the question says or asks something, rather than name a topic."""
    words = re.findall(r"\w+", fold(question))
    return bool(_CLAUSE.search(question)) or any(word in INTERROGATIVES or is_verb(word) for word in words)


def _in_place(unit: Mention, like: Mention, text: str) -> str:
    """The mention as it stands in the place of its like: with its article where the other has none."""
    article = re.search(r"(?:\b(?:le|la|the)\s|\bl['’])$", text[: like.start])
    return unit.phrase if unit.kind == "place" and not like.determiner and not article else unit.text


def _tail(previous: str, language: str, name_share: NameShare) -> tuple[int, int] | None:
    """Where the words stand that say of what the last thing of a question is: "regulations for motorcycles"."""
    things = [unit for unit in mentions(previous, language, name_share) if unit.kind in ("thing", "name")]
    for unit in reversed(things):
        links = list(re.finditer(r"\b(?:for|of|on|about|pour|sur|de|du|des)\s+|\bd['’]", unit.text))
        if links:
            return unit.start + links[-1].end(), unit.end
    return None


def _moved(previous: str, text: str, language: str, name_share: NameShare) -> list[str]:
    """The question before with its ordinal moved, or the same said in words: for "the one before that", "the last"."""
    step = -1 if _EARLIER.search(text) else 1 if _LATER.search(text) else 0
    last = _LAST.search(text)
    if not step and not last:
        return []
    if [unit for unit in mentions(_ONE.sub(" ", text), language, name_share) if unit.proper]:
        return []
    said = {("en", -1): "previous", ("en", 1): "next", ("fr", -1): "précédent", ("fr", 1): "prochain"}
    word = said[language, step] if step else last.group() if last else ""
    found = _ORDINAL.search(previous)
    if found:
        number = ordinal(found.group())
        worded = previous[: found.start()] + word + previous[found.end() :]
        if not step or number + step < 1:
            return [worded]
        return [
            previous[: found.start()] + _ordinal_word(number + step, previous) + previous[found.end() :],
            worded,
        ]
    things = [unit for unit in mentions(previous, language, name_share) if unit.kind in ("thing", "name")]
    definite = [unit for unit in things if unit.definite or unit.owned] or things
    if not definite:
        return []
    place = definite[-1].start
    return [f"{_ELIDED.sub('le ', previous[:place])}{word} {previous[place:]}"]


def ordinal(text: str) -> int:
    """The number of an ordinal, in words or figures; 0 where it is none."""
    for _, code in content_words(text, "en"):
        if is_shared(code) and code.endswith("th"):
            return int(code[:-2])
    return 0


def _ordinal_word(number: int, like: str) -> str:
    words = _ORDINALS["fr" if re.search(r"\b(?:le|la|les|l['’]|du|quand|où|qui)\b", like, re.I) else "en"]
    return words[number - 1] if number <= len(words) else f"{number}th"


def _like(unit: Mention, text: str, previous: str, language: str, name_share: NameShare) -> Mention | None:
    """What of the question before the mention takes the place of."""
    others = mentions(previous, language, name_share)
    all_of_them = [*others, *inner(others, language, name_share)]
    link = _link(text, unit)
    same = [other for other in all_of_them if other.kind == unit.kind and unit.kind in ("person", "place")]
    if link:
        linked = [
            other for other in all_of_them if other.proper and unit.proper and _link(previous, other) == link
        ]
        same = linked or same
    if not same and unit.kind == "place" and link:
        same = [other for other in all_of_them if other.kind == "place"]
    if not same and unit.kind == "name":
        same = [other for other in others if other.kind == "name" and not _is_longer(other, unit)]
    if not same and unit.kind == "thing":
        same = [
            other for other in others if other.kind in ("thing", "name") and (other.definite or other.owned)
        ]
        same = same or [other for other in others if other.kind == "thing"]
    return same[-1] if same else None


def _is_longer(other: Mention, unit: Mention) -> bool:
    return fold(unit.text) in fold(other.text)


def _link(text: str, mention: Mention) -> str:
    """The preposition before a mention, one for those that mean the same place."""
    before = re.search(r"([\w’']+)\s+(?:the\s+|l['’]|la\s+|le\s+)?$", text[: mention.start])
    word = fold(before.group(1)) if before else ""
    if word in ("in", "at", "a", "en", "au", "aux", "dans"):
        return "in"
    return {"with": "with", "avec": "with", "for": "for", "pour": "for", "by": "by", "par": "by"}.get(
        word, ""
    )


def _with_preposition(text: str, start: int, end: int) -> str:
    before = re.search(r"(?:\b[\w’']+\s+|\b[ld]['’])$", text[:start])
    small = before and re.fullmatch(
        r"(?:in|for|with|at|on|from|to|by|of|en|au|aux|a|pour|avec|chez|dans|par|du|de|d['’]|l['’]|the|le|la)",
        fold(before.group().strip()),
    )
    return (before.group() if before and small else "") + text[start:end]
