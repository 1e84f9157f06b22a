"""Whether a sentence tells of another rank than a question asks for: the second largest, a deputy, a former minister.

English and French rules over surface forms; it knows no store and no model.
"""

import re
from functools import lru_cache

from bot.language.terms import fold

_RANK = r"under|vice|deputy|former|acting|assistant|associate|ex|sous|ancien|ancienne"
_RANKED = re.compile(rf"\b({_RANK})[- ](\w+)")
"""A word that makes the title after it another title."""
_ORDINAL = (
    r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:nd|rd|th)|deuxieme|seconde?|troisieme|"
    r"quatrieme|cinquieme|sixieme|septieme|huitieme|neuvieme|dixieme|\d+e(?:me)?)"
)
_MOST = (
    r"(?:largest|biggest|greatest|highest|oldest|newest|longest|smallest|lowest|best|most|least|leading|top|"
    r"plus (?:grande?|gros|grosse|important|importante|ancienne?)s?|premiers? (?:donateur|bailleur|contributeur)s?)"
)
_NEXT = re.compile(rf"\b{_ORDINAL}[- ]{_MOST}\b")
_FIRST = re.compile(rf"\b{_MOST}\b")


@lru_cache(maxsize=4096)
def of_other_rank(question: str, sentence: str) -> bool:
    """Whether the question asks for who is first, or holds a title, and the sentence tells of the next or of another.

    It does not where the question itself gives that rank, nor where the sentence holds the bare title as well.
    """
    asked, told = fold(question), fold(sentence)
    if _NEXT.search(told) and _FIRST.search(asked) and not _NEXT.search(asked):
        return True
    own = {rank for rank, _ in _RANKED.findall(asked)}
    return any(
        rank not in own
        and re.search(rf"\b{title}\b", asked) is not None
        and re.search(rf"(?<!{rank}[- ])\b{title}\b", told) is None
        for rank, title in set(_RANKED.findall(told))
    )
