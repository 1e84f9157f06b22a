"""Whom and what a text mentions: its names and noun phrases, each with its kind and its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.follow_up.words import (
    DEFINITE,
    POSSESSIVE,
    NameShare,
    Word,
    gender_of,
    is_infinitive,
    told_apart,
)
from bot.language.terms import content_words, fold

MentionKind = Literal["person", "place", "time", "name", "thing"]

PERSON = 0.9
"""At this share of its words at least, a name without a title may be a person's."""
_COMMON_WORDS = 4
"""Common words in a row that a noun phrase has at most."""
_LINKED = 3
"""Links in a row, as in "of the", between two words of one phrase."""
_INSTITUTIONS = frozenset(
    """academy act agency agreement alliance assembly association authority bank board bureau centre center church
    city coast college commission committee company conference congress convention corporation council county court
    day department dialogue directorate division east executive fleet forum foundation fund general government group
    house hub initiative institute international island kingdom law league meeting memorandum ministry mission movement
    museum nation nations national network north office organisation organization parliament park partnership party
    plan platform police press process programme program project region report republic resolution river road school
    security service sea society south state states strategy street summit team treaty tribunal trust union unit united
    university war week west world accord agence assemblee banque centre comite commission conseil convention ecole
    forum gouvernement groupe mission ministere nationale nations office organisation parlement plateforme programme
    projet reunion semaine societe traite tribunal unies union universite""".split()
)
_LINKS = frozenset(
    "of for on between against to in with from at de d du des pour sur en avec dans contre".split()
)
_COMMON_LINKS = frozenset("of on de d du des sur for pour against contre".split())
_NAME_LINKS = frozenset("of for on against de d du des pour sur contre and et bin al von van".split())
_INSIDE = frozenset("the la le les l".split())
_UNIONS = frozenset({"territoryun", "territoryeu", "territoryez"})
"""Codes of the CLDR that are no country: the United Nations, the European Union, the euro area."""
_LOCATIVE = frozenset("in at near en a au aux dans".split())
_DATELINE = re.compile(r"\W{0,4}[^\W\d_][^\n–—]{0,60}\d[^\n–—]{0,12}[–—-]\s")
_LINK = re.compile(
    r"(?:\b(?:in|with|at|of|between|and|à|en|au|avec|de|du|et|entre)\s+|\bd['’])(?=[^\W\d_])", re.I
)


_ARTICLES = {
    **dict.fromkeys(
        ("the", "this", "that", "these", "those", "its", "their", "his", "her", "our", "a", "an"), "the"
    ),
    **dict.fromkeys(("aux", "ses", "leurs", "les", "des"), "les"),
    **dict.fromkeys(("du", "au", "le", "un"), "le"),
    **dict.fromkeys(("la", "une"), "la"),
    "l": "l",
}
"""The article with which another sentence names again what stood with a determiner."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or noun phrase: ``text[start:end]`` of the text it stands in, without its determiner.

    `determiner` is folded ("the", "l", "their"), "" where there is none. `gender` is "m", "f" or "". `proper`: it
    holds a name. `title` is what stands before a person's name.
    """

    text: str
    kind: MentionKind
    start: int
    end: int
    determiner: str = ""
    gender: str = ""
    proper: bool = False
    title: str = ""

    @property
    def definite(self) -> bool:
        return self.determiner in DEFINITE

    @property
    def has_capital(self) -> bool:
        return self.text != self.text.lower()

    @property
    def owned(self) -> bool:
        """Whether it belongs to something else that the text names: "their dialogue"."""
        return self.determiner in POSSESSIVE

    @property
    def phrase(self) -> str:
        """The mention as another sentence would name it."""
        article = _ARTICLES.get(self.determiner, "")
        if self.determiner in ("un", "une") and fold(self.text)[:1] in "aeiou":
            article = "l"
        return f"l'{self.text}" if article == "l" else f"{article} {self.text}".strip()


def mentions(text: str, language: str, name_share: NameShare, prose: bool = False) -> list[Mention]:
    """The names and noun phrases of the text, in order; they do not overlap.

    In `prose` names are written with capitals; elsewhere a word that the corpus knows as a name is one.
    """
    words = list(told_apart(text, language, name_share, prose))
    dateline = _DATELINE.match(text)
    found: list[Mention] = []
    place = 0
    while place < len(words):
        mention, place = _mention(text, words, place, name_share)
        if mention and dateline and mention.end < dateline.end() and mention.kind in ("person", "name"):
            mention = replace(mention, kind="place")
        if mention:
            found.append(mention)
    return found


def inner(found: Sequence[Mention], language: str, name_share: NameShare) -> list[Mention]:
    """The names inside of longer mentions, at their places in the text: "Rabat" in "the office in Rabat"."""
    parts = []
    for mention in found:
        for match in _LINK.finditer(mention.text):
            inside = mentions(mention.text[match.start() :], language, name_share)
            start = mention.start + match.start()
            if inside and inside[0].proper:
                name = inside[0]
                parts.append(replace(name, start=start + name.start, end=start + name.end))
    return parts


def countries(text: str) -> list[tuple[str, str]]:
    """The countries that the text names, in order, each with its code."""
    return [
        (word, code)
        for word, code in content_words(text, "en")
        if code.startswith("territory") and code not in _UNIONS
    ]


def _mention(
    text: str, words: Sequence[Word], place: int, name_share: NameShare
) -> tuple[Mention | None, int]:
    """The mention that begins at a word, and where to go on."""
    determiner = words[place].folded if words[place].determines else ""
    first = body = place + bool(determiner)
    while body < len(words) and words[body].is_title:
        body += 1
    if body == len(words) or not words[body].known:
        body = first  # no name follows: "the Minister of Finance"
    end, common = body, 0
    while end < len(words):
        word = words[end]
        common = 0 if word.known else common + 1
        named = word.known or (
            word.common and determiner and common <= _COMMON_WORDS and not (word.acts and end > body)
        )
        if named and word.text not in _LINKS:
            end += 1
        elif end > body and (after := _linked(words, end, bool(determiner))):
            end, common = after, 0
        else:
            break
        if words[end - 1].owner and (end == len(words) or not words[end].known):
            break
    if end == body:
        return None, place + 1
    return _made(text, words[first:body], words[body:end], words[:place], determiner, name_share), end


def _linked(words: Sequence[Word], place: int, phrase: bool) -> int:
    """Where a phrase goes on behind the links at `place`: past its next word, or 0 where it ends there."""
    after = place
    while (
        after < len(words)
        and after - place < _LINKED
        and words[after].folded in _LINKS | _NAME_LINKS | _INSIDE
    ):
        after += 1
    if after in (place, len(words)) or words[place].folded in _INSIDE:
        return 0
    word, links = words[after], {word.folded for word in words[place:after]}
    if links & {"to", "pour"} and word.text.islower() and is_infinitive(word.folded):
        return 0
    if links & {"and", "et"}:
        return after + 1 if word.known and phrase and _has_link(words, place) else 0
    if word.known and (phrase or links <= _NAME_LINKS | _INSIDE):
        return after + 1
    if word.common and phrase and links & _COMMON_LINKS:
        return after + 1
    return 0


def _has_link(words: Sequence[Word], place: int) -> bool:
    """Whether the name that ends at `place` hangs on a link: "the dialogue of Morocco" before "and UNOCT"."""
    while place > 0 and words[place - 1].known:
        place -= 1
    return place > 1 and words[place - 1].folded in _LINKS


def _made(
    text: str,
    titles: Sequence[Word],
    words: Sequence[Word],
    before: Sequence[Word],
    determiner: str,
    name_share: NameShare,
) -> Mention:
    start, end = words[0].start, words[-1].end
    return Mention(
        text[start:end],
        _kind(text[start:end], words, bool(titles), before[-1].folded if before else "", name_share),
        start,
        end,
        "" if titles else determiner,
        next((gender for word in reversed(titles) if (gender := gender_of(word.folded))), ""),
        any(word.known for word in words),
        text[titles[0].start : start].strip() if titles else "",
    )


def _kind(whole: str, words: Sequence[Word], titled: bool, before: str, name_share: NameShare) -> MentionKind:
    folded = {word.folded for word in words}
    names = [word for word in words if word.known]
    said = {code for _, code in content_words(whole, "en")}
    named = countries(whole)
    if titled and names:
        return "person"
    if names and said and all(code.startswith("month") or code.isdigit() for code in said):
        return "time"
    if names and len(names) == len(words) and named:
        return "place"
    capital = all(
        word.text[0].isupper() and not word.text[:2].isalpha() * word.text[:2].isupper() for word in words
    )
    if (
        capital
        and 2 <= len(words) <= 4
        and not folded & _INSTITUTIONS
        and not named
        and before not in _LOCATIVE
        and all(share is None or share >= PERSON for share in map(name_share, (word.text for word in words)))
    ):
        return "person"
    if names and len(names) == len(words) and before in _LOCATIVE:
        return "place"
    return "name" if names else "thing"
