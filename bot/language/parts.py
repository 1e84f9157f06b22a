"""A question that asks for two things at once, as one question for each: "when and where did they meet?".

English and French rules over surface forms; it knows no store and no model.
"""

import re

from bot.language.plain import capitalised
from bot.language.sentences import sentences

MOST = 3
"""Parts of one question that are looked for."""

_WORDS = r"(?: [^\W\d_][\w'’-]*| \d{4})"
_ENGLISH = (
    r"(?:(?:on|in|at|for|from|with|by|to|of|since) )?(?:when|where|why|who|whom|how(?: (?:many|much|often|long))?|what|"
    rf"which){_WORDS}{{0,4}}?"
)
_FRENCH = (
    r"(?:(?:à|dans|en|de|par|pour|sur|avec|depuis|auprès de|en \w+ de) )?(?:quand|où|pourquoi|comment|qui|quoi|"
    rf"combien|quel(?:le)?s?){_WORDS}{{0,3}}?"
)
_VERB = r"(?: (?=(?:did|do|does|is|are|was|were|will|has|have|had|can|could|should|would|must|may|might)\b))"
_REST = (
    r"(?: (?=(?:est|sont|était|a|ont|avait|va|vont|sera|seront|doit|doivent|peut|s['’]|se|le|la|les|l['’]|un|une|ce|"
    r"cet|cette|ces|[A-ZÀ-Þ])(?:\b|(?<=['’]))))"
)
_TWO = (
    re.compile(rf"(?P<one>{_ENGLISH}),? and (?P<other>{_ENGLISH}),?{_VERB}(?P<rest>.+)", re.S),
    re.compile(rf"(?P<one>{_FRENCH}),? et (?P<other>{_FRENCH}){_REST}(?P<rest>.+)", re.S),
)
_ASKS = (
    r"(?:(?:for|with|by|since|on|in|at|to|par|avec|depuis|dans|à|de) )?(?:when|where|why|how|who|whom|what|which|"
    r"quand|où|pourquoi|comment|qui|quoi|combien|quel(?:le)?s?)\b"
)
_BEHIND = re.compile(rf"(?P<first>.{{12,}}?),? (?:and|et) (?P<second>{_ASKS}[^?]*?) ?\?", re.I | re.S)
"""A question and another one behind it, or only its interrogative."""
_CLAUSE = 3
"""Words of the shortest question: what is shorter leans on the one before it."""


def parts(question: str) -> list[str]:
    """What it asks, one by one; nothing where it asks for one thing. "… and when?" behind it is left out."""
    units = [question[unit.start : unit.end] for unit in sentences(question)]
    if 1 < len(units) <= MOST and all(unit.endswith("?") for unit in units):
        return units
    opening = f"{question[:1].lower()}{question[1:]}"
    for pattern in _TWO:
        if two := pattern.fullmatch(opening):
            return [capitalised(f"{asks} {two['rest']}") for asks in (two["one"], two["other"])]
    behind = _BEHIND.fullmatch(question)
    if not behind or len(behind["first"].split()) < _CLAUSE:
        return []
    first, second = behind["first"], behind["second"]
    return [f"{first}?", *([capitalised(f"{second}?")] if len(second.split()) >= _CLAUSE else [])]
