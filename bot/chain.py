"""Bot: a question and the turns before it in, a proven answer out; the verbs in order, whole or streamed.

It owns the opened index and models of one process, and follows an index that another process changes.
"""

import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from langchain_core.runnables import Runnable, RunnableConfig
from numpy.typing import NDArray

from bot.aliases import variants
from bot.asked import asked
from bot.catalog import FILE, Catalog
from bot.closeness import WordStates
from bot.domain import Answer, Citation, Closest, Evidence, Passage, Turn
from bot.e5 import EmbeddedE5
from bot.embeddings import PassageEmbeddings, open_embeddings
from bot.errors import ChatModelError, IndexDamagedError, QuestionError
from bot.plain import plain
from bot.prompts import decline
from bot.read import MINIMUM_PROBABILITY, Wording, read, select, weigh
from bot.retrieve import Found, retrieve
from bot.retriever import ReleaseRetriever
from bot.rewrite import context, rewrite
from bot.sentences import sentences
from bot.settings import Settings
from bot.terms import content_words, language_of, stem
from bot.vectors import Vectors
from bot.verify import cite, quoted

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

T = TypeVar("T")

EVIDENCE_WEIGHT = 0.2
"""What the probability of a passage's best sentence adds to its score: tests/benchmarks/LOG.md."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What was looked up for a question, all from one generation of the index.

    `question` is the one that stands alone, `found` the passages, those first that fit it best, and `evidence` every
    sentence of those that were read, the most probable first.
    """

    question: str
    found: Sequence[Found]
    evidence: Sequence[Evidence]

    @property
    def ranked(self) -> list[Found]:
        """The passages by how well they fit and how probably their best sentence answers."""
        best: dict[str, float] = {}
        for sentence in self.evidence:
            for item in self.found:
                if _holds(item.passage, sentence):
                    best.setdefault(item.passage.id, sentence.probability)
        return sorted(
            self.found, key=lambda item: -item.score - EVIDENCE_WEIGHT * best.get(item.passage.id, 0.0)
        )


def is_empty(settings: Settings) -> bool:
    """Whether nothing was ever ingested into the data folder."""
    path = settings.data_dir / FILE
    if not path.exists() or path.stat().st_size == 0:
        return True
    with Catalog.open(path, create=False) as catalog:
        return catalog.generation == 0


def open_index(settings: Settings) -> tuple[Catalog, Vectors]:
    """The catalog and the vectors of the data folder, for reading."""
    catalog = Catalog.open(settings.data_dir / FILE, create=False)
    return catalog, Vectors.open(settings.data_dir, settings.chroma_url)


class Bot(Runnable[Any, Answer]):
    """Answers questions over one index; threads may share it.

    As a LangChain Runnable it takes a question, or a dict with `question` and `turns`; its stream gives the
    answer's text in pieces (str) and the `Answer` last.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.catalog, self._vectors = open_index(settings)
        self.catalog.require(embeddings=self._embeddings.name)
        self._generation = self.catalog.generation
        self._refreshing = threading.Lock()

    @property
    def mode(self) -> str:
        """`reading`, or the chat model that writes the answers."""
        return self.settings.mode

    def starters(self, language: str = "en", limit: int = 4) -> list[str]:
        """Up to `limit` questions about the corpus that it answers, for an empty conversation."""
        from bot.starters import starters

        def answer(question: str) -> Evidence | None:
            return next(iter(select(self.read(question).evidence, self.minimum_probability)), None)

        return starters(self.catalog, language, limit, answer)

    def as_retriever(self) -> ReleaseRetriever:
        """The bot's retrieval alone, as a LangChain retriever of passages; it ends with `close`."""
        return ReleaseRetriever(catalog=self.catalog, find=self.search)

    def close(self) -> None:
        """Let go of the index."""
        self._vectors.close()
        self.catalog.close()

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer:
        """The answer, with `turns` as the conversation before it, oldest first.

        Raises QuestionError for an empty or too long question, and the errors of the index and the models.
        """
        for part in self.ask_stream(question, turns):
            if isinstance(part, Answer):
                return part
        raise AssertionError("a stream ends in its answer")

    def ask_stream(self, question: str, turns: Sequence[Turn] = ()) -> Iterator[str | Answer]:
        """The answer's text in pieces as it is written, and last the answer itself."""
        started = time.perf_counter()
        language = _language(self._checked(question), turns)
        reading = self.read(question, turns)
        evidence = select(reading.evidence, self.minimum_probability)
        text, citations, notice = "", tuple[Citation, ...](), None
        if evidence and self.settings.reads:
            text, citations = quoted(evidence)
            yield text
        elif evidence:
            text, citations, notice = yield from self._written(reading.question, language, evidence, turns)
        closest = None if citations else _closest(reading.found, self.catalog)
        if not citations:
            text = decline(language, closest)
            yield text
        yield Answer(
            id=uuid.uuid4().hex,
            question=question,
            standalone_question=reading.question,
            text=text,
            declined=not citations,
            language=language,
            mode=self.mode,
            citations=citations,
            seconds=time.perf_counter() - started,
            probability=reading.evidence[0].probability if reading.evidence else 0.0,
            closest=closest,
            notice=notice,
        )

    def standalone(self, question: str, turns: Sequence[Turn] = ()) -> str:
        """The question as it is asked of the index: complete without `turns`, the conversation before it."""
        text = self._checked(question)
        lookup = partial(self._lookup, turns=turns, language=_language(text, turns))
        return self._looked_up(lambda: self._meant(text, turns, lookup)[0])

    def search(self, question: str, turns: Sequence[Turn] = (), limit: int | None = None) -> list[Found]:
        """The passages that may answer the question, the best first: `limit` of them, or as many as are read."""
        limit = self.settings.passages if limit is None else limit
        return self._read(question, turns, None, limit).ranked[:limit]

    def read(
        self, question: str, turns: Sequence[Turn] = (), passages: Sequence[Passage] | None = None
    ) -> Lookup:
        """What the passages that are found say to the question; what `passages` say where they are given."""
        return self._read(question, turns, passages, self.settings.passages)

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """LangChain's name for `ask`."""
        return self._call_with_config(lambda given: self.ask(*_question_and_turns(given)), input, config)

    def stream(  # type: ignore[override]
        self, input: Any, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[str | Answer]:
        """LangChain's name for `ask_stream`."""
        return self.ask_stream(*_question_and_turns(input))

    @property
    def minimum_probability(self) -> float:
        """Below it a question is declined."""
        given = self.settings.minimum_probability
        return MINIMUM_PROBABILITY if given is None else given

    def _read(
        self, question: str, turns: Sequence[Turn], passages: Sequence[Passage] | None, limit: int
    ) -> Lookup:
        """As `read`; at least `limit` passages are looked for, of which no more are read than the settings say."""
        text = self._checked(question)
        lookup = partial(
            self._lookup, turns=turns, language=_language(text, turns), passages=passages, limit=limit
        )

        def look() -> Lookup:
            standalone, done = self._meant(text, turns, lookup)
            return done.get(standalone) or lookup(standalone)

        return self._looked_up(look)

    def _meant(
        self, question: str, turns: Sequence[Turn], lookup: Callable[[str], Lookup]
    ) -> tuple[str, dict[str, Lookup]]:
        """The question that stands alone, and what was looked up to tell what it means, by question."""
        done: dict[str, Lookup] = {}

        def fit(standalone: str) -> float:
            done[standalone] = lookup(standalone)
            evidence = done[standalone].evidence
            return evidence[0].probability if evidence else 0.0

        return rewrite(plain(question), turns, self._name_share, fit), done

    def _lookup(
        self,
        standalone: str,
        turns: Sequence[Turn],
        language: str,
        passages: Sequence[Passage] | None = None,
        limit: int = 0,
    ) -> Lookup:
        vector = self._embedded(standalone)
        asked_as = self._wordings(standalone, language, vector)
        reads = self.settings.passages
        if passages is not None:
            found = self._given(passages, vector)
            return Lookup(standalone, found, read(asked_as, found, self.catalog, self._words))
        found = retrieve(
            standalone, language, vector, self.catalog, self._vectors, max(reads, limit), context(turns)
        )
        return Lookup(standalone, found, read(asked_as, found[:reads], self.catalog, self._words))

    def _given(self, passages: Sequence[Passage], vector: NDArray[np.float32]) -> list[Found]:
        """Passages that were not searched for as what was found; those that no longer have a vector are left out."""
        collection = self.catalog.collection
        ids = [passage.id for passage in passages]
        similar = self._vectors.similarities(collection, ids, vector) if collection else {}
        return [
            Found(passage, similar[passage.id], similar[passage.id])
            for passage in passages
            if passage.id in similar
        ]

    def _wordings(self, question: str, language: str, vector: NDArray[np.float32]) -> list[Wording]:
        """The wordings of the question by which passages can be read; `vector` is the question's own embedding."""
        embedded = isinstance(self._embeddings, EmbeddedE5)
        asked_as = [Wording(weigh(question, language, self.catalog), vector if embedded else None)]
        if "expansion" not in asked(question):  # what a short name stands for is asked of that name alone
            asked_as += [
                Wording(weigh(text, language, self.catalog), self._embedded(text) if embedded else None)
                for text in variants(question, self.catalog.definitions())
            ]
        return asked_as

    def _embedded(self, text: str) -> NDArray[np.float32]:
        return np.asarray(self._embeddings.embed_query(text), np.float32)

    def _looked_up(self, look: Callable[[], T]) -> T:
        """What `look` gives, all from one generation of the index, the newest."""
        generation = self._follow_index()
        try:
            with self.catalog.snapshot():
                return look()
        except IndexDamagedError:
            if self._follow_index() == generation:
                raise  # else the collection was replaced while we looked: look again
        with self.catalog.snapshot():
            return look()

    def _written(
        self, question: str, language: str, evidence: Sequence[Evidence], turns: Sequence[Turn]
    ) -> Generator[str, None, tuple[str, tuple[Citation, ...], str | None]]:
        """Streams the chat model's prose, each sentence once it is proven; the quotes where the model fails.

        Returns the text, its citations, and a notice where the quotes had to stand in.
        """
        from bot.generate import generate

        written = shown = ""
        try:
            seconds = self.settings.chat_seconds
            for piece in generate(
                question, language, evidence, self._chat_model, date.today(), turns, seconds=seconds
            ):
                written += piece
                proven, _ = cite(_whole_sentences(written), evidence)
                if len(proven) > len(shown) and proven.startswith(shown):
                    yield proven[len(shown) :]
                    shown = proven
            text, citations = cite(written, evidence)
            if len(text) > len(shown) and text.startswith(shown):
                yield text[len(shown) :]
            return text, citations, None
        except ChatModelError as error:
            return *quoted(evidence), str(error)

    def _checked(self, question: str) -> str:
        text = question.strip()
        if not text:
            raise QuestionError("The question is empty: write what you want to know.")
        limit = self.settings.question_characters
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

    def _follow_index(self) -> int:
        """See what another process ingested since the last question; returns the index's generation."""
        with self._refreshing:
            generation = self.catalog.generation
            if generation != self._generation:
                self.catalog.require(embeddings=self._embeddings.name)
                self._vectors.reopen()
                self._generation = generation
            return generation

    @cached_property
    def _embeddings(self) -> PassageEmbeddings:
        key = self.settings.openai_api_key
        return open_embeddings(
            self.settings.embeddings,
            self.settings.data_dir / "models",
            api_key=key.get_secret_value() if key else None,
            base_url=self.settings.openai_base_url,
        )

    @cached_property
    def _words(self) -> WordStates:
        """Read by the embedded model, whatever model made the index: only it gives the states of words."""
        embeddings = self._embeddings
        if not isinstance(embeddings, EmbeddedE5):
            embeddings = EmbeddedE5(self.settings.data_dir / "models")
        return WordStates(embeddings)

    @cached_property
    def _chat_model(self) -> "BaseChatModel":
        from bot.generate import open_chat_model

        key = self.settings.openai_api_key
        return open_chat_model(
            self.mode,
            api_key=key.get_secret_value() if key else None,
            base_url=self.settings.openai_base_url,
            seconds=self.settings.chat_seconds,
        )


def _language(question: str, turns: Sequence[Turn]) -> str:
    return language_of(question, turns[-1].answer.language if turns else "en")


def _holds(passage: Passage, sentence: Evidence) -> bool:
    release = sentence.release
    own = (passage.release_id, passage.revision) == (release.id, release.revision)
    return own and passage.start <= sentence.start < passage.end


def _closest(found: Sequence[Found], catalog: Catalog) -> Closest | None:
    for item in found:
        release = catalog.release(item.passage.release_id)
        if release is not None:
            return Closest(release.id, release.title, release.date)
    return None


def _whole_sentences(text: str) -> str:
    """What was written up to the last sentence, which may still grow."""
    units = sentences(text)
    return text[: units[-1].start] if len(units) > 1 else ""


def _question_and_turns(given: Any) -> tuple[str, Sequence[Turn]]:
    if isinstance(given, str):
        return given, ()
    try:
        return given["question"], tuple(given.get("turns", ()))
    except (TypeError, KeyError, AttributeError):
        raise QuestionError("Give the bot a question, or a dict with `question` and `turns`.") from None
