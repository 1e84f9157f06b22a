"""A question that only asks another thing ("Since when?"), asked of the question before it.

English and French, by the form of the words alone: it knows no store and no model.
"""

import re

from bot.follow_up.words import is_verb
from bot.language.plain import capitalised
from bot.language.terms import fold

_BEFORE_WH = (
    r"(?:in|on|at|from|to|by|with|for|since|until|till|under|of|about|during|à|a|de|en|dans|depuis|avec|par|pour|"
    r"sur|jusqu['’]à|d['’]après|selon|chez|lors de)"
)
_ASKED_OF = (
    r"(?:\s+(?!(?:is|are|was|were|did|do|does|will|has|have|est|sont|a|ont)\b|[\w’']+-(?:t-)?(?:ils?|elles?|on|ce)\b)"
    r"[\w’'-]+)"
)
_WH = (
    rf"(?:{_BEFORE_WH}\s+)?(?:(?:what|who|where|how) else|(?:quoi|qui|où) d['’]autre|"
    rf"(?:what{_ASKED_OF}|(?:which|quel(?:le)?s?){_ASKED_OF}{{1,2}})|"
    r"how (?:many|much|long|often|far|big|large|old|soon)|combien de temps|who|whom|whose|when|where|"
    r"why|how|which|qui|quand|où|ou|pourquoi|comment|combien|"
    r"lesquel(?:le)?s|lequel|laquelle|quoi)"
)
_THAT = r"(?:that|this|it|ça|cela|ceci|ce)"
_BARE_WH = re.compile(
    rf"(?:c['’]?\s?(?:était|est|etait|sera|fut)\s+)?(?P<wh>{_WH})"
    rf"(?:\s+(?:(?:was|is|were|did|does|will|would|has)\s+{_THAT}(?:\s+(?:be|been|happen(?:ed)?|occur(?:red)?|"
    rf"take place|taken place|held|done))?|exactly|so|not|(?:était|est|sera|fut)[- ](?:ce|il|elle)|{_THAT}|"
    r"(?:cela|ça) (?:a-t-il eu lieu|s['’]est[- ]il passé|s['’]est passé|a eu lieu)|(?:est-ce|était-ce)"
    r"(?: que c['’]était)?|(?:ones?|exactement|précisément)))?\s*",
    re.I,
)
_ENTITY = re.compile(rf"\s*(?:who|what|which|qui|quoi)\s+(?:is|was|were|est|était)\s+{_THAT}", re.I)
_PREVIOUS_WH = re.compile(
    rf"^\s*(?P<before>{_BEFORE_WH}\s+)?(?P<wh>how (?:many|much|long|often|far|big|large|old|soon)|who|whom|whose|what|"
    r"which|when|where|why|how|qui|que|qu['’]|quand|où|pourquoi|comment|combien(?: de| d['’])?|quel(?:le)?s?)"
    r"(?:\b|(?<=['’]))\s*(?:est-ce (?:que|qu['’]|qui)\s*)?",
    re.I,
)
_COUNTED = re.compile(r"how many|how much|what|which|combien d[e'’]|quel(?:le)?s?", re.I)
_SUBJECTS = frozenset("who whom which what qui lequel laquelle lesquels lesquelles".split()) | {
    "who else",
    "qui d'autre",
}
_PARTICIPLES = {
    "lead": "led", "hold": "held", "pay": "paid", "give": "given", "make": "made", "build": "built", "run": "run",
    "send": "sent", "write": "written", "teach": "taught", "bring": "brought", "win": "won", "say": "said",
    "tell": "told", "keep": "kept", "choose": "chosen", "sell": "sold", "buy": "bought", "host": "hosted",
}  # fmt: skip
_COUNTING = {
    "which": "Which",
    "which ones": "Which",
    "how many": "How many",
    "combien": "Combien de",
    "lesquels": "Quels",
    "lesquelles": "Quelles",
}
_AUXILIARY = frozenset(
    "is are was were do does did will would can could has have had should may might be "
    "est sont etait etaient a ont avait avaient sera seront fut va vont peut peuvent doit doivent".split()
)
_GENERIC = frozenset(
    "date dates day days year years month time place places city country town person people reason way jour jours "
    "annee mois lieu ville pays endroit raison temps heure".split()
)
_TOLD = re.compile(
    r"^\s*(?:tell (?:me|us) (?:more )?about|what about|describe|explain|give me|show me|parle[sz]?-moi d[eu'’]s?|"
    r"décri(?:s|vez)|expliquez?)\s+",
    re.I,
)
_ASKED_FOR = re.compile(
    r"\W*(?:[\w’']+\s+){0,5}?(?:how (?:many|much)|what|which|whose|combien d[e'’]|quel(?:le)?s?)\b(?:(?!\bthat\b).)*?"
    r"(?:\b(?=(?:is|are|was|were|do|does|did|will|would|can|could|has|have|had|should|may|might|est|sont|ont|a)\b)|"
    r"(?=\b\w+-(?:t-)?(?:ils?|elles?)\b))",
    re.I,
)


def bare_interrogative(question: str) -> str:
    """What the question asks for, where it says nothing else ("Since when?", "where was that"); else ""."""
    text = question.strip(" ?!.…")
    if _ENTITY.fullmatch(text):
        return ""
    match = _BARE_WH.fullmatch(text)
    if not match or any(is_verb(word) for word in re.findall(r"[^\W_]+", match["wh"])):
        return ""
    return match["wh"].strip()


def asked_again(previous: str, wh: str) -> str:
    """The question before, asking `wh` in the place of what it asked."""
    body = previous.strip()
    asked = capitalised(wh)
    before = _PREVIOUS_WH.match(body)
    if not before:
        body, told = _TOLD.subn("", body)
        if told:
            return f"{asked} ({body.rstrip(' ?.!')})?"
        lower = body[:1].lower() + body[1:] if body.split(" ", 1)[0].lower() in _AUXILIARY else body
        return f"{asked} {lower}"
    rest = body[before.end() :]
    if not _COUNTED.fullmatch(before["wh"]):
        who = fold(before["wh"]) in ("who", "qui") and not before["before"]
        return f"{asked} {_without_subject(rest) if who and fold(wh) not in _SUBJECTS else rest}"
    counted, rest = _counted(rest)
    if form := _COUNTING.get(fold(wh)):
        return f"{form} {counted} {rest}".replace("  ", " ")
    if not counted or fold(counted.split()[-1]) in _GENERIC:
        return f"{asked} {rest}"
    if fold(rest.split(" ", 1)[0]) in _AUXILIARY:
        text, mark = re.fullmatch(r"(.*?)(\s*[?!.]*)", rest, re.S).groups()  # type: ignore[union-attr]
        return f"{asked} {text} {counted}{mark}"
    return f"{asked} {counted} {rest}"


def _without_subject(rest: str) -> str:
    """What is left of "Who signed the deal?" for another word to ask about: "was the deal signed?"."""
    verb, _, more = rest.partition(" ")
    if fold(verb) in ("a", "ont", "avait", "aura"):
        return f"{verb if fold(verb) != 'ont' else 'a'}-t-on {more}"
    if fold(verb) in _AUXILIARY:
        return rest
    if match := re.fullmatch(
        r"(?P<by>(?:for|with|to|by|at|on|of) )?(?P<what>.+?)(?P<mark>\s*[?!.]*)", more, re.S
    ):
        participle = _participle(verb)
        if participle:
            past = verb.endswith("ed") or fold(verb) == participle
            by = f" {match['by'].strip()}" if match["by"] else ""
            return f"{'was' if past else 'is'} {match['what']} {participle}{by}{match['mark']}"
    return rest


def _participle(verb: str) -> str:
    """The past participle of an English verb in the third person or the past; "" where no rule tells."""
    folded = fold(verb)
    if folded.endswith("ed") or folded in _PARTICIPLES.values():
        return folded
    if not folded.endswith("s") or folded.endswith("ss"):
        return ""
    base = folded[:-1]
    return _PARTICIPLES.get(base, base + "d" if base.endswith("e") else f"{base}ed")


def _counted(text: str) -> tuple[str, str]:
    """The words that a "which" or "how many" asks about, and the rest of the question."""
    words = text.split(" ")
    place = 0
    while place < min(len(words) - 1, 4) and fold(words[place].strip("?,")) not in _AUXILIARY:
        if place and re.search(r"s$|['’]", words[place - 1]) and fold(words[place]) not in _AUXILIARY:
            break
        place += 1
    return " ".join(words[:place]), " ".join(words[place:])


def asked_for(question: str) -> int:
    """Where what a "how many" or "which" asks for ends, "How many states" of "How many states does it help?"; or 0."""
    found = _ASKED_FOR.match(question)
    return found.end() if found else 0
