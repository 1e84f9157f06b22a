"""Text to the tokens of multilingual-e5-small: a Unigram model, with the place of each token in the text.

It knows the vocabulary and not the network. Words are looked up in a dictionary rather than in the
`tokenizers` library, which takes 0.7 s and 250 MB to take in this vocabulary at every start.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_MARK = "\N{LOWER ONE EIGHTH BLOCK}"
"""Stands for the space before a word in the vocabulary (SentencePiece)."""
_SEPARATORS = " \0\N{NEXT LINE}"
"""Characters that part words and that the file's normalization does not name."""
_UNKNOWN_PENALTY = 10.0
"""What an unknown character scores below the least likely piece (SentencePiece, `kUnkPenalty`)."""
_LONGEST_WORD = 4096
_LONGEST_REMEMBERED_WORD = 32
_REMEMBERED_WORDS = 32_768

_Pieces = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""Of one word: token ids, and where each starts and ends in it."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token `ids[i]` stands for ``text[starts[i]:ends[i]]``, white space left out; int32, one length.

    A token of no characters (the mark before a word, where it stands alone) starts and ends at its word.
    """

    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def ranges(self, spans: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
        """The tokens that overlap each (start, end) span of characters, as [first, last), (spans, 2)."""
        edges = np.array(spans, np.int64).reshape(-1, 2)
        first = np.searchsorted(self.ends, edges[:, 0], "right")
        last = np.searchsorted(self.starts, edges[:, 1], "left")
        return np.stack([first, np.maximum(first, last)], axis=1)


class Tokenizer:
    """The most likely pieces of each word (Kudo 2018, "Subword Regularization", section 3.2)."""

    def __init__(
        self, pieces: Iterable[str], scores: NDArray[np.float32], normalization: dict[int, str], unknown: int
    ) -> None:
        # Control tokens such as `</s>` score 0 and cannot be written in a text.
        self._scores = scores.tolist()
        self._ids = {piece: i for i, piece in enumerate(pieces) if self._scores[i] < 0}
        self._longest = max(map(len, self._ids))
        self._normalization = normalization
        self._unknown = unknown
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        separators = _SEPARATORS + "".join(chr(code) for code, text in normalization.items() if text == " ")
        self._separators = frozenset(separators)
        self._words = re.compile(f"[^{re.escape(separators)}]{{1,{_LONGEST_WORD}}}")
        self._remembered = lru_cache(_REMEMBERED_WORDS)(self._word)

    def encode(self, text: str) -> Tokens:
        """The tokens of a text of any length, without the ones that open and close an input."""
        ids, starts, ends = array("i"), array("i"), array("i")
        for match in self._words.finditer(text):
            word, at = match.group(), match.start()
            opens = at == 0 or text[at - 1] in self._separators
            take = self._remembered if len(word) <= _LONGEST_REMEMBERED_WORD else self._word
            word_ids, word_starts, word_ends = take(word, opens)
            ids.extend(word_ids)
            starts.extend([at + start for start in word_starts])
            ends.extend([at + end for end in word_ends])
        return Tokens(*(np.frombuffer(numbers, np.int32) for numbers in (ids, starts, ends)))

    def score(self, text: str) -> float:
        """The logarithm of how likely its pieces are, one by one; no number for an unknown character."""
        return float(sum(self._scores[token] for token in self.encode(text).ids.tolist()))

    def _word(self, word: str, opens: bool) -> _Pieces:
        """The pieces of a run of characters that are no separators; it `opens` a word or goes on with one."""
        characters, origins = self._normalized(word)
        ids: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        for match in re.finditer("[^ ]+", characters):
            marked = opens or match.start() > 0
            at = match.start() - marked
            for token, length in self._likeliest(_MARK + match.group() if marked else match.group()):
                first, last = max(at, match.start()), at + length - 1
                start = origins[first][0]
                end = origins[last][1] if last >= first else start
                if token == self._unknown and ids and ids[-1] == token and ends[-1] == start:
                    ends[-1] = end  # as SentencePiece: unknown characters in a row are one token
                else:
                    ids.append(token)
                    starts.append(start)
                    ends.append(end)
                at += length
        return tuple(ids), tuple(starts), tuple(ends)

    def _normalized(self, word: str) -> tuple[str, list[tuple[int, int]]]:
        """The word as the vocabulary writes it, and the (start, end) of each of its characters in `word`."""
        if word.isascii() and word.isprintable():
            return word, [(i, i + 1) for i in range(len(word))]
        characters: list[str] = []
        origins: list[tuple[int, int]] = []
        for start, end in _clusters(word):
            cluster = word[start:end]
            composed = unicodedata.normalize("NFC", cluster) if len(cluster) > 1 else cluster
            # Composed as SentencePiece does; marks that do not compose keep their order, unlike in NFC.
            shortest = composed if len(composed) < len(cluster) else cluster
            replaced = shortest.translate(self._normalization)
            characters.append(replaced)
            origins.extend([(start, end)] * len(replaced))
        return "".join(characters), origins

    def _likeliest(self, text: str) -> list[tuple[int, int]]:
        """The (token id, length) of the pieces of `text` whose scores add up to the most (Viterbi)."""
        size = len(text)
        best = [0.0] + [float("-inf")] * size
        last: list[tuple[int, int]] = [(self._unknown, 1)] * (size + 1)
        find, scores, longest = self._ids.get, self._scores, self._longest
        for i in range(size):
            reached = best[i]
            for j in range(i + 1, min(size, i + longest) + 1):
                token = find(text[i:j])
                if token is not None and reached + scores[token] > best[j]:
                    best[j], last[j] = reached + scores[token], (token, j - i)
            if reached + self._unknown_score > best[i + 1]:
                best[i + 1], last[i + 1] = reached + self._unknown_score, (self._unknown, 1)
        pieces = []
        while size:
            pieces.append(last[size])
            size -= last[size][1]
        return pieces[::-1]


def _clusters(word: str) -> Iterable[tuple[int, int]]:
    """Each character with the combining marks that follow it, as (start, end)."""
    start = 0
    for i in range(1, len(word)):
        if not unicodedata.combining(word[i]):
            yield start, i
            start = i
    yield start, len(word)
