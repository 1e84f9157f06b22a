"""How close the words of a question come to the words of passages, across languages.

Late interaction (Khattab and Zaharia 2020) over the states that the embedded model gives each token: for each
word of the question its best match among the words of a text. It knows neither stores nor scores.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.e5 import EmbeddedE5

REMEMBERED = 600
"""Texts whose words are kept: about 100 KB each."""
_WORD = re.compile(r"[^\W_]+")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: their spans (words, 2) in characters and their states (words, 384)."""

    spans: NDArray[np.int64]
    states: Floats


class WordStates:
    """The words of texts, read by the embedded model and remembered; threads may share it."""

    def __init__(self, embeddings: EmbeddedE5) -> None:
        self._embeddings = embeddings
        self._known: OrderedDict[str, Words] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, texts: Sequence[str]) -> list[Words]:
        """The words of each text, in order."""
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        unread = list(dict.fromkeys(text for text in texts if text not in known))
        for text, (tokens, states) in zip(unread, self._embeddings.hidden(unread), strict=True):
            spans = np.array([match.span() for match in _WORD.finditer(text)], np.int64).reshape(-1, 2)
            ranges = tokens.ranges([(start, end) for start, end in spans.tolist()])
            running = np.zeros((len(states) + 1, states.shape[1]))
            np.cumsum(states, axis=0, out=running[1:])
            lengths = np.maximum(1, ranges[:, 1] - ranges[:, 0])[:, None]
            means = (running[ranges[:, 1]] - running[ranges[:, 0]]) / lengths
            known[text] = Words(spans, means.astype(np.float32))
        with self._lock:
            for text in texts:
                self._known[text] = known[text]
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return [known[text] for text in texts]


def closeness(question: Floats, texts: Sequence[Words]) -> list[Floats]:
    """Cosines of the question's words with each text's: (question words, words of the text) each.

    States share a large common part, which says nothing: the mean over the words of all texts is taken off.
    """
    states = [text.states for text in texts if len(text.states)]
    if not states or not len(question):
        return [np.zeros((len(question), len(text.states)), np.float32) for text in texts]
    mean = np.concatenate(states).mean(axis=0)
    unit = _unit(question - mean)
    return [unit @ _unit(text.states - mean).T for text in texts]


def _unit(rows: Floats) -> Floats:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-6))
