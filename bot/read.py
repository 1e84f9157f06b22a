"""Passages become sentences, each with the probability that it answers; the best are the evidence.

How a sentence is weighed lives in `bot.score`; which sentences make the answer is decided here.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.asked import asked
from bot.catalog import Catalog
from bot.domain import Evidence, Passage
from bot.retrieve import Found
from bot.score import Candidate, Question, probabilities
from bot.sentences import Sentence, sentences
from bot.terms import question_terms

Vector = NDArray[np.float32]

MINIMUM_PROBABILITY = 0.5
"""Below this probability for its best sentence a question is declined."""
QUOTED = 3
"""Sentences that an answer quotes at most."""
COMPANION_SHARE = 0.75
"""A further sentence is quoted where its probability is at least this share of the best one's."""


def weigh(question: str, language: str, catalog: Catalog) -> Question:
    """The question with the frequency of its terms in the corpus."""
    stems, words = question_terms(question, language)
    return Question(
        text=question,
        language=language,
        words=tuple(words),
        stems=tuple(stems),
        frequency=catalog.document_frequency([*stems, *words]),
        passages=catalog.passage_count,
    )


def read(question: Question, vector: Vector, found: Sequence[Found], catalog: Catalog) -> list[Evidence]:
    """Every sentence of the passages as evidence, the most probable first.

    `vector` is the question's embedding, shape (dimension,), of unit length.
    """
    offered = list(candidates(question, vector, found, catalog))
    if not offered:
        return []
    evidence = [
        Evidence(
            candidate.release,
            candidate.passage.start + candidate.start,
            candidate.passage.start + candidate.end,
            float(probability),
        )
        for candidate, probability in zip(offered, probabilities(question, offered), strict=True)
    ]
    return sorted(evidence, key=lambda item: (-item.probability, item.release.id, item.start))


def select(evidence: Sequence[Evidence], minimum: float) -> list[Evidence]:
    """The one to three sentences that answer, in order of probability; none below `minimum`."""
    if not evidence or evidence[0].probability < minimum:
        return []
    chosen: list[Evidence] = []
    for item in evidence:
        if len(chosen) == QUOTED or item.probability < max(minimum, COMPANION_SHARE * evidence[0].probability):
            break
        if not any(_overlap(item, other) for other in chosen):
            chosen.append(item)
    return chosen


def candidates(
    question: Question, vector: Vector, found: Sequence[Found], catalog: Catalog
) -> Iterator[Candidate]:
    """The sentences, list items and whole lists of the passages; contact data only where it is asked for."""
    wants_contact = "contact" in asked(question.text)
    kept = [item for item in found if item.passage.kind == "body" or wants_contact]
    stored = catalog.sentence_vectors([item.passage.id for item in kept])
    for item in kept:
        release = catalog.release(item.passage.release_id, item.passage.revision)
        if release is None:
            continue
        known: dict[tuple[int, int], float] = {}
        if read_before := stored.get(item.passage.id):
            known = dict(zip(read_before.spans, (read_before.vectors @ vector).tolist(), strict=True))
        for start, end, unit in _units(item.passage):
            yield Candidate(
                release=release,
                passage=item.passage,
                start=start,
                end=end,
                text=item.passage.text[start:end],
                lead=item.passage.text[slice(*unit.lead)] if unit.kind == "item" and unit.lead else "",
                is_heading=unit.kind == "heading",
                similarity=known.get((start, end), item.similarity),
                passage_similarity=item.similarity,
            )


def _units(passage: Passage) -> Iterator[tuple[int, int, Sentence]]:
    """Spans in the passage that may be quoted: each sentence and item, and each list from its lead-in on."""
    lists: dict[tuple[int, int], int] = {}
    units = sentences(passage.text)
    for unit in units:
        yield unit.start, unit.end, unit
        if unit.lead:
            lists[unit.lead] = unit.end
    for (start, lead_end), end in lists.items():
        yield start, end, Sentence(start, lead_end)


def _overlap(one: Evidence, other: Evidence) -> bool:
    same = one.release.id == other.release.id and one.release.revision == other.release.revision
    return same and one.start < other.end and other.start < one.end
