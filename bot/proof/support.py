"""How likely quotes support a sentence: by how much alike each of its words is to a word of theirs, in its place.

It compares sense, across languages too; it knows no names, numbers or negations, which are compared by rules.
"""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from bot.proof.words import Words, likeness

FEATURES = ("bias", "likeness", "likeness without names", "other language")
WEIGHTS = (0.002, 0.458, 0.716, 1.699)
"""Fitted by tests/benchmarks/proof.py: a logistic regression on planted faults and true sentences."""
MINIMUM_SUPPORT = 0.1
"""Below this probability a sentence is not supported: chosen so that the whole proof removes one true sentence of ten
at most."""
_USUAL, _STEP = 0.9, 0.05
"""The mean cosine of true sentences, more or less: likeness counts from there, in steps of so much."""

_SAME_WORD = 0.97
"""The likeness, at least, of a word that the quotes have: in a short sentence its surroundings differ from theirs."""


def features(
    claim: Words, named: AbstractSet[int], quoted: Sequence[Words], other_language: bool
) -> tuple[float, ...]:
    """One number for each of `FEATURES`; where there are no words to compare, nothing is alike.

    `named` are the words of the claim that are names, by number: without them it shows whether the quotes say the
    same of what is named, and in the same sense. A claim of names alone is as like without them.
    """
    columns = [likeness(claim, words) for words in quoted if words.places]
    if not claim.places or not columns:
        return 1.0, -_USUAL / _STEP, -_USUAL / _STEP, float(other_language)
    best = np.concatenate(columns, axis=1).max(axis=1)
    others = [number for number in range(len(best)) if number not in named]
    held = {own for words in quoted for own in words.stems}
    known = np.where([own in held for own in claim.stems], np.maximum(best, _SAME_WORD), best)
    return (
        1.0,
        (float(known.mean()) - _USUAL) / _STEP,
        (float(best[others].mean() if others else known.mean()) - _USUAL) / _STEP,
        float(other_language),
    )


def support(values: Sequence[float]) -> float:
    """The probability that the quotes say what the claim says, from its features."""
    logit = sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
