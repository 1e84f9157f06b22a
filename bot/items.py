"""Items of lists are found by vectors of their own: which these are, what they say, and of which passage they are.

The vector of a passage hardly shows one item of ten, and without what leads it in an item tells nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain import Passage
from bot.language.sentences import Sentence, sentences

SHORTEST = 30
"""Characters of an item that has a vector: of shorter ones a passage may hold a hundred, and shows each as well."""

_ITEM_ID = re.compile(r"(.+#\d+)\.(\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Near:
    """How near a passage is, by its nearest vector, and those of its items that are nearer than all of it.

    Of an item the number, as in `items`, and its similarity; the nearest first.
    """

    similarity: float
    items: tuple[tuple[int, float], ...] = ()


def items(passage: Passage) -> list[Sentence]:
    """The items of the passage, in order, that have vectors of their own; only its text has any, no contact data."""
    if passage.kind != "body":
        return []
    return [each for each in sentences(passage.text) if each.lead and each.end - each.start >= SHORTEST]


def led_in(text: str, item: Sentence) -> str:
    """The item right behind what leads it in, a line each."""
    assert item.lead, "the item of a list"
    return f"{text[slice(*item.lead)]}\n{text[item.start : item.end]}"


def vector_ids(passage_id: str, count: int) -> list[str]:
    """The ids of the vectors of a passage with so many items: the passage's own first."""
    return [passage_id, *(f"{passage_id}.{number}" for number in range(count))]


def passage_of(vector_id: str) -> str:
    """The id of the passage that a vector is of."""
    return _parts(vector_id)[0]


def nearest(found: Iterable[tuple[str, float]]) -> dict[str, Near]:
    """By passage, how near it is; `found` are ids of vectors with their similarity, the nearest first."""
    near: dict[str, Near] = {}
    whole: set[str] = set()
    for vector_id, similarity in found:
        passage_id, number = _parts(vector_id)
        known = near.setdefault(passage_id, Near(similarity))
        if number is None:
            whole.add(passage_id)
        elif passage_id not in whole:
            near[passage_id] = replace(known, items=(*known.items, (number, similarity)))
    return near


def _parts(vector_id: str) -> tuple[str, int | None]:
    """The passage that a vector is of, and the number of the item that it is of, if of one."""
    item = _ITEM_ID.fullmatch(vector_id)
    return (item[1], int(item[2])) if item else (vector_id, None)
