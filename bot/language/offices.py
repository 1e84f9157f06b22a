"""Whether a sentence names the office whose holder a question asks for, or tells of: a director, "le coordonnateur".

English and French rules over surface forms; it knows no store and no model.
"""

import re
from functools import lru_cache

from bot.language.terms import ABOUT_CHARACTERS, fold

_HEAD = (
    r"direct\w+|dirig\w+|heads?|headed|chief|chefs?|cheffes?|lead(?:s|er\w*)?|led|runs?|ran|"
    r"manag(?:es?|ed|er\w*)|in charge|responsable|chair\w*|presid\w+|command\w+|mene\w*|govern(?:s|ed|ors?)|"
    r"gouvern(?:e|ait|eure?s?)|gere\w*|gestion|tete"
)
_HEADS = "head|chief|leader|boss|chef|cheffe|responsable|director|directeur|directrice"
_CALLED = {
    _HEADS: _HEAD,
    "president|presidente": r"presid\w+|chair\w*|co-chair\w*",
    "minister|ministre": r"minist\w+|secretary of state|secretaire d'etat",
    "ambassador|ambassadeur|ambassadrice": r"ambassad\w+|envoy\w*|represent\w+|mission",
    "coordinator|coordonnateur|coordonnatrice|coordinateur|coordinatrice": r"coord\w+",
    "spokesman|spokeswoman|spokesperson|porte-parole": r"spoke\w*|porte-parole|press|presse|media",
    "governor|gouverneur|gouverneure": r"govern\w+|gouvern\w+",
    "commissioner|commissaire": r"commissi\w+|commissa\w+",
    "judge|juge": r"judge\w*|juges?|justice|magistrat\w*",
    "mayor|maire": r"mayor\w*|maires?",
    "sheriff|sherif": r"sheriff?s?",
    "rapporteur|rapporteuse": r"rapporteu\w+",
}
"""What an office is called, and any one word by which a sentence tells who holds it."""
_HOLDER = re.compile(
    r"\b(?:who(?:'s| is| was| are| were)|(?:full )?names? of|qui (?:est|etait|sont|etaient)|noms? (?:de|du|des)|"
    r"comment s'appel\w+) (?:the |l'|les? |la |de l'|de la )?(?:(?!of\b|de\b|du\b|who\b|qui\b)[\w-]+ ){0,3}?"
    rf"(?P<office>{'|'.join(_CALLED)})\b"
)
_LEADS = re.compile(
    r"\b(?:(?:who |which (?:\w+ ){1,3}?)(?:currently |now )?(?:heads|headed|leads|led|runs|ran|directs|directed|"
    r"manages|(?:is|was) in charge of)|qui (?:dirige|dirigeait|gere|pilote)) .{0,200}?\b(?:office|bureau|hub|"
    r"cent(?:er|re)|unit|mission|committee|department|agency|secretariat|directorate|section|branch|program(?:me)?s?|initiative|"
    r"project|comite|departement|agence|unite)\b"
)
"""Asks for the head of an office; of armies and works a sentence tells in other words, too."""
_SITED = (
    re.compile(
        r"\b(?:office|bureau|hub|cent(?:er|re)|mission|branch) (?:in|at|a|de) (?:the )?(?P<place>[\w-]{3,})"
    ),
    re.compile(
        r"\b(?!(?:the|its|his|her)\b)(?P<place>\w{3,})(?:-based)? "
        r"(?:(?:program(?:me)?|project|country|field|regional|liaison) )?(?:office|hub|branch)\b"
    ),
)
"""Where that office is, or by what word it is told from others."""
_HEADING = re.compile(
    r"[^,;]*\b(?:direct(?:or|eur|rice|s|ed)\w*|dirig\w+|heads?|headed|chief|chefs?|cheffes?|leads?|led|runs?|in charge|"
    r"manag(?:es?|ed|er\w*)|responsable)\b[^,;]*"
)
_SPEAKS = re.compile(
    r"\b(?:what|how|why) did (?:the )?(?:[\w-]+ ){0,2}?"
    rf"(?P<office>{'|'.join(_CALLED)}) "
    r".{0,200}?\b(?:say|said|announce|state|stress|tell|call|explain|think|describe|promise)\b|"
    r"\bqu(?:e |')(?:a|avait) (?:dit|declare|annonce|affirme|souligne) (?:le |la |l'|un |une )?(?:[\w-]+ ){0,2}?"
    rf"(?P<bureau>{'|'.join(_CALLED)})\b"
)
"""Asks for what its holder said."""
_TOLD = {
    office: re.compile(rf"\b(?:{told})\b")
    for offices, told in _CALLED.items()
    for office in offices.split("|")
}


@lru_cache(maxsize=4096)
def of_other_office(question: str, sentence: str) -> bool:
    """Whether the question asks who holds an office, and the sentence has no word for it.

    Nor does the sentence tell of the head of an office in one place where it names that place for something else.
    """
    office = _asked_office(question)
    if not office:
        return False
    told = _folded(sentence)
    return _TOLD[office].search(told) is None or (
        office in _HEADS.split("|") and _of_other_site(question, told)
    )


def of_other_speaker(question: str, release: str) -> bool:
    """Whether the question asks what the holder of an office said, and the text of the release has no word for it.

    A quote seldom names its speaker again, so a sentence need not.
    """
    office = _speaker(question)
    return bool(office) and not _knows(office, release)


def _of_other_site(question: str, told: str) -> bool:
    """Whether an office is asked for by a word that stands in the sentence, but not beside the head of any."""
    site = _site(question)
    return bool(site) and site in told and not any(site in part for part in _HEADING.findall(told))


@lru_cache(maxsize=256)
def _asked_office(question: str) -> str:
    """The office whose holder a question asks for; "" where it asks for none."""
    folded = _folded(question)
    if asked := _HOLDER.search(folded):
        return asked["office"]
    return "head" if _LEADS.search(folded) else ""


@lru_cache(maxsize=256)
def _site(question: str) -> str:
    """Where the office is that a question asks about, or by what word it is told from others; "" where by none."""
    folded = _folded(question)
    sited = next(filter(None, (pattern.search(folded) for pattern in _SITED)), None)
    return sited["place"] if sited else ""


@lru_cache(maxsize=256)
def _speaker(question: str) -> str:
    """The office of whose holder a question asks what they said; "" where it asks for none."""
    speaks = _SPEAKS.search(_folded(question))
    return (speaks["office"] or speaks["bureau"]) if speaks else ""


@lru_cache(maxsize=256)
def _knows(office: str, release: str) -> bool:
    return _TOLD[office].search(_folded(release[:ABOUT_CHARACTERS])) is not None


def _folded(text: str) -> str:
    return fold(text).replace("’", "'")
