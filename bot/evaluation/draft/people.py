"""Questions about the people that a release names: their position, age, e-mail address, and what they said.

English and French, by the form of one sentence; it knows no list of people.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.evaluation.draft import phrases, wordings
from bot.evaluation.draft.proposal import Kind, Proposal
from bot.evaluation.draft.prose import Clause
from bot.evaluation.draft.roles import (
    ADJECTIVES,
    AFTER_ROLE,
    ROLE,
    SMALL_ROLE,
    is_given,
    is_held_by_one,
    is_person,
    person_in,
)

LONGEST_STATEMENT = 28
"""Words of a statement that is asked about."""
_SAID = {
    "en": r"(?:said|stated|declared|added|noted|explained|remarked)",
    "fr": r"(?:a (?:déclaré|affirmé|dit|souligné|ajouté|indiqué|expliqué|précisé|estimé)|affirme|déclare|souligne|"
    r"précise)",
}


@dataclass(frozen=True, slots=True)
class _Patterns:
    """`apposed`: a name, then a role; `before`: a role, then a name. `aged`: name and age. `mail`: name and address.

    `quoted`: a statement in quotation marks; `bare`: one without; `speaker`: who is said to have said it.
    """

    apposed: re.Pattern[str]
    before: re.Pattern[str]
    aged: re.Pattern[str]
    mail: re.Pattern[str]
    quoted: re.Pattern[str]
    bare: re.Pattern[str]
    speaker: re.Pattern[str]


@cache
def _patterns(language: str) -> _Patterns:
    english = language == "en"
    person, honorific = phrases.PERSON, phrases.HONORIFIC
    role, narrow, said = ROLE[language], phrases.narrow(language), _SAID[language]
    link = r"(?:of|for|to|at)" if english else r"(?:de|du|des|d['’]|pour|à|auprès de|auprès des)"
    inner = r"(?:to|on|of|in) (?:the )?" if english else r"(?:à|en|pour) "
    article = phrases.ARTICLE[language]
    whole = rf"(?:(?:[A-Z][\w.-]+|{ADJECTIVES}) ){{0,5}}(?:{role}|{SMALL_ROLE[language]}){AFTER_ROLE}"
    of = rf"(?P<of> {link} ?{article}?{narrow}(?: {inner}{narrow})?)"
    conjunction = "and" if english else "et"
    others = rf"(?:{honorific}|(?:[A-ZÀ-Þ][\w.-]* ){{0,4}}{role}\b)"
    goes_on = (
        rf"(?!(?:{conjunction}|{link}|on|in)\b)[a-z]" if english else r"(?:a|est|sera|avait|était|se|et)\b"
    )
    end = rf"(?=[;)]|\.(?!\w)|$|,? {conjunction} {others}|, {others}|, (?:an? |the |who |[a-z])| {goes_on})"
    titled = rf"(?P<title>{honorific})?(?P<name>{person})"
    return _Patterns(
        apposed=re.compile(rf"{titled}, (?:an? |{article})?(?P<role>{whole}{of}?){end}"),
        before=re.compile(
            rf"(?P<role>(?:[A-Z][\w.-]+ ){{0,6}}{role}) {titled}(?P<of> (?:of|for) (?:the )?{narrow}){end}"
            if english
            else rf"\b{article}(?P<role>{whole}{of}), {titled}(?=[,.;]|$)"
        ),
        aged=re.compile(rf"(?P<name>{person}), (?P<age>\d\d), (?=of [A-Z]|an? |was |pleaded |who )"),
        mail=re.compile(
            rf"{honorific}(?P<name>{person}),? (?:at |à |: ?)?\(?(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
        ),
        quoted=re.compile(
            r"[“«\"] ?(?P<said>[^“”«»\"]+?)[,.]? ?[”»\"],? "
            rf"(?:{said} (?P<after>.+)|(?P<before>.+?) {said}\b)"
        ),
        bare=re.compile(r"(?P<said>[A-ZÀ-Þ][^“”«»\"]+), said (?P<after>(?:[A-Z][\w.’-]+ )+.*)$"),
        speaker=re.compile(
            rf"(?:{honorific})?(?:(?:[A-Z][\w.’-]+ )*{ROLE['en']} )?(?P<name>{person})"
            r"(?=[,.;]|$| (?:of|for|in|at|on|during|de|du|à)\b)"
        ),
    )


def people(clause: Clause, language: str) -> Iterator[Proposal]:
    """The questions about the people of a sentence."""
    patterns = _patterns(language)
    for found in patterns.apposed.finditer(clause.quote):
        yield from _position(clause, language, found, short=True)
    for found in patterns.before.finditer(clause.quote):
        yield from _position(clause, language, found, short=False)
    aged = patterns.aged.match(clause.text)
    if aged and is_person(aged["name"]):
        yield _made(clause, "age", language, wordings.AGE, [aged["age"]], aged["name"])
    for found in patterns.mail.finditer(clause.quote):
        yield _made(clause, "email", language, wordings.EMAIL, [found["mail"].rstrip(".")], found["name"])
    yield from _statement(clause, language)


def _position(clause: Clause, language: str, found: re.Match[str], *, short: bool) -> Iterator[Proposal]:
    """What a person's position is, and who holds it where it is told of what."""
    name, role, of = found["name"], found["role"], found["of"] or ""
    before = re.search(r"([A-ZÀ-Þ][\w.’'-]*) $", clause.quote[: found.start("name")])
    if before and not found["title"] and is_given(before[1]):
        return  # the end of a longer name: "the Bureau's New York office, director …"
    if not is_person(name) or clause.quote[: found.start("name")].endswith((" of ", " for ")):
        return
    pronoun = _gender(found["title"] or "", language)
    told = of or not re.search(r"\b(?:the|la|le|l['’]) ?$", clause.quote[: found.start("role")])
    if short and told:
        yield _made(clause, "position", language, wordings.POSITION, [role], name, pronoun=pronoun)
    if of and is_held_by_one(role):
        office = role if short or language == "fr" else f"{role}{of}"
        article = "the " if language == "en" else _article(role, clause.quote)
        form = f"Who is {article}{office}?" if language == "en" else f"Qui est {article}{office} ?"
        yield Proposal(clause.release, "office", form, (name,), clause.start, clause.end, language=language)


def _statement(clause: Clause, language: str) -> Iterator[Proposal]:
    patterns = _patterns(language)
    found = patterns.quoted.match(clause.text) or (language == "en" and patterns.bare.match(clause.text))
    if not found:
        return
    speaker = found["after"] or found.groupdict().get("before") or ""
    who = patterns.speaker.match(speaker)
    said = found["said"].strip()
    if not who or not is_person(who["name"]) or not 6 <= len(said.split()) <= LONGEST_STATEMENT:
        return
    form = f"Who said: “{said}”?" if language == "en" else f"Qui a dit : « {said} » ?"
    fact = person_in(who["name"])
    yield Proposal(clause.release, "statement", form, (fact,), clause.start, clause.end, language=language)


def _gender(title: str, language: str) -> str:
    he, she = ("he", "she") if language == "en" else ("il", "elle")
    if re.search(r"\b(?:Mrs|Ms|Mme|Mlle)\b", title):
        return she
    return he if re.search(r"\bMr\b|\bM\.", title) else ""


def _article(role: str, quote: str) -> str:
    found = re.search(rf"\b(la |le |l['’]){re.escape(role)}", quote, re.IGNORECASE)
    return found[1].lower() if found else "le "


def _made(
    clause: Clause,
    kind: Kind,
    language: str,
    wording: dict[str, str],
    facts: list[str],
    name: str,
    pronoun: str = "",
) -> Proposal:
    other = wordings.other_than(language)
    return Proposal(
        release=clause.release,
        kind=kind,
        form=wording[language],
        facts=tuple(facts),
        start=clause.start,
        end=clause.end,
        subject=name,
        pronoun=pronoun,
        other=wording[other].replace("{}", name),
        language=language,
    )
