"""The patterns of French sentences: a named subject, its predicate, and what in it can be asked for.

They are compiled once; it makes no question.
"""

import re
from dataclasses import dataclass
from functools import cache

from bot.evaluation.draft import phrases

_BE = r"(?:a été|ont été|avait été|avaient été|sera|seront|est|sont|fut|furent|était|étaient)"
_HAVE = r"(?:a|ont|avait|avaient)"
_PARTICIPLE = r"[a-zà-ÿ]+(?:é|i|u|t|is)(?:e)?(?:s)?"
_PRESENT = (
    r"(?:compte|regroupe|réunit|rassemble|emploie|aide|couvre|soutient|comprend|finance|accueille|forme|organise|"
    r"dirige|préside|assure|gère|comptent|regroupent|réunissent|rassemblent)"
)
_INTRODUCTION = (
    r"(?:(?:À cette occasion|Dans ce cadre|En outre|Par ailleurs|Enfin|De plus|Ainsi|Aujourd['’]hui|À ce titre"
    r"), )?"
)
_OF = r"(?:de la |de l['’]|du |de |des |d['’])"


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns by what they find.

    `sentence`: subject, predicate, and the date that stands in `first` place. `passive`, `active`, `present`: what
    the predicate says, and the rest. `trailing`: a predicate that ends with a date. `agent`: by whom. `number` and
    `sum` with what is counted. `counted`: a sentence that begins with a number. `event`: what was held.
    """

    sentence: re.Pattern[str]
    passive: re.Pattern[str]
    active: re.Pattern[str]
    present: re.Pattern[str]
    date: re.Pattern[str]
    trailing: re.Pattern[str]
    place: re.Pattern[str]
    agent: re.Pattern[str]
    number: re.Pattern[str]
    sum: re.Pattern[str]
    counted: re.Pattern[str]
    event: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """All of them."""
    narrow, date, number = phrases.narrow("fr"), phrases.date("fr"), phrases.number("fr")
    article, roughly = phrases.ARTICLE["fr"], phrases.ROUGHLY["fr"]
    one = rf"{article}?(?:[a-zà-ÿ][\w-]* {_OF}?){{0,2}}{narrow}(?: \([^()]{{2,60}}\))?"
    when = rf"(?:le |en |du |depuis |au mois de )(?P<date>{date})"
    return Patterns(
        sentence=re.compile(
            rf"{_INTRODUCTION}(?:(?:Le |En |Les )(?P<first>{date}),? )?(?P<subject>{one}(?: et {one})?)"
            rf"(?:, [^;:]{{3,120}}?,)? (?P<predicate>(?:{_BE} |{_HAVE} (?!été)|{_PRESENT}\b).*)"
        ),
        passive=re.compile(
            rf"(?P<said>{_BE} (?:[a-zà-ÿ]+ment )?(?P<participle>{_PARTICIPLE}))(?P<rest>(?:[ ,].*)?$)"
        ),
        active=re.compile(
            rf"(?P<said>{_HAVE} (?:(?:[a-zà-ÿ]+ment|aussi) )?(?P<participle>{_PARTICIPLE}))(?P<rest> .*)"
        ),
        present=re.compile(rf"(?P<said>{_PRESENT})(?P<rest> .*)"),
        date=re.compile(rf",? {when}"),
        trailing=re.compile(rf"(?P<before>.*?),? {when}$"),
        place=re.compile(
            rf",? (?:à|au|en) (?P<place>{phrases.place('fr')})(?=[,.;]|$| le | en | avec | pour | par )"
        ),
        agent=re.compile(
            rf" par (?P<agents>{phrases.listed('fr')})"
            r"(?=[.;]|$| (?:en|le|à|au|pour|dans|lors|avec|afin)\b|, )"
        ),
        number=re.compile(
            rf"(?P<preposition> (?:à|dans|avec|par))? {roughly}(?P<number>{number}) "
            rf"(?P<noun>[a-zà-ÿÉ][\w’'-]*[sx](?: (?:[a-zà-ÿ][\w-]*[sx]|d['’][\w-]+|de [\w-]+))?)(?=[,.;]|$| )"
        ),
        sum=re.compile(rf" {roughly}(?P<sum>{phrases.SUM['fr']})(?=[ ,.;]|$)"),
        counted=re.compile(
            rf"(?P<number>{number}) (?P<noun>[a-zà-ÿÉ][\w’'-]*[sx](?: [^,;:]*?)?) "
            r"(?P<predicate>(?:ont|sont|seront|étaient) .*)"
        ),
        event=re.compile(
            rf"\b(?P<subject>{article}(?:[\w-]+ (?:{_OF}|sur la |sur le )?){{0,5}}{narrow}),? "
            r"(?:qui (?:s['’]est|s['’]était) )?(?:tenue?s?|organisée?s?|célébrée?s?)(?=[ ,])"
        ),
    )
