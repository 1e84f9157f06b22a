"""What a question means and what the index says to it: the passages that are found, and their sentences weighed.

It owns the opened index and the models of one process, and follows an index that another process changes. What is
shown of that is decided elsewhere.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.catalog import FILE, Catalog
from bot.domain import Evidence, Passage, Turn
from bot.e5 import EmbeddedE5
from bot.embeddings import PassageEmbeddings, open_embeddings
from bot.errors import IndexDamagedError, QuestionError
from bot.first_run import is_cut_short
from bot.follow_up import Rewriting, rewritings, told
from bot.items import items, nearest, vector_ids
from bot.language.aliases import Aliases
from bot.language.asked import asked
from bot.language.parts import parts
from bot.language.plain import parted, plain
from bot.language.terms import content_words, language_of, stem
from bot.proof.prove import Prover
from bot.read import Wording, holds, read, weigh
from bot.reader import Reader
from bot.retrieve import Found, retrieve
from bot.rewrite import context, likeliest, told_by
from bot.settings import Settings
from bot.spelling import corrected
from bot.stages import Stage, Stopwatch
from bot.vectors import Vectors

T = TypeVar("T")

EVIDENCE_WEIGHT = 0.2
"""What the probability of a passage's best sentence adds to its score: tests/benchmarks/LOG.md."""

WITH_ALL_TOLD = 0.5
"""How likely it is that what is told beside a question belongs to what is looked for."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What was looked up for a question, all from one generation of the index.

    `question` is the one that stands alone, in `language`; `found` are the passages, those first that fit it best, of
    which the first `read` were read, and `evidence` is every sentence of those, the most probable first. `seconds`
    says how long each stage took in all, `stages` when each ran.
    """

    question: str
    language: str
    found: Sequence[Found]
    read: int
    evidence: Sequence[Evidence]
    seconds: Mapping[str, float] = field(default_factory=dict)
    stages: Sequence[Stage] = ()

    @property
    def ranked(self) -> list[Found]:
        """The passages by how well they fit and how probably their best sentence answers."""
        best: dict[str, float] = {}
        for sentence in self.evidence:
            for item in self.found:
                if holds(item.passage, sentence):
                    best.setdefault(item.passage.id, sentence.probability)
        return sorted(
            self.found, key=lambda item: -item.score - EVIDENCE_WEIGHT * best.get(item.passage.id, 0.0)
        )


@dataclass(frozen=True, slots=True)
class _Asking:
    """What stays the same for every question that one may mean; `reading` is what a chat model says it means.

    `told_by` are the releases that the turns were answered from, where the question leans on them.
    """

    turns: Sequence[Turn]
    context: Sequence[str]
    language: str
    passages: Sequence[Passage] | None
    limit: int
    reading: str | None = None
    told_by: frozenset[str] = frozenset()


def is_empty(settings: Settings) -> bool:
    """Whether nothing was ever ingested into the data folder, or its first run over the corpus was cut short."""
    path = settings.data_dir / FILE
    if not path.exists() or path.stat().st_size == 0:
        return True
    with Catalog.open(path, create=False) as catalog:
        return catalog.generation == 0 or is_cut_short(settings.data_dir)


def open_index(settings: Settings) -> tuple[Catalog, Vectors]:
    """The catalog and the vectors of the data folder, for reading."""
    catalog = Catalog.open(settings.data_dir / FILE, create=False)
    return catalog, Vectors.open(settings.data_dir, settings.chroma_url)


class Index:
    """An opened index in which questions are looked up; threads may share it.

    It remembers so many readings of passages.
    """

    def __init__(self, settings: Settings, remembered: int = 0) -> None:
        self._settings = settings
        self._remembered = remembered
        self.catalog, self._vectors = open_index(settings)
        self.catalog.require(embeddings=self._embeddings.name)
        self._generation = self.catalog.generation
        self._refreshing = threading.Lock()
        self._aliases = Aliases()

    def close(self) -> None:
        """Let go of it."""
        self._vectors.close()
        self.catalog.close()

    def prover(self) -> Prover:
        """What proves sentences by the embedded model and the names that the releases define."""
        return Prover(self._embedded_model, self._known_names(), self._name_share)

    def standalone(self, question: str, turns: Sequence[Turn] = ()) -> str:
        """The question as it is asked of the index: complete without `turns`, the conversation before it."""
        text = self._checked(question)
        asking = _Asking(turns, context(turns), _language(text, turns), None, self._settings.passages)
        return self._from_one_generation(lambda: self._meant(text, asking, Stopwatch())[0])

    def look_up(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        passages: Sequence[Passage] | None = None,
        limit: int | None = None,
        reading: str | None = None,
    ) -> Lookup:
        """What the index says to the question: what `passages` say where they are given, else those it finds.

        `reading` is how a chat model understands the question: one more thing that it may mean. At least `limit`
        passages are looked for, of which no more are read than the settings say. Raises QuestionError for an empty or
        too long question, and the errors of the index and the models.
        """
        text = self._checked(question)
        limit = max(self._settings.passages, limit or 0)
        asking = _Asking(turns, context(turns), _language(text, turns), passages, limit, reading)

        def look() -> Lookup:
            started, watch = time.perf_counter(), Stopwatch()
            with watch.timing("rewrite"):
                standalone, leaning, done = self._meant(text, asking, watch)
            if standalone not in done:
                done[standalone] = self._asked(standalone, leaning, watch)
            taken = {"retrieve": 0.0, "read": 0.0}  # also where they run within "rewrite"
            for stage in watch.stages:
                if stage.name in taken:
                    taken[stage.name] += stage.seconds
            rest = time.perf_counter() - started - sum(taken.values())
            seconds = {"rewrite": rest, **taken}
            return replace(done[standalone], seconds=seconds, stages=tuple(watch.stages))

        return self._from_one_generation(look)

    def _meant(
        self, question: str, asking: _Asking, watch: Stopwatch
    ) -> tuple[str, _Asking, dict[str, Lookup]]:
        """The question that stands alone, how it is asked, and what was looked up to tell, by question."""
        done: dict[str, Lookup] = {}
        whole = plain(question)
        beside, asks = parted(whole)
        turns = [*asking.turns, told(beside, asking.language)] if beside else asking.turns
        ways = rewritings(asks, turns, self._name_share)
        if beside:
            standing = [way for way in ways if not (way.leans and way.text == asks)]
            ways = [*standing, Rewriting(whole, WITH_ALL_TOLD, ways[0].leans)]
        if ways[0].leans:
            asking = replace(asking, told_by=told_by(asking.turns))

        def fit(standalone: str) -> float:
            done[standalone] = self._asked(standalone, asking, watch)
            evidence = done[standalone].evidence
            return evidence[0].probability if evidence else 0.0

        reading = plain(asking.reading) if asking.reading else None
        return likeliest(ways, fit, reading), asking, done

    def _asked(self, standalone: str, asking: _Asking, watch: Stopwatch) -> Lookup:
        with watch.timing("retrieve"):
            spelt = corrected(standalone, asking.language, self.catalog)
            vector = self._embedded(spelt)
            asked_as = self._wordings(spelt, asking, vector)
            if asking.passages is not None:
                found = self._given(asking.passages, vector)
                reads = len(found)
            else:
                found = retrieve(
                    spelt,
                    asking.language,
                    vector,
                    self.catalog,
                    self._vectors,
                    asking.limit,
                    asking.context,
                )
                reads = min(len(found), self._settings.passages)
        with watch.timing("read"):
            evidence, reads = read(asked_as, found[:reads], self.catalog, self._reader)
        return Lookup(standalone, asking.language, found, reads, evidence)

    def _given(self, passages: Sequence[Passage], vector: NDArray[np.float32]) -> list[Found]:
        """Passages that were not searched for as what was found; those that no longer have a vector are left out."""
        collection = self.catalog.collection
        ids = [each for one in passages for each in vector_ids(one.id, len(items(one)))]
        similar = self._vectors.similarities(collection, ids, vector) if collection else {}
        near = nearest(sorted(similar.items(), key=lambda pair: -pair[1]))
        return [
            Found(passage, own.similarity, own.similarity, own.items)
            for passage in passages
            if (own := near.get(passage.id))
        ]

    def _wordings(self, question: str, asking: _Asking, vector: NDArray[np.float32]) -> list[Wording]:
        """The wordings of the question by which passages can be read; `vector` is the question's own embedding."""
        names = self._known_names()
        texts = [question]
        if "expansion" not in asked(question):  # what a short name stands for is asked of that name alone
            texts += names.variants(question)
        whole = len(texts)
        for place, part in enumerate(own := parts(question)):
            before = [told(own[0], asking.language)] if place else []
            alone = rewritings(part, before, self._name_share)[0].text
            texts += [alone, *names.variants(alone)[:1]]
        embedded = isinstance(self._embeddings, EmbeddedE5)
        return [
            Wording(
                weigh(text, asking.language, self.catalog, asking.told_by, is_part=place >= whole),
                (self._embedded(text) if place else vector) if embedded else None,
            )
            for place, text in enumerate(texts)
        ]

    def _known_names(self) -> Aliases:
        """The names that the releases define, made anew when the index has changed."""
        aliases, definitions = self._aliases, self.catalog.definitions()
        if aliases.definitions is not definitions:
            self._aliases = aliases = Aliases(definitions)
        return aliases

    def _embedded(self, text: str) -> NDArray[np.float32]:
        return np.asarray(self._embeddings.embed_query(text), np.float32)

    def _from_one_generation(self, look: Callable[[], T]) -> T:
        """What `look` gives, all from one generation of the index, the newest."""
        generation = self._follow()
        try:
            with self.catalog.snapshot():
                return look()
        except IndexDamagedError:
            if self._follow() == generation:
                raise  # else the collection was replaced while we looked: look again
        with self.catalog.snapshot():
            return look()

    def _follow(self) -> int:
        """See what another process ingested since the last question; returns the index's generation."""
        with self._refreshing:
            generation = self.catalog.generation
            if generation != self._generation:
                self.catalog.require(embeddings=self._embeddings.name)
                self._vectors.reopen()
                self._generation = generation
            return generation

    def _checked(self, question: str) -> str:
        text = question.strip()
        if not text:
            raise QuestionError("The question is empty: write what you want to know.")
        limit = self._settings.question_characters
        if len(text) > limit:
            raise QuestionError(
                f"The question has {len(text):,} characters; at most {limit:,} are read. Shorten it, or raise "
                "COMMUNIQUE_QUESTION_CHARACTERS."
            )
        return text

    def _name_share(self, word: str) -> float | None:
        """Of the passages that hold a word, the share that write it as a name; None where none do."""
        folded = [folded for _, folded in content_words(word, "")]
        stems = [stem(each, language) for language in ("en", "fr") for each in folded]
        frequency = self.catalog.document_frequency([*stems, *folded])
        held = sum(frequency[term] for term in stems)
        return min(1.0, sum(frequency[term] for term in folded) / held) if held else None

    @cached_property
    def _embeddings(self) -> PassageEmbeddings:
        key = self._settings.openai_api_key
        return open_embeddings(
            self._settings.embeddings,
            self._settings.data_dir / "models",
            api_key=key.get_secret_value() if key else None,
            base_url=self._settings.openai_base_url,
        )

    @cached_property
    def _reader(self) -> Reader:
        """It takes in the tokens of the embedded model."""
        return Reader(self._embedded_model, self._remembered)

    @cached_property
    def _embedded_model(self) -> EmbeddedE5:
        """The embedded model, whatever model made the index."""
        embeddings = self._embeddings
        if isinstance(embeddings, EmbeddedE5):
            return embeddings
        return EmbeddedE5(self._settings.data_dir / "models")


def _language(question: str, turns: Sequence[Turn]) -> str:
    return language_of(question, turns[-1].answer.language if turns else "en")
