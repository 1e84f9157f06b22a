"""A question without what surrounds it: greetings, thanks, forms of politeness, and what is told beside it.

English and French rules over surface forms; it knows no store and no model.
"""

import re

from bot.language.sentences import sentences

_ASKED_LATE = re.compile(
    r"^[^?]{0,60}[:;]\s*(?=(?:who|when|where|why|how|what|which|is|are|was|were|did|does|do|has|have|will|qui|quand|"
    r"où|quel|combien|comment|est-ce)\w*(?:\s+\w+){3})",
    re.I,
)
_ABOUT = re.compile(
    r"\b(?:about|as for|as to|regarding|concerning|à propos|concernant|s['’]agissant|pour ce qui est|quant)\b",
    re.I,
)
"""What says of what the question is, before it."""
_ASKING_FORM = re.compile(
    r"\b(?:(?:could|can|would|will) you (?:please |kindly |possibly )*(?:tell|explain to|let|inform|remind|show) "
    r"(?:me|us)(?: know)?|(?:please )?(?:tell|remind) (?:me|us)|(?:i|we)(?: would|['’]d)? (?:like|love|want|wish) "
    r"to know|(?:would|will|could) you be so kind as to (?:tell|give|name|send) (?:me|us)|do you (?:happen to )?know|"
    r"i(?: was| am|['’]m) wondering|pou(?:rriez|vez)-vous (?:me |nous |m['’])"
    r"(?:dire|indiquer|rappeler|préciser|expliquer)|(?:peux|pourrais)-tu (?:me|nous) (?:dire|rappeler)|"
    r"(?:dites|dis)-(?:moi|nous)|(?:je|nous) (?:voudrais|voudrions|souhaiterais|aimerais) savoir|savez-vous|"
    r"sais-tu)\b[\s,:]*",
    re.I,
)
_POINTS = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|that|this|those|these|il|elle|ils|elles|lui|leur|leurs|celui|"
    r"celle)\b",
    re.I,
)
"""What points to something named before."""
_COURTESY = re.compile(
    r"(?:,\s*)?\b(?:please|kindly|s['’]il (?:vous|te) pla[iî]t|svp)\b[\s,!.]*|"
    r"(?:^|[,;–—]|(?<=[.!?]))\s*(?:many thanks|thanks|thank you|merci)(?: (?:very|so) much| a lot| beaucoup| bien)?"
    r"(?: in advance| d['’]avance)?(?=\s*(?:[,!.]|$))[\s,!.]*",
    re.I,
)
"""Thanks only where they stand by themselves: "thank" may be what is asked about."""
_GREETING = re.compile(
    r"^\s*(?:hello|hi|hey|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut)\b[^,.!?]{0,20}[,.!]\s*",
    re.I,
)


def plain(question: str) -> str:
    """The question without greetings, thanks and forms of politeness; as it is where nothing else would be left."""
    text = _GREETING.sub("", question)
    text = " ".join(_COURTESY.sub(" ", text).split())
    if form := _ASKING_FORM.search(text):
        text = text[form.end() :]
    elif (late := _asked_late(text)) and not _POINTS.search(text[late:]):
        text = text[late:]
    return capitalised(text) if any(character.isalnum() for character in text) else question


def parted(text: str) -> tuple[str, str]:
    """What a text tells beside the one question in it, and that question; nothing, and all of it, where it is one.

    "I am off to Rabat. Who runs the office? The badge needs a name." and "The office in Rabat: who runs it?"
    """
    if late := _asked_late(text):
        return text[:late].rstrip(" :;"), capitalised(text[late:])
    units = [text[unit.start : unit.end] for unit in sentences(text)]
    questions = [unit for unit in units if unit.endswith("?")]
    if len(units) < 2 or len(questions) != 1:
        return "", text
    return " ".join(unit for unit in units if unit != questions[0]), questions[0]


def _asked_late(text: str) -> int:
    """Where the question begins before which something stands with a colon; 0 where that is nothing, or a topic."""
    late = _ASKED_LATE.search(text)
    return late.end() if late and not _ABOUT.search(late.group()) else 0


def capitalised(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
