"""Nouns that say of a name what kind of thing it names: an organisation, a venture, an occasion or a text.

English and French, by short lists.
"""

import re

_ORGANISATIONS = (
    r"agency|office|department|committee|commission|council|organi[sz]ation|fund|cent(?:re|er)|ministry|university|"
    r"institute|bank|bureau|service|association|foundation|police|administration|company|group|division|court|team|"
    r"government|unit|force|coalition|alliance|agence|organisme|comité|conseil|ministère|fonds|institut|banque|"
    r"fondation|entreprise|société|université|inc|corp|llc|ltd"
)
_VENTURES = (
    r"programme|program|initiative|network|project|platform|forum|campaign|partnership|compact|hub|process|system|"
    r"database|tool|réseau|projet|plateforme|partenariat|dispositif|outil|processus"
)
_OCCASIONS = (
    r"dialogue|conference|meeting|summit|assembly|week|day|agreement|treaty|act|memorandum|report|plan|convention|"
    r"protocol|strategy|indictment|settlement|complaint|order|accord|traité|stratégie|conférence|réunion|sommet|atelier"
)
_ORGANISED = re.compile(rf"\b(?:{_ORGANISATIONS}|{_VENTURES})\b", re.IGNORECASE)
_THING = re.compile(rf"\b(?:{_ORGANISATIONS}|{_VENTURES}|{_OCCASIONS})\b", re.IGNORECASE)
_NOBODY = re.compile(rf"\b(?:{_VENTURES}|{_OCCASIONS})$", re.IGNORECASE)


def names_thing(name: str) -> bool:
    """Whether the words name a thing, not a person or a place."""
    return _THING.search(name) is not None


def names_organised(name: str) -> bool:
    """Whether the words name what has a budget and people: an organisation or a venture of one."""
    return _ORGANISED.search(name) is not None


def names_nobody(name: str) -> bool:
    """Whether the name ends as that of something that acts without being anybody: "the dialogue reviewed"."""
    return _NOBODY.search(name) is not None
