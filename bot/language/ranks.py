"""Whether a sentence tells of another than a question asks for: the second largest, a deputy, the fourth, the last one.

English and French rules over surface forms; it knows no store and no model.
"""

import re
from functools import lru_cache

from bot.language.asked import ORDINAL
from bot.language.terms import fold

_RANK = r"under|vice|deputy|former|acting|assistant|associate|ex|sous|ancien|ancienne"
_RANKED = re.compile(rf"\b({_RANK})[- ](\w+)")
"""A word that makes the title after it another title."""
_DEPUTY = re.compile(
    r"\b(?P<rank>vice|deputy|former|acting|assistant|ancien|ancienne)[- ](?P<title>(?:presid|minist|ambassad|coord|"
    r"direct|chair|secret|head|chief|represent|govern|commissi|commissa|mayor|maire|chef)\w*)"
)
_MOST = (
    r"(?:largest|biggest|greatest|highest|oldest|newest|longest|smallest|lowest|best|most|least|leading|top|"
    r"plus (?:grande?|gros|grosse|important|importante|ancienne?)s?|premiers? (?:donateur|bailleur|contributeur)s?)"
)
_NEXT = re.compile(rf"\b{ORDINAL}[- ]{_MOST}\b")
_FIRST = re.compile(rf"\b{_MOST}\b")
_PLACES = (
    *("first|1st|premier|premiere|1er|1ere", "second|2nd|deuxieme|seconde|2e", "third|3rd|troisieme|3e"),
    *("fourth|4th|quatrieme|4e", "fifth|5th|cinquieme|5e", "sixth|6th|sixieme|6e", "seventh|7th|septieme|7e"),
    *("eighth|8th|huitieme|8e", "ninth|9th|neuvieme|9e", "tenth|10th|dixieme|10e"),
)
_PLACE = {form: place for place, forms in enumerate(_PLACES, 1) for form in forms.split("|")}
_PLACED = re.compile(rf"\b({'|'.join(_PLACE)})\b((?:[ -]+[^\W\d_][\w'’]*){{1,4}})")
"""An ordinal and the words after it, one of which says of what."""
_TO_COME = re.compile(r"\bnext\b(?! to\b)|\bprochaine?s?\b|\bupcoming\b|\bforthcoming\b")
_BEFORE = re.compile(
    r"\bbefore (?:that|then)\b|\b(?:one|year|edition|meeting|dialogue|round|session|forum|job|post) before\b|"
    r"\bprevious\b|\bauparavant\b|\bavant (?:cela|ca)\b|\bprecedente?\b|\bd'avant\b"
)
_EARLIER = re.compile(
    r"\b(?:before|earlier|previous\w*|prior|former\w*|since|last|served|had|until|ex|avant|ancien\w*|preceden\w*|"
    r"dernier\w*|depuis|jusqu\w*|auparavant|avait|etait)\b"
)
"""What tells of something earlier, where it is asked what was before."""
_LATER = re.compile(
    r"\b(?:next|prochaine?s?|upcoming|forthcoming|futur\w*|a venir|will|shall|would|\w+r(?:a|ont)|doit|doivent|soon|"
    r"until|by the end|to (?:be|take|hold|convene|meet|host)|agree\w*|conven\w*|commit\w*|intend\w*|plan\w*|prev\w+|"
    r"look\w* forward|expect\w*|schedul\w*|propos\w*|further|encourag\w*|invit\w*|call\w*|annual\w*|every|each|"
    r"chaque|tous les)\b"
)
"""What tells of something to come."""


@lru_cache(maxsize=4096)
def of_same_place(question: str, sentence: str) -> bool:
    """Whether both count the same edition of one thing, not the first: "the second dialogue", "2nd dialogue"."""
    wanted, given = _placed(fold(question)), _placed(fold(sentence))
    return any(places & given.get(of, set()) - {1} for of, places in wanted.items())


@lru_cache(maxsize=4096)
def of_other_rank(question: str, sentence: str) -> bool:
    """Whether the question asks for who is first, or holds a title, and the sentence tells of the next or of another.

    It does not where the question itself gives that rank, nor where the sentence holds the bare title as well.
    """
    asked, told = fold(question), fold(sentence)
    if _NEXT.search(told) and _FIRST.search(asked) and not _NEXT.search(asked):
        return True
    if _of_other_place(asked, told) or (_TO_COME.search(asked) and not _LATER.search(told)):
        return True
    if _BEFORE.search(asked) and not _EARLIER.search(told):
        return True
    for deputy in _DEPUTY.finditer(asked):
        rank, title = deputy["rank"], deputy["title"]
        if re.search(rf"\b{title}\b", told) and not re.search(rf"\b{rank}[- ]{title}\b", told):
            return True
    own = {rank for rank, _ in _RANKED.findall(asked)}
    return any(
        rank not in own
        and re.search(rf"\b{title}\b", asked) is not None
        and re.search(rf"(?<!{rank}[- ])\b{title}\b", told) is None
        for rank, title in set(_RANKED.findall(told))
    )


def _of_other_place(asked: str, told: str) -> bool:
    """Whether one counts another edition than the other: the fourth meeting, the fifth."""
    wanted, given = _placed(asked), _placed(told)
    return any(of in given and not places & given[of] for of, places in wanted.items())


def _placed(text: str) -> dict[str, set[int]]:
    """Which places of what the text counts, by each word that may say of what."""
    found: dict[str, set[int]] = {}
    for form, words in _PLACED.findall(text):
        for word in words.replace("-", " ").split():
            found.setdefault(word, set()).add(_PLACE[form])
    return found
