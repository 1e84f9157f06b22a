"""Questions to begin with, about what the corpus names most and with answers in it.

The wordings are in `prompts/starters.*.md`; it does not know how an answer is found, only how probable it is.
"""

from collections import Counter
from collections.abc import Callable

from bot.catalog import Catalog
from bot.prompts import render
from bot.terms import fold

NAMES = 4
"""Names that are asked about: the more, the longer the first page takes."""


def starters(catalog: Catalog, language: str, limit: int, probability: Callable[[str], float]) -> list[str]:
    """Up to `limit` questions, the most surely answered first, no wording and no name more than twice."""
    rated = [
        (probability(question), wording, name, question)
        for name in _names(catalog)
        for wording, question in enumerate(render(f"starters.{language}", name=name).splitlines())
        if question.strip()
    ]
    chosen: list[str] = []
    used: Counter[int | str] = Counter()
    for _, wording, name, question in sorted(rated, key=lambda item: (-item[0], item[1])):
        if not used[wording] and used[name] < (limit + 1) // 2:
            chosen.append(question)
            used.update((wording, name))
    return chosen[:limit]


def _names(catalog: Catalog) -> list[str]:
    """The defined short names that most passages use."""
    names = {definition.acronym for definition in catalog.definitions()}
    counts = catalog.document_frequency([fold(word) for name in names for word in name.split()])
    return sorted(names, key=lambda name: (-min(counts[fold(word)] for word in name.split()), name))[:NAMES]
