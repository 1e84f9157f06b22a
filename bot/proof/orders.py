"""Text that gives orders to whoever answers from it: it may be quoted, but nothing is proven by it.

English and French rules over surface forms, and the signs of chat protocols; it knows no question and no store.
"""

import re

from bot.language.terms import fold

_ANSWERER = (
    r"(?:assistants?|chatbots?|robots?|llms?|gpt|language models?|modeles? de langage|ai models?|"
    r"intelligences? artificielles?)"
)
_MACHINE = r"(?:machines?|computers?|software|bots?|ais?|ordinateurs?|logiciels?|ias?)"
"""What may be anything: it is spoken to only where it ought to put something in words."""
_OUGHT = (
    r"(?:must|shall|should|has to|have to|is to|are to|will now|please|be so kind|doit|doivent|devra|devront|est prie|"
    r"veuillez|aie l'obligeance|ordonnons?|order)"
)
_WRITE = (
    r"(?:write|print|say|answer|reply|respond|output|state that|repeats?|display|show|begin|include|append|mention|"
    r"ecri\w+|imprim\w+|dis|dire|dites|repon\w+|affich\w+|declarer?|repet\w+|montr\w+|commenc\w+|ajout\w+|mentionn\w+)"
)
_ONLY = (
    r"(?:only|just|nothing (?:else|but)|exactly|word for word|seulement|uniquement|rien d'autre|mot pour mot)"
)
_ORDERS = re.compile(
    rf"\b(?:ignor|disregard|forget|oubli|overrid|obey|obei)\w*\b[^.]{{0,60}}"
    rf"\b(?:previous|above|prior|earlier|instructions?|rules?|prompt|precede\w*|ci-dessus|consignes?|regles?|{_WRITE})\b|"
    rf"\b{_ANSWERER}\b[^.]{{0,120}}\b(?:{_OUGHT}|{_WRITE})\b|\b{_OUGHT}\b[^.]{{0,60}}\b{_ANSWERER}\b|"
    rf"\b{_MACHINE}\b[^.]{{0,30}}\b{_OUGHT}\b[^.]{{0,30}}\b(?:{_WRITE}|names?|nommer|call|appeler|translate|traduire)\b|"
    rf"\b{_WRITE}\b[^.]{{0,40}}\b{_ONLY}\b|\b{_ONLY}\b[^.]{{0,20}}\b{_WRITE}\b|"
    r"\b(?:you are now|from now on,? you|tu es desormais|vous etes desormais|new task|nouvelle tache|system prompt)\b|"
    r"(?:^|\n)\s*(?:system|assistant|user|systeme|utilisateur)\s*:|\bno_answer\b"
)
_PROTOCOL = re.compile(
    r"<\||\|>|\[/?INST\]|<</?SYS>>|</?s>|</?(?:system|assistant|user|evidence|question|turn|think|tool_call|instructions?|"
    r"script|iframe|img|svg|style|object|embed|form)\b|<!--|\"role\"\s*:|\{\{|\$\{|```|javascript:|data:text|!\[",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"\b[Aa]ssistant(?:e)?s? (?=[A-Z])")
"""An assistant with an office, as an Assistant Secretary, is no machine."""
_SEPARATORS = re.compile("[\u0085\u000b\u2028\u2029]")


def gives_orders(text: str) -> bool:
    """Whether a text speaks to a machine that answers, or holds what makes up its protocols and pages."""
    lines = _SEPARATORS.sub("\n", text)
    plain = fold(_OFFICE.sub("", lines)).replace("’", "'")
    return bool(_PROTOCOL.search(lines) or _ORDERS.search(plain))
