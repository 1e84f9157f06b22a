"""Questions about what a name stands for, what a thing is, and what holds a rank of its own.

English and French, by the form of one sentence; acronyms come with the definitions of the catalog.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.domain import Definition
from bot.evaluation.draft import phrases, wordings
from bot.evaluation.draft.countries import is_country
from bot.evaluation.draft.nouns import names_thing
from bot.evaluation.draft.proposal import Proposal
from bot.evaluation.draft.prose import Clause
from bot.language.terms import fold

LONGEST_DEFINITION = 12
"""Words of what something is said to be."""
_ASIDE = re.compile(
    r" (?:that|which|who|where|designed|aimed|led|based|headquartered|located|owned|qui|que|dont|où|visant|chargée?) ?"
)
"""Where a definition goes on about something else."""
_POINTING = frozenset("this that these it he she there ce cet cette ces il elle".split())
_RANKS = {
    "en": r"the (?:(?:second|third|fourth|world's|country's) )?(?:only|first|largest|biggest|oldest|leading|second|"
    r"third|main|highest|youngest|longest|most \w+) [a-z][^,;:.]+",
    "fr": r"(?:la |le )(?:seule?|premi(?:er|ère)|deuxième|second|seconde|troisième|plus \w+|principale?) "
    r"[a-zà-ÿ][^,;:.]+",
}
_BE = {"en": "is|was", "fr": "est|était|fut"}
_BRACKET = r"(?: \([^()]{2,40}\))?"


@dataclass(frozen=True, slots=True)
class _Patterns:
    """`copula`: a thing is something; `apposed`: a thing, which is something; `rank`: it is the first of its kind."""

    copula: re.Pattern[str]
    apposed: re.Pattern[str]
    rank: re.Pattern[str]


@cache
def _patterns(language: str) -> _Patterns:
    narrow, be = phrases.narrow(language), _BE[language]
    article = phrases.ARTICLE[language]
    relative = "which|who" if language == "en" else "qui"
    indefinite = "(?:an?|the)" if language == "en" else "(?:une?|des)"
    return _Patterns(
        copula=re.compile(
            rf"(?P<subject>{article}?{narrow}{_BRACKET}) (?P<be>{be}) (?P<what>{indefinite} [^,;:.]+)"
        ),
        apposed=re.compile(
            rf"{article}?(?P<subject>{narrow}), (?:{relative}) (?P<be>{be}) (?P<what>(?:an?|une?) [^,;:.]+)"
        ),
        rank=re.compile(
            rf"(?P<subject>{narrow}){_BRACKET},? (?:(?:{relative}) )?(?P<be>{be}) (?P<what>{_RANKS[language]})"
        ),
    )


def expansions(clause: Clause, language: str, definitions: Sequence[Definition]) -> Iterator[Proposal]:
    """What the short names stand for that the sentence writes out; the definitions are those of its release."""
    for definition in definitions:
        inside = clause.start <= definition.start and definition.end <= clause.end
        if inside and _is_initialism(definition):
            other = wordings.other_than(language)
            yield Proposal(
                clause.release,
                "expansion",
                wordings.EXPANSION[language],
                (definition.long_form,),
                clause.start,
                clause.end,
                subject=definition.acronym,
                other=wordings.EXPANSION[other].replace("{}", definition.acronym),
                language=language,
            )


def defined(clause: Clause, language: str) -> Iterator[Proposal]:
    """What a thing is, where the sentence says so; and who or what comes first, or is the only one of its kind."""
    patterns = _patterns(language)
    if found := patterns.rank.search(clause.text):
        yield from _ranked(clause, language, found)
        return
    found = patterns.copula.match(clause.text) or patterns.apposed.search(clause.text)
    if not found or not _names_a_thing(found, clause):
        return
    subject = re.sub(r" \([^()]*\)", "", found["subject"])
    subject = re.sub(r"^(?:The\b|Les?\b|La\b|L['’])", lambda article: article[0].lower(), subject)
    what = _short(found["what"])
    if len(what.split()) < 2:
        return
    form = f"What {found['be']} {{}}?" if language == "en" else "Qu'est-ce que {} ?"
    yield Proposal(
        clause.release,
        "definition",
        form,
        (what,),
        clause.start,
        clause.end,
        subject=subject,
        language=language,
    )


def _ranked(clause: Clause, language: str, found: re.Match[str]) -> Iterator[Proposal]:
    """Who or what is the first, the largest, the only one: a country is asked for as one."""
    subject, what = found["subject"], _whole(found["what"], clause.text, found.end("what"))
    if not what or not re.search(r"[A-ZÀ-Þ]", what) or fold(subject.split()[0]) in _POINTING:
        return
    country = is_country(subject)
    if language == "en":
        front = "Which country" if country else "What"
    else:
        front = "Quel pays" if country else "Qu'est-ce qui"
    if not country and not names_thing(subject):
        return
    mark = "?" if language == "en" else " ?"
    yield Proposal(
        clause.release,
        "who",
        f"{front} {found['be']} {what}{mark}",
        (subject,),
        clause.start,
        clause.end,
        language=language,
    )


def _is_initialism(definition: Definition) -> bool:
    """Whether the capitals of the short name begin words of the long one, in their order, from its first word on."""
    capitals = [fold(letter) for letter in definition.acronym if letter.isupper()]
    initials = [fold(word)[:1] for word in re.findall(r"[^\W\d_]+", definition.long_form)]
    if len(capitals) < 2 or len(initials) < 2 or definition.acronym.endswith("s"):
        return False
    following = iter(initials)
    return capitals[0] == initials[0] and all(letter in following for letter in capitals)


def _names_a_thing(found: re.Match[str], clause: Clause) -> bool:
    """Whether what is defined is a name of its own: not "the Programme", nor the first word of a sentence."""
    subject, what = found["subject"], found["what"]
    words = re.sub(r"^(?:The|La|Le|Les|L['’]) ?", "", subject).split()
    if not words or fold(words[0]) in _POINTING:
        return False
    acronym = re.match(r"[A-Z]{2}", words[0])
    if not acronym and (len(words) < 2 or is_country(subject)):
        return False
    return names_thing(what)


def _short(what: str) -> str:
    """The definition up to a relative clause or participle, so that a fact stays short."""
    what = _ASIDE.split(what)[0]
    words = re.sub(r"^(?:an?|the|une?|des|la|le) ", "", what).split()
    return " ".join(words[:LONGEST_DEFINITION]) if len(words) <= LONGEST_DEFINITION else ""


def _whole(what: str, text: str, end: int) -> str:
    """The phrase, where it ends with its clause."""
    return what.strip() if len(what.split()) <= 16 and text[end : end + 1] in ("", ".", ",", ";") else ""
