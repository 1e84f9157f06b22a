"""Where a French predicate may be cut so that what is left is whole, and the date and place in it.

It knows no subject and no question.
"""

import re

from bot.evaluation.draft import phrases
from bot.evaluation.draft.french.patterns import patterns

_STOP = re.compile(
    r" et (?=(?:a|ont|est|sont|sera|seront|était|de|à|d['’])\b)|[;:–]| — |, | (?:que|qu['’]|qui|dont|où|lorsque|quand|"
    r"tandis que|alors que|afin|ainsi que|après|avant|depuis|mais|car|puis|notamment|aujourd['’]hui|hier|soit|en vue)"
    r"\b"
)
"""Where another clause, a list or an aside may begin."""


def adverbials(rest: str) -> tuple[str, str]:
    """The date and the place that follow a participle, in either order; "" for what is not there."""
    date = place = ""
    for _ in range(2):
        if not date and (found := patterns().date.match(rest)):
            date, rest = found["date"], rest[found.end() :]
        elif not place and (found := patterns().place.match(rest)):
            place, rest = found["place"], rest[found.end() :]
    return date, place


def safe(rest: str) -> str:
    """What follows the verb, up to where another clause or an aside may begin; "" where that cuts a phrase."""
    stop = _STOP.search(rest)
    if stop and stop.group() == ", " and re.match(r", [a-zà-ÿ]+ (?:et|ou) ", rest[stop.start() :]):
        return ""
    if stop and re.match(r" qu(?:e|['’])", stop.group()):
        return ""  # the clause is the object
    return phrases.shortened(rest[: stop.start()].rstrip() if stop else rest.rstrip(), "fr")
