"""Bot: a question and the turns before it in, a proven answer out; the verbs in order, whole or streamed."""

import threading
import time
import uuid
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from langchain_core.runnables import Runnable, RunnableConfig

from bot.catalog import Catalog
from bot.domain import Answer, Citation, Closest, Evidence, Passage, Turn
from bot.errors import ChatModelError, CommuniqueError, QuestionError
from bot.language.sentences import sentences
from bot.lookup import Index, Lookup
from bot.prompts import decline
from bot.retrieve import Found
from bot.retriever import ReleaseRetriever
from bot.select import MINIMUM_PROBABILITY, Selection, select
from bot.settings import Settings
from bot.stages import Stage, Stopwatch
from bot.verify import quoted

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from bot.model.usage import Meter
    from bot.proof.prove import Prover
    from bot.writing import Written

RESTATED_SHARE = 4
"""One part in so many of the time of an answer may go into understanding a follow-up."""


@dataclass(frozen=True, slots=True)
class Account:
    """An answer and how it came about: what was looked up, what was chosen of that, what the chat model wrote.

    `seconds` says how long each stage took in all, `stages` when each ran. `written` is None where no chat model was
    asked; where one was, it may have `failed`, and `removed` of its sentences were not proven.
    """

    answer: Answer
    lookup: Lookup
    chosen: Selection
    written: str | None
    seconds: dict[str, float]
    stages: tuple[Stage, ...] = ()
    failed: bool = False
    removed: int = 0


class Watcher(Protocol):
    """Is told how each question ended, in the thread that asked it."""

    def answered(self, account: Account) -> None:
        """There is an answer, if only a decline."""

    def failed(self, error: CommuniqueError) -> None:
        """There is none."""


class Bot(Runnable[Any, Answer]):
    """Answers questions over one index; threads may share it.

    As a LangChain Runnable it takes a question, or a dict with `question` and `turns`; its stream gives the
    answer's text in pieces (str) and the `Answer` last. Its `watchers` are told of every answer. What it read of
    passages it remembers, `remembered` readings of it: the same answers, sooner.
    """

    def __init__(self, settings: Settings, watchers: Sequence[Watcher] = (), remembered: int = 0) -> None:
        self.settings = settings
        self._watchers = watchers
        self._listening = threading.Lock()
        self.listeners = 0
        """Answers that are being made while somebody listens."""
        self._index = Index(settings, remembered)

    @property
    def catalog(self) -> Catalog:
        """What is stored."""
        return self._index.catalog

    @property
    def mode(self) -> str:
        """`reading`, or the chat model that writes the answers."""
        return self.settings.mode

    def minimum_probability(self, language: str) -> float:
        """Below it a question in that language is declined."""
        given = self.settings.minimum_probability
        if isinstance(given, dict):
            given = given.get(language)
        return MINIMUM_PROBABILITY if given is None else given

    def starters(self, language: str = "en", limit: int = 4) -> list[str]:
        """Up to `limit` questions about the corpus that it answers, for an empty conversation."""
        from bot.starters import starters

        def answer(question: str) -> Evidence | None:
            chosen = select(question, self.read(question).evidence, self.minimum_probability(language))
            return next(iter(chosen.evidence), None)

        return starters(self.catalog, language, limit, answer)

    def as_retriever(self) -> ReleaseRetriever:
        """The bot's retrieval alone, as a LangChain retriever of passages; it ends with `close`."""
        return ReleaseRetriever(catalog=self.catalog, find=self.search)

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer:
        """The answer, with `turns` as the conversation before it, oldest first.

        Raises QuestionError for an empty or too long question, and the errors of the index and the models.
        """
        return self.account(question, turns).answer

    def ask_stream(self, question: str, turns: Sequence[Turn] = ()) -> Generator[str | Answer, None, None]:
        """The answer's text in pieces as it is written, and last the answer itself."""
        with self._listening:
            self.listeners += 1
        try:
            account = yield from self._answering(question, turns, shown=True)
        finally:
            with self._listening:
                self.listeners -= 1
        yield account.answer

    def account(self, question: str, turns: Sequence[Turn] = ()) -> Account:
        """As `ask`, with how the answer came about."""
        answering = self._answering(question, turns, shown=False)
        while True:
            try:
                next(answering)
            except StopIteration as ended:
                account: Account = ended.value
                return account

    def standalone(self, question: str, turns: Sequence[Turn] = ()) -> str:
        """The question as it is asked of the index: complete without `turns`, the conversation before it."""
        return self._index.standalone(question, turns)

    def search(self, question: str, turns: Sequence[Turn] = (), limit: int | None = None) -> list[Found]:
        """The passages that may answer the question, the best first: `limit` of them, or as many as are read."""
        limit = self.settings.passages if limit is None else limit
        return self._index.look_up(question, turns, limit=limit).ranked[:limit]

    def read(
        self, question: str, turns: Sequence[Turn] = (), passages: Sequence[Passage] | None = None
    ) -> Lookup:
        """What the passages that are found say to the question; what `passages` say where they are given."""
        return self._index.look_up(question, turns, passages)

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """LangChain's name for `ask`."""
        return self._call_with_config(lambda given: self.ask(*_question_and_turns(given)), input, config)

    def stream(  # type: ignore[override]
        self, input: Any, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[str | Answer]:
        """LangChain's name for `ask_stream`."""
        return self.ask_stream(*_question_and_turns(input))

    def _answering(self, question: str, turns: Sequence[Turn], shown: bool) -> Generator[str, None, Account]:
        """Streams the answer's text; returns the account of it, after who watches was told.

        Pieces that are not `shown` may be taken back.
        """
        try:
            account = yield from self._accounted(question, turns, shown)
        except CommuniqueError as error:
            for watcher in self._watchers:
                watcher.failed(error)
            raise
        for watcher in self._watchers:
            watcher.answered(account)
        return account

    def _accounted(self, question: str, turns: Sequence[Turn], shown: bool) -> Generator[str, None, Account]:
        from bot.model.usage import Meter

        started = time.perf_counter()
        settings = self.settings
        meter = Meter(self.mode, base_url=settings.openai_base_url, prices=settings.chat_prices)
        reading = self._restated(question, turns, meter)
        lookup = self._index.look_up(question, turns, reading=reading)
        chosen = select(lookup.question, lookup.evidence, self.minimum_probability(lookup.language))
        looked_up = time.perf_counter()
        text, citations, prose, watch = "", tuple[Citation, ...](), None, Stopwatch()
        if chosen.evidence and settings.reads:
            with watch.timing("verify"):
                text, citations = _quoted(chosen, lookup.language)
            yield text
        elif chosen.evidence:
            with watch.timing("generate"):
                # What stands alone reaches the model as it was asked, with what was told beside it.
                asked = lookup.question if turns else question
                prose = yield from self._written(asked, lookup, chosen, turns, shown, meter)
            text, citations = prose.text, prose.citations
        closest = None if citations else _closest(lookup.found, self.catalog)
        if not citations:
            text = decline(lookup.language, closest)
            yield text
        ended = time.perf_counter()
        answer = Answer(
            id=uuid.uuid4().hex,
            question=question,
            standalone_question=lookup.question,
            text=text,
            declined=not citations,
            language=lookup.language,
            mode=self.mode,
            citations=citations,
            seconds=ended - started,
            probability=lookup.evidence[0].probability if lookup.evidence else 0.0,
            closest=closest,
            notice=prose.notice if prose else None,
            usage=meter.usage if meter.usage.calls else None,
        )
        seconds = {**lookup.seconds, "write": ended - looked_up}
        return Account(
            answer=answer,
            lookup=lookup,
            chosen=chosen,
            written=prose.raw if prose else None,
            seconds=seconds,
            stages=(*lookup.stages, *watch.stages, *(prose.proving if prose else ())),
            failed=prose is not None and prose.failed,
            removed=prose.removed if prose else 0,
        )

    def _written(
        self,
        question: str,
        lookup: Lookup,
        chosen: Selection,
        turns: Sequence[Turn],
        shown: bool,
        meter: "Meter",
    ) -> Generator[str, None, "Written"]:
        """Streams the chat model's prose, each sentence once it is proven, and returns it.

        Where the model fails the quotes stand in; quotes in another language get a translation.
        """
        from bot.confirm import Confirming
        from bot.translate import translated
        from bot.writing import unwritten, write

        settings = self.settings
        ends = time.monotonic() + settings.chat_seconds
        try:
            model = self._chat_model
        except ChatModelError as error:
            written = unwritten(chosen, lookup.language, error)
            yield written.text
            return written
        prover = self._index.prover()
        written = yield from write(
            question,
            lookup.language,
            chosen,
            model,
            Confirming(prover, model, ends, meter) if settings.chat_proof else prover,
            date.today(),
            turns,
            seconds=settings.chat_seconds,
            tokens=settings.chat_evidence_tokens,
            meter=meter,
            shown=shown,
        )
        left = ends - time.monotonic()
        if settings.translate_quotes and written.citations and not written.failed and left > 0:
            citations = translated(written.citations, lookup.language, model, left, meter)
            written = replace(
                written,
                citations=tuple(self._with_proven(each, lookup.language, prover) for each in citations),
            )
        return written

    def _with_proven(self, citation: Citation, language: str, prover: "Prover") -> Citation:
        """The citation, without its translation where that says what the quote does not."""
        release = self.catalog.release(citation.release_id, citation.revision)
        if citation.translation is None or release is None:
            return replace(citation, translation=None)
        quote = Evidence(release, citation.start, citation.end, 1.0)
        text = citation.translation
        said = [text[unit.start : unit.end] for unit in sentences(text)]
        proven = all(prover.prove(sentence, language, [quote]).fault is None for sentence in said)
        return citation if proven else replace(citation, translation=None)

    def _restated(self, question: str, turns: Sequence[Turn], meter: "Meter") -> str | None:
        """The question as the chat model understands it after `turns`; None without one."""
        if self.settings.reads or not turns:
            return None
        from bot.restate import restate

        try:
            seconds = self.settings.chat_seconds / RESTATED_SHARE
            return restate(question, turns, self._chat_model, seconds, meter)
        except ChatModelError:
            return None  # what writes the answer says why

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


def _quoted(chosen: Selection, language: str) -> tuple[str, tuple[Citation, ...]]:
    """The sentences themselves; where their figures differ, each with the day of its release."""
    return quoted(chosen.evidence, language if chosen.differ else None)


def _question_and_turns(given: Any) -> tuple[str, Sequence[Turn]]:
    if isinstance(given, str):
        return given, ()
    try:
        return given["question"], tuple(given.get("turns", ()))
    except (TypeError, KeyError, AttributeError):
        raise QuestionError("Give the bot a question, or a dict with `question` and `turns`.") from None
