"""Questions that a chat model proposes for a passage: kept only where quote and facts stand there word for word.

It chooses no passage, and believes the model nothing.
"""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.domain import Passage, Release
from bot.evaluation.draft.proposal import Proposal, answered, well_formed
from bot.language.terms import language_of
from bot.model.chat_model import open_chat_model, reply
from bot.prompts import as_data, render
from bot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

QUESTIONS = 4
"""Asked for of one passage."""
LEAST_CHARACTERS = 200
"""A shorter passage is a heading or an address."""
_Text = Annotated[str, Field(min_length=1, max_length=1000)]


class _Proposed(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True, str_strip_whitespace=True)

    question: _Text
    quote: _Text
    facts: Annotated[list[_Text], Field(min_length=1, max_length=10)]


_ITEMS = TypeAdapter(list[object])


class ModelProposer:
    """Asks a chat model about passages, `seconds` for each at most."""

    def __init__(self, model: "BaseChatModel", seconds: float) -> None:
        self._model = model
        self._seconds = seconds

    def __call__(self, release: Release, passage: Passage) -> list[Proposal]:
        """The questions that the passage proves; raises ChatModelError where the model cannot be called."""
        text = reply(self._model, prompt(passage), self._seconds)
        return list(proven(text, release, passage))


def open_proposer(settings: Settings) -> ModelProposer | None:
    """A proposer by the chat model of the settings; None where they choose none. Raises ChatModelError."""
    if settings.reads:
        return None
    key = settings.openai_api_key
    model = open_chat_model(
        settings.mode,
        api_key=key.get_secret_value() if key else None,
        base_url=settings.openai_base_url,
        seconds=settings.chat_seconds,
    )
    return ModelProposer(model, settings.chat_seconds)


def prompt(passage: Passage) -> "list[BaseMessage]":
    """The messages for the chat model: what to do, then the passage."""
    from langchain_core.messages import HumanMessage, SystemMessage

    return [SystemMessage(render("draft", number=str(QUESTIONS))), HumanMessage(as_data(passage.text))]


def worth_asking(passages: Sequence[Passage]) -> list[Passage]:
    """The passages that tell enough for questions."""
    return [each for each in passages if each.kind == "body" and len(each.text.strip()) >= LEAST_CHARACTERS]


def proven(text: str, release: Release, passage: Passage) -> Iterator[Proposal]:
    """The proposals in a reply's text whose quote stands in the passage and tells their facts."""
    for proposed in _read(text):
        at = passage.text.find(proposed.quote)
        language = language_of(proposed.question, passage.language)
        if at < 0 or "{}" in proposed.question:
            continue
        start = passage.start + at
        proposal = Proposal(
            release,
            "passage",
            proposed.question,
            tuple(dict.fromkeys(proposed.facts)),
            start,
            start + len(proposed.quote),
            language=language,
        )
        verbatim = all(fact in proposed.quote for fact in proposed.facts)
        if verbatim and well_formed(proposal.question, language) and answered(proposal):
            yield proposal


def _read(text: str) -> Iterator[_Proposed]:
    """The items of the list in a reply that have the form asked for."""
    found = text[text.find("[") : text.rfind("]") + 1]  # a pattern would try every bracket
    try:
        items = _ITEMS.validate_python(json.loads(found)) if found else []
    except (ValueError, RecursionError):
        return
    for item in items[: 2 * QUESTIONS]:
        try:
            yield _Proposed.model_validate(item)
        except ValidationError:
            continue
