"""Whether a sentence says of the same words what a quote says, or its contrary: negations and opposites.

Rules over English, French and Spanish words; it knows no names, no numbers and no store.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bot.language.terms import fold, function_words, stem

_NEGATIONS = {
    "en": """false untrue
        not no never neither nor none nobody nothing nowhere without cannot hardly fail fails failed failing
        failure refuse refuses refused refusing refusal deny denies denied denying unable lack lacks lacked lacking
        decline declines declined reject rejects rejected rejecting stopped cease ceases ceased abandon abandons
        abandoned cancel cancels cancelled canceled""",
    "fr": """faux fausse
        ne n jamais aucun aucune ni sans non nul nulle rien personne refuse refuser refusent refusa
        echoue echouer echouent nie nier nient rejette rejeter cesse cesser annule annuler incapable
        abandonne abandonner""",
    "es": """no nunca jamas sin ningun ninguna ninguno ni tampoco nada nadie nego rechazo rechazar""",
}
_CLAUSE = re.compile(
    r"[,;:()–—]|\b(?:but|and|while|although|mais|et|tandis|alors que|who|which|qui|dont)\b", re.I
)
_WORD = re.compile(r"[^\W\d_]+|\d+")
_CONTRACTED = re.compile(r"(?<=[a-z])n['’]t\b|(?<=\b[Cc]a)n['’]?t\b", re.IGNORECASE)
_NOT_ONLY = re.compile(
    r"\b(?:not (?:\w+ ){0,4}?until|"
    r"not (?:only|just|merely|least)|no (?:later|less|fewer|more) than|non seulement|pas (?:seulement|moins)|"
    r"(?:ne|n['’]) ?\w+ que|no doubt|sans doute|non-\w+)\b",
    re.IGNORECASE,
)
"""Negations that negate nothing."""
_OPPOSITES = {
    "en": """increase/decrease increase/reduce rise/fall grow/shrink expand/reduce more/less more/fewer most/least
        higher/lower highest/lowest larger/smaller largest/smallest before/after above/below accept/reject
        approve/reject support/oppose win/lose open/close begin/end start/end launch/end earlier/later older/younger
        oldest/youngest strengthen/weaken improve/worsen join/leave enter/leave allow/forbid permit/forbid
        allow/prohibit allow/ban legal/illegal possible/impossible succeed/fail success/failure
        successful/unsuccessful always/never include/exclude import/export majority/minority maximum/minimum
        agree/disagree best/worst better/worse longer/shorter buy/sell praise/criticise praise/criticize
        praise/condemn welcome/condemn create/destroy""",
    "fr": """augmenter/diminuer augmenter/reduire augmente/diminue augmente/reduit hausse/baisse croissance/baisse
        avant/apres accepter/refuser accepter/rejeter approuver/rejeter soutenir/combattre gagner/perdre
        ouvrir/fermer commencer/finir premier/dernier premiere/derniere renforcer/affaiblir renforce/affaiblit
        ameliorer/aggraver autoriser/interdire permettre/interdire legal/illegal possible/impossible succes/echec
        toujours/jamais inclure/exclure importer/exporter majorite/minorite maximum/minimum meilleur/pire""",
}
"""Words of which one denies the other, most of them verbs and comparisons: opposites such as "large" and "small" are
told of different things in one sentence."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A content word by its stem, whether it is the first after a negation, and whether its clause has one."""

    stem: str
    negated: bool
    in_negated_clause: bool


def contradicts(claim: str, claim_language: str, quote: str, quote_language: str) -> bool:
    """Whether the claim negates what the quote says, leaves out its negation, or says the opposite.

    In another language than the quote's only a negation counts that the quote has none of.
    """
    if not {claim_language, quote_language} <= _NEGATIONS.keys():
        return False
    if claim_language != quote_language:
        return _negates(claim, claim_language) and not _negates(quote, quote_language)
    said, given = _words(claim, claim_language), _words(quote, quote_language)
    return _negated_otherwise(said, given) or _opposite(said, given, claim_language)


def _negated_otherwise(said: list[_Word], given: list[_Word]) -> bool:
    """Whether a word of both carries a negation in one of them, and stands in a clause without any in the other."""
    added = _carried(said) & (_stated(given) - _denied(given))
    dropped = (_carried(given) - _stated(given)) & (_stated(said) - _denied(said))
    return bool(added or dropped or (_carried(said) and not _carried(given)))


def _carried(words: list[_Word]) -> set[str]:
    return {word.stem for word in words if word.negated}


def _stated(words: list[_Word]) -> set[str]:
    return {word.stem for word in words if not word.in_negated_clause}


def _denied(words: list[_Word]) -> set[str]:
    return {word.stem for word in words if word.in_negated_clause}


def _opposite(said: list[_Word], given: list[_Word], language: str) -> bool:
    """Whether the claim has the opposite of a word that the quote has, and the quote has it not, neither negated."""
    claimed, held = {word.stem: word.negated for word in said}, {word.stem: word.negated for word in given}
    return any(
        word in claimed
        and other in held
        and word not in held
        and other not in claimed
        and claimed[word] == held[other]
        for word, other in _opposites(language)
    )


def _negates(text: str, language: str) -> bool:
    return any(
        fold(word) in _negations(language) for clause in _clauses(text) for word in _WORD.findall(clause)
    )


def _words(text: str, language: str) -> list[_Word]:
    """The content words, the first after a negation in its clause negated."""
    return [word for clause in _clauses(text) for word in _clause(clause, language)]


def _clauses(text: str) -> Iterator[str]:
    text = _CONTRACTED.sub(" not", text)
    text = _NOT_ONLY.sub(lambda found: " " * len(found[0]), text)
    return (clause for clause in _CLAUSE.split(text) if clause)


def _clause(clause: str, language: str) -> Iterator[_Word]:
    folded = [fold(word) for word in _WORD.findall(clause)]
    in_negated_clause = not _negations(language).isdisjoint(folded)
    ignored = function_words(language)
    negated = False
    for word in folded:
        if word in _negations(language):
            negated = True
            continue
        own = stem(word, language)
        if word in ignored and own not in _opposed(language):
            continue
        yield _Word(own, negated, in_negated_clause)
        negated = negated and word in ignored


@cache
def _negations(language: str) -> frozenset[str]:
    return frozenset(_NEGATIONS.get(language, "").split())


@cache
def _opposites(language: str) -> tuple[tuple[str, str], ...]:
    pairs = [pair.split("/") for pair in _OPPOSITES.get(language, "").split()]
    stems = [(stem(one, language), stem(other, language)) for one, other in pairs]
    return (*stems, *((other, one) for one, other in stems))


@cache
def _opposed(language: str) -> frozenset[str]:
    return frozenset(word for word, _ in _opposites(language))
