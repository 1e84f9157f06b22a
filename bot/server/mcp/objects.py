"""What the tools take and give: arguments are checked here, results are described.

It calls nothing.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.server import objects

READ_CHARACTERS = 20_000
"""Of a release's text at once, as long as nothing else is asked for: what a chat model may take in."""
MAXIMUM_READ = 200_000

Question = Annotated[str, Field(min_length=1, max_length=objects.MAXIMUM_QUESTION)]


class Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class AskArguments(Arguments):
    question: Annotated[
        Question, Field(description="In English or French; complete in itself, or a follow-up.")
    ]
    conversation: Annotated[
        objects.IDENTIFIER | None,
        Field(
            description="As an earlier answer gave it: the question is understood from what was asked there."
        ),
    ] = None


class SearchArguments(Arguments):
    question: Question
    limit: Annotated[int, Field(ge=1, le=50, description="Passages at most.")] = 10


class ReadArguments(Arguments):
    release_id: Annotated[str, Field(min_length=1, max_length=1000)]
    revision: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$", description="An earlier revision.")] = (
        None
    )
    start: Annotated[int | None, Field(ge=0, le=2**31, description="With `end` a place to mark.")] = None
    end: Annotated[int | None, Field(ge=0, le=2**31)] = None
    offset: Annotated[
        int | None, Field(ge=0, le=2**31, description="First character; around the marked place without it.")
    ] = None
    limit: Annotated[int, Field(ge=1, le=MAXIMUM_READ, description="Characters at most.")] = READ_CHARACTERS


class LinkedCitation(objects.Citation):
    url: Annotated[str | None, Field(description="The quote in its release, on the chat page.")]


class Asked(objects.Answer):
    citations: list[LinkedCitation]  # type: ignore[assignment]
    conversation: str
