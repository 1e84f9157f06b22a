"""Text into sentences, headings and list items, each with its exact character span.

It does not know releases or questions. Boundaries inside a paragraph are syntok's; a list item keeps the
span of the sentence that introduces it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

_LINE = re.compile(r"[^\n]*(?:\n|$)")
_ITEM = re.compile(r"\s*(?:[-*•‣◦–]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s+\S")
_BLOCK_END = re.compile(r"""[.!?:;…]["'”’»)\]]*\s*$""")
_SEGMENTED_CHARACTERS = 20_000
"""syntok is asked for at most so many characters at once, so that time and memory stay linear."""

_REMEMBERED_CHARACTERS = 4000
"""Texts of at most the size of a passage are remembered: every question reads them again."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Characters `start` to `end` of a text; an `item` of a list carries its lead-in's span."""

    start: int
    end: int
    kind: Literal["sentence", "heading", "item"] = "sentence"
    lead: tuple[int, int] | None = None


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of `text` in order; together they hold every character that is not white space."""
    return _remembered(text) if len(text) <= _REMEMBERED_CHARACTERS else _found(text)


def _found(text: str) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    lead: tuple[int, int] | None = None
    for start, end, is_item in _paragraphs(text):
        if is_item:
            found.append(Sentence(start, end, "item", lead))
            continue
        spans = list(_segments(text, start, end))
        whole = len(spans) > 1 or _closes(text, end)
        kind: Literal["sentence", "heading"] = "sentence" if whole else "heading"
        found.extend(Sentence(*span, kind) for span in spans)
        lead = spans[-1] if text[spans[-1][1] - 1] in ":：" else None
    return tuple(found)


_remembered = lru_cache(maxsize=4096)(_found)


def _paragraphs(text: str) -> Iterator[tuple[int, int, bool]]:
    """Trimmed spans of paragraphs and list items: lines joined where a line break only wraps."""
    start = end = -1
    is_item = False
    wrapped = _is_wrapped(text)
    for match in _LINE.finditer(text):
        line = match.group()
        content = line.strip()
        if not content:
            if start >= 0:
                yield start, end, is_item
                start = -1
            continue
        line_start = match.start() + line.index(content[0])
        item = _ITEM.match(line) is not None
        goes_on = start >= 0 and not item and (content[0].islower() or (wrapped and not _closes(text, end)))
        if goes_on and not (is_item and _closes(text, end)):
            end = line_start + len(content)
            continue
        if start >= 0:
            yield start, end, is_item
        start, end, is_item = line_start, line_start + len(content), item
    if start >= 0:
        yield start, end, is_item


def _closes(text: str, end: int) -> bool:
    return _BLOCK_END.search(text, max(0, end - 8), end) is not None


def _is_wrapped(text: str) -> bool:
    """Whether the lines look broken at a fixed width: most of them nearly as long as the longest."""
    lengths = [len(line.rstrip()) for line in text.split("\n") if line.strip()]
    longest = max(lengths, default=0)
    if not 40 <= longest <= 120 or len(lengths) < 4:
        return False
    return sum(length > 0.75 * longest for length in lengths) > 0.6 * len(lengths)


def _segments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of one paragraph; syntok gives where each begins."""
    from syntok import segmenter

    starts: list[int] = []
    for piece in range(start, end, _SEGMENTED_CHARACTERS):
        part = text[piece : min(piece + _SEGMENTED_CHARACTERS, end)]
        for paragraph in segmenter.analyze(part):
            for tokens in paragraph:
                if tokens and not (starts and piece > start and tokens[0].offset == 0):
                    starts.append(piece + tokens[0].offset)
    starts = sorted({start, *(place for place in starts if start < place < end)})
    for place, following in zip(starts, [*starts[1:], end], strict=True):
        trimmed = text[place:following].rstrip()
        if trimmed:
            yield place, place + len(trimmed)
