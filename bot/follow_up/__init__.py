"""What a question may mean that leans on the turns before it, by the words alone: no chat model, no corpus."""

from bot.follow_up.rewritings import LONGEST, Rewriting, rewritings
from bot.follow_up.said import answered, told
from bot.follow_up.words import NameShare

__all__ = ["LONGEST", "NameShare", "Rewriting", "answered", "rewritings", "told"]
