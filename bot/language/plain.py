"""A question without what surrounds it: greetings, thanks and forms of politeness, in English and French."""

import re

_ASKED_LATE = re.compile(
    r"^[^?]{0,60}[:;]\s*(?=(?:who|when|where|why|how|what|which|qui|quand|où|quel|combien|comment)\w*(?:\s+\w+){3})",
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
    r"to know|do you (?:happen to )?know|i(?: was| am|['’]m) wondering|pou(?:rriez|vez)-vous (?:me |nous |m['’])"
    r"(?:dire|indiquer|rappeler|préciser|expliquer)|(?:peux|pourrais)-tu (?:me|nous) (?:dire|rappeler)|"
    r"(?:dites|dis)-(?:moi|nous)|(?:je|nous) (?:voudrais|voudrions|souhaiterais|aimerais) savoir|savez-vous|"
    r"sais-tu)\b[\s,:]*",
    re.I,
)
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
    elif (late := _ASKED_LATE.search(text)) and not _ABOUT.search(late.group()):
        text = text[late.end() :]
    return capitalised(text) if any(character.isalnum() for character in text) else question


def capitalised(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
