"""Long forms and their acronyms, where a text writes them together: "long form (ACRONYM)" or the reverse.

It reads brackets and knows no list of acronyms; where a long form begins is another module's matter.
"""

import re
from collections.abc import Iterator

from bot.domain import Definition
from ingest.metadata.longform import long_form_start, spells_out

_BRACKET = re.compile(r"\(([^()\n]{2,120})\)")
_ACRONYM = re.compile(r"[A-ZÀ-ÖØ-Þ][\w&/.-]{1,11}")
_QUOTED = re.compile(r"""(?P<quote>['"‘“«])\s?(?P<name>[A-ZÀ-ÖØ-Þ][^'"’”»]{1,40}?)\s?['"’”»]""")
_BEFORE_BRACKET = re.compile(r"(?<![\w-])([A-ZÀ-ÖØ-Þ][\w&/-]{1,11})[ ]\Z")


def definitions(release_id: str, text: str) -> list[Definition]:
    """The definitions in the order of the text, each pair of acronym and long form once.

    A definition's span holds both, from the first character of one to the bracket that closes the other.
    """
    found: dict[tuple[str, str], Definition] = {}
    for bracket in _BRACKET.finditer(text):
        for acronym, long_form, start in _read(text, bracket):
            long_form = " ".join(long_form.split())
            key = acronym, long_form.casefold()
            if key not in found:
                found[key] = Definition(acronym, long_form, release_id, start, bracket.end())
    return list(found.values())


def _read(text: str, bracket: re.Match[str]) -> Iterator[tuple[str, str, int]]:
    """The acronym, long form and start of what a bracket defines, if it does."""
    content = bracket[1].strip()
    quoted = _QUOTED.fullmatch(content)
    if _is_acronym(content) or quoted:
        name = quoted["name"] if quoted else content
        start = long_form_start(name, text, bracket.start())
        if start is not None:
            yield name, text[start : bracket.start()].rstrip(), start
        return
    before = _BEFORE_BRACKET.search(text, max(0, bracket.start() - 14), bracket.start())
    if before and _is_acronym(before[1]) and not re.search(r"\d", content):
        long_form = re.sub(r"\A(?:the|la|le|l['’])\s?", "", content, flags=re.IGNORECASE)
        if spells_out(before[1], long_form):
            yield before[1], long_form, before.start(1)


def _is_acronym(content: str) -> bool:
    capitals = sum(character.isupper() for character in content)
    return capitals >= 2 and _ACRONYM.fullmatch(content) is not None
