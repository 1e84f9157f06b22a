"""Where an English predicate may be cut so that what is left is whole, and what it holds besides its verb.

It knows no subject and no question.
"""

import re

from bot.evaluation.draft import phrases
from bot.evaluation.draft.english.patterns import patterns
from bot.evaluation.draft.english.verbs import AUXILIARIES, base_of, participles, thirds

_STOP = re.compile(
    r" and (?=(?P<verb>[a-z]+)\b)|[;:–]| — | - |, (?!(?:Inc|LLC|Ltd|S\.A|(?:19|20)\d\d)\b)|"
    r" (?:that|which|who|whom|whose|while|whereas|because|although|where|when|if|but|after|before|following|since|"
    r"until|including|resulting|through which|as well as|such as|today|yesterday|earlier|announced|according)\b|"
    r"(?<=[a-z]{2})\.(?= [A-Z])"
)
"""Where another clause, a list or an aside may begin."""
_GOES_ON = re.compile(
    r"(?!, [A-Z][\w.]*,? (?:and |& )?[A-Z]), (?:and|but|or|which|who|whose|whom|that|including|with|while|as|in|on|at|"
    r"for|to|by|after|before|during|where|when|the|a|an|of|from|said|is|was|were|are|has|have|had|according|through|"
    r"along|together|also|under|following|[a-z]+ing|[a-z]+ed|[A-Z]\S*|\d\S*)\b"
)
"""What follows a comma that ends a phrase; else it stands in one: "a violent, dangerous man", "Food, Drug and Co."."""
_TELLS = frozenset(
    "announced said stated highlighted noted alleged showed found confirmed agreed ensured indicated informed".split()
)
"""Verbs whose object is the clause that "that" begins."""


def safe(predicate: str) -> str:
    """The predicate up to where another clause may begin; "" where that would cut a phrase."""
    for found in _STOP.finditer(predicate):
        if found["verb"] and not _is_verb(found["verb"]):
            continue
        if found.group() == " that" and predicate.split()[0] in _TELLS:
            return ""
        if found.group() == ", " and not _GOES_ON.match(predicate, found.start()):
            return ""
        return _whole(phrases.shortened(predicate[: found.start()].strip(), "en"))
    return _whole(phrases.shortened(predicate.strip(), "en"))


def stops_before(predicate: str) -> bool:
    """Whether another clause may begin somewhere in the predicate."""
    return _STOP.search(predicate) is not None


def rest_of(text: str) -> str:
    """What goes on behind a number, where that is a phrase without another number."""
    rest = safe(text) if text.strip() else ""
    goes_on = re.match(r"(?:to|for|on|in|at|from|under|towards?) \w", rest)
    return f" {rest}" if goes_on and not re.search(r"\d", rest) else ""


def bare(predicate: str) -> str:
    """The predicate without adverbs that a question leaves out."""
    return re.sub(r"\b(?:also|today|recently|jointly) ?", "", predicate).strip().removesuffix(",")


def is_simple(predicate: str) -> bool:
    """Whether a predicate holds one verb only, so that a date behind it is that verb's."""
    words = re.findall(r"[\w-]+", predicate)[1:]
    if words and words[0] in participles():
        words = words[1:]
    return not any(word in participles() or word.endswith("ing") or word == "to" for word in words)


def adverbials(rest: str) -> tuple[str, str]:
    """The date and the place that follow a participle, in either order; "" for what is not there."""
    date = place = ""
    for _ in range(2):
        if not date and (found := patterns().adverbial_date.match(rest)):
            date, rest = found["date"], rest[found.end() :]
        elif not place and (found := patterns().place.match(rest)):
            place, rest = found["place"], rest[found.end() :]
    return date, place


def _whole(predicate: str) -> str:
    """The predicate, if it does not end with a verb that was to have an object; else ""."""
    return "" if re.search(r" to [a-z]+$", predicate) else predicate


def _is_verb(word: str) -> bool:
    forms = (base_of(), thirds(), participles(), base_of().values())
    return re.fullmatch(AUXILIARIES, word) is not None or any(word in each for each in forms)
