"""Drafts a question set from a corpus: questions with their gold quotes, by rules and by a chat model.

`propose` gives the entries, tagged `draft`; `bot.evaluation.sets` reads and writes them like any other set.
"""

from bot.evaluation.draft.entries import TAG
from bot.evaluation.draft.propose import LIMIT, propose

__all__ = ["LIMIT", "TAG", "propose"]
