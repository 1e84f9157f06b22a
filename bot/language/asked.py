"""What a question asks for, and whether a piece of text holds something of that kind.

English and French rules over surface forms; it knows no store and no model. A question in another language
asks for nothing in particular.
"""

import re
from functools import lru_cache
from typing import Literal

from bot.language.terms import content_words, fold, stem

Kind = Literal[
    "who", "when", "where", "number", "count", "often", "list", "expansion", "contact", "mail", "phone"
]
CONTACT: frozenset[Kind] = frozenset({"contact", "mail", "phone"})

_ASKS: tuple[tuple[Kind, str], ...] = (
    (
        "expansion",
        r"\bstands? for\b|\b(?:full|long) (?:form|name)\b|\bacronym\b|\babbreviation\b|\bspell(?:ed)? out\b|"
        r"\b(?:meaning of|mean by)\b|\b(?:letters|initials|lettres|initiales)\b.*\b(?:mean|for|dire|signifie\w*)\b|"
        r"\bwhat does (?:the )?\S+ mean\b|\bsigle\b|\bacronyme\b|\bsignifie(?:nt)?\b|"
        r"\bveut dire\b|\bveulent dire\b|\bnom complet\b|\babreviation\b|\bau long\b|\ben toutes lettres\b",
    ),
    (
        "contact",
        r"\bcontacts?\b|\bget in touch\b|\breach (?:out|him|her|them|the office)\b|\bcontacter\b|\bjoindre\b|"
        r"\bcoordonnees\b|\bwhom? (?:can|could|do|may|might|must|should|shall) (?:i|we|one|(?:an? )?(?:"
        r"journalist|reporter|editor)s?|the (?:media|press)|people)\b.*\b(?:write|call|turn|refer|direct|send|speak|"
        r"talk|ring)\b|"
        r"\ba qui (?:(?:je |on |nous )?(?:dois|doit|faut|peut|peuvent|puis|pouvons|devons)\b.*|s[' ]?)(?:ecrire|"
        r"adresser|parler|telephoner|renvoyer)\b",
    ),
    ("mail", r"\be-?mails?\b|\bcourriel\b|\badresse (?:mail|electronique|e-mail)\b"),
    ("phone", r"\b(?:tele)?phones?\b|\btelephone\b"),
    (
        "number",
        r"\b(?:budgets?|costs?|amounts?|price|salary|percentage|age|couts?|montants?|prix|salaires?|pourcentage)\b"
        r"(?! (?:\w+[oe]rs|committee|office)\b)|"
        r"\bhow (?:many|much|old|large(?! an?\b)|big(?! an?\b)|long)\b|"
        r"\b(?:the|what|which) (?:total )?(?:number|amount|percentage|share|sum|budget|cost|figure)\b|"
        r"\bcombien\b|\bquel(?:le)? (?:est le |est la )?(?:nombre|montant|pourcentage|part|somme|budget|cout|duree)\b|"
        r"\bnombre de\b",
    ),
    ("count", r"\bhow many\b|\bcombien d(?:es?)?\b"),
    (
        "often",
        r"\bhow (?:often|frequently|regularly)\b|\b(?:quelle|la) frequence\b|\bquel rythme\b|\btous les combien\b|"
        r"\b(?:what|the) frequency\b",
    ),
    (
        "when",
        r"^(?:(?!\b(?:who|whom|what|which|how|why|where)\b).)*\bwhen\b|\b(?:and|or|since|until) when\b|"
        r"\b(?:what|which) (?:exact )?(?:date|day|month|year|time)s?\b|\bdates?\b|\bsince when\b|"
        r"\bhow long ago\b|"
        r"^(?:(?!\b(?:qui|que|quoi|quel|quelle|quels|quelles|comment|pourquoi|combien|qu)\b).)*\bquand\b|\bet quand\b|"
        r"\bquel(?:le)?s? (?:est la |est le )?(?:dates?|jours?|mois|annees?|ans?)\b|"
        r"\bdepuis quand\b|\ba quel moment\b",
    ),
    (
        "where",
        r"\bwhere\b|\b(?:what|which) (?:city|country|place|town|venue|location|state|continent)\b|\bou (?:a|est|sont|"
        r"se|s|ont|etait|fut|doit|aura|va)\b|^ou\b|\b(?:dans|de) quel(?:le)?s? (?:ville|pays|lieu|endroit)\b|"
        r"\bquel(?:le)? (?:est la |est le )?(?:ville|pays|lieu|endroit)\b",
    ),
    (
        "list",
        r"\b(?:list|enumerate)\b|\bname (?:the|all|every)\b|\b(?:what|which) (?:are|were) (?:the|all)\b|"
        r"\b(?:what|which) (?:\w+ ){0,2}?(?:countries|agencies|partners|organi[sz]ations|bodies|entities|"
        r"members|donors|"
        r"states|areas|topics|themes|projects|programmes|programs|resolutions|activities|priorities|goals|objectives)\b|"
        r"\bquel(?:le)?s sont\b|\bquels\b|\bquelles\b|\blistez?\b|\bliste des?\b|\bcitez\b|\benumere[rz]?\b",
    ),
    (
        "who",
        r"\bwho(?:m|se)?\b|\bwhich (?:person|official|minister|ambassador|head|leader|organi[sz]ation|agency|body|"
        r"company|country|state|government)\b|\bby whom\b|\bname of\b|\bqui\b|\bde qui\b|\bpar qui\b|\bquel(?:le)? "
        r"(?:personne|responsable|ministre|ambassadeur|organisation|organisme|agence|institution)\b|\bnom d\w*\b",
    ),
)
_WHERE_ACCENT = re.compile(r"\b[oO][ùÙ]\b")
"""French "où", which without its accent would be "or"."""
_MONTHS = (
    "january february march april may june july august september october november december "
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
).replace(" ", "|")
_DAYS = r"\d{1,2}(?:er|st|nd|rd|th)?(?:\s*(?:et|and|to|au|-|–)\s*\d{1,2}(?:er|st|nd|rd|th)?)?"
_DATE = re.compile(
    rf"\b(?:{_DAYS}\s+(?:{_MONTHS})(?:\s+(?:19|20)\d\d)?|(?:{_MONTHS})\s+{_DAYS}|(?:19|20)\d\d|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|today|yesterday)\b"
)
_NUMBER = re.compile(
    r"\b\d+(?:[.,]\d+)*(?=\s+[^\W\d]|-[^\W\d]|\s*[%€$£]|[.;]?$|[.;]\s)|\b(?:one|two|three|four|"
    r"five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|"
    r"billion|dozens?|half|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|"
    r"seize|vingt|trente|quarante|cinquante|soixante|cent|mille|milliers?|millions?|milliards?|dizaines?)\b"
)
_THE_TWO = re.compile(r"\b(?:the|these|those|both|its|their|les|ces|leurs) (?:two|deux)\b")
"""Counts nothing that was not known: "the two sides"."""
ORDINAL = (
    r"(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:nd|rd|th)|deuxieme|seconde?|troisieme|"
    r"quatrieme|cinquieme|sixieme|septieme|huitieme|neuvieme|dixieme|\d+e(?:me)?)"
)
"""A folded word for a place after the first, which tells how many there have been."""
_ORDINAL = re.compile(rf"\b{ORDINAL}\b")
_OFTEN = re.compile(
    r"\b(?:annual(?:ly)?|yearly|quarterly|monthly|weekly|daily|bi(?:annual|ennial)(?:ly)?|regular(?:ly)?|periodic(?:ally)?|"
    r"(?:every|each|per|a) (?:\w+ )?(?:year|quarter|month|week|day|decade)s?|once|twice|\w+ times|annuel\w*|"
    r"semestriel\w*|trimestriel\w*|mensuel\w*|hebdomadaire\w*|quotidien\w*|regulier\w*|periodique\w*|"
    r"(?:chaque|par) (?:an|annee|trimestre|mois|semaine|jour)|\w+ fois|"
    r"tou(?:s|tes) les (?:\w+ )?(?:ans|annees|mois|semaines|jours))\b"
)
_NAME = re.compile(r"(?<![.!?:] )(?<!^)\b[A-ZÀ-Þ][\w'’-]+")
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|à|À|[Ee]n|[Aa]u|[Aa]ux|[Ss]ur|[Dd]ans)\s+(?:the |la |le |l['’])?[A-ZÀ-Þ]\w+"
)
_ENUMERATION = re.compile(r",[^,;]{2,80},[^,;]{2,80}(?:,| and | et | or | ou )|;[^;]+;|\n\s*[-*•]")
_LISTED = re.compile(
    r"(\w+)(?:\s*:|,? (?:including|such as|namely|notably|dont|notamment|a savoir|tels que|telles que))"
    r"\s*[^,;.]{2,90}[,;]"
)
"""What a list is of, the word before the colon or its like, and its first item."""
_SO_MANY = re.compile(r"\b(?:the|all|these|those|les|des|ces|ses|its|their|leurs) (\d{1,3}) [^\W\d_]")
_BETWEEN = re.compile(r"[,;]|\n\s*[-*•]|\b(?:and|et)\b")
_CALLED_IN = re.compile(
    r"\b(?:stand|name\w*|call\w*|title\w*|say|mean|spell\w*|acronym|term|word|translat\w*|appell\w*|nom\w*|dit-on|"
    r"sigle|titre|signifi\w*|veut dire|tradui\w*)\b.{0,200}?\b(?:in|en) "
    r"(?P<language>french|francais|english|anglais)\b|"
    r"\b(?P<its>french|english) (?:name|title|term|word|version|acronym|form)\b|"
    r"\b(?:nom|titre|sigle|terme|mot|version) (?:officiel(?:le)? )?(?P<son>francais|anglais)e?\b"
)
_WHO_SIGNED = re.compile(
    r"\bwho(?:m|se)?\b.{0,200}?\b(?:sign(?:ed|s)?|signator\w+|signatures?|put (?:\w+ ){1,2}?names? (?:to|on|under))\b|"
    r"\bby whom\b.{0,200}?\bsigned\b|\bsignatories\b|\bqui\b.{0,200}?\bsign(?:e|es|ait|ent|a|erent)\b|\bsignataires?\b"
)
_PERSON = r"\b(?:mr|mrs|ms|dr|m|mme|h\.e|ambassador|minister|president|director|ambassadeur|ambassadrice|ministre)\b"
_SIGNED_BY = re.compile(
    rf"{_PERSON}.*\b(?:(?:exchang|affix|append|appos|echang)\w* (?:\w+ ){{0,3}}?signatures?|signator\w+|"
    rf"signataires?)\b|\b(?:signed by|signe\w* par)\b.*{_PERSON}"
)
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\d[\d ().-]{7,}\d")


@lru_cache(maxsize=4096)
def asked(question: str) -> frozenset[Kind]:
    """The kinds of thing that would answer the question; empty where no rule speaks."""
    folded = fold(_WHERE_ACCENT.sub("dans quel lieu", question)).replace("’", "'")
    return frozenset(kind for kind, pattern in _ASKS if re.search(pattern, folded))


def holds(kind: Kind, text: str, known: frozenset[str] = frozenset()) -> bool:
    """Whether `text` holds something of that kind besides the folded words `known` (the question's own)."""
    match kind:
        case "when":
            return _has_other(_DATE, fold(text), known)
        case "number":
            return _has_other(_NUMBER, _THE_TWO.sub(" ", _DATE.sub(" ", fold(text))), known)
        case "count":
            return holds("number", text, known) or _ORDINAL.search(fold(text)) is not None
        case "often":
            return _OFTEN.search(fold(text)) is not None
        case "who":
            return any(fold(name) not in known for name in _NAME.findall(text))
        case "where":
            return any(fold(place.split()[-1]) not in known for place in _PLACE.findall(text))
        case "list":
            return _ENUMERATION.search(text) is not None
        case "expansion":
            return re.search(r"\w \([A-Z][\w-]+\)|\b[A-Z]{2,}\w* \(\w", text) is not None
        case "contact":
            return MAIL.search(text) is not None or _PHONE.search(text) is not None
        case "mail":
            return MAIL.search(text) is not None
        case "phone":
            return _PHONE.search(text) is not None


@lru_cache(maxsize=4096)
def named_in(question: str) -> str | None:
    """The language, "en" or "fr", in which a question wants what something is called; None where it wants none."""
    folded = fold(question).replace("’", "'")
    called = _CALLED_IN.search(folded)
    if not called:
        return None
    return "fr" if (called["language"] or called["its"] or called["son"]).startswith("fr") else "en"


@lru_cache(maxsize=4096)
def introduces(question: str, text: str, language: str) -> bool:
    """Whether `text`, of the question's language, lists several of what a word of the question calls them."""
    words = {stem(folded, language) for _, folded in content_words(question, language)}
    return any(stem(word, language) in words for word in _LISTED.findall(fold(text)))


def signs(question: str, text: str) -> bool:
    """Whether the question asks who signed, and `text` tells by whom: people who "exchanged signatures"."""
    return _asks_who_signed(question) and _SIGNED_BY.search(fold(text)) is not None


@lru_cache(maxsize=256)
def _asks_who_signed(question: str) -> bool:
    return _WHO_SIGNED.search(fold(question)) is not None


def lists_too_few(question: str, text: str) -> bool:
    """Whether the question wants so many, "the 66 states", and `text` has neither that number nor half of them."""
    wanted = _SO_MANY.search(fold(question))
    if not wanted or re.search(rf"\b{wanted[1]}\b", text):
        return False
    return 2 * len(_BETWEEN.findall(text)) < int(wanted[1])


def _has_other(pattern: re.Pattern[str], folded: str, known: frozenset[str]) -> bool:
    return any(not set(re.findall(r"\w+", match)) <= known for match in pattern.findall(folded))
