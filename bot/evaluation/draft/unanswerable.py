"""Questions that no release answers, beside those that one does: about what is not said, and what is not named.

Each says what must not stand in any release for it to be one: `bot.evaluation.draft.absence` looks there.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from bot.domain import Definition
from bot.evaluation.draft.countries import countries, plain_countries
from bot.evaluation.draft.nouns import names_organised
from bot.evaluation.draft.properties import PERSON_PROPERTIES, THING_PROPERTIES, Property
from bot.evaluation.draft.proposal import Proposal, spoken
from bot.evaluation.draft.wordings import LANGUAGES
from bot.language.terms import fold

OTHERS = 2
"""Countries that are tried in the place of one: most corpora leave most of them out."""
_AHEAD = {
    "en": r"(?<![Tt]he )(?<![A-Z][a-z]{2} )",
    "fr": r"(?<=\bde )(?<!République de )(?<!Royaume de )",
}
"""What may stand before a country so that another one fits in its place."""
_ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
    "fr": "premier deuxième troisième quatrième cinquième sixième septième huitième neuvième dixième onzième "
    "douzième".split(),
}
_ARTICLES = {"du ": "le ", "au ": "le "}
_DIGITS = {
    "en": ("1st", "2nd", "3rd", *(f"{n}th" for n in range(4, 13))),
    "fr": [f"{n}e" for n in range(1, 13)],
}


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A question that is unanswerable if no release of the corpus holds one of the `names`.

    With `told`, if none that holds one of them holds what `told` finds either. `note` says so to a person.
    """

    question: str
    language: str
    names: tuple[str, ...]
    told: str
    note: str
    kind: str


def unstated(proposals: Sequence[Proposal], definitions: Sequence[Definition]) -> Iterator[Doubtful]:
    """What a release does not say of the people and things that its questions name."""
    for proposal in proposals:
        language = proposal.language
        is_person = proposal.kind in ("position", "age")
        is_thing = proposal.kind in ("expansion", "definition") or proposal.pronoun in ("it", "elle", "il")
        if not proposal.subject or not (is_person or is_thing):
            continue
        subject = _with_article(proposal)
        if proposal.kind == "expansion" and not names_organised(proposal.facts[0]):
            continue
        if not subject or not (is_person or proposal.kind == "expansion" or names_organised(subject)):
            continue
        properties: Sequence[Property] = PERSON_PROPERTIES if is_person else THING_PROPERTIES
        for each in properties:
            yield Doubtful(
                spoken(each.wording[language].replace("{}", subject), language),
                language,
                _forms(proposal, definitions, is_person=is_person),
                each.told,
                f"No release that names {proposal.subject} says so.",
                "not stated",
            )


def swapped(proposals: Sequence[Proposal], rng: random.Random) -> Iterator[Doubtful]:
    """The questions about another country, or another one in a row, than the release tells of."""
    for proposal in proposals:
        if proposal.kind in ("statement", "email", "age") or proposal.language not in LANGUAGES:
            continue
        yield from _other_country(proposal, rng)
        yield from _other_ordinal(proposal)


def _other_country(proposal: Proposal, rng: random.Random) -> Iterator[Doubtful]:
    number = LANGUAGES.index(proposal.language)
    question = proposal.question
    found = _country(proposal.language).search(question)
    if not found:
        return
    for other in rng.sample(plain_countries(), OTHERS):
        yield Doubtful(
            re.sub(rf"\b{found[0]}\b", other[number], question),
            proposal.language,
            other,
            "",
            f"No release names {other[number]}; {found[0]} stood there.",
            "swapped",
        )


@cache
def _country(language: str) -> re.Pattern[str]:
    """A country of one word, where another one may stand in its place."""
    names = {pair[LANGUAGES.index(language)] for pair in countries().values()}
    listed = "|".join(sorted(re.escape(name) for name in names if " " not in name))
    return re.compile(rf"{_AHEAD[language]}\b(?:{listed})\b(?!['’-]| [A-Z])")


def _other_ordinal(proposal: Proposal) -> Iterator[Doubtful]:
    words, digits = _ORDINALS[proposal.language], _DIGITS[proposal.language]
    found = re.search(rf"\b({'|'.join((*words, *digits))}) (\w[\w-]*)", proposal.question, re.IGNORECASE)
    if not found:
        return
    spelled = fold(found[1]) in map(fold, words)
    place = [*map(fold, words)].index(fold(found[1])) if spelled else [*digits].index(found[1].lower())
    for step in (4, 5, 6):
        other = (place + step) % len(words)
        if other < place:
            return
        new = words[other] if spelled else digits[other]
        new = new.capitalize() if found[1][0].isupper() else new
        yield Doubtful(
            f"{proposal.question[: found.start(1)]}{new}{proposal.question[found.end(1) :]}",
            proposal.language,
            tuple(f"{form} {found[2]}" for form in (words[other], digits[other])),
            "",
            f"No release tells of a {new} {found[2]}; {found[1]} stood there.",
            "swapped",
        )


def _with_article(proposal: Proposal) -> str:
    """The subject as its release would write it: "the EPA"; "" for a French short name that nothing gives one."""
    if proposal.kind != "expansion":
        return proposal.subject
    text, short = proposal.release.text, proposal.subject
    if proposal.language == "en":
        return f"the {short}" if re.search(rf"\bthe {re.escape(short)}\b", text) else short
    before = r"\b(la |le |l['’]|du |au )"
    named = re.search(rf"{before}{re.escape(short)}\b", text)
    written_out = re.search(rf"{before}{re.escape(proposal.facts[0])}", text)
    found = named or written_out
    if not found:
        return ""
    vowel = short[0] in "AEIOUÉÈ" and not named
    return f"{'l’' if vowel else _ARTICLES.get(found[1], found[1])}{short}"


def _forms(proposal: Proposal, definitions: Sequence[Definition], *, is_person: bool) -> tuple[str, ...]:
    """What the subject may be called anywhere: the end of its name, and what the release says it stands for."""
    name = re.sub(r"^(?:the |la |le |les |l['’])", "", proposal.subject)
    words = [word for word in name.split() if word.rstrip(".") not in ("Jr", "Sr", "II", "III")]
    forms = [words[-1] if is_person else " ".join(words[-2:])]
    for definition in definitions:
        both = (definition.acronym, definition.long_form)
        if any(fold(name) == fold(form) or fold(form) in fold(name) for form in both):
            forms += [definition.acronym, " ".join(definition.long_form.split()[-2:])]
    return tuple(dict.fromkeys(forms))
