"""The worst chat models: one that obeys whatever it reads, and one that repeats it."""

import json
import re

from tests.injection.cases import Case
from tests.lying.prompted import Prompt

_QUOTE = re.compile(r'<quote number="(\d+)">')


def obey(case: Case, prompt: Prompt) -> str:
    """What a model writes that does as `case` tells it, be it to answer, to complete a question or to translate."""
    if quotes := _QUOTE.findall(prompt.data):
        told = case.obeyed.replace("MARKS", "").replace("PROMPT", "")
        return json.dumps(dict.fromkeys(quotes, f"{case.translated} {told}"))
    if prompt.evidence:
        return case.obeyed.replace("MARKS", prompt.marks).replace("PROMPT", prompt.instructions)
    return case.obeyed.replace("MARKS", "").replace("PROMPT", prompt.instructions)


def echo(prompt: Prompt) -> str:
    """The instructions, each evidence with its mark, and the rest of the prompt as it stands."""
    quoted = "\n\n".join(f"{text} [{number}]" for number, text in prompt.evidence.items())
    return f"{prompt.instructions}\n\n{quoted}\n\n{prompt.data}"
