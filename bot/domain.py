"""The values that travel through Communiqué.

Standard library only: this module knows no store, no model and no screen.
"""

from bisect import bisect_right
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

DateBasis = Literal["stated", "derived", "not before", "manifest", "file"]
PassageKind = Literal["body", "contact", "boilerplate"]


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """When a release was published, and how that is known.

    ``stated``: its dateline says so. ``derived``: `words` of the text fix the missing year.
    ``not before``: only the event it reports is dated, so publication is that day or later.
    ``manifest``: the corpus manifest says so and the text does not.
    ``file``: the file's own data say so (front matter, meta tags, a column), and the text does not.
    """

    value: date
    basis: DateBasis
    words: str

    @property
    def exact(self) -> date | None:
        """The day of publication, or None where only a lower bound is known."""
        return None if self.basis == "not before" else self.value


@dataclass(frozen=True, slots=True)
class Run:
    """`length` characters that stand at `start` in the text and at `source` in what was loaded of the file."""

    start: int
    source: int
    length: int


@dataclass(frozen=True, slots=True)
class Release:
    """One press release as stored; every span in the system indexes into `text`.

    `file` is the path below `root`, with forward slashes; of a release in a container (an archive, a table, a
    mail) it goes on with the name of the `member`. `revision` is the SHA-256 of the file's or the member's
    bytes in hex. `origin` traces each character of `text` to what was loaded of the file. `pages` holds the
    character at which each page begins, the first page first; it is empty where the file has no pages. `recognised`
    numbers those, from 1, that were scanned: a machine made their text of a picture.
    """

    id: str
    root: str
    file: str
    revision: str
    text: str
    title: str
    language: str
    published: PublicationDate | None = None
    place: str | None = None
    issuer: str | None = None
    origin: tuple[Run, ...] = ()
    member: str = ""
    pages: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    url: str | None = None
    """The address of the original, of http or https, where it was fetched or the manifest gives one."""

    @property
    def container(self) -> str:
        """The path below `root` of the file on disk that holds the release."""
        return self.file.removesuffix(f"/{self.member}") if self.member else self.file

    def page(self, position: int) -> int | None:
        """The number, from 1, of the page on which a character stands; None where there are no pages."""
        return max(1, bisect_right(self.pages, position)) if self.pages else None

    def is_recognised(self, start: int, end: int) -> bool:
        """Whether any of ``text[start:end]`` stands on a page that was scanned."""
        pages = range(self.page(start) or 0, (self.page(max(start, end - 1)) or 0) + 1)
        return any(page in pages for page in self.recognised)

    @property
    def date(self) -> date | None:
        return self.published.exact if self.published else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A contiguous piece of a release: ``release.text[start:end] == text``.

    The passages of a release, in order of `number`, join to its text.
    """

    id: str
    release_id: str
    revision: str
    number: int
    start: int
    end: int
    text: str
    language: str
    kind: PassageKind = "body"


@dataclass(frozen=True, slots=True)
class Definition:
    """A long form and its acronym, as ``release.text[start:end]`` writes them together."""

    acronym: str
    long_form: str
    release_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim sentence of a release with the probability that it answers the question.

    `answer` is the span, in the release's text, of the words of it that answer. `item` is the same for all versions
    of one release, as in another language.
    """

    release: Release
    start: int
    end: int
    probability: float
    answer: tuple[int, int] | None = None
    item: str | None = None

    @property
    def quote(self) -> str:
        return self.release.text[self.start : self.end]

    @property
    def words(self) -> str | None:
        """The words that answer, where they are known."""
        return self.release.text[slice(*self.answer)] if self.answer else None


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: ``text[start:end] == quote`` in that revision of the release."""

    number: int
    quote: str
    release_id: str
    title: str
    date: date | None
    language: str
    file: str
    start: int
    end: int
    revision: str
    issuer: str | None = None
    page: int | None = None
    """The page, from 1, on which the quote begins, of a file that has pages."""
    translation: str | None = None
    """The quote in the language of the answer, made by a chat model: never proven, shown as what it is."""
    recognised: bool = False
    """Whether a machine made the quoted text of the picture of a page: as it is stored, not as it is printed."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a chat model was asked for one answer: calls, tokens, and their price in US dollars where it is known."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Closest:
    """The release nearest to a declined question: somewhere to look, not an answer."""

    release_id: str
    title: str
    date: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for one question; `to_json` is the public contract."""

    id: str
    question: str
    standalone_question: str
    text: str
    declined: bool
    language: str
    mode: str
    citations: tuple[Citation, ...] = ()
    seconds: float = 0.0
    probability: float = 0.0
    closest: Closest | None = None
    notice: str | None = None
    usage: Usage | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer as plain JSON types; dates as ISO 8601, times in seconds."""
        return {
            "id": self.id,
            "question": self.question,
            "standalone_question": self.standalone_question,
            "answer": self.text,
            "declined": self.declined,
            "language": self.language,
            "mode": self.mode,
            "citations": [
                {
                    "number": citation.number,
                    "quote": citation.quote,
                    "release_id": citation.release_id,
                    "title": citation.title,
                    "date": citation.date.isoformat() if citation.date else None,
                    "language": citation.language,
                    "file": citation.file,
                    "start": citation.start,
                    "end": citation.end,
                    "revision": citation.revision,
                    "issuer": citation.issuer,
                    "page": citation.page,
                    "translation": citation.translation,
                    "recognised": citation.recognised,
                }
                for citation in self.citations
            ],
            "seconds": round(self.seconds, 4),
            "probability": round(self.probability, 4),
            "closest": self.closest
            and {
                "release_id": self.closest.release_id,
                "title": self.closest.title,
                "date": self.closest.date.isoformat() if self.closest.date else None,
            },
            "notice": self.notice,
            "usage": asdict(self.usage) if self.usage else None,
        }

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Answer":
        """The answer that `to_json` wrote."""
        closest = data.get("closest")
        return Answer(
            id=data["id"],
            question=data["question"],
            standalone_question=data["standalone_question"],
            text=data["answer"],
            declined=data["declined"],
            language=data["language"],
            mode=data["mode"],
            citations=tuple(
                Citation(**{**citation, "date": _day(citation["date"])}) for citation in data["citations"]
            ),
            seconds=data["seconds"],
            probability=data.get("probability", 0.0),
            closest=Closest(**{**closest, "date": _day(closest["date"])}) if closest else None,
            notice=data.get("notice"),
            usage=Usage(**usage) if (usage := data.get("usage")) else None,
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was asked in a conversation, and its answer."""

    question: str
    answer: Answer


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
