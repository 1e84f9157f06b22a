"""Examples become the tokens of questions over passages, and what is to be learned of them.

It knows the form of `examples.py` and the tokenizer; it learns nothing. A text is `<s> question </s> title </s>
passage </s>`.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from bot.e5.tokens import Tokenizer, Tokens
from bot.e5.weights import ModelFile
from tests.benchmarks.training.examples import Example, Read
from tests.benchmarks.training.network import Packed, pytorch

QUESTION_TOKENS = 64
TITLE_TOKENS = 24
STEP = 16
"""Lengths of texts are multiples of it, by leaving out the last tokens of a cropped passage or by closing a whole one
more than once: so the same few sizes come again and again, for which PyTorch makes its kernels once."""
TOKENS = 8192
"""Of a batch: more texts than fit are left out, fewer are filled up."""
OTHER_LANGUAGE = 0.3
WITHOUT_TITLE = 0.3
WRONG, WRONG_OF_UNANSWERED = (2, 3, 4), (0, 1, 2)
"""How many wrong passages are read for a question beside the one it was made for."""
WITHOUT_ANSWER = 0.35
"""How often one of the wrong passages is the one it was made for, less the sentences that answer."""
ALONE = 16
OWN_TOKENS, WRONG_TOKENS = (ALONE, 128, 176, 320), (ALONE, 96, 128, 160)
"""To one of which a passage is cropped, whole sentences as far as it goes, at the least one by itself."""


@dataclass(frozen=True, eq=False)
class Text:
    """A question over a passage: token ids, how many of the first are the question's, spans of units in tokens and
    what is known of each (1 answers, 0 does not, -1 unknown), and spans of the answer in tokens."""

    group: int
    ids: np.ndarray
    question: int
    units: list[tuple[int, int]]
    labels: list[int]
    answers: list[tuple[int, int]]
    spans_known: bool


class Texts:
    """Makes texts of examples; remembers the tokens of what it has seen."""

    def __init__(self, model: ModelFile) -> None:
        self.model = model
        tokenizer = Tokenizer(model.pieces, model.scores, model.normalization, model.unknown)
        self.tokens = cache(tokenizer.encode)

    def text(self, group: int, question: str, read: Read, with_title: bool, limit: int | None = None) -> Text:
        """`limit` drops the tokens of the passage beyond it."""
        model = self.model
        asked = self.tokens(question).ids[:QUESTION_TOKENS]
        title = self.tokens(read.title).ids[:TITLE_TOKENS] if with_title and read.title else asked[:0]
        passage: Tokens = self.tokens(read.text)
        head = np.concatenate([[model.start], asked, [model.end], title, [model.end]])
        room = min(model.positions - len(head) - 1, len(passage.ids), limit or len(passage.ids))
        if limit:
            room = max(STEP, (len(head) + 1 + room) // STEP * STEP - len(head) - 1)
        ids = np.concatenate([head, passage.ids[:room], [model.end]]).astype(np.int32)
        if len(ids) % STEP:
            ids = np.concatenate([ids, np.full(STEP - len(ids) % STEP, model.end, np.int32)])

        def places(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
            return [
                (first + len(head), min(last, room) + len(head))
                for first, last in passage.ranges(spans).tolist()
            ]

        units, labels = [], []
        for place, (first, last) in enumerate(places(read.units)):
            if last > first:
                units.append((first, last))
                labels.append(1 if place in read.right else -1 if place in read.open else 0)
        spans = passage.ranges(read.answers).tolist()
        answers = [(first + len(head), last + len(head)) for first, last in spans if first < last <= room]
        known = bool(answers) or not read.right
        return Text(group, ids, len(asked) + 2, units, labels, answers, known)


def crop(read: Read, tokens: Tokens, limit: int, dice: random.Random) -> Read:
    """The passage cut to neighbouring units of about `limit` tokens together, those that answer among them."""
    if len(tokens.ids) <= limit or len(read.units) < 2:
        return read
    flat = [
        unit
        for unit in read.units
        if not any(other != unit and other[0] <= unit[0] and unit[1] <= other[1] for other in read.units)
    ]
    sizes = [int(last - first) for first, last in tokens.ranges(flat)]
    kept = sorted(
        place
        for place, unit in enumerate(flat)
        for span in ([read.units[p] for p in read.right])
        if unit[0] <= span[0] < unit[1]
    )
    first = kept[0] if kept else dice.randrange(len(flat))
    last = kept[-1] if kept else first
    while True:
        choices = [side for side, free in ((-1, first > 0), (1, last + 1 < len(flat))) if free]
        if not choices:
            break
        side = dice.choice(choices)
        grown = (first - 1, last) if side < 0 else (first, last + 1)
        if sum(sizes[grown[0] : grown[1] + 1]) > limit:
            break
        first, last = grown
    start, end = flat[first][0], flat[last][1]
    places = [place for place, unit in enumerate(read.units) if start <= unit[0] and unit[1] <= end]
    return replace(
        read,
        text=read.text[start:end],
        units=[(read.units[p][0] - start, read.units[p][1] - start) for p in places],
        answers=[(a - start, b - start) for a, b in read.answers if start <= a and b <= end],
        right=[new for new, place in enumerate(places) if place in read.right],
        open=[new for new, place in enumerate(places) if place in read.open],
    )


def without_answer(read: Read) -> Read | None:
    """The passage with the sentences that answer taken out; None where nothing is left or an answer stands elsewhere.

    What is left is about the same thing and does not answer: the nearest of all wrong passages.
    """
    gone = [read.units[place] for place in (*read.right, *read.open)]
    if not gone:
        return None
    text, at = "", 0
    for start, end in sorted(gone):
        text += read.text[at:start] if start > at else ""
        at = max(at, end)
    text += read.text[at:]
    held = [read.text[start:end].casefold() for start, end in read.answers]
    if any(answer in text.casefold() for answer in held):
        return None
    units = [
        (start - _covered(gone, start), end - _covered(gone, start))
        for start, end in read.units
        if not any(start < last and first < end for first, last in gone)
    ]
    return Read(read.title, text, units) if units else None


def _covered(spans: Sequence[tuple[int, int]], before: int) -> int:
    """How many characters before a place the spans cover."""
    covered = at = 0
    for start, end in sorted(spans):
        covered += max(0, min(end, before) - max(start, at))
        at = max(at, end)
    return covered


def drawn(
    texts: Texts, example: Example, group: int, strangers: Sequence[Read], dice: random.Random
) -> list[Text]:
    """A question, in one of its languages, over the passage it was made for and some wrong ones."""
    languages = list(example.questions)
    language = (
        dice.choice(languages[1:]) if languages[1:] and dice.random() < OTHER_LANGUAGE else languages[0]
    )
    question = example.questions[language]
    count = dice.choice(WRONG if example.answered else WRONG_OF_UNANSWERED)
    wrong = dice.sample(example.wrong, min(count, len(example.wrong)))
    if dice.random() < 0.1:
        wrong = [*wrong[:1], dice.choice(strangers)]
    if example.answered and dice.random() < WITHOUT_ANSWER and (cut := without_answer(example.own)):
        wrong = [cut, *wrong[1:]]
    made = []
    for read, sizes in [(example.own, OWN_TOKENS), *((each, WRONG_TOKENS) for each in wrong)]:
        limit = dice.choice(sizes)
        cropped = crop(read, texts.tokens(read.text), limit, dice)
        with_title = dice.random() >= WITHOUT_TITLE
        longest = max(limit + 2 * STEP, WRONG_TOKENS[-1])
        made.append(texts.text(group, question, cropped, with_title, longest))
    return made


def pack(model: ModelFile, made: Sequence[Text], kind: Any, size: int = STEP) -> tuple[Packed, list[Text]]:
    """The texts as tensors, filled up to a multiple of `size` tokens, and the texts in the order in which they lie
    there."""
    torch = pytorch()
    ordered = sorted(made, key=lambda text: len(text.ids))
    lengths = [len(text.ids) for text in ordered]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(int)
    runs = [(power, length) for length in sorted(set(lengths)) for power in _powers(lengths.count(length))]
    filling = [model.end] * (-sum(lengths) % size)
    embeddings = model.token_embeddings(
        np.concatenate([*(text.ids for text in ordered), filling]).astype(np.int32)
    )
    units = [
        (first + start, last + start, start)
        for text, start in zip(ordered, starts.tolist(), strict=False)
        for first, last in text.units
    ]
    packed = Packed(
        torch.from_numpy(embeddings).to(kind),
        torch.from_numpy(
            np.concatenate([*(np.arange(length) for length in lengths), np.zeros_like(filling)]).astype(
                np.int64
            )
        ),
        torch.from_numpy(
            np.concatenate([*(np.arange(len(text.ids)) >= text.question for text in ordered), filling])
            .astype(bool)
            .astype(np.int64)
        ),
        runs,
        torch.tensor(units, dtype=torch.long).reshape(-1, 3),
    )
    return packed, ordered


def _powers(count: int) -> list[int]:
    return [1 << bit for bit in range(count.bit_length()) if count >> bit & 1]


def batches(
    texts: Texts, examples: Sequence[Example], dice: random.Random
) -> Iterator[tuple[int, list[Text]]]:
    """How many questions, and their texts, of `TOKENS` tokens at most; the examples come again in another order."""
    strangers = [read for example in examples[:: max(1, len(examples) // 3000)] for read in example.wrong[:1]]
    batch: list[Text] = []
    groups = 0
    while True:
        for example in dice.sample(examples, len(examples)):
            made = drawn(texts, example, groups, strangers, dice)
            if sum(len(text.ids) for text in [*batch, *made]) > TOKENS:
                yield groups, batch
                batch, groups = [], 0
                made = [replace(text, group=0) for text in made]
            batch += made
            groups += 1
