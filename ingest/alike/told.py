"""What of a release is compared with another: its words, names, figures and days, and whether it is a correction.

It compares nothing.
"""

import re
from dataclasses import dataclass
from datetime import date
from sys import intern

import numpy as np
from numpy.typing import NDArray

from bot.domain import Release
from bot.language.figures import figures
from bot.language.terms import fold, function_words
from bot.store.versions import CORRECTION
from ingest.metadata.dates import Day, mentions, month_number, weekday_number

READ_CHARACTERS = 60_000
"""Of a longer text the beginning is compared."""
SHINGLE = 4
"""Words that are compared together."""
_MARKED_CHARACTERS = 200
"""Where a text says that it is a correction, it says so in front."""
_SHORTEST_NAME = 3
_WORD = re.compile(r"[^\W_]+(?:[.,’'-][^\W_]+)*")
_OPENS = re.compile(r"""(?:\A|[.!?:;…•*–—-]|\n\s*\n)[\s"'“”«»(\[]*\Z""")
_MARK = re.compile(rf"\W*(?:{CORRECTION.pattern})\W*", re.IGNORECASE)


@dataclass(frozen=True, eq=False, slots=True)
class Told:
    """A release as it is compared.

    `shingles` are hashes of words that follow each other, (shingles,), each once and in order: many releases are
    held to be compared. `days` are the days and months that its text names, `names` its words with a capital that open
    no sentence, `figures` the values of its numbers outside of dates. `title` is without the word that calls it a
    correction.
    """

    id: str
    language: str
    published: date | None
    title: str
    words: tuple[str, ...]
    shingles: NDArray[np.int64]
    names: frozenset[str]
    figures: frozenset[str]
    days: frozenset[Day]
    is_correction: bool


def told(release: Release) -> Told:
    """What the release tells."""
    language = release.language
    text = release.text[:READ_CHARACTERS]
    dated = mentions(text, language)
    days = {day for mention in dated for day in (mention.first, mention.last)}
    plain = list(text)
    for mention in dated:
        plain[mention.start : mention.end] = " " * (mention.end - mention.start)
    undated = "".join(plain)
    names = set()
    for match in _WORD.finditer(undated):
        word = match.group()
        month = month_number(word, language)
        if month:
            days.add(Day(None, month, None))
        elif _is_name(word, language) and not _OPENS.search(
            undated, max(0, match.start() - 4), match.start()
        ):
            names.add(fold(word))
    words = tuple(intern(fold(match.group())) for match in _WORD.finditer(text))
    shingles = [hash(words[place : place + SHINGLE]) for place in range(len(words) - SHINGLE + 1)]
    return Told(
        id=release.id,
        language=language,
        published=release.date,
        title=" ".join(_MARK.sub(" ", fold(release.title)).split()),
        words=words,
        shingles=np.unique(np.array(shingles, np.int64)),
        names=frozenset(names),
        figures=figures(undated, language),
        days=frozenset(days),
        is_correction=bool(CORRECTION.search(f"{release.title} {release.file} {text[:_MARKED_CHARACTERS]}")),
    )


def _is_name(word: str, language: str) -> bool:
    return (
        word[0].isupper()
        and len(word) >= _SHORTEST_NAME
        and fold(word) not in function_words(language)
        and weekday_number(word, language) is None
    )
