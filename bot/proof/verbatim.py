"""What a sentence must give letter for letter, if at all: words in quotation marks, addresses, markup.

It knows nothing of their sense.
"""

import re
from collections.abc import Sequence

from bot.domain import Evidence

_QUOTATION = re.compile(r"“([^“”]+)”|«([^«»]+)»|„([^„“”]+)[“”]|\"([^\"\n]+)\"|‘([^‘’]+ [^‘’]+)’(?!\w)")
_EDGES = " \t\n.,;:!?…'"
_PLAIN = str.maketrans("’‘“”«»\u00a0\u202f", '\'\'""""  ')
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://\S+|\b(?:mailto|data|javascript|tel):\S+|\bwww\.\S+", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"[^\s<(]+@[^\s>)]+\.\w+|(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*|"
    r"(?<![\w@.])[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|int|info|io|eu|gov|edu|example)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</?[a-z!?][^>]{0,200}>?|&(?:#\w+|[a-z]+);|!\(|\)\(|[`{}]|[<‹]\||\|[>›]|^\s*\|.*\|",
    re.IGNORECASE | re.MULTILINE,
)


def misquoted(claim: str, cited: Sequence[Evidence]) -> str | None:
    """The first words in quotation marks, two or more, that no quote and no title holds as they are."""
    held = _held(cited)
    for found in _QUOTATION.finditer(claim):
        words = _plain(next(part for part in found.groups() if part)).strip(_EDGES)
        if " " in words and not any(words[1:] in text for text in held):
            return words
    return None


def strange(claim: str, cited: Sequence[Evidence]) -> str | None:
    """The first link, markup, or address that no quote and no title holds as it is.

    Links and markup have no place in prose: those of a release are seen in its quotes.
    """
    if found := _LINK.search(claim) or _MARKUP.search(claim):
        return found[0]
    held = _held(cited)
    for address in _ADDRESS.finditer(claim):
        if not any(_plain(address[0]).rstrip(_EDGES) in text for text in held):
            return address[0]
    return None


def _held(cited: Sequence[Evidence]) -> list[str]:
    return [_plain(text) for item in cited for text in (item.quote, item.release.title)]


def _plain(text: str) -> str:
    return " ".join(text.translate(_PLAIN).split())
