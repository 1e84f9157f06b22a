"""The objects of the API as they travel: what is read from requests is checked here, what is sent is described.

Answers are sent as `Answer.to_json` gives them; their description here only documents that.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ID = r"^[0-9a-f]{32}$"
IDENTIFIER = Annotated[str, StringConstraints(pattern=ID)]
MAXIMUM_QUESTION = 100_000
"""Characters: the most that COMMUNIQUE_QUESTION_CHARACTERS can be set to."""
MAXIMUM_COMMENT = 4_000


class _Body(BaseModel):
    """What a client sends: members that are not known are a mistake worth telling."""

    model_config = ConfigDict(extra="forbid", strict=True)


class QuestionBody(_Body):
    question: Annotated[str, Field(min_length=1, max_length=MAXIMUM_QUESTION)]
    conversation: Annotated[
        IDENTIFIER | None, Field(description="Goes on with this conversation; without it a new one begins.")
    ] = None


class SearchBody(_Body):
    question: Annotated[str, Field(min_length=1, max_length=MAXIMUM_QUESTION)]
    limit: Annotated[int, Field(ge=1, le=50)] = 10


class ConversationBody(_Body):
    title: Annotated[str, Field(max_length=200)] = ""


class FeedbackBody(_Body):
    answer_id: IDENTIFIER
    thumbs: Annotated[
        Literal["up", "down"] | None, Field(description="Null, with no comment, takes the feedback back.")
    ] = None
    comment: Annotated[str, Field(max_length=MAXIMUM_COMMENT)] = ""


class TokenBody(_Body):
    origin: Annotated[str, Field(max_length=300, description="Of the pages that will use it.")]
    seconds: Annotated[int, Field(ge=10, le=3600)] = 600
    questions: Annotated[int, Field(ge=1, le=1000)] = 30
    visitor: Annotated[
        str | None,
        StringConstraints(pattern=r"^[A-Za-z0-9._:@+-]{1,100}$"),
        Field(description="Whose conversations go on with the next token; none are shared without it."),
    ] = None


class IngestBody(_Body):
    uploads: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=300)]] | None,
        Field(
            max_length=100,
            description="Only these files, by the names they were kept under; without them, and without addresses, "
            "the whole corpus.",
        ),
    ] = None
    addresses: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000)]] | None,
        Field(max_length=100, description="Of pages, documents, feeds and sitemaps, to be fetched."),
    ] = None
    refresh: Annotated[
        bool, Field(description="Fetch again what was fetched from addresses before, where it has changed.")
    ] = False


class Upload(BaseModel):
    name: Annotated[str, Field(description="Under which it is kept, and may be ingested.")]
    bytes: int
    is_new: Annotated[bool, Field(description="False where the very same file was there already.")]


class Ingest(BaseModel):
    """A run of the ingest: `report` is there once it has ended well, `errors` say what could not be read."""

    id: str
    state: Literal["running", "done", "failed"]
    started: datetime
    ended: datetime | None
    stage: str
    done: Annotated[int, Field(description="Releases, of `total`.")]
    total: int
    fraction: Annotated[float, Field(description="From 0 to 1.")]
    seconds_left: float | None
    errors: list[str]
    report: Annotated[dict[str, Any] | None, Field(description="As `python -m ingest --json` prints it.")]


class Failure(BaseModel):
    file: str
    reason: str
    first_seen: datetime
    last_seen: datetime
    tries: int


class FailurePage(BaseModel):
    items: list[Failure]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


class TokenObject(BaseModel):
    token: str
    expires: datetime


class Citation(BaseModel):
    number: int
    quote: Annotated[str, Field(description="Stands so, character for character, in that revision.")]
    release_id: str
    title: str
    date: date | None
    language: str
    file: str
    start: Annotated[int, Field(description="First character of the quote in the release's text.")]
    end: Annotated[int, Field(description="The character after its last one.")]
    revision: Annotated[str, Field(description="SHA-256 of the file that was read.")]
    issuer: str | None
    page: Annotated[int | None, Field(description="On which the quote begins, of a file that has pages.")]
    translation: Annotated[str | None, Field(description="By a chat model, and not proven.")]
    recognised: Annotated[
        bool,
        Field(description="Whether it stands on a scanned page: a machine recognised its text in a picture."),
    ]


class Closest(BaseModel):
    release_id: str
    title: str
    date: date | None


class Usage(BaseModel):
    calls: int
    tokens_in: int
    tokens_out: int
    cost: float | None


class Answer(BaseModel):
    """The answer, as `python -m bot ask --json` prints it."""

    id: str
    question: str
    standalone_question: str
    answer: Annotated[str, Field(description="Its [n] are the numbers of the citations.")]
    declined: bool
    language: str
    mode: Annotated[str, Field(description="`reading`, or the chat model as `provider:model`.")]
    citations: list[Citation]
    seconds: float
    probability: float
    closest: Closest | None
    notice: str | None
    usage: Usage | None


class TurnObject(BaseModel):
    question: str
    answer: Answer


class Conversation(BaseModel):
    id: str
    title: str
    created: datetime
    updated: datetime


class ConversationPage(BaseModel):
    items: list[Conversation]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


class ConversationWithTurns(Conversation):
    turns: list[TurnObject]
    next: str | None


class Feedback(BaseModel):
    answer_id: str
    thumbs: Literal["up", "down"] | None
    comment: str
    given: datetime | None


class Release(BaseModel):
    id: str
    title: str
    date: date | None
    language: str
    issuer: str | None
    place: str | None
    url: Annotated[str | None, Field(description="Of the original, where it was fetched from the web.")]
    file: str
    revision: str
    characters: Annotated[int, Field(description="Length of the whole text.")]


class ReleasePage(BaseModel):
    items: list[Release]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null at the end.")]


class Highlight(BaseModel):
    start: int
    end: int
    text: str


class ReleaseVersion(BaseModel):
    id: str
    title: str
    date: date | None
    language: str
    superseded_by: Annotated[str | None, Field(description="The release that answers in its place.")]


class ReleaseWithText(Release):
    is_current: Annotated[
        bool, Field(description="False for an earlier revision, and for what was corrected.")
    ]
    superseded_by: Annotated[Release | None, Field(description="What answers in the place of this one.")]
    versions: Annotated[
        list[ReleaseVersion],
        Field(description="In other languages, from other places, before and after a correction."),
    ]
    offset: Annotated[int, Field(description="The first character of the text that `text` holds.")]
    text: str
    highlight: Highlight | None


class FoundPassage(BaseModel):
    release: Release
    start: int
    end: int
    text: str
    language: str
    score: float
    similarity: float


class FoundPassages(BaseModel):
    items: list[FoundPassage]


class InvalidValue(BaseModel):
    where: list[str | int]
    what: str


class Problem(BaseModel):
    """Why a request was not answered: RFC 9457."""

    model_config = ConfigDict(extra="allow")

    type: Annotated[str, Field(description="Names the kind of problem.")]
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[InvalidValue] | None = None
