"""Names groups of questions by the words that the questions of each share.

It does not know how the groups were made.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.language.terms import content_words, named_words, stem

WORDS = 4
"""Most words in a name."""
SHARED = 0.5
"""In more than this share of a group's askings, in its own language, stands a word that names the group."""

Asked = tuple[str, str, int]
"""A question, its language, and how often it was asked."""


def shared_words(questions: Sequence[Asked], groups: Sequence[Sequence[int]]) -> list[tuple[str, ...]]:
    """For each group, given as positions in `questions`, the words that tell it from the others.

    They come in the order in which the questions use them. A word counts by the askings it stands in and by
    how rare it is among all questions (tf-idf). Where the questions of a group share none, it is named by
    those of its first question.
    """
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    terms = [_terms(text, language, written) for text, language, _ in questions]
    rarity = Counter(term for found in terms for term in found)

    def named(group: Sequence[int]) -> tuple[str, ...]:
        askings: Counter[str] = Counter()
        standing: Counter[str] = Counter()
        for number in group:
            _, language, asked = questions[number]
            askings[language] += asked
            for term in terms[number]:
                standing[term] += asked
        shared = [
            term
            for term, times in standing.items()
            if times > SHARED * (askings.get(term.partition("_")[0]) or askings.total())
        ] or list(terms[group[0]])
        shared.sort(key=lambda term: -standing[term] * math.log(1 + len(questions) / rarity[term]))
        chosen = set(shared[:WORDS])
        in_order = (term for number in group for term in terms[number] if term in chosen)
        return tuple(dict.fromkeys(written[term].most_common(1)[0][0] for term in in_order))

    return [named(group) for group in groups]


def _terms(text: str, language: str, written: defaultdict[str, Counter[str]]) -> dict[str, None]:
    """The terms of a question in order: a name or number bare, any other word as a stem.

    `written` learns how each is spelled.
    """
    names = set(named_words(text, language))
    found: dict[str, None] = {}
    for word, folded in content_words(text, language):
        term = folded if folded in names else stem(folded, language)
        written[term][word if folded in names else word.lower()] += 1
        found[term] = None
    return found
