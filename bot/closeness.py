"""How close the words of a question come to the words of passages, in one language or across two.

Late interaction (Khattab and Zaharia 2020): the embedded model gives each word a state, a trained projection
(`closeness.npz`) turns it into a small vector, and each word of the question looks for its best match in a text.
It knows neither stores nor scores.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.e5 import EmbeddedE5

PROJECTION = Path(__file__).with_name("closeness.npz")
"""Made by tests/benchmarks/train_closeness.py."""
REMEMBERED = 2000
"""Passages whose words are kept: about 60 KB each."""
_WORD = re.compile(r"[^\W_]+")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a passage: their spans (words, 2) in characters, their vectors (words, 96) of length 1."""

    spans: NDArray[np.int64]
    vectors: Floats


@dataclass(frozen=True, eq=False, slots=True)
class AskedWords:
    """The words of a question and their vectors (words, 96): the length of each is its share of the question."""

    words: tuple[str, ...]
    vectors: Floats

    @property
    def shares(self) -> Floats:
        """How much of the question each word is, (words,); they sum to 1."""
        shares: Floats = np.linalg.norm(self.vectors, axis=1)
        return shares


@dataclass(frozen=True, slots=True)
class Projection:
    """What turns states (384) into vectors (96), for questions and for passages, and weighs a question's words."""

    question: Floats
    question_bias: Floats
    passage: Floats
    passage_bias: Floats
    importance: Floats
    mean: Floats


class WordStates:
    """Reads the words of questions and passages, and remembers those of passages; threads may share it."""

    def __init__(self, embeddings: EmbeddedE5) -> None:
        self._embeddings = embeddings
        self._known: OrderedDict[str, Words] = OrderedDict()
        self._lock = threading.Lock()

    def question(self, text: str) -> AskedWords:
        """The words of a question."""
        ((spans, states),) = self._states([text])
        words = tuple(text[start:end] for start, end in spans.tolist())
        part = projection()
        if not words:
            return AskedWords((), np.zeros((0, len(part.question_bias)), np.float32))
        weights = (states - part.mean) @ part.importance
        shares = np.exp(weights - weights.max())
        vectors = _unit(states @ part.question.T + part.question_bias) * (shares / shares.sum())[:, None]
        return AskedWords(words, vectors)

    def passages(self, texts: Sequence[str]) -> list[Words]:
        """The words of each text, in order."""
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        unread = list(dict.fromkeys(text for text in texts if text not in known))
        part = projection()
        for text, (spans, states) in zip(unread, self._states(unread), strict=True):
            known[text] = Words(spans, _unit(states @ part.passage.T + part.passage_bias))
        with self._lock:
            for text in texts:
                self._known[text] = known[text]
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return [known[text] for text in texts]

    def _states(self, texts: Sequence[str]) -> list[tuple[NDArray[np.int64], Floats]]:
        """The spans of each text's words, (words, 2), and the mean state of the tokens of each, (words, 384)."""
        found = []
        for text, (tokens, states) in zip(texts, self._embeddings.hidden(texts), strict=True):
            spans = np.array([match.span() for match in _WORD.finditer(text)], np.int64).reshape(-1, 2)
            ranges = tokens.ranges([(start, end) for start, end in spans.tolist()])
            running = np.zeros((len(states) + 1, states.shape[1]))
            np.cumsum(states, axis=0, out=running[1:])
            lengths = np.maximum(1, ranges[:, 1] - ranges[:, 0])[:, None]
            means = (running[ranges[:, 1]] - running[ranges[:, 0]]) / lengths
            found.append((spans, means.astype(np.float32)))
        return found


def closeness(question: AskedWords, words: Words, start: int, end: int) -> Floats:
    """For each word of the question its best match in characters `start` to `end`, times its share: (words,)."""
    first = int(np.searchsorted(words.spans[:, 0], start))
    last = int(np.searchsorted(words.spans[:, 1], end, side="right"))
    if not question.words or last <= first:
        return np.zeros(len(question.words), np.float32)
    best: Floats = (question.vectors @ words.vectors[first:last].T).max(axis=1)
    return best


@cache
def projection() -> Projection:
    """The trained projection."""
    with np.load(PROJECTION) as stored:
        return Projection(**{name: stored[name].astype(np.float32) for name in stored.files})


def _unit(rows: Floats) -> Floats:
    unit: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-6))
    return unit
