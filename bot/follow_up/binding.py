"""Whether a pronoun stands for something that its own question names, or for something said before it.

English and French, by the form of the words alone.
"""

import re
from collections.abc import Sequence

from bot.follow_up.antecedents import EMPTY
from bot.follow_up.interrogatives import asked_for
from bot.follow_up.mentions import Mention
from bot.follow_up.pronouns import Pronoun
from bot.follow_up.words import acts
from bot.language.terms import content_words, fold

_OBJECT = re.compile(
    r"\s*(?:[^\w\s]|$|(?:in|on|at|to|for|from|with|by|of|about|too|then|there|together|also|again|today|now|up|down|out|over|"
    r"before|after|during|as|and|or)\b)",
    re.I,
)
"""What follows a pronoun that is no subject."""
_RATED = re.compile(
    r"\b(?:consider|find|found|make|made|call|deem|judge|think of|describe|keep|kept)\w*\s+$", re.I
)
"""Behind it stands what somebody is found to be: "why do they consider it important"."""
_AND_NAME = re.compile(r"\b(?:and|or|et|ou)\s+(?:the\s+|l['’]|la\s+|le\s+)?(?=[A-ZÀ-Þ])")
_BEFORE_IT = re.compile(r"\s(?:before|after|since)\s+$", re.I)
_CLAUSE_BEGINS = re.compile(
    r"[,;:]|\b(?:and|or|but|that|which|who|whom|when|where|while|if|because|since|so|how|why|what|whether|before|after|"
    r"et|ou|mais|que|qui|quand|où|si|car|comment|pourquoi|dont)\b|\bqu['’]",
    re.I,
)


def names_itself(pronoun: Pronoun, named: Sequence[Mention], text: str, language: str) -> bool:
    """Whether the pronoun stands for something that its own question names."""
    if pronoun.kind in ("one", "place"):
        return False
    if pronoun.kind == "noun" and {fold(pronoun.noun), fold(pronoun.noun).removesuffix("s")} & EMPTY:
        return True
    begins = 0 if pronoun.owns else asked_for(text)  # what a question asks for is nothing that it names
    before = [
        mention
        for mention in named
        if begins <= mention.start and mention.end <= pronoun.start and not _apart(text, mention, pronoun)
    ]
    if pronoun.kind == "person":
        people = [mention for mention in named if mention.kind == "person"]
        return any(not _apart(text, each, pronoun) for each in people) or any(
            mention.proper for mention in before
        )
    if pronoun.kind == "group" and any(
        word == "people" or (word.endswith("s") and not acts(word))
        for word, _ in content_words(text[begins : pronoun.start], "en")
    ):
        return True
    return any(
        mention.proper or mention.definite or (bool(mention.determiner) if pronoun.owns else mention.owned)
        for mention in before
        if fold(mention.text.split()[-1]) not in EMPTY and may_stand_for(pronoun, mention, language)
    )


def _apart(text: str, mention: Mention, pronoun: Pronoun) -> bool:
    """Whether grammar keeps the two apart: "the plan it belongs to", "did Norway have a say in it?"."""
    if mention.start >= pronoun.end:  # "he and Ada Finch"
        return re.fullmatch(r"\s+(?:and|et)\s+", text[pronoun.end : mention.start], re.I) is not None
    between = text[mention.end : pronoun.start]
    if pronoun.owns or between.endswith("-"):
        return False
    if not between.strip():
        return True
    is_object = _OBJECT.match(text, pronoun.end) or _RATED.search(between)
    between = _AND_NAME.sub("", _BEFORE_IT.sub("", between))
    return is_object is not None and _CLAUSE_BEGINS.search(between) is None


def may_stand_for(pronoun: Pronoun, mention: Mention, language: str) -> bool:
    """Whether a pronoun of its kind names such a thing: "it" nobody, and no several; French "il" persons and things."""
    if pronoun.kind == "person":
        return mention.kind in ("person", "name")
    if pronoun.kind != "thing" or language == "fr":
        return True
    return mention.kind != "person" and (mention.has_capital or not mention.text.endswith("s"))
