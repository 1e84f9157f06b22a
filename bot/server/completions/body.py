"""The body of a chat completion: what is read of it, what is left unread, and what is refused.

Parameters that shape what a model writes (temperature, max_tokens, stop, seed, tools …) change nothing here: an
answer is made of quotes. Those that ask for something else than one answer in text are refused.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field

from bot.server.problems import INVALID, ProblemError

MODEL = "communique"
MAXIMUM_MESSAGES = 2_000
NOT_ANSWERED_IN = "This model answers in text: leave `{name}` out."


class Part(BaseModel):
    type: str
    text: str | None = None


class Message(BaseModel):
    role: str
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """Its text; other parts hold none."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text" and part.text)
        return self.content or ""

    @property
    def foreign(self) -> str | None:
        """The type of a part that is no text."""
        parts = self.content if isinstance(self.content, list) else []
        return next((part.type for part in parts if part.type != "text"), None)


class StreamOptions(BaseModel):
    include_usage: bool | None = None


class Body(BaseModel):
    """Further members are taken, as every client sends some, and not read."""

    model: Annotated[str, Field(max_length=200, examples=[MODEL])]
    messages: Annotated[list[Message], Field(min_length=1, max_length=MAXIMUM_MESSAGES)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: Annotated[int | None, Field(description="One answer is all there is: more than 1 is refused.")] = None
    tools: Annotated[list[Any] | None, Field(description="Never called.")] = None
    tool_choice: Annotated[
        Any, Field(description="`none` or `auto`: a call that must be made is refused.")
    ] = None
    function_call: Any = None
    response_format: Annotated[Any, Field(description="Of type `text`: others are refused.")] = None
    modalities: list[str] | None = None


def check(body: Body) -> None:
    """Raises a problem for what cannot be done here."""
    if body.n not in (None, 1):
        raise refused("n", "There is one answer to a question: leave `n` out, or make it 1.")
    for name in ("tool_choice", "function_call"):
        if getattr(body, name) not in (None, "none", "auto"):
            raise refused(name, f"This model calls no tools: leave `{name}` out, or make it `auto`.")
    wanted = body.response_format
    if wanted is not None and (not isinstance(wanted, dict) or wanted.get("type") != "text"):
        raise refused("response_format", NOT_ANSWERED_IN.format(name="response_format"))
    if body.modalities is not None and body.modalities != ["text"]:
        raise refused("modalities", NOT_ANSWERED_IN.format(name="modalities"))


def question_of(messages: Sequence[Message]) -> str:
    """The question: the last message, which must be the user's and in words. A system's after it is passed over."""
    message = next(
        (each for each in reversed(messages) if each.role not in ("system", "developer")), messages[-1]
    )
    if message.role != "user":
        raise refused(
            "messages", f"The last message is the question: its role is `user`, not {message.role[:40]!r}."
        )
    if message.foreign is not None:
        raise refused("messages", f"Only text is read: leave the part of type {message.foreign[:40]!r} out.")
    if not message.text.strip():
        raise refused("messages", "The question is empty: write what you want to know.")
    return message.text


def refused(param: str, detail: str) -> ProblemError:
    return ProblemError(INVALID, detail, param=param)
