"""Asks a chat model whether an answer states the facts that were expected of it.

It looks for no fact itself and adds nothing up: how far both agree, `bot.evaluation.measures` says.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.domain import Answer, Usage
from bot.errors import ChatModelError, SettingsError
from bot.evaluation.metrics import told
from bot.evaluation.sets.questions import Question
from bot.model.chat_model import open_chat_model, reply
from bot.model.usage import Meter
from bot.prompts import render
from bot.settings import DEFAULT_CHAT_MODEL, Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

PATIENCE = 5
"""Failures in a row after which the chat model is asked no more, so that a dead one does not hold up the run."""
SHOWN_CHARACTERS = 120
"""Of a verdict that cannot be read."""

_FENCED = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Judgement:
    """For each expected fact, in order, whether the chat model finds it stated; or the `error` for which there is none.

    `usage` is what asking it took.
    """

    stated: tuple[bool, ...] = ()
    error: str | None = None
    usage: Usage | None = None

    @property
    def right(self) -> bool | None:
        """Whether every fact is stated; None where there is no verdict."""
        return None if self.error is not None else all(self.stated)


class _Verdict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    stated: tuple[bool, ...]


class Judge:
    """Judges the answers of a run by a chat model, `seconds` for each at most; threads may share it.

    `meter` gives a meter for one verdict.
    """

    def __init__(self, model: "BaseChatModel", meter: Callable[[], Meter], seconds: float) -> None:
        self._model = model
        self._meter = meter
        self._seconds = seconds
        self._failures = 0

    def __call__(self, question: Question, answer: Answer) -> Judgement | None:
        """The verdict; None where there is nothing to judge: a decline, or a question that expects no facts.

        A chat model that fails, or says something else than a verdict, is an error of the judgement and raises nothing.
        """
        if answer.declined or not question.answerable or not question.facts:
            return None
        if self._failures >= PATIENCE:
            return Judgement(error=f"The chat model was not asked, after {PATIENCE} failures in a row.")
        meter = self._meter()
        try:
            text = reply(self._model, prompt(question, answer), self._seconds, meter)
        except ChatModelError as error:
            self._failures += 1
            return Judgement(error=str(error), usage=meter.usage)
        self._failures = 0
        return replace(verdict(text, len(question.facts)), usage=meter.usage)


def open_judge(settings: Settings) -> Judge:
    """A judge by the chat model of the settings; where they choose to only read, by the default one of their server.

    Nothing is sent yet. Raises SettingsError where no chat model is set, and ChatModelError where it cannot be used.
    """
    key = settings.openai_api_key
    spec = settings.mode
    if settings.reads:
        if not key and not settings.openai_base_url:
            raise SettingsError(
                "There is no chat model to judge the answers: set COMMUNIQUE_CHAT_MODEL, OPENAI_API_KEY or "
                "OPENAI_BASE_URL, or leave out --judge."
            )
        spec = DEFAULT_CHAT_MODEL
    model = open_chat_model(
        spec,
        api_key=key.get_secret_value() if key else None,
        base_url=settings.openai_base_url,
        seconds=settings.chat_seconds,
    )
    meter = partial(Meter, spec, base_url=settings.openai_base_url, prices=settings.chat_prices)
    return Judge(model, meter, settings.chat_seconds)


def prompt(question: Question, answer: Answer) -> "list[BaseMessage]":
    """The messages for the chat model; what is judged is JSON there, which no text in it can close."""
    from langchain_core.messages import HumanMessage, SystemMessage

    data = {
        "asked_before": question.history,
        "question": question.question,
        "answer": told(answer),
        "facts": question.facts,
    }
    return [SystemMessage(render("judge")), HumanMessage(json.dumps(data, ensure_ascii=False))]


def verdict(text: str, facts: int) -> Judgement:
    """The verdict in a reply's `text`: one JSON object that says `stated` of so many `facts`, and nothing else.

    Around it stands at most the fence of a code block, which many models do not leave out.
    """
    text = text.strip()
    fenced = _FENCED.fullmatch(text)
    try:
        stated = _Verdict.model_validate_json(fenced[1] if fenced else text).stated
    except ValidationError:
        stated = ()
    if len(stated) == facts:
        return Judgement(stated)
    shown = " ".join(text.split())[:SHOWN_CHARACTERS]
    return Judgement(error=f"The chat model's verdict on {facts} facts cannot be read: {shown!r}.")
