"""Groups vectors of questions that lie near each other, whatever their language.

It knows no question but the ordinary ones, and not how a text becomes a vector.

The method is greedy clustering by neighbourhood, as "community detection" in sentence-transformers. Questions
are near where the cosine of their centred vectors is at least `NEAR`. The question with the most askings near
it becomes the centre of a group and takes its neighbours with it, then the next of those that are left; at
the end each question goes to the centre nearest to it. So there is no number of groups to guess, nothing
chains two groups together, and every group has a question that stands for it.

Vectors are centred by language: what all questions of a language have in common, the language itself first of
all, is taken away, so that a question is near to its translation (Libovický and others 2020, "On the Language
Neutrality of Pre-trained Multilingual Representations"). `ORDINARY` questions hold the mean where few were asked.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR = 0.4
"""Least cosine of two questions of one group; fitted, with the next, on questions written for it."""
ORDINARY_WEIGHT = 50
"""For as many questions the ordinary ones count in the mean of a language."""
_ROWS = 256
"""Questions compared with all others at once: bounds the memory."""

# The same in both, about nothing in common.
ORDINARY = {
    "en": (
        "What time does the library open?",
        "Who wrote this book?",
        "How much does the ticket cost?",
        "Where is the nearest hospital?",
        "How many people live in the city?",
        "When was the bridge built?",
        "Why is the sky blue?",
        "What did the minister say about taxes?",
        "Which countries signed the treaty?",
        "How do I renew my passport?",
        "Who won the match yesterday?",
        "What are the goals of the project?",
        "Is there a museum of music?",
        "What does this acronym mean?",
        "Which animals live in the forest?",
        "How is bread made?",
    ),
    "fr": (
        "À quelle heure ouvre la bibliothèque ?",
        "Qui a écrit ce livre ?",
        "Combien coûte le billet ?",
        "Où se trouve l'hôpital le plus proche ?",
        "Combien de personnes habitent dans la ville ?",
        "Quand le pont a-t-il été construit ?",
        "Pourquoi le ciel est-il bleu ?",
        "Qu'a dit le ministre au sujet des impôts ?",
        "Quels pays ont signé le traité ?",
        "Comment renouveler mon passeport ?",
        "Qui a gagné le match hier ?",
        "Quels sont les objectifs du projet ?",
        "Y a-t-il un musée de la musique ?",
        "Que signifie ce sigle ?",
        "Quels animaux vivent dans la forêt ?",
        "Comment fait-on le pain ?",
    ),
}


def centred(
    vectors: "NDArray[np.float32]", languages: Sequence[str], ordinary: "NDArray[np.float32]"
) -> "NDArray[np.float32]":
    """The vectors, (questions, dimensions), without what those of their language share, of length 1 or 0.

    `ordinary` holds the vectors of the `ORDINARY` questions in their order; their mean over all languages
    stands in for a language in which there are none.
    """
    import numpy as np

    written = np.array([language for language, questions in ORDINARY.items() for _ in questions])
    of = np.array(languages)
    found = np.array(vectors, np.float32)
    for language in set(languages):
        chosen = of == language
        usual = ordinary[written == language] if language in ORDINARY else ordinary
        total = found[chosen].sum(axis=0) + ORDINARY_WEIGHT * usual.mean(axis=0)
        found[chosen] -= total / (chosen.sum() + ORDINARY_WEIGHT)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    unit: NDArray[np.float32] = np.divide(found, lengths, out=found, where=lengths > 0)
    return unit


def grouped(vectors: "NDArray[np.float32]", askings: Sequence[int]) -> "NDArray[np.int64]":
    """For each vector, of length 1 or 0, the number of its group, (questions,).

    Time grows with the square of the questions, memory by an eighth of a byte for each pair of them.
    """
    import numpy as np

    count = len(vectors)
    weights = np.array(askings, np.float64)
    near = np.empty((count, (count + 7) // 8), np.uint8)
    askings_near = np.empty(count)
    for start in range(0, count, _ROWS):
        block = vectors[start : start + _ROWS] @ vectors.T >= NEAR
        block[np.arange(len(block)), np.arange(start, start + len(block))] = True
        near[start : start + _ROWS] = np.packbits(block, axis=1)
        askings_near[start : start + _ROWS] = block @ weights
    left = np.ones(count, bool)
    centres: list[int] = []
    while left.any():
        centre = int(np.where(left, askings_near, -1).argmax())
        taken = np.flatnonzero(left & np.unpackbits(near[centre], count=count).astype(bool))
        centres.append(centre)
        left[taken] = False
        for start in range(0, len(taken), _ROWS):
            some = taken[start : start + _ROWS]
            askings_near -= weights[some] @ np.unpackbits(near[some], axis=1, count=count)
    central = vectors[centres].T
    group = np.concatenate(
        [(vectors[start : start + _ROWS] @ central).argmax(axis=1) for start in range(0, count, _ROWS)]
    )
    group[centres] = np.arange(len(centres))
    return group
