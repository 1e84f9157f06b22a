"""A question that a rule or a chat model proposes, and whether it is fit to be shown to a person.

It knows no rule and no question set.
"""

import re
from dataclasses import dataclass
from typing import Literal

from bot.domain import Release
from bot.evaluation.metrics import facts_found
from bot.language.asked import Kind as Asked
from bot.language.asked import holds
from bot.language.terms import fold

Kind = Literal[
    "date", "place", "number", "amount", "who", "office", "position", "expansion", "definition", "statement", "email",
    "age", "passage",
]  # fmt: skip
"""What is asked for; `passage` is what a chat model asked of one."""
_MUST_HOLD: dict[Kind, Asked] = {"date": "when", "amount": "number", "number": "number", "email": "mail"}
SHORTEST, LONGEST = 4, 30
"""Words of a question in English or French."""
LONGEST_CHARACTERS = 300
_MARKS = ("?", "？", "؟")
_LEANS = {
    "en": re.compile(
        r"\b(?:he|she|it|they|him|them|this|these|those|we|us|our|ours|I|my|you|your|here|there|said|such|latter|"
        r"former|aforementioned|above|below|yesterday|tomorrow|tonight|now|other|others|another|same|allegedly|none|"
        r"(?:the|both|two) (?:two )?(?:sides|parties))\b"
    ),
    "fr": re.compile(
        r"\b(?:ils?|elles?|celui|celle|ceux|celles|ce|cet|cette|ces|nous|notre|nos|vous|votre|vos|je|mon|ma|mes|ici|"
        r"ledit|ladite|dernière?s?|précité|hier|demain|autres?|même|y|en [a-zé]+ant|"
        r"(?:les|ses|des|aux) (?:deux )?parties)\b(?!-)"
    ),
}
"""Words that point to what was said before the question."""
_BEFORE_VOWEL = re.compile(r"\b([Qq]ue|[Dd]e) (?=(?:ils?|elles?|une?|on)\b|[AEIOUÉÈÊaeiouéèê]\w)")
_OWN = {
    "en": re.compile(r"\b(?:his|her|hers|its|their|theirs)\b"),
    "fr": re.compile(r"\b(?:son|sa|ses|leurs?)\b"),
}
"""Possessives, which a question may hold that names their owner."""
_BARE = {
    "en": re.compile(
        r"\bthe (?!(?:first|last|only)\b)[a-z][\w-]*(?: (?!(?:of|for|in|on|to|at|with|from|by|between|against)\b)[a-z]"
        r"[\w-]*){0,3}?"
        r"(?=[?,]| (?:and|or|by|as|after|before|during|when|while|was|were|is|are|has|have|had|will|did)\b)"
    ),
    "fr": re.compile(
        r"\b(?:(?:[Ll]es?|[Ll]a|du|aux?|des) |[Ll]['’])[a-zà-ÿ][\w-]*(?: (?!(?:de|du|des|d|à|en|sur|pour)\b)[a-zà-ÿ]"
        r"[\w-]*)?(?=[?,]| \?| (?:et|ou|par|a|ont|est|sont|sera|seront|afin|pour)\b)"
    ),
}
"""A common noun with its article and nothing that says which: "the agreement", "la réunion"."""
_DANGLING = {
    "en": frozenset(
        "a an the of for to in on at by with and or from as into that which who than its their his her between "
        "against under over about more most some any all several other both between per up not also".split()
    ),
    "fr": frozenset(
        "un une des le la les l du de d à a au aux en et ou par pour avec sur sous dans que qui dont son sa ses leur "
        "leurs plus entre vers contre chez ne pas".split()
    ),
}
"""Words that no question ends with."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question with its facts and the sentence that answers: ``release.text[start:end]``.

    `form` is the question with {} where `subject` stands, as another question may name it again: by `pronoun`,
    where that is known. `other` asks the same in the other language.
    """

    release: Release
    kind: Kind
    form: str
    facts: tuple[str, ...]
    start: int
    end: int
    subject: str = ""
    pronoun: str = ""
    other: str = ""
    language: str = "en"

    @property
    def question(self) -> str:
        return spoken(self.form.replace("{}", self.subject), self.language)

    @property
    def other_question(self) -> str:
        """The same in the other language; "" where there is no wording for it."""
        return spoken(self.other, "fr" if self.language == "en" else "en")

    @property
    def quote(self) -> str:
        return self.release.text[self.start : self.end]


def spoken(question: str, language: str) -> str:
    """The question with a capital, single spaces, and French contractions."""
    question = " ".join(question.split())
    if language == "fr":
        question = re.sub(r"\bde le ", "du ", question)
        question = _BEFORE_VOWEL.sub(lambda found: f"{found[1][:-1]}'", question)
    return question[:1].upper() + question[1:]


def sound(proposal: Proposal) -> bool:
    """Whether the question reads as one that stands alone, and its quote tells the facts that it does not give away."""
    return (
        well_formed(proposal.question, proposal.language)
        and stands_alone(proposal)
        and answered(proposal)
        and _holds_what_is_asked(proposal)
    )


def answered(proposal: Proposal) -> bool:
    """Whether the quote tells every fact, and the question gives none of them away."""
    facts = [[fact] for fact in proposal.facts]
    return (
        bool(facts)
        and all(facts_found(facts, proposal.quote, proposal.language))
        and not any(facts_found(facts, proposal.question, proposal.language))
    )


def well_formed(question: str, language: str) -> bool:
    """Whether the question ends as one, closes what it opens, is of a fair length and breaks off nowhere."""
    if question[-1:] not in _MARKS or "\n" in question or len(question) > LONGEST_CHARACTERS:
        return False
    if "[" in question or question.count('"') % 2:
        return False
    if any(question.count(opening) != question.count(closing) for opening, closing in ("()", "“”", "«»")):
        return False
    return language not in _DANGLING or not _breaks_off(question, language)


def _breaks_off(question: str, language: str) -> bool:
    """Whether the last word of a question asks for another, or it has too few or too many."""
    stripped = (word.strip(".,;:'’\"”»") for word in question.rstrip(" ?").split())
    words = [fold(word) for word in stripped if word]
    if not SHORTEST <= len(words) <= LONGEST:
        return True
    *_, before, last = words
    if last.isdigit():
        return before in ("a", "an", "un", "une")  # "linked to a 2006 | through 2007 outbreak"
    return len(last) < 2 or (last in _DANGLING[language] and not question.endswith("stand for?"))


def stands_alone(proposal: Proposal) -> bool:
    """Whether the question names what it is about, rather than pointing back to what was said before."""
    question, language = proposal.question, proposal.language
    if proposal.kind == "statement":
        return True
    if language not in _LEANS:
        return False
    beside = proposal.form.replace("{}", " X ").replace("est-ce que", "")
    if _LEANS[language].search(beside) or (not proposal.subject and _OWN[language].search(question)):
        return False
    return not _BARE[language].search(question) and re.search(r"[A-ZÀ-Þ]|\d", question[1:]) is not None


def _holds_what_is_asked(proposal: Proposal) -> bool:
    kind = _MUST_HOLD.get(proposal.kind)
    return kind is None or holds(kind, proposal.quote)
