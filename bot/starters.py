"""Questions to begin with, about what the corpus names most and with answers in it.

The wordings are in `prompts/starters.*.md`, the most useful first, line by line the same in each language. It
does not know how an answer is found, but looks whether it tells what was asked.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from bot.catalog import Catalog
from bot.domain import Definition, Evidence
from bot.language.asked import asked, holds
from bot.language.terms import fold, language_of, question_terms, terms
from bot.prompts import DEFAULT_LANGUAGE, render

LANGUAGES = ("en", "fr")
"""Those that have wordings."""
SURE = 0.7
"""An answer so probable needs no comparison with those of the names that more passages use."""
NAMES = 4
"""Names that are asked about, the more particular ones first: the more, the longer the first page takes."""

Forms = Mapping[str, set[str]]
"""The short names of the corpus, each with all that it is called, itself included, folded."""

_KIND_OF_THING = re.compile(r"\b(?:an?|une?)\s+$", re.I)
"""Stands before a long form that is no name, as in "a memorandum of understanding (MoU)"."""
_WORD = re.compile(r"[^\W_]+")


def starters(
    catalog: Catalog, language: str, limit: int, answer: Callable[[str], Evidence | None]
) -> list[str]:
    """Up to `limit` questions, each wording once, each name in half of them at most.

    `answer` gives the evidence that answers a question best, or None where the question is declined. The
    questions are in English for a language without wordings.
    """
    language = language if language in LANGUAGES else DEFAULT_LANGUAGE
    forms = _forms(catalog)
    names = list(islice(_names(catalog), NAMES))[::-1]
    chosen: list[str] = []
    used: Counter[str] = Counter()
    for wording in range(len(_wordings(language, ""))):
        if len(chosen) >= limit:
            break
        answered: list[tuple[float, str, str]] = []
        for name in names:
            question = _wordings(language, name)[wording]
            evidence = answer(question) if 2 * used[name] < limit else None
            if evidence and _tells(evidence.quote, evidence.release.language, name, wording, forms):
                answered.append((evidence.probability, name, question))
                if evidence.probability >= SURE:
                    break
        if answered:
            _, name, question = max(answered)
            chosen.append(question)
            used[name] += 1
    return chosen


def _wordings(language: str, name: str) -> list[str]:
    return [line for line in render(f"starters.{language}", name=name).splitlines() if line.strip()]


def _names(catalog: Catalog) -> Iterator[str]:
    """The defined short names of things there is one of, those that most passages use first."""
    definitions: dict[str, list[Definition]] = {}
    for definition in catalog.definitions():
        definitions.setdefault(definition.acronym, []).append(definition)
    words = {name: [fold(word) for word in _WORD.findall(name)] for name in definitions}
    counts = catalog.document_frequency([word for of_name in words.values() for word in of_name])
    uses = {name: min((counts[word] for word in of_name), default=0) for name, of_name in words.items()}
    for name in sorted(definitions, key=lambda name: (-uses[name], name)):
        if uses[name] and all(_is_name(definition, catalog) for definition in definitions[name]):
            yield name


def _is_name(definition: Definition, catalog: Catalog) -> bool:
    release = catalog.release(definition.release_id)
    before = release.text[max(0, definition.start - 8) : definition.start] if release else ""
    return definition.long_form[:1].isupper() and not _KIND_OF_THING.search(before)


def _forms(catalog: Catalog) -> Forms:
    forms: dict[str, set[str]] = {}
    for definition in catalog.definitions():
        forms.setdefault(definition.acronym, set()).update(
            (_spaced(definition.acronym), _spaced(definition.long_form))
        )
    return forms


def _tells(quote: str, language: str, name: str, wording: int, forms: Forms) -> bool:
    """Whether the quote is about the name, holds what the wording asks for, and says so in its words.

    Of the names of the corpus it is the first in the quote. The words of the wording are looked for in the
    language of the quote, whatever language the question was in.
    """
    language = language_of(quote, language)
    if language not in LANGUAGES:
        return False
    question = _wordings(language, name)[wording]
    kinds, own = asked(question), frozenset(fold(question).split())
    if not all(holds(kind, quote, own) for kind in kinds):
        return False
    spaced = _spaced(quote)
    first = _first(spaced, forms[name])
    if first < 0 or any(0 <= _first(spaced, other) < first for other in forms.values()):
        return False
    if "expansion" in kinds:
        return any(form in spaced for form in forms[name] - {_spaced(name)})
    said, _ = question_terms(_wordings(language, "")[wording], language)
    return not set(said).isdisjoint(terms(quote, language))


def _spaced(text: str) -> str:
    """The folded words of a text, each between two spaces."""
    return f" {' '.join(_WORD.findall(fold(text)))} "


def _first(spaced: str, forms: set[str]) -> int:
    """Where the first of the forms stands, or -1."""
    return min((place for form in forms if (place := spaced.find(form)) >= 0), default=-1)
