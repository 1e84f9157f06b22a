"""Patterns of the phrases that questions are made of: names, dates, numbers, sums, places, in English and French.

They see surface forms only; it knows no sentence and no question.
"""

import re
from functools import cache

ABBREVIATED = r"(?:Mr|Mrs|Ms|Mme|Mlle|Dr|Prof|St|Jr|Sr|Inc|Corp|Ltd|Co|Gen|Col|Lt|Gov|Sen|Rep|Hon)\."
WORD = rf"(?:{ABBREVIATED}|(?:[A-Z]\.)+|\d{{1,2}}(?:st|nd|rd|th|e|er)(?= [A-ZÀ-Þ])|[A-ZÀ-ÖØ-Þ][\w&’'/-]*)"
"""A word with a capital, an initial, or an ordinal before such a word."""
_LINK = {
    "en": r"(?:of|for|on|against|to|in|and|the|with|between|at|by|bin|al|van|von|de|du|des|la|&)",
    "fr": r"(?:de|du|des|d['’]|la|le|les|l['’]|et|pour|contre|sur|en|aux?|à|bin|al|van|von|&)",
}
_NARROW = {
    "en": r"(?:of|for|on|against|bin|al|van|von|de|du|des|&|of the|for the|on the|against the)",
    "fr": r"(?:de|du|des|d['’]|de la|de l['’]|pour|pour la|contre|contre le|sur|bin|al|van|von|&)",
}
ARTICLE = {"en": r"(?:[Tt]he )", "fr": r"(?:[Ll]es? |[Ll]a |[Ll]['’] ?)"}
PERSON = (
    r"(?!(?:The|In|On|At|For|As|By|And|With|From|None|Le|La|Les|En|Au|Selon|Pour|Par|Avec|Après|Avant|Puis|Alors|Chez|"
    rf"Sous|Dans)\b)(?:{WORD} (?:bin |al |el |van |von |de |da |ben )?){{1,3}}"
    r"[A-ZÀ-Þ][\w’'-]+(?:,? (?:Jr|Sr)\.| I{2,3}\b)?"
)
"""A name of two words or more, the last of them no initial."""
HONORIFIC = (
    r"(?:(?:His|Her|Son) Excellenc[ye] |H\. ?E\. ?|S\. ?E\. ?)?"
    r"(?:Mr\.?|Mrs\.?|Ms\.?|Mme|Mlle|M\.|Dr\.?|Prof\.?) "
)
COUNT = r"\d{1,3}(?:[., \u00a0\u202f]\d{3})+|\d+"
_SPELLED = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente "
    "quarante cinquante soixante",
}
ROUGHLY = {
    "en": r"(?:(?:more than|about|approximately|nearly|almost|over|at least|up to|an estimated|around|some|roughly|"
    r"a total of|the) )?",
    "fr": r"(?:(?:plus de|environ|près de|presque|au moins|jusqu['’]à|quelque|un total de|les) )?",
}
SUM = {
    "en": r"(?:US|C|A)?[$€£] ?\d[\d,.]*\d?(?: (?:thousand|million|billion|trillion))?(?![\d-])"
    r"|\d[\d,.]* (?:(?:thousand|million|billion) )?(?:US )?(?:dollars|euros|pounds)\b",
    "fr": r"\d[\d., \u00a0\u202f]*(?:(?:millions?|milliards?)(?: de| d['’])? ?)?(?:dollars?|euros?|€|\$)(?! \w+ains)",
}


def name(language: str) -> str:
    """A name of one or more words, without its article, as long as its words go on."""
    return _joined(_LINK[language], language, 3)


def narrow(language: str) -> str:
    """A name that neither "and" nor a place carries on."""
    return _joined(_NARROW[language], language, 1)


def _joined(link: str, language: str, most: int) -> str:
    separator = rf"(?: (?:{link}(?: |(?<=['’]))){{0,{most}}}|, (?=Inc\b|LLC\b|Ltd\b|S\.A\.))"
    return rf"{WORD}(?:{separator}{WORD})*"


def listed(language: str) -> str:
    """One name or several: "A, the B and C"."""
    one = rf"{ARTICLE[language]}?{narrow(language)}"
    conjunction = "and" if language == "en" else "et"
    return rf"{one}(?:, (?:{conjunction} )?{one})*(?:,? {conjunction} {one})?"


def number(language: str) -> str:
    """A count of two or more: in digits, or a word."""
    words = "|".join(_SPELLED[language].split())
    return rf"(?:{COUNT}|(?i:(?:{words})(?:-(?:{words}))?))"


@cache
def months(language: str) -> str:
    """The names of the months as alternatives, with their short forms in English."""
    from babel.dates import get_month_names

    found = list(get_month_names("wide", locale=language).values())
    if language == "en":
        found += [f"{each[:3]}\\.?" for each in found] + [r"Sept\.?"]
        return "|".join(found)
    return "(?i:" + "|".join(found) + ")"


@cache
def date(language: str) -> str:
    """A day, days, a month with its year, or a year alone."""
    month = f"(?:{months(language)})"
    year = r"(?:1\d|20)\d\d"
    if language == "en":
        day = r"\d{1,2}(?:st|nd|rd|th)?(?: ?(?:-|–|to|and) ?\d{1,2}(?:st|nd|rd|th)?)?"
        week = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
        return (
            rf"(?:{week}{month} {day}(?:,? {year})?|{week}(?:the )?{day} (?:of )?{month}(?:,? {year})?"
            rf"|{month},? {year}|{year})(?![\w-])"
        )
    day = r"\d{1,2}(?:er)?(?: ?(?:-|–|au|et) ?\d{1,2}(?:er)?)?"
    week = r"(?i:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?"
    return rf"(?:{week}{day} {month}(?: {year})?|{month} {year}|{year})(?![\w-])"


@cache
def place(language: str) -> str:
    """A city or country, with what it lies in: "Miami, Florida"."""
    word = rf"(?!(?:{months(language)})\b)[A-ZÀ-Þ][\w’'-]+(?:[ -](?:de |du |of )?[A-ZÀ-Þ][\w’'-]+){{0,2}}"
    return rf"{word}(?:, (?:State of |Republic of )?{word}(?=[,.;)]|$| on | in | le | en ))?"


def items(text: str, language: str) -> list[str]:
    """The names of a list, without their articles."""
    conjunction = "and" if language == "en" else "et"
    parts = re.split(rf",? {conjunction} |, (?:{conjunction} )?", text)
    return [re.sub(rf"^{ARTICLE[language]}", "", part).strip() for part in parts if part.strip()]


_CUTS = {
    "en": r" (?:in|with|for|on|at|under|from|via|through|during|by|against|to)(?= )",
    "fr": r" (?:en|avec|pour|sur|dans|lors|à|au|aux|par|contre|sous)(?= )",
}
MOST_WORDS = 18
"""Words of a predicate in a question: what goes on is left out from a preposition on."""


def shortened(predicate: str, language: str) -> str:
    """The predicate without its last phrases, where it is too long for a question; "" where it cannot be cut."""
    if len(predicate.split()) <= MOST_WORDS:
        return predicate
    cuts = [found.start() for found in re.finditer(_CUTS[language], predicate)]
    fitting = [cut for cut in cuts if 4 <= len(predicate[:cut].split()) <= MOST_WORDS]
    return predicate[: fitting[-1]] if fitting else ""
