"""What a loader gives: the text of a file, what the file says of itself, and where its pages begin.

It knows no format.
"""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of its release beside the text; None is what it does not say."""

    title: str | None = None
    date: datetime.date | None = None
    place: str | None = None
    issuer: str | None = None
    language: str | None = None


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class Loaded:
    """The text of a release as its file has it, before cleaning.

    `said` is meant as a description of the release (front matter, meta tags, columns of a table) and stands
    over what the text says; `hints` (properties of a document, headers of a mail) stand in for it. `pages`
    holds the character of `text` at which each page begins, the first page first. Of these, numbered from 1, the
    `scanned` are pictures without a text layer, and the `recognised` got their text from it.
    """

    text: str
    said: Said = NOTHING_SAID
    hints: Said = NOTHING_SAID
    pages: tuple[int, ...] = ()
    scanned: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
