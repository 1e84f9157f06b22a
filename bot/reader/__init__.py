"""The trained reader: says which sentences of a passage answer a question, in which words, and how surely."""

from bot.reader.model import Reader, Reading, Text

__all__ = ["Reader", "Reading", "Text"]
