"""A second look at a sentence that the proof lets through: the chat model is asked whether its quotes say it.

It can take a sentence away and never brings one in; what proves one without a model is for `bot.proof` to say.
"""

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain import Evidence
from bot.errors import ChatModelError
from bot.model.chat_model import reply
from bot.model.usage import Meter
from bot.prompts import as_data, render
from bot.proof.prove import Proves, Verdict

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

SECONDS = 15.0
"""What a sentence may wait for its second look."""
_VERDICT = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)


class Confirming:
    """Proves as `prover` does, and asks the chat model besides, until `deadline` (of `time.monotonic`).

    A model that fails or gives no verdict takes nothing away, since the proof holds without it, and is not asked again.
    """

    def __init__(self, prover: Proves, model: "BaseChatModel", deadline: float, meter: Meter) -> None:
        self._prover = prover
        self._model = model
        self._deadline = deadline
        self._meter = meter
        self._answers = True

    def by_rules(self, claim: str, language: str, cited: Sequence[Evidence], question: str = "") -> Verdict:
        """The verdict as far as rules give it; the model is not asked."""
        return self._prover.by_rules(claim, language, cited, question)

    def prove(self, claim: str, language: str, cited: Sequence[Evidence], question: str = "") -> Verdict:
        """The verdict of the proof, or the fault that the model finds where that has none."""
        verdict = self._prover.prove(claim, language, cited, question)
        left = self._deadline - time.monotonic()
        if verdict.fault or not self._answers or left <= 0:
            return verdict
        try:
            written = reply(self._model, prompt(claim, verdict.evidence), min(SECONDS, left), self._meter)
        except ChatModelError:
            written = ""
        said = _VERDICT.match(written)
        self._answers = said is not None
        if said and said[1].lower() == "no":
            return Verdict(fault="Read a second time, the evidence that it names does not say this.")
        return verdict


def prompt(claim: str, cited: Sequence[Evidence]) -> "list[BaseMessage]":
    """The messages for the model: what to do, then quotes and sentence as data, which nothing in them can close."""
    from langchain_core.messages import HumanMessage, SystemMessage

    quotes = [
        f"<quote>\nTitle: {as_data(' '.join(item.release.title.split()))}\n"
        f"Day: {item.release.date.isoformat() if item.release.date else 'unknown'}\n{as_data(item.quote)}\n</quote>"
        for item in cited
    ]
    data = "\n".join([*quotes, f"<sentence>\n{as_data(claim)}\n</sentence>"])
    return [SystemMessage(render("confirm")), HumanMessage(data)]
