"""English verbs of press releases in their forms, and what a question makes of a verb phrase.

French needs none of it: there "est-ce que" leaves the verb where it stands.
"""

import re
from dataclasses import dataclass
from functools import cache

_REGULAR = """accept achieve acquire address admit adopt affirm agree aim allocate allow announce appoint approve arrest
    ask assess assist assume attend authorize award begin benefit bring build buy call charge chair co-chair choose
    close collect commend commit complete conclude conduct confirm congratulate consider consist construct contain
    contribute convene convict cooperate co-fund co-host co-organize co-sponsor cover create declare dedicate deliver
    deploy design detain develop direct discuss dismiss distribute donate elect employ enable encourage endorse engage
    enhance ensure enter equip establish exceed expand export extend face facilitate file finance found fund generate
    grant hail help highlight hire host identify impose improve inaugurate include increase indict inform initiate
    inspect install introduce invest investigate invite involve issue join launch list manage mark monitor name nominate
    obtain offer open operate order organise organize oversee own participate pass perform plan plead pledge praise
    present preside prevent produce prohibit promote propose prosecute protect provide publish purchase ratify reach
    reaffirm receive recognize recommend recover reduce regulate reject release renew replace report represent request
    require resolve respond return review sanction save secure seize sell sentence serve settle sign spend sponsor start
    strengthen submit support surrender suspend target thank total train transfer transform treat unveil upgrade urge
    use visit vote vow welcome win withdraw work"""
_IRREGULAR = """become became become|begin began begun|bring brought brought|build built built|buy bought bought|
    choose chose chosen|draw drew drawn|fall fell fallen|find found found|get got got|give gave given|go went gone|
    grow grew grown|have had had|hold held held|keep kept kept|lead led led|leave left left|lose lost lost|
    make made made|meet met met|oversee oversaw overseen|pay paid paid|put put put|rise rose risen|run ran run|
    see saw seen|sell sold sold|send sent sent|set set set|show showed shown|speak spoke spoken|spend spent spent|
    take took taken|teach taught taught|tell told told|undertake undertook undertaken|win won won|
    withdraw withdrew withdrawn|write wrote written"""
_NO_NOUNS = """allow assist chair co-chair consist contain coordinate employ enable enforce ensure establish generate
    include investigate lead maintain manage operate oversee own promote protect provide receive recognize represent
    require serve"""
_DOUBLED = frozenset("admit commit plan submit transfer".split())
AUXILIARIES = r"(?:was|were|is|are|has|have|had|will|would|can|could|may|must|should)"
_ADVERB = r"(?:(?:also|recently|jointly|officially|formally|first|successfully|previously|initially|today) )?"
_AUXILIARY = re.compile(rf"({AUXILIARIES}) {_ADVERB}(.+)")
_SINGULAR = {"were": "was", "are": "is", "have": "has"}


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb's forms: to sign, signed, has signed."""

    base: str
    past: str
    participle: str


@cache
def verbs() -> tuple[Verb, ...]:
    """All verbs that are known."""
    irregular = [Verb(*row.split()) for row in _IRREGULAR.split("|")]
    known = {verb.base for verb in irregular}
    return (*irregular, *(Verb(base, *[_past(base)] * 2) for base in _REGULAR.split() if base not in known))


@cache
def base_of() -> dict[str, str]:
    """Bases by past form."""
    return {verb.past: verb.base for verb in verbs()}


@cache
def participles() -> frozenset[str]:
    return frozenset(verb.participle for verb in verbs())


@cache
def thirds() -> dict[str, str]:
    """Bases by the form of the third person, of verbs where that is no noun as well."""
    return {_third(base): base for base in _NO_NOUNS.split()}


def asked_of(predicate: str) -> str | None:
    """The predicate of a sentence as a question has it, with {} for the subject: "did {} sign the treaty".

    None where its verb is not known.
    """
    if found := _AUXILIARY.match(predicate):
        auxiliary, rest = found.groups()
        first = rest.split()[0].strip(",")
        be = auxiliary in ("was", "were", "is", "are")
        if (
            auxiliary in ("has", "have", "had")
            and first not in participles()
            and first not in ("been", "agreed")
        ):
            return None
        if be and first not in participles():
            return None
        return f"{auxiliary} {{}} {rest}"
    first, _, rest = predicate.partition(" ")
    if rest.startswith("by "):
        return None  # a participle without its auxiliary: "programs, authorized by the act"
    if first in base_of():
        return f"did {{}} {base_of()[first]} {rest}".rstrip()
    if first in thirds():
        return f"does {{}} {thirds()[first]} {rest}".rstrip()
    return None


def of_one(predicate: str) -> str | None:
    """The predicate as it follows "who", or None where its verb is not known."""
    if asked_of(predicate) is None:
        return None
    first, _, rest = predicate.partition(" ")
    return f"{_SINGULAR.get(first, first)} {rest}"


def _past(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ied"
    return f"{base}{base[-1]}ed" if base in _DOUBLED else f"{base}ed"


def _third(base: str) -> str:
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ies"
    return f"{base}es" if re.search(r"(?:s|sh|ch|x|z|o)$", base) else f"{base}s"
