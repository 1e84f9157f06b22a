"""Whom or what a question asked for, in its own words: "the person who opened the fair".

English and French, by the form of the words alone.
"""

import re
from collections.abc import Iterator

from bot.follow_up.pronouns import Pronoun
from bot.follow_up.words import acts, is_verb
from bot.language.terms import fold

WHO = re.compile(r"\s*(who|qui)\s+(?!(?:is|was|are|were|est|sont)\b)", re.I)
"""A question for someone by what they do."""
_WHICH_IS = re.compile(
    r"\s*(?:(?:which|what)\s+(?P<noun>(?:[\w’'-]+\s+){0,2}[\w’'-]*[^\Ws])\s+(?P<rest>(?:is|was|will|has|would)\s.*\w)|"
    r"(?P<quel>quel(?:le)?)\s+(?P<nom>(?!est\b|sera\b|a\b)[\w’'-]+(?:\s+[\w’'-]+){0,4}?)\s+"
    r"(?P<reste>(?:est|sera|a|aura|était)\s.*\w))",
    re.I,
)


def described(pronoun: Pronoun, before: str) -> Iterator[tuple[str, float]]:
    """What the question before asked for, where the pronoun may stand for that, and how readily."""
    if pronoun.gender and not pronoun.of_event and (who := WHO.match(before)):
        someone = "la personne qui" if fold(who.group(1)) == "qui" else "the person who"
        weight = 0.75 if pronoun.kind == "person" else 0.55
        yield (f"{someone} {before[who.end() :].rstrip(' ?.!')}", weight)
    if pronoun.kind == "group" and (who := WHO.match(before)):
        those = "ceux qui" if fold(who.group(1)) == "qui" else "those who"
        verb, _, rest = before[who.end() :].rstrip(" ?.!").partition(" ")
        yield (f"{those} {verb.removesuffix('s') if acts(verb) else verb} {rest}".strip(), 0.7)
    if pronoun.kind == "person" and (someone := _which_one(before)):
        yield (someone, 0.7)
    if pronoun.kind == "thing" and not pronoun.gender and (which := _WHICH_IS.match(before)):
        the = "la" if (which["quel"] or "").casefold().endswith("le") else "le"
        english, french = (
            f"the {which['noun']} that {which['rest']}",
            f"{the} {which['nom']} qui {which['reste']}",
        )
        yield (english if which["noun"] else french, 0.7)


def _which_one(question: str) -> str:
    """Someone by what they did: "the fisherman who pleaded guilty" of "Which fisherman pleaded guilty?"; or ""."""
    first, *words = question.rstrip(" ?.!").split() or [""]
    verb = next((place for place, word in enumerate(words[:4]) if place and _does(word)), 0)
    if fold(first) != "which" or not verb or words[verb - 1].endswith("s"):
        return ""
    return f"the {' '.join(words[:verb])} who {' '.join(words[verb:])}"


def _does(word: str) -> bool:
    return is_verb(word) or fold(word) in ("was", "were", "has", "had")
