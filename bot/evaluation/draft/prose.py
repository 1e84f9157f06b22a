"""The sentences of a release that a question may be made from: whole, in its own prose, and the day it gives itself.

It knows no question.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.domain import Release
from bot.evaluation.draft import phrases
from bot.language.sentences import sentences

SHORTEST, LONGEST = 25, 600
"""Characters of a sentence that is asked about."""
READ = 40_000
"""Characters of a release that are read: more than any press release has."""
_GLUED = re.compile(r"(?<=[\w)][a-z0-9)][.!?])(?=[A-ZÀ-Þ][a-z]|I )")
"""Where two sentences stand without a space between them, as scraped pages have it."""
_ENDS = re.compile(r"[.!?][\"'”’»)*]*$")
_BROKEN = re.compile(r"\n|[<>{}|\\�]|https?:|www\.|\]\(|\b[A-Z]?[a-z]{4,}[A-Z][a-z]{2,}")
"""What no sentence holds: marks of markup, and words without a space between them."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of a release: ``release.text[start:end]``.

    `asked` is where what can be asked about begins in it, past a dateline; `day` is the date of that dateline, as
    written.
    """

    release: Release
    start: int
    end: int
    asked: int = 0
    day: str = ""

    @property
    def quote(self) -> str:
        """The whole sentence."""
        return self.release.text[self.start : self.end]

    @property
    def text(self) -> str:
        """The sentence without its dateline and final mark."""
        return self.quote[self.asked :].rstrip(" .\"”’'*")


def clauses(release: Release) -> Iterator[Clause]:
    """The sentences of the release in order, each once."""
    text = release.text[:READ]
    for sentence in sentences(text):
        if sentence.kind != "sentence":
            continue
        for start, end in _apart(text, sentence.start, sentence.end):
            quote = text[start:end]
            if not SHORTEST <= len(quote) <= LONGEST or not _ENDS.search(quote) or _BROKEN.search(quote):
                continue
            dateline = _dateline(release.language).match(quote)
            yield Clause(
                release,
                start,
                end,
                dateline.end() if dateline else 0,
                (dateline["day"] or "") if dateline else "",
            )


def _apart(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    places = [start, *(start + found.start() for found in _GLUED.finditer(text[start:end])), end]
    for first, last in pairwise(places):
        piece = text[first:last]
        trimmed = piece.strip()
        if trimmed:
            yield first + piece.index(trimmed[0]), first + len(piece.rstrip())


def _dateline(language: str) -> re.Pattern[str]:
    language = language if language in ("en", "fr") else "en"
    return re.compile(
        rf"[A-ZÀ-Þ][\w.,’' -]{{1,60}}?,? (?:le |the )?(?P<day>{phrases.date(language)})? ?[–—-]{{1,2}} (?=[A-ZÀ-Þ«“\"])"
    )
