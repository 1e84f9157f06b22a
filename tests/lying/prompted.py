"""A server whose replies depend on what it is asked: the prompt of a request, read back into its parts.

It knows what stands in a prompt, not what a release says.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.openai_server import Fault, OpenAIServer

_EVIDENCE = re.compile(r"""<evidence\b[^<>]*?\bnumber="(\d+)"[^<>]*>(.*?)</evidence>""", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_DELIMITED = re.compile(r"<([a-z_]+)\b[^<>]*>(?:(?!<\1\b).)*?</\1>", re.DOTALL)


@dataclass(frozen=True)
class Prompt:
    """What a chat model is given, without what it wrote itself: its instructions, and the rest."""

    instructions: str
    data: str

    @staticmethod
    def of(body: dict[str, Any]) -> "Prompt":
        """The prompt of a request to the chat completions of OpenAI's protocol."""
        said = {"system": "", "user": "", "assistant": ""}
        for message in body["messages"]:
            said[message["role"]] += f"{message['content']}\n"
        return Prompt(said["system"], said["user"])

    @property
    def evidence(self) -> dict[int, str]:
        """The text of each evidence, without what is told about it."""
        return {int(found[1]): _TAG.sub("", found[2]).strip() for found in _EVIDENCE.finditer(self.data)}

    @property
    def marks(self) -> str:
        """Marks that cite all evidence; one that cites the first where there is none."""
        return "".join(f"[{number}]" for number in self.evidence) or "[1]"

    @property
    def undelimited(self) -> str:
        """What stands outside every pair of delimiters."""
        rest, changed = self.data, True
        while changed:
            shorter = _DELIMITED.sub(" ", rest)
            rest, changed = shorter, shorter != rest
        return rest


Reply = Callable[[Prompt], str | Fault]


class ReplyingServer(OpenAIServer):
    """Replies to each request with what `reply` makes of its prompt."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply

    def next_reply(self) -> Fault:
        made = self.reply(self.prompts[-1])
        return made if isinstance(made, Fault) else Fault(made)

    @property
    def prompts(self) -> list[Prompt]:
        """The prompts of all requests so far, oldest first."""
        return [Prompt.of(request.body) for request in self.requests if request.body.get("messages")]
