"""Items of lists are found by vectors of their own: which these are, what they say, and of which passage they are.

The vector of a passage hardly shows one item of ten, and without what leads it in an item tells nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

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


def items(text: str) -> list[Sentence]:
    """The items, in order, that have vectors of their own in a passage of this text."""
    return [each for each in sentences(text) if each.lead and each.end - each.start >= SHORTEST]


def led_in(text: str, item: Sentence) -> str:
    """The item right behind what leads it in, a line each."""
    assert item.lead, "the item of a list"
    return f"{text[slice(*item.lead)]}\n{text[item.start : item.end]}"


def vector_ids(passage_id: str, count: int) -> list[str]:
    """The ids of the vectors of a passage with so many items: the passage's own first."""
    return [passage_id, *(f"{passage_id}.{number}" for number in range(count))]


def passage_of(vector_id: str) -> str:
    """The id of the passage that a vector is of."""
    item = _ITEM_ID.fullmatch(vector_id)
    return item[1] if item else vector_id


def nearest(found: Iterable[tuple[str, float]]) -> dict[str, Near]:
    """By passage, how near it is; `found` are ids of vectors with their similarity, the nearest first."""
    near: dict[str, Near] = {}
    whole: set[str] = set()
    for vector_id, similarity in found:
        item = _ITEM_ID.fullmatch(vector_id)
        passage_id = item[1] if item else vector_id
        known = near.setdefault(passage_id, Near(similarity))
        if item is None:
            whole.add(passage_id)
        elif passage_id not in whole:
            near[passage_id] = replace(known, items=(*known.items, (int(item[2]), similarity)))
    return near
