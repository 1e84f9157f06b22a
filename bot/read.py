"""Passages become sentences, each with the probability that it answers: the evidence.

How a sentence is weighed lives in `bot.score`; which sentences make the answer, in `bot.select`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.catalog import Catalog, SentenceVectors
from bot.context import spans_before
from bot.domain import Evidence, Passage, Release
from bot.items import items, led_in
from bot.language.aliases import writes_out
from bot.language.asked import CONTACT, MAIL, asked
from bot.language.sentences import Sentence, sentences
from bot.language.terms import fold, named_words, question_terms
from bot.reader import Reader, Reading, Text
from bot.retrieve import Found
from bot.score import USUAL_SIMILARITY, Candidate, Question, Readings, probabilities, ranking

Vector = NDArray[np.float32]

BEFORE_CHARACTERS = 700
"""So much of its release is read before a passage, from the start of a sentence on."""
STEPS = ((4, 0.5), (8, 0.3))
"""After so many passages a question is settled by a sentence of at least this probability, where the next passage fits
it less than the sentence's own."""
FITS_LESS = 0.02
"""By so much: one of 480 questions, public and written ones, would have had another best sentence after all twelve, no
better, and four of 610 of our own."""

HOPE = 0.5
"""Only where a sentence has so much of that probability already are the best ones read by themselves to see."""
READ_ALONE = 4
"""Sentences, the best ones, that are read once more by themselves: what answers a question then, too, is surer to."""

ITEMS_READ = 3
"""Items of a list, the nearest, that are read once more right behind what leads them in."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, eq=False, slots=True)
class Wording:
    """One wording of a question, with its embedding by the embedded model: shape (384,), of unit length.

    None where another model made the index: what its similarities mean was never fitted.
    """

    question: Question
    vector: Vector | None


@dataclass(frozen=True, eq=False, slots=True)
class Offer:
    """A passage that was found, its release, and what may be quoted of it: spans in the passage, and their vectors."""

    found: Found
    release: Release
    units: tuple[tuple[int, int, Sentence], ...]
    vectors: SentenceVectors | None

    @property
    def passage(self) -> Passage:
        return self.found.passage

    @property
    def text(self) -> Text:
        """What the reader reads."""
        units = tuple((start, end) for start, end, _ in self.units)
        return Text(self.release.title, self.passage.text, units, _before(self.release, self.passage.start))

    @property
    def items(self) -> list[tuple[Sentence, float]]:
        """The items of its lists that were found themselves, the nearest first, with their similarity."""
        every = items(self.passage) if self.found.items else []
        return [(every[number], near) for number, near in self.found.items if number < len(every)]

    def led_in(self, item: Sentence) -> Text:
        """An item of a list right behind what leads it in, as the reader reads it."""
        assert item.lead, "the item of a list"
        text = led_in(self.passage.text, item)
        own = (len(text) - (item.end - item.start), len(text))
        before = _before(self.release, self.passage.start + item.lead[0])
        return Text(self.release.title, text, (own,), before)


def weigh(
    question: str,
    language: str,
    catalog: Catalog,
    told_by: frozenset[str] = frozenset(),
    is_part: bool = False,
) -> Question:
    """The question with the frequency of its terms in the corpus; `told_by` and `is_part` as in `Question`."""
    stems, words = question_terms(question, language)
    return Question(
        text=question,
        language=language,
        words=tuple(words),
        stems=tuple(stems),
        named=tuple(named_words(question, language)),
        frequency=catalog.document_frequency([*stems, *words]),
        passages=catalog.passage_count,
        told_by=told_by,
        is_part=is_part,
    )


def read(
    asked_as: Sequence[Wording], found: Sequence[Found], catalog: Catalog, reader: Reader
) -> tuple[list[Evidence], int]:
    """Every sentence of the passages as evidence, the most probable first, and how many of `found` were read.

    `asked_as` are wordings of the question, the user's first; `found` is what fits it, the best first. Where one of
    the first passages surely answers, those that fit it less well than that one are not read: they cannot win.
    """
    offered = offers(asked_as[0].question, found, catalog)
    # A figure is never settled: another release may give another one.
    steps = () if "number" in asked(asked_as[0].question.text) else STEPS
    readings: Readings = [(asking.question, []) for asking in asked_as]
    start, rest = 0, offered
    for end, sure in (*steps, (len(offered), 0.0)):
        further = _weighed(asked_as, offered[start:end], catalog, reader)
        readings = [
            (question, [*own, *more]) for (question, own), (_, more) in zip(readings, further, strict=True)
        ]
        start, rest = end, offered[end:]
        if rest and not _settles(readings, HOPE * sure, offered, rest[0]):
            continue
        readings = read_alone(readings, reader)
        if not rest or _settles(readings, sure, offered, rest[0]):
            break
    return _evidence(readings, catalog), found.index(rest[0].found) if rest else len(found)


def _settles(readings: Readings, sure: float, offered: Sequence[Offer], following: Offer) -> bool:
    """Whether what was read settles the question, so that what follows need not be read."""
    likely = probabilities(readings)
    if not likely.size or likely.max() < sure:
        return False
    best = readings[0][1][int(likely.argmax())].passage
    fits = next(offer.found.score for offer in offered if offer.passage.id == best.id)
    return following.found.score <= fits - FITS_LESS


def _weighed(
    asked_as: Sequence[Wording], offered: Sequence[Offer], catalog: Catalog, reader: Reader
) -> Readings:
    """For each wording of the question the sentences of what is offered, as the reader read them."""
    by_wording = _readings([asking.question.text for asking in asked_as], offered, reader)
    readings = [
        (asking.question, candidates(asking, offered, own, catalog))
        for asking, own in zip(asked_as, by_wording, strict=True)
    ]
    return _with_items(readings, offered, reader)


def read_alone(readings: Readings, reader: Reader) -> Readings:
    """The readings, where the best candidates are read by themselves, too, in the wording that fits them best.

    At the end the best of all is one that was.
    """
    if not readings or not readings[0][1]:
        return readings
    best = _best(readings)
    while unread := [(question, each) for question, each in best if each.alone is None]:
        texts = [
            (question, Text(each.release.title, each.text, ((0, len(each.text)),)))
            for question, each in unread
        ]
        margins = {
            _place(each): float(reading.margins[0])
            for (_, each), reading in zip(unread, reader.read_each(texts), strict=True)
        }
        readings = [
            (question, [_by_itself(each, margins.get(_place(each))) for each in own])
            for question, own in readings
        ]
        best = _best(readings)[:1]
    return readings


def _by_itself(candidate: Candidate, margin: float | None) -> Candidate:
    """The candidate with the margin that it has by itself; None leaves it as it is."""
    if margin is None:
        return candidate
    return replace(candidate, alone=margin if candidate.led_in is None else max(margin, candidate.led_in))


def _best(readings: Readings) -> list[tuple[str, Candidate]]:
    """The `READ_ALONE` candidates that answer best, the best first, each with the wording that it fits best."""
    fitting = ranking(readings)
    best = np.argsort(-fitting.max(axis=0), kind="stable")[:READ_ALONE].tolist()
    return [
        (readings[wording][0].text, readings[wording][1][place])
        for place, wording in zip(best, fitting[:, best].argmax(axis=0).tolist(), strict=True)
    ]


def _before(release: Release, start: int) -> str:
    """What stands before that place in the release, whole sentences as far as they fit."""
    spans = spans_before(release.text, start, BEFORE_CHARACTERS)
    return release.text[spans[0][0] : start] if spans else ""


def _place(candidate: Candidate) -> tuple[str, int, int]:
    return candidate.passage.id, candidate.start, candidate.end


def _evidence(readings: Readings, catalog: Catalog) -> list[Evidence]:
    """Every sentence as evidence, the most probable first; `readings` are those of each wording of a question."""
    versions = catalog.versions(sorted({candidate.release.id for candidate in readings[0][1]}))
    evidence = []
    for same, probability in zip(
        zip(*(read for _, read in readings), strict=True), probabilities(readings), strict=True
    ):
        best = max(same, key=lambda candidate: candidate.margin)
        start = best.passage.start
        words = (start + best.answer[0], start + best.answer[1])
        version = versions.get(best.release.id)
        evidence.append(
            Evidence(
                best.release,
                start + best.start,
                start + best.end,
                float(probability),
                words,
                version.item if version else None,
            )
        )
    return sorted(evidence, key=lambda item: (-item.probability, item.release.id, item.start))


def offers(question: Question, found: Sequence[Found], catalog: Catalog) -> list[Offer]:
    """The passages that may be quoted; contact data only where it is asked for."""
    kinds = {"body", "contact"} if CONTACT & asked(question.text) else {"body"}
    kept = [item for item in found if item.passage.kind in kinds]
    stored = catalog.sentence_vectors([item.passage.id for item in kept])
    return [
        Offer(item, release, tuple(_units(item.passage)), stored.get(item.passage.id))
        for item in kept
        if (release := catalog.release(item.passage.release_id, item.passage.revision))
    ]


def candidates(
    asking: Wording, offered: Sequence[Offer], readings: Sequence[Reading], catalog: Catalog
) -> list[Candidate]:
    """The sentences, list items and whole lists of what is offered, as the reader read it."""
    question, vector = asking.question, asking.vector
    defined = _definitions(question, catalog)
    made = []
    for offer, reading in zip(offered, readings, strict=True):
        passage, release = offer.passage, offer.release
        known = offer.found.similarity if vector is not None else USUAL_SIMILARITY
        cosines: dict[tuple[int, int], float] = {}
        if vector is not None and offer.vectors:
            nearness = (offer.vectors.vectors @ vector).tolist()
            cosines = dict(zip(offer.vectors.spans, nearness, strict=True))
            cosines |= {(item.start, item.end): near for item, near in offer.items}
        places = defined.get(release.id, ())
        for number, (start, end, unit) in enumerate(offer.units):
            made.append(
                Candidate(
                    release=release,
                    passage=passage,
                    start=start,
                    end=end,
                    text=passage.text[start:end],
                    is_heading=unit.kind == "heading" and passage.kind == "body",
                    similarity=cosines.get((start, end), known),
                    passage_similarity=known,
                    answers=float(reading.answers[number]),
                    margin=float(reading.margins[number]),
                    answer=_whole_address(passage.text, reading.spans[number]),
                    defines=any(start <= place - passage.start < end for place in places),
                )
            )
    return made


def _whole_address(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The span with all of a mail address that it begins or ends in: "un.org" of "press@un.org"."""
    start, end = span
    for address in MAIL.finditer(text):
        if address.start() < end and start < address.end():
            start, end = min(start, address.start()), max(end, address.end())
    return start, end


def _readings(wordings: Sequence[str], offered: Sequence[Offer], reader: Reader) -> list[list[Reading]]:
    """For each wording of a question the readings of all passages.

    A passage is read for the wordings whose own words it uses, or for the second, which writes a short name out; what
    it says to one of these stands for the others.
    """
    words = [_words(wording) for wording in wordings]
    own = [
        (of_wording - words[0]) if place else (of_wording - words[min(1, len(words) - 1)])
        for place, of_wording in enumerate(words)
    ]
    used = [_words(offer.passage.text) for offer in offered]
    fitting = [
        [place for place, of_wording in enumerate(own) if of_wording <= of_passage]
        or [min(1, len(wordings) - 1)]
        for of_passage in used
    ]
    pairs = [(number, place) for number, places in enumerate(fitting) for place in places]
    texts = [offer.text for offer in offered]
    said = reader.read_each([(wordings[place], texts[number]) for number, place in pairs])
    read: list[dict[int, Reading]] = [{} for _ in offered]
    for (number, place), reading in zip(pairs, said, strict=True):
        read[number][place] = reading
    return [
        [of_passage.get(place, next(iter(of_passage.values()))) for of_passage in read]
        for place in range(len(wordings))
    ]


def _with_items(readings: Readings, offered: Sequence[Offer], reader: Reader) -> Readings:
    """The readings, where the items that were found are read behind what leads their list in.

    Ten items below it the reader no longer knows what an item is one of, and by itself none tells anything.
    """
    question = readings[0][0]
    nearest = [(offer, item) for offer in offered for item, _ in offer.items[:ITEMS_READ]]
    texts = [offer.led_in(item) for offer, item in nearest]
    said = {}
    for (offer, item), text, reading in zip(nearest, texts, reader.read(question.text, texts), strict=True):
        said[offer.passage.id, item.start, item.end] = (reading, item.start - text.units[0][0])
    return [
        (wording, [_as_item(each, *said[_place(each)]) if _place(each) in said else each for each in own])
        for wording, own in readings
    ]


def _as_item(candidate: Candidate, reading: Reading, moved: int) -> Candidate:
    """The candidate as it was read in a text where it stands `moved` characters before its place in the passage.

    What the passage said stays, but for the margin by itself, where that is surer.
    """
    (start, end), margin = reading.spans[0], float(reading.margins[0])
    if margin <= candidate.margin:
        return replace(candidate, led_in=margin)
    answer = (start + moved, end + moved)
    return replace(candidate, answers=float(reading.answers[0]), margin=margin, answer=answer, led_in=margin)


def holds(passage: Passage, sentence: Evidence) -> bool:
    """Whether the sentence stands in that passage."""
    release = sentence.release
    own = (passage.release_id, passage.revision) == (release.id, release.revision)
    return own and passage.start <= sentence.start < passage.end


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text)))


def _definitions(question: Question, catalog: Catalog) -> dict[str, list[int]]:
    """Where, by release, short names that the question holds are written out; only where it asks for that."""
    places: dict[str, list[int]] = {}
    if "expansion" in asked(question.text):
        for definition in writes_out(question.text, catalog.definitions()):
            places.setdefault(definition.release_id, []).append(definition.start)
    return places


def _units(passage: Passage) -> Iterator[tuple[int, int, Sentence]]:
    """Spans in the passage that may be quoted: each sentence and item, and each list from its lead-in on."""
    units = sentences(passage.text)
    lists = {unit.lead: unit.end for unit in units if unit.lead}
    for unit in units:
        if (unit.start, unit.end) not in lists:  # what leads a list in tells nothing without it
            yield unit.start, unit.end, unit
    for (start, lead_end), end in lists.items():
        yield start, end, Sentence(start, lead_end)
