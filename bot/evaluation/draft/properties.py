"""What may be asked of a thing or a person that releases seldom tell, with the words that would tell it.

It looks into no release.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Property:
    """What may be asked of a thing or a person, and a pattern of what tells it, in either language."""

    wording: dict[str, str]
    told: str


THING_PROPERTIES = (
    Property(
        {"en": "What is the annual budget of {}?", "fr": "Quel est le budget annuel de {} ?"},
        r"budget|\bcosts?\b|\bco[uû]ts?\b|\bfund|financ|[$€£]|dollar|euro\b|euros\b|million|milliard|billion|subvention",
    ),
    Property(
        {"en": "How many people work for {}?", "fr": "Combien de personnes travaillent pour {} ?"},
        r"employ|\bstaff|personnel|workforce|salari|effectif|\bagents\b|officers|experts|\bpeople\b|personnes",
    ),
    Property(
        {"en": "In which year was {} founded?", "fr": "En quelle année {} a vu le jour ?"},
        r"found(?:ed|ation|ing)|establish|creat|\bset up|launch|since|inaugurat|fond[ée]|cré[ée]|créat|institu|lanc|"
        r"depuis|open|ouver|anniversar|anniversaire|start",
    ),
    Property(
        {"en": "What is the telephone number of {}?", "fr": "Quel est le numéro de téléphone de {} ?"},
        r"phone|\bt[ée]l\b|\+\d|\d{3}[ .-]\d{3}|\(\d{3}\)|(?:\d\d[ .]){4}|call ",
    ),
)
PERSON_PROPERTIES = (
    Property(
        {"en": "When was {} born?", "fr": "Quelle est la date de naissance de {} ?"},
        r"\bborn\b|birth|\bnée?\b|naissance|, \d\d,|\b\d\d (?:years? old|ans)\b|\baged?\b|âgée?",
    ),
    Property(
        {"en": "Which university did {} attend?", "fr": "Dans quelle université {} a fait ses études ?"},
        r"universit|college|degree|graduat|\bschool|école|diplôm|études|doctor|\bPh\.?D",
    ),
    Property(
        {"en": "What is the salary of {}?", "fr": "Quel est le salaire de {} ?"},
        r"salar|\bpaid\b|\bpay\b|wage|compensation|rémunér|\bearn",
    ),
)
