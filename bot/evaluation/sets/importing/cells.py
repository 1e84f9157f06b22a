"""What a cell of a table says, by the column that it stands in.

It knows no table.
"""

import re
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from bot.facts.days import Day
from bot.facts.folding import folded
from bot.facts.words import values
from bot.language.terms import LANGUAGES

DOCUMENTS = frozenset(
    {".txt", ".md", ".html", ".htm", ".pdf", ".doc", ".docx", ".odt", ".rtf", ".xml", ".json", ".eml"}
)
"""Suffixes of files, which the id of a release goes without."""

_YES = frozenset("yes y true 1 x oui o vrai v ✓ ✔ ☑ si sí".split())
_NO = frozenset("no n false 0 non faux f ✗ ✘ ☐".split())
_BULLET = re.compile(r"\s*[-–—•*·▪◦]\s+")
_APART = re.compile(r"[;\n\r]+")
_APART_OR = re.compile(r"[;|\n\r]+")
_TAGS_APART = re.compile(r"[;|,\n\r]+")


def meant(field: str, cell: str) -> Any:
    """The value of a field that a cell gives; the text itself where it cannot be read.

    Facts and releases are separated by `;` or lines, the alternatives of a fact by `|`.
    Raises ValueError for a cell of `answerable` that says neither yes nor no.
    """
    if field == "facts":
        return facts(cell)
    if field == "releases":
        return [release(part) for part in _parts(_APART_OR, cell)]
    if field in ("history", "quotes"):
        return _parts(_APART_OR if field == "history" else _APART, cell)
    if field == "tags":
        return _parts(_TAGS_APART, cell)
    if field == "language":
        return language(cell)
    if field == "as_of":
        return day(cell)
    if field == "answerable":
        return is_yes(cell)
    return cell.strip()


def facts(cell: str) -> list[list[str]]:
    """The facts in a cell, each with its alternatives; none where it holds no word ("-", "…")."""
    if not folded(cell).strip():
        return []
    lines = [line for line in cell.splitlines() if line.strip()]
    if lines and all(_BULLET.match(line) for line in lines):
        lines = [_BULLET.sub("", line, count=1) for line in lines]
    return [
        alternatives
        for part in _parts(_APART, "\n".join(lines))
        if (alternatives := [text.strip() for text in part.split("|") if text.strip()])
    ]


def release(name: str) -> str:
    """The id of a release of which a cell gives the id or the file's name."""
    if "://" in name or PurePosixPath(name).suffix.lower() not in DOCUMENTS:
        return name
    return name[: -len(PurePosixPath(name).suffix)]


def is_yes(cell: str) -> bool:
    word = cell.strip().casefold().rstrip(".!")
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(f"write yes or no, not {cell.strip()[:60]!r}")


def day(cell: str) -> str:
    """A date in its ISO form, where it can only be read one way; otherwise the cell."""
    match values(cell, ""):
        case (Day(year=int(year), month=month, day=int(number)),):
            try:
                return date(year, month, number).isoformat()
            except ValueError:
                pass
    return cell.strip()


def language(cell: str) -> str:
    """The ISO 639-1 code of a language named by its code or its name; otherwise the cell."""
    name = cell.strip()
    return _languages().get(name.casefold()) or _languages().get(re.split("[-_]", name.casefold())[0], name)


def _parts(separator: re.Pattern[str], cell: str) -> list[str]:
    return [part.strip() for part in separator.split(cell) if part.strip()]


@cache
def _languages() -> dict[str, str]:
    """Codes by code and by name, in English, in French and in the language itself."""
    from babel import Locale
    from babel.core import get_global

    codes = {str(code) for code in Locale("en").languages if len(str(code)) == 2}
    found: dict[str, str] = {code: code for code in codes}
    aliases = get_global("language_aliases")
    found |= {str(long): str(code) for long, code in aliases.items() if code in codes}
    for spoken in ("en", "fr", *LANGUAGES):
        names = Locale(spoken).languages
        told = codes if spoken in ("en", "fr") else {spoken}
        found |= {str(names[code]).casefold(): code for code in told if code in names}
    return found
