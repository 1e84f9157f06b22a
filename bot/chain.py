"""Bot: a question and the turns before it in, a proven answer out; the verbs in order, whole or streamed.

It owns the opened index and models of one process, and follows an index that another process changes.
"""

import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from langchain_core.runnables import Runnable, RunnableConfig
from numpy.typing import NDArray

from bot.aliases import variants
from bot.asked import asked
from bot.catalog import FILE, Catalog
from bot.closeness import WordStates
from bot.domain import Answer, Citation, Closest, Evidence, Turn
from bot.e5 import EmbeddedE5
from bot.embeddings import PassageEmbeddings, open_embeddings
from bot.errors import ChatModelError, IndexDamagedError, QuestionError
from bot.prompts import decline
from bot.read import MINIMUM_PROBABILITY, Wording, read, select, weigh
from bot.retrieve import Found, retrieve
from bot.retriever import ReleaseRetriever
from bot.rewrite import plain, rewrite
from bot.sentences import sentences
from bot.settings import Settings
from bot.terms import language_of, question_terms
from bot.vectors import Vectors
from bot.verify import cite, quoted

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

T = TypeVar("T")


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
            _, _, ranked = self._found(question, (), language_of(question, "en"))
            return next(iter(select(ranked, self.minimum_probability)), None)

        return starters(self.catalog, language, limit, answer)

    def as_retriever(self) -> ReleaseRetriever:
        """The bot's retrieval alone, as a LangChain retriever of passages; it ends with `close`."""

        def find(question: str) -> list[Found]:
            text = self._checked(question)
            return self._looked_up(lambda: self._retrieved(text, language_of(text, "en"))[0])

        return ReleaseRetriever(catalog=self.catalog, find=find)

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
        text = self._checked(question)
        language = language_of(text, turns[-1].answer.language if turns else "en")
        standalone, found, ranked = self._found(text, turns, language)
        evidence = select(ranked, self.minimum_probability)
        text, citations, notice = "", tuple[Citation, ...](), None
        if evidence and self.settings.reads:
            text, citations = quoted(evidence)
            yield text
        elif evidence:
            text, citations, notice = yield from self._written(standalone, language, evidence, turns)
        closest = None if citations else _closest(found, self.catalog)
        if not citations:
            text = decline(language, closest)
            yield text
        yield Answer(
            id=uuid.uuid4().hex,
            question=question,
            standalone_question=standalone,
            text=text,
            declined=not citations,
            language=language,
            mode=self.mode,
            citations=citations,
            seconds=time.perf_counter() - started,
            probability=ranked[0].probability if ranked else 0.0,
            closest=closest,
            notice=notice,
        )

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

    def _found(
        self, question: str, turns: Sequence[Turn], language: str
    ) -> tuple[str, list[Found], list[Evidence]]:
        """The stand-alone question, the passages it finds and the evidence in them, from one generation."""

        def look() -> tuple[str, list[Found], list[Evidence]]:
            standalone = rewrite(plain(question), turns, self._is_name)
            found, asked_as = self._retrieved(standalone, language)
            return standalone, found, read(asked_as, found, self.catalog, self._words)

        return self._looked_up(look)

    def _retrieved(self, question: str, language: str) -> tuple[list[Found], list[Wording]]:
        """The passages found, and the wordings of the question by which they can be read."""
        wordings = [question]
        if "expansion" not in asked(question):  # what a short name stands for is asked of that name alone
            wordings += variants(question, self.catalog.definitions())
        embedded = isinstance(self._embeddings, EmbeddedE5)
        vectors = [self._embedded(text) for text in (wordings if embedded else [question])]
        asked_as = [
            Wording(weigh(text, language, self.catalog), vectors[place] if embedded else None)
            for place, text in enumerate(wordings)
        ]
        limit = self.settings.passages
        return retrieve(question, language, vectors[0], self.catalog, self._vectors, limit), asked_as

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

    def _is_name(self, word: str) -> bool:
        _, folded = question_terms(word, "")
        return any(self.catalog.document_frequency(folded).values())

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
