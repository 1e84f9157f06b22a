"""What a release's text says of itself: title, date, place, issuer, language; and what the manifest adds.

It knows no file and no passage. What the text does not say stays absent.
"""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain import DateBasis, PublicationDate
from bot.language.sentences import sentences
from bot.language.terms import language_of
from ingest.load.loaded import NOTHING_SAID, Said
from ingest.metadata.dateline import Dateline, find_dateline
from ingest.metadata.dates import mentions
from ingest.metadata.events import looks_ahead, reports
from ingest.metadata.head import READ_CHARACTERS, Head, read_head
from ingest.metadata.issuer import find_issuer
from ingest.metadata.manifest import ManifestEntry, read_manifest
from ingest.metadata.year import derive_year

__all__ = ["Description", "amend", "describe", "read_manifest"]

DEFAULT_LANGUAGE = "en"
_LONGEST_TITLE = 300
_LONGEST_MADE_TITLE = 100
"""Characters of a title that is made from the first sentence."""
_SHORTEST_MADE_TITLE = 30
_LANGUAGE_CHARACTERS = 4000
_ELLIPSIS = "…"
_OPENING_DATE = re.compile(
    r"\W*(?:(?:on|le|les|du|el|del|from|между|с)\s+)?(?:(?:the|à|el)\s+)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Description:
    """The metadata of a release; None is what neither text nor manifest says."""

    title: str
    published: PublicationDate | None
    place: str | None
    issuer: str | None
    language: str


def describe(
    text: str,
    file: str,
    entry: ManifestEntry | None = None,
    said: Said = NOTHING_SAID,
    hints: Said = NOTHING_SAID,
) -> Description:
    """The description of a cleaned text; `file`, its path, gives the title where nothing else does.

    What `entry`, the file's part of the manifest, says stands over all; what the file has `said` of itself
    over the text, and the text over the file's `hints`.
    """
    read = text[:READ_CHARACTERS]
    language = language_of(_sample(read), DEFAULT_LANGUAGE)
    dateline = find_dateline(read, language)
    head = read_head(read, (dateline.start, dateline.end) if dateline else None)
    description = Description(
        title=_title(read, head, dateline, said.title, hints.title, file),
        published=_dated(_published(read, head, dateline, language), said.date, hints.date),
        place=said.place or (dateline.place if dateline else None) or hints.place,
        issuer=said.issuer or find_issuer(text, head) or hints.issuer,
        language=said.language or language,
    )
    return amend(description, entry) if entry else description


def amend(description: Description, entry: ManifestEntry) -> Description:
    """The description with the manifest's values, where it has any; a date both agree on keeps its basis."""
    published = description.published
    if entry.date and (published is None or published.value != entry.date):
        basis: DateBasis = "not before" if entry.date_basis == "not before" else "manifest"
        published = PublicationDate(entry.date, basis, entry.date_words or "")
    return Description(
        title=entry.title or description.title,
        published=published,
        place=entry.place or description.place,
        issuer=entry.issuer or description.issuer,
        language=entry.language or description.language,
    )


def _sample(text: str) -> str:
    """The part of the text that tells its language: past headlines and addresses, where it is long enough."""
    start = len(text) // 4 if len(text) > 2 * _LANGUAGE_CHARACTERS else 0
    return text[start : start + _LANGUAGE_CHARACTERS]


def _dated(found: PublicationDate | None, said: date | None, hint: date | None) -> PublicationDate | None:
    """The date that the text gives, unless the file has said another one or the text gives no day."""
    if said and (found is None or found.value != said or found.exact is None):
        return PublicationDate(said, "file", "")
    if hint and (found is None or found.exact is None):
        return PublicationDate(hint, "file", "")
    return found


def _title(
    text: str, head: Head, dateline: Dateline | None, said: str | None, hint: str | None, file: str
) -> str:
    """What the file says, else the first headline, else its hint, the first sentence, or the file's name."""
    told = said or next(iter(head.headlines), None) or hint
    if told:
        return _shortened(" ".join(told.split()), _LONGEST_TITLE)
    start = dateline.end if dateline and dateline.rank == 0 and dateline.start <= head.body + 2 else head.body
    body = re.sub(r"\A[\W_]+(?=\w)", "", text[start : start + 5 * _LONGEST_TITLE])
    ends = [each.end for each in sentences(body)]
    end = next((end for end in ends if end >= _SHORTEST_MADE_TITLE), ends[-1] if ends else 0)
    if re.search(r"\w", body[:end]):
        return _shortened(" ".join(body[:end].split()), _LONGEST_MADE_TITLE)
    name = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return re.sub(r"[-_\s]+", " ", name).strip() or file


def _shortened(words: str, limit: int) -> str:
    if len(words) <= limit:
        return words
    cut = words.rfind(" ", limit // 2, limit)
    return words[: cut if cut > 0 else limit - 1].rstrip(" ,;:–—-(") + _ELLIPSIS


def _published(text: str, head: Head, dateline: Dateline | None, language: str) -> PublicationDate | None:
    if dateline is None:
        return _not_before(text, head, language)
    day = dateline.date.last.first()
    if day:
        return PublicationDate(day, "stated", text[dateline.date.start : dateline.date.end])
    derived = derive_year(text, dateline, mentions(text, language))
    return PublicationDate(derived[0], "derived", derived[1]) if derived else None


def _not_before(text: str, head: Head, language: str) -> PublicationDate | None:
    """The last day of the event that the first sentence of the body reports and dates in full."""
    body = text[head.body : head.body + _LANGUAGE_CHARACTERS]
    first = next((each for each in sentences(body)), None)
    if first is None:
        return None
    sentence = body[first.start : first.end]
    dated = [mention for mention in mentions(sentence, language) if mention.last.first() and mention.last.day]
    if not dated or looks_ahead(sentence):
        return None
    opening = _OPENING_DATE.fullmatch(sentence[: dated[0].start]) is not None
    if not opening and not (len(dated) == 1 and reports(sentence[: dated[0].start])):
        return None
    last = dated[0].last.last()
    return PublicationDate(last, "not before", sentence[dated[0].start : dated[0].end]) if last else None
