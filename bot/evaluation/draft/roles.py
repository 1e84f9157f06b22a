"""The words that stand before or after a person's name: offices, ranks and titles, in English and French.

Short lists and forms; it knows no sentence.
"""

import re

from bot.evaluation.draft import phrases
from bot.evaluation.draft.nouns import names_thing
from bot.language.terms import function_words

_SHARED = re.compile(
    r"\b(?:Assistant|Deputy|Trial|Senior|Special|District|Judge|Officer|Professor|Agent|Inspector|Vice|Regional|Former|"
    r"former|deputy|assistant|officer|professor|[Aa]djointe?|[Jj]uge|[Dd]éputée?|[Dd]éléguée?|[Vv]ice-.*)\b"
)
"""Offices that several people hold at once, or held: nobody is "the" deputy director."""
_RANK = re.compile(
    r"\b(?:Colonel|Major|Captain|Lieutenant|Sergeant|Sheikha?|Lord|Sir|Lady|Mr|Ms|Mrs|Mme|Dr|Justice|U\.S|Hon|Honorable|"
    r"(?:Co-)?[Dd]efendants?|Plaintiffs?|Officers?|Agents?|Charge|Detectives?|Former|Brothers?)\b"
)
ROLE = {
    "en": r"(?:Attorney|General|Minister|Secretary|Director|Ambassador|Commissioner|President|Judge|Chair(?:man|woman|"
    r"person)?|Governor|Mayor|Chief|Administrator|Inspector|Professor|Senator|Representative|Officer|Coordinator|"
    r"Secretary-General|Under-Secretary-General|Spokesperson|Envoy|Head|Commander|Superintendent|Treasurer|"
    r"Rapporteur|Chancellor|Principal|Dean|Founder|Manager|Executive|CEO|King|Queen|Prince|Marshal|Agent in Charge)",
    "fr": r"(?:[Mm]inistre|[Dd]irect(?:eur|rice)|[Pp]résidente?|[Ss]ecrétaire|[Aa]mbassad(?:eur|rice)|[Cc]hef(?:fe)?|"
    r"[Cc]oordonat(?:eur|rice)|[Cc]oordonnat(?:eur|rice)|[Cc]ommissaire|[Gg]ouverneure?|[Mm]aire|[Rr]eprésentante?|"
    r"[Dd]éléguée?|[Jj]uge|[Pp]rocureure?|[Pp]orte-parole|[Rr]ecteur|[Rr]ectrice|[Pp]réfète?|[Dd]éputée?|[Rr]oi|[Rr]eine)",
}
SMALL_ROLE = {
    "en": r"(?:director|president|minister|chair(?:man|woman|person)?|head|chief|manager|administrator|secretary|"
    r"commissioner|ambassador|governor|mayor|coordinator|founder|spokesperson|professor|commander|officer)",
    "fr": ROLE["fr"],
}
_SURNAMES = frozenset({"King", "Prince", "Dean", "Marshal", "Judge", "Mayor", "Roi", "Maire", "Head"})
_TITLED = re.compile(
    rf"^(?:{phrases.HONORIFIC})?(?:(?:[\w.’'-]+ ){{0,7}}{ROLE['en']} )?(?P<name>[A-ZÀ-Þ].*)$"
)


ADJECTIVES = (
    r"former|acting|deputy|assistant|vice|interim|executive|managing|permanent|national|regional|général|générale|"
    r"adjointe?"
)
AFTER_ROLE = (
    r"(?:[ -](?:[Gg]eneral|[Gg]énérale?|[Aa]djointe?|[Rr]ésidente?|[Pp]ermanente?|[Ee]xécuti(?:f|ve)))?"
)


def person_in(name: str) -> str:
    """The name of a person without titles and office: "Voronkov" of "Under-Secretary-General Voronkov"."""
    bare = re.sub(r"^[Tt]he ", "", name)
    found = _TITLED.match(bare)
    inner = found["name"] if found else bare
    if inner != bare:
        inner = re.sub(r" (?:of|for) .*$", "", inner)
    return inner


def is_given(word: str) -> bool:
    """Whether a word before a surname may be a given name: no title, no rank, no office."""
    titled = _RANK.search(word) or re.search(rf"\b(?:{ROLE['en']}|{SMALL_ROLE['en']})\b", word)
    return not titled and word.rstrip(".").lower() not in function_words("en")


def is_person(name: str) -> bool:
    """Whether a name of several capital words is likely a person's, without a title in it."""
    offices = set(re.findall(rf"\b(?:{ROLE['en']}|{ROLE['fr']})\b", name))
    return not (names_thing(name) or _RANK.search(name) or offices - _SURNAMES)


def is_held_by_one(role: str) -> bool:
    """Whether somebody is "the" holder of an office: not of one that several hold at once, or held before."""
    return _SHARED.search(role) is None
