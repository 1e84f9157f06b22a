"""Reads passages with a question in mind, by the network that tests/benchmarks/training trains.

It gives logits: what they mean as a probability is `bot.score`'s to say. It knows no store.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.e5 import EmbeddedE5
from bot.e5.runtime import Network, Threads
from bot.errors import EmbeddingsError
from bot.reader.memory import Memory

NETWORK = Path(__file__).with_name("reader.onnx")
"""Beside it MODEL_CARD.md says what it was trained on and what it reaches."""
QUESTION_TOKENS = 64
TITLE_TOKENS = 24
"""What is read of a question and of a title, as in training."""
LONGEST_ANSWER = 30
"""Tokens of an answer at most."""
_UNREAD = -20.0
"""The logit of a span that holds nothing to read."""

Floats = NDArray[np.float32]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Text:
    """A passage to read, with the title of its release and the spans, in characters of it, that may answer.

    `before` is what stands before it in the release, which tells who "it" and "the Programme" are, and may not answer:
    the lower layers read it with the passage.
    """

    title: str
    passage: str
    units: tuple[Span, ...]
    before: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """What the network says of the units of a text, one after the other.

    `answers` (units,) is the logit that a unit answers. `spans` are the words in each that do so best, in
    characters of the passage, and `margins` (units,) how far their logit lies above that of no answer.
    """

    answers: Floats
    spans: list[Span]
    margins: Floats


class Reader:
    """The network, loaded at first use, for threads to share; `embeddings` lends it tokens and their embeddings.

    It remembers so many readings of texts.
    """

    def __init__(self, embeddings: EmbeddedE5, remembered: int = 0) -> None:
        self._embeddings = embeddings
        self._memory: Memory[tuple[str, Text], Reading] = Memory(remembered)
        self._threads = Threads("reader")
        self._lock = threading.Lock()
        self._loaded: Network | None = None

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """What each text says to the question. Raises EmbeddingsError where the network cannot run."""
        return self.read_each([(question, text) for text in texts])

    def read_each(self, pairs: Sequence[tuple[str, Text]]) -> list[Reading]:
        """As `read`, where each text has a question of its own."""
        self._network()  # loaded by one thread, not by all
        return self._memory.recall(
            pairs,
            lambda unread: self._threads.map(
                lambda pair: self._read(*pair),
                unread,
                size=lambda pair: len(pair[1].before) + len(pair[1].passage),
            ),
        )

    def _read(self, question: str, text: Text) -> Reading:
        """One text, as many tokens at once as the network takes."""
        start, end = self._embeddings.edges
        encode = self._embeddings.tokenizer.encode
        asked = encode(question).ids[:QUESTION_TOKENS]
        head = np.concatenate([[start], asked, [end], encode(text.title).ids[:TITLE_TOKENS], [end]])
        room = self._embeddings.positions - len(head) - 1
        tokens, before = encode(text.before + text.passage), len(text.before)
        if before and len(tokens.ids) > room:
            tokens, before = encode(text.passage), 0
        known = int(np.searchsorted(tokens.ends, before, "right")) if before else 0
        ranges = tokens.ranges([(first + before, last + before) for first, last in text.units])
        answers = np.full(len(ranges), _UNREAD, np.float32)
        margins = answers.copy()
        spans = list(text.units)
        for first, last in _windows(ranges, room):
            held = [unit for unit, (begins, ends) in enumerate(ranges) if first <= begins < min(ends, last)]
            if not held:
                continue
            ids = np.concatenate([head, tokens.ids[first:last], [end]]).astype(np.int32)
            read = max(first, known)  # the first token that may answer
            kept = np.ones(len(ids), bool)
            kept[len(head) : len(head) + read - first] = False
            inside = np.clip(ranges[held], read, last) - read + len(head)
            span, logits = self._run(ids, len(asked) + 2, kept, inside)
            for unit, (begins, ends), logit in zip(held, inside.tolist(), logits, strict=True):
                if logit > answers[unit]:
                    best, (left, right) = _best(span[begins:ends])
                    answers[unit], margins[unit] = logit, best - span[0].sum()
                    at = begins + read - len(head)
                    found = (int(tokens.starts[at + left]) - before, int(tokens.ends[at + right]) - before)
                    spans[unit] = _whole_words(text.passage, found, text.units[unit])
        return Reading(answers, spans, margins)

    def _run(
        self, ids: NDArray[np.int32], question: int, kept: NDArray[np.bool_], units: NDArray[np.int64]
    ) -> tuple[Floats, Floats]:
        """The logits of each token that is kept, (kept tokens, 2), and of each unit, (units,).

        `question` tokens are the question's, `units` the first and the last one's successor of each among the kept.
        """
        pool = np.zeros((len(units), int(kept.sum())), np.float32)
        for row, (first, last) in enumerate(units):
            pool[row, first:last] = 1 / (last - first)
        span, answers = self._network().run(
            {
                "embeddings": self._embeddings.token_embeddings(ids)[None],
                "passage": (np.arange(len(ids)) >= question).astype(np.float32)[None, :, None],
                "kept": kept.astype(np.float32),
                "pool": pool,
            }
        )
        return span, answers[:, 0]

    def _network(self) -> Network:
        with self._lock:
            if self._loaded is None:
                try:
                    content = NETWORK.read_bytes()
                except OSError as error:
                    raise EmbeddingsError(
                        f"The reader {NETWORK} cannot be read ({error.strerror}): install Communiqué again."
                    ) from error
                self._loaded = Network(content, "the reader")
            return self._loaded


def _windows(ranges: NDArray[np.int64], room: int) -> Iterator[Span]:
    """Tokens to read at once, [first, last): all, or whole units as far as there is room, the long ones in part."""
    if not len(ranges):
        return
    size = int(ranges[:, 1].max())
    if size <= room:
        yield 0, size
        return
    starts = [0]
    for first, last in sorted(map(tuple, ranges.tolist()), key=lambda pair: pair[1]):
        if last - starts[-1] > room and first > starts[-1]:
            starts.append(first)
    for start in starts:
        yield start, min(size, start + room)


def _best(span: Floats) -> tuple[float, Span]:
    """The highest sum of a start's and an end's logit, and which tokens they are, both included."""
    scores = np.add.outer(span[:, 0], span[:, 1])
    possible = np.tri(len(span), dtype=bool).T & np.tri(len(span), k=LONGEST_ANSWER - 1, dtype=bool)
    scores[~possible] = -np.inf
    start, end = divmod(int(scores.argmax()), len(span))
    return float(scores[start, end]), (start, end)


def _whole_words(passage: str, span: Span, unit: Span) -> Span:
    """The span grown to whole words and cut to its unit: tokens are pieces of words."""
    start, end = max(span[0], unit[0]), min(span[1], unit[1])
    while start > unit[0] and passage[start - 1].isalnum() and passage[start].isalnum():
        start -= 1
    while unit[0] < end < unit[1] and passage[end - 1].isalnum() and passage[end].isalnum():
        end += 1
    return start, max(start, end)
