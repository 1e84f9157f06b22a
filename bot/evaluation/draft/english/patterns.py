"""The patterns of English sentences: a named subject, its predicate, and what in it can be asked for.

They are compiled once; it makes no question.
"""

import re
from dataclasses import dataclass
from functools import cache

from bot.evaluation.draft import phrases
from bot.evaluation.draft.english.verbs import AUXILIARIES, base_of, thirds

YEAR = r"\b(?:19|20)\d\d\b"
_INTRODUCTION = (
    r"(?:(?:In (?:this|that) (?:regard|vein|sense|context)|In addition|In detail|During the meeting|Finally|Lastly|"
    r"Additionally|Moreover|Furthermore|Similarly|Meanwhile|Also|At the same time|Today|Earlier today), )?"
)
_SENTENCE_TERM = r"(?:of|in) (?:(?:federal|state) )?(?:prison|jail|imprisonment|probation)"
_GOES_ON = (
    r"(?=[,.;]|$| (?:in|to|on|from|with|for|at|by|and|of|as|during|since|through|across|over|under|between|that|who|"
    r"where)\b)"
)
_WORTH = (
    r"(?:fine|penalty|grant|contribution|settlement|contract|budget|fee|loan|award|donation|investment|forfeiture|"
    r"payment)"
)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns by what they find.

    `sentence`: subject, aside, predicate, and the date that stands in `first` place. `agent`: by whom. `number` and
    `sum` with what is counted; `worth`: a sum before a noun. `counted`: a sentence that begins with a number.
    `event`: what was held.
    """

    sentence: re.Pattern[str]
    date: re.Pattern[str]
    place: re.Pattern[str]
    adverbial_date: re.Pattern[str]
    agent: re.Pattern[str]
    number: re.Pattern[str]
    sum: re.Pattern[str]
    worth: re.Pattern[str]
    counted: re.Pattern[str]
    event: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """All of them."""
    narrow, date, number = phrases.narrow("en"), phrases.date("en"), phrases.number("en")
    bracket = r"(?: \([‘'“\"]?[A-Z][\w&’'“”\" -]*\))?"
    one = rf"(?:[Tt]he (?:[a-z][\w-]* ){{0,2}})?{narrow}(?:{bracket}(?: {narrow})?)?"
    verb = rf"(?:{AUXILIARIES}|{'|'.join(sorted({*base_of(), *thirds()}, key=len, reverse=True))})"
    when = r"(?:on |in )(?:the )?"
    aside = rf", (?:(?:which|who) [^;:,]{{3,80}}|(?:(?!{AUXILIARIES} |pleaded |agreed )[^;:]){{2,120}}?),"
    roughly = phrases.ROUGHLY["en"]
    return Patterns(
        sentence=re.compile(
            rf"{_INTRODUCTION}(?:(?:On|In) (?:the )?(?P<first>{date}),? )?(?P<subject>{one}(?:,? and {one})?)"
            rf"(?:{aside})? (?:also |jointly |today |recently )?(?P<predicate>{verb}\b.*)"
        ),
        date=re.compile(rf",? {when}(?P<date>{date})"),
        place=re.compile(
            rf",? (?:in|at) (?P<place>{phrases.place('en')})(?=[,.;]|$| on | in | with | to | for | by )"
        ),
        adverbial_date=re.compile(rf",? (?:on|in) (?:the )?(?P<date>{date})"),
        agent=re.compile(
            rf" by (?:(?:[a-z-]+ ){{1,6}}(?:from|of) )?(?P<agents>{phrases.listed('en')})"
            r"(?=[.;]|$| (?:on|in|to|for|at|under|from|during|as)\b|, (?:which|who|in|on|to|for|with|as|at|the|an?)\b)"
        ),
        number=re.compile(
            rf" {roughly}(?P<number>{number}) (?P<noun>(?:[A-Za-z][\w-]* ){{0,3}}?[A-Za-z][\w-]*(?<!s)s)"
            rf"(?:(?P<term> {_SENTENCE_TERM})|{_GOES_ON})"
        ),
        sum=re.compile(
            rf" {roughly}(?P<sum>{phrases.SUM['en']})"
            r"(?=[,.;]|$| (?:to|in|for|from|on|over|and|as|by|through|under|of)\b)"
        ),
        worth=re.compile(rf" an? (?P<sum>{phrases.SUM['en']}) (?P<noun>(?:[a-z][\w-]* )?{_WORTH})\b"),
        counted=re.compile(
            rf"(?P<number>{number}) (?P<noun>(?:[A-Za-z][\w-]* ){{0,4}}?[A-Za-z][\w-]*s"
            r"(?: (?:of|from|in) (?:[A-Za-z][\w’'-]* ?){1,5}?)?) "
            r"(?P<predicate>(?:were|are|have|will|participated|attended|joined|signed|received|took part|gathered)\b.*)"
        ),
        event=re.compile(
            rf"\b(?P<subject>[Tt]he (?:[a-z0-9][\w-]* ){{0,3}}{phrases.name('en')}(?: [a-z]+)?)"
            r"(?: [“\"][^”\"]+[”\"])?,? (?:(?:that|which) )?(?P<held>was|were|will be|is to be|to be)? ?held(?=[ ,])"
        ),
    )
