"""Whether a sentence names the office whose holder a question asks for: a director, "le coordonnateur".

English and French rules over surface forms; it knows no store and no model.
"""

import re
from functools import lru_cache

from bot.language.terms import fold

_CALLED = {
    "president|presidente": r"presid\w+|chair\w*|co-chair\w*",
    "minister|ministre": r"minist\w+|secretary of state|secretaire d'etat",
    "ambassador|ambassadeur|ambassadrice": r"ambassad\w+|envoy\w*|represent\w+|mission",
    "coordinator|coordonnateur|coordonnatrice|coordinateur|coordinatrice": r"coord\w+",
    "director|directeur|directrice": r"direct\w+|dirig\w+|heads?|headed|chief|chefs?|cheffes?|lead\w*|led|runs?|"
    r"manag\w+|in charge|responsable",
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
_TOLD = {
    office: re.compile(rf"\b(?:{told})\b")
    for offices, told in _CALLED.items()
    for office in offices.split("|")
}


@lru_cache(maxsize=4096)
def of_other_office(question: str, sentence: str) -> bool:
    """Whether the question asks who holds an office, and the sentence has no word for it."""
    office = _asked_office(question)
    return office is not None and _TOLD[office].search(_folded(sentence)) is None


@lru_cache(maxsize=256)
def _asked_office(question: str) -> str | None:
    asked = _HOLDER.search(_folded(question))
    return asked["office"] if asked else None


def _folded(text: str) -> str:
    return fold(text).replace("’", "'")
