"""Passages become sentences, each with the probability that it answers; the best are the evidence.

How a sentence is weighed lives in `bot.score`; which sentences make the answer is decided here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.aliases import writes_out
from bot.asked import CONTACT, asked
from bot.catalog import Catalog
from bot.closeness import WordStates, closeness
from bot.domain import Evidence, Passage
from bot.retrieve import Found
from bot.score import USUAL_SIMILARITY, Candidate, Question, probabilities
from bot.sentences import Sentence, sentences
from bot.terms import fold, function_words, named_words, question_terms

Vector = NDArray[np.float32]

MINIMUM_PROBABILITY = 0.31
"""Below this probability for its best sentence a question is declined: chosen on tests/questions, both sets."""
QUOTED = 3
"""Sentences that an answer quotes at most."""
COMPANION_SHARE = 0.5
"""A further sentence is quoted where its probability is at least this share of the best one's."""


@dataclass(frozen=True, eq=False, slots=True)
class Wording:
    """One wording of a question, with its embedding by the embedded model: shape (384,), of unit length.

    None where another model made the index: what its similarities mean was never fitted.
    """

    question: Question
    vector: Vector | None


def weigh(question: str, language: str, catalog: Catalog) -> Question:
    """The question with the frequency of its terms in the corpus."""
    stems, words = question_terms(question, language)
    return Question(
        text=question,
        language=language,
        words=tuple(words),
        stems=tuple(stems),
        named=tuple(named_words(question, language)),
        frequency=catalog.document_frequency([*stems, *words]),
        passages=catalog.passage_count,
    )


def read(
    asked_as: Sequence[Wording], found: Sequence[Found], catalog: Catalog, words: WordStates
) -> list[Evidence]:
    """Every sentence of the passages as evidence, the most probable first.

    `asked_as` are wordings of the question, the user's first.
    """
    readings = [(asking.question, list(candidates(asking, found, catalog, words))) for asking in asked_as]
    evidence = [
        Evidence(
            candidate.release,
            candidate.passage.start + candidate.start,
            candidate.passage.start + candidate.end,
            float(probability),
        )
        for candidate, probability in zip(readings[0][1], probabilities(readings), strict=True)
    ]
    return sorted(evidence, key=lambda item: (-item.probability, item.release.id, item.start))


def select(evidence: Sequence[Evidence], minimum: float) -> list[Evidence]:
    """The one to three sentences that answer, in order of probability; none below `minimum`."""
    if not evidence or evidence[0].probability < minimum:
        return []
    chosen: list[Evidence] = []
    for item in evidence:
        if len(chosen) == QUOTED or item.probability < max(
            minimum, COMPANION_SHARE * evidence[0].probability
        ):
            break
        if not any(_overlap(item, other) for other in chosen):
            chosen.append(item)
    return chosen


def candidates(
    asking: Wording, found: Sequence[Found], catalog: Catalog, words: WordStates
) -> Iterator[Candidate]:
    """The sentences, list items and whole lists of the passages; contact data only where it is asked for."""
    question, vector = asking.question, asking.vector
    kinds = {"body", "contact"} if CONTACT & asked(question.text) else {"body"}
    kept = [item for item in found if item.passage.kind in kinds]
    stored = catalog.sentence_vectors([item.passage.id for item in kept])
    defined = _definitions(question, catalog)
    asked_words = words.question(question.text)
    content = _content(asked_words.words, question.language)
    offered = [
        (item, release)
        for item in kept
        if (release := catalog.release(item.passage.release_id, item.passage.revision))
    ]
    texts = words.passages([text for item, release in offered for text in (item.passage.text, release.title)])
    for (item, release), read_words, title_words in zip(offered, texts[::2], texts[1::2], strict=True):
        passage = item.passage
        cosines: dict[tuple[int, int], float] = {}
        known = item.similarity if vector is not None else USUAL_SIMILARITY
        if vector is not None and (sentence_vectors := stored.get(passage.id)):
            cosines = dict(
                zip(sentence_vectors.spans, (sentence_vectors.vectors @ vector).tolist(), strict=True)
            )
        places = defined.get(release.id, ())
        around = np.maximum(
            closeness(asked_words, read_words, 0, len(passage.text)),
            closeness(asked_words, title_words, 0, len(release.title)),
        )
        for start, end, unit in _units(passage):
            near = closeness(asked_words, read_words, start, end)
            matched = (np.maximum(near, around) / asked_words.shares)[content]
            yield Candidate(
                release=release,
                passage=passage,
                start=start,
                end=end,
                text=passage.text[start:end],
                lead=passage.text[slice(*unit.lead)] if unit.kind == "item" and unit.lead else "",
                is_heading=unit.kind == "heading" and passage.kind == "body",
                similarity=cosines.get((start, end), known),
                passage_similarity=known,
                closeness=near,
                context_closeness=around,
                weakest=float(matched.min()) if len(matched) else 0.0,
                defines=any(start <= place - passage.start < end for place in places),
            )


def _content(words: Sequence[str], language: str) -> list[int]:
    """The places of the words that carry subject matter."""
    ignored = function_words(language)
    return [place for place, word in enumerate(words) if len(word) > 1 and fold(word) not in ignored]


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


def _overlap(one: Evidence, other: Evidence) -> bool:
    same = one.release.id == other.release.id and one.release.revision == other.release.revision
    return same and one.start < other.end and other.start < one.end
