"""The messages before a question as turns of a conversation, so that a follow-up is understood.

What an assistant's message claims does not count: of it only the links to releases are read, and what these hold is
taken from the catalog. So a client can make up a question, but no answer. System messages are not read at all.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlsplit

from bot.catalog import Catalog
from bot.chain import Bot
from bot.domain import Answer, Citation, Turn
from bot.errors import QuestionError
from bot.language.terms import language_of
from bot.server.completions.body import Message
from bot.web.release import Place

EARLIER_TURNS = 3
"""As many as a follow-up is understood from."""
MAXIMUM_CITATIONS = 20
_LINK = re.compile(r"""https?://[^\s<>()"']{1,2000}""")


def turns_before(messages: Sequence[Message], bot: Bot) -> tuple[Turn, ...]:
    """The last turns of the conversation, oldest first; a question that was not answered is none."""
    turns: tuple[Turn, ...] = ()
    for question, reply in _exchanges(messages)[-EARLIER_TURNS:]:
        try:
            standalone = bot.standalone(question, turns)
        except QuestionError:  # too long to be read: what leans on it stands alone then
            continue
        turns = (*turns, Turn(question, _answer(question, standalone, reply, bot)))
    return turns


def _exchanges(messages: Sequence[Message]) -> list[tuple[str, str]]:
    """Questions with the reply to each, without the messages of anyone else."""
    said = [message for message in messages if message.role in ("user", "assistant")]
    return [
        (asked.text, reply.text)
        for asked, reply in itertools.pairwise(said)
        if (asked.role, reply.role) == ("user", "assistant")
    ]


def _answer(question: str, standalone: str, reply: str, bot: Bot) -> Answer:
    citations = tuple(_citations(reply, bot.catalog))
    return Answer(
        id="",
        question=question,
        standalone_question=standalone,
        text=" ".join(f"{citation.quote} [{citation.number}]" for citation in citations),
        declined=not citations,
        language=language_of(standalone, "en"),
        mode=bot.mode,
        citations=citations,
    )


def _citations(reply: str, catalog: Catalog) -> Iterator[Citation]:
    """What the links in a reply lead to, where that stands in the catalog."""
    places = dict.fromkeys(
        place
        for link in _LINK.findall(reply)
        if (place := Place.of(dict(parse_qsl(urlsplit(link).query)))) is not None
    )
    for number, place in enumerate(list(places)[:MAXIMUM_CITATIONS], 1):
        release = catalog.release(place.release_id, place.revision)
        if release is not None and 0 <= place.start < place.end <= len(release.text):
            yield Citation(
                number=number,
                quote=release.text[place.start : place.end],
                release_id=release.id,
                title=release.title,
                date=release.date,
                language=release.language,
                file=release.file,
                start=place.start,
                end=place.end,
                revision=release.revision,
                issuer=release.issuer,
            )
