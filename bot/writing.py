"""An answer in prose: a chat model writes it from the evidence, and each sentence is shown once it is proven.

It knows how a sentence that fails is repaired and what stands in where prose fails; what proves one is for `bot.proof`
to say.
"""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.claims import gap, whole
from bot.domain import Citation, Evidence, Turn
from bot.errors import ChatModelError
from bot.generate import generate, prompt, repair
from bot.model.budget import within
from bot.model.chat_model import too_slow
from bot.model.usage import Meter
from bot.prompts import told, visible
from bot.proof.part import Part, is_in, prove_part
from bot.proof.prove import Proves
from bot.select import Selection
from bot.stages import Stage, Stopwatch
from bot.verify import quoted

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

REPAIRS = 3
"""Calls in which the model writes a part of one answer again, at most: each part once."""
REPAIR_SECONDS = 20.0
"""What the reader may wait for one of them."""
_LONGEST_PART = 4000
"""Characters without the end of a sentence after which the model is not listened to any longer."""
_GROWTH = 1.02
"""Text without an end of a sentence is looked through again once it has grown so much: at first with every word."""
_PIECE = 40
"""Characters taken in at a time, so that what is sent all at once is proven and shown sentence by sentence, too."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is shown of an answer in prose; `raw` is all that the model wrote, repairs included.

    No text where the model says that the evidence does not answer. `notice` says in the language of the answer what
    was left out, or why quotes stand in; the model `failed` where it could not be called or did not end. `removed`
    counts the sentences that were not proven, also after a repair; `proving` says when sentences were.
    """

    text: str
    citations: tuple[Citation, ...]
    raw: str
    notice: str | None = None
    failed: bool = False
    removed: int = 0
    proving: tuple[Stage, ...] = ()


def unwritten(chosen: Selection, language: str, failure: ChatModelError) -> Written:
    """The quotes, where there is no chat model to write anything."""
    text, citations = quoted(chosen.evidence, language if chosen.differ else None)
    return Written(text, citations, "", _failed("failed", language, failure), failed=True)


def write(
    question: str,
    language: str,
    chosen: Selection,
    model: "BaseChatModel",
    prover: Proves,
    today: date,
    turns: Sequence[Turn] = (),
    *,
    seconds: float = 60,
    tokens: int | None = None,
    meter: Meter | None = None,
    shown: bool = True,
) -> Generator[str, None, Written]:
    """Streams the proven prose, sentence by sentence; the pieces joined are the text of what it returns.

    What was streamed stays, whatever happens then: where the model fails, the quotes follow it. Where the pieces are
    not `shown` to anyone, the quotes stand alone instead. All calls together take `seconds` at most. The model sees
    evidence of `tokens` at most, the most probable.
    """
    deadline = time.monotonic() + seconds
    evidence = chosen.evidence if tokens is None else within(chosen.evidence, tokens)
    messages = prompt(question, language, evidence, today, turns)

    def mend(part: str, reason: str) -> str:
        left = min(REPAIR_SECONDS, deadline - time.monotonic())
        if left <= 0:
            return ""
        try:
            mended = visible(repair(messages, part, reason, language, model, seconds=left, meter=meter))
            return mended if len(mended) <= _LONGEST_PART else ""
        except ChatModelError:
            return ""  # what is proven without it is shown

    page = _Page(question, language, chosen, evidence, prover, mend)
    failure: ChatModelError | None = None
    waiting = ""
    try:
        pieces = generate(question, language, evidence, model, today, turns, seconds=seconds, meter=meter)
        with closing(page.heard(pieces)) as heard:
            looked_at = 0
            for piece in heard:
                if time.monotonic() > deadline:  # pieces may come faster than they are proven
                    raise too_slow(model)
                waiting += piece
                if len(waiting) < looked_at * _GROWTH:
                    continue
                while (end := whole(waiting)) and not page.is_foreign(waiting[:end]):
                    yield from page.show(waiting[:end])
                    waiting = waiting[end:]
                looked_at = len(waiting)
                if looked_at > _LONGEST_PART:
                    break
        yield from page.show_last(waiting)
    except ChatModelError as error:
        failure = error
    return (yield from page.ended(failure, shown))


class _Page:
    """An answer while it is written: what is shown of it so far, and what was left out.

    `evidence` is what of the chosen the model was given. `mend` gives what it writes instead of a part with a fault:
    nothing where it cannot.
    """

    def __init__(
        self,
        question: str,
        language: str,
        chosen: Selection,
        evidence: Sequence[Evidence],
        prover: Proves,
        mend: Callable[[str, str], str],
    ) -> None:
        self._question, self._language = question, language
        self._chosen, self._evidence, self._prover = chosen, evidence, prover
        self._mend = mend
        self._raw = self._text = self._between = self._uncited = ""
        self._citations: tuple[Citation, ...] = ()
        self._said: frozenset[str] = frozenset()
        self._repairs = REPAIRS
        self._removed = 0
        self._foreign = self._declines = False
        self._watch = Stopwatch()

    def heard(self, pieces: Generator[str, None, bool]) -> Generator[str, None, None]:
        """What is visible of the pieces that the model writes."""
        with closing(pieces):
            while True:
                try:
                    seen = visible(next(pieces))
                except StopIteration as ended:
                    self._declines = bool(ended.value)
                    return
                self._raw += seen
                yield from (seen[start : start + _PIECE] for start in range(0, len(seen), _PIECE))

    def is_foreign(self, part: str) -> bool:
        """Whether a part with which the answer begins is in another language than it should be."""
        return not self._text and not is_in(part, self._language)

    def show(self, part: str) -> Generator[str, None, None]:
        """Streams what is proven of a part, after one repair where something is not."""
        proof, source = self._proven(part), part
        if proof.faults and (mended := self._mended(part, " ".join(proof.faults))):
            again = self._proven(mended)
            if again.text and again.is_whole and len(again.said) <= len(proof.said) + len(proof.faults):
                proof, source = again, mended
        self._removed += len(proof.faults) + proof.uncited
        if not proof.text:
            self._between += part
            self._uncited += part if proof.uncited else ""
            return
        if self._chosen.differ and not self._text:
            text, citations = quoted(self._chosen.evidence[:1], self._language)
            if not _places(citations) <= _places(proof.citations):
                yield from self._put(text, citations, "")
                self._between = "\n\n"
                proof = self._proven(source)
        yield from self._put(proof.text, proof.citations, gap(self._between) if self._text else "")
        self._said |= set(proof.said)
        self._between = part[len(part.rstrip()) :]

    def show_last(self, part: str) -> Generator[str, None, None]:
        """Streams the end; where nothing could be shown, after a repair of the whole: its language, or its marks."""
        if self.is_foreign(part):
            mended = self._mended(part, f"It is not in the language asked for ({self._language}).")
            self._foreign = not mended or self.is_foreign(mended)
            part = "" if self._foreign else mended
        yield from self.show(part)
        if not self._text and self._uncited:
            yield from self.show(self._mended(self._uncited, "It does not name the evidence it rests on."))

    def ended(self, failure: ChatModelError | None, shown: bool) -> Generator[str, None, Written]:
        """The page in the end: quotes stand in for prose that failed, and give the figures that it left out."""
        notice = None
        if failure:
            if not shown:
                self._text, self._citations = "", ()
            notice = _failed("broken_off" if self._text else "failed", self._language, failure)
            yield from self._quote(self._chosen.evidence)
        elif self._text:
            notice = told("left_out", self._language) if self._removed else None
            if self._chosen.differ:
                given = _places(self._citations)
                yield from self._quote(
                    [
                        item
                        for item in self._chosen.evidence
                        if (item.release.id, item.start, item.end) not in given
                    ]
                )
        elif not self._declines:
            notice = told("wrong_language" if self._foreign else "unproven", self._language)
            yield from self._quote(self._chosen.evidence)
        return Written(
            text=self._text,
            citations=self._citations,
            raw=self._raw,
            notice=notice,
            failed=failure is not None,
            removed=self._removed,
            proving=tuple(self._watch.stages),
        )

    def _quote(self, evidence: Sequence[Evidence]) -> Generator[str, None, None]:
        dated_in = self._language if self._chosen.differ else None
        text, citations = quoted(evidence, dated_in, self._citations)
        if text:
            yield from self._put(text, citations, "\n\n" if self._text else "")

    def _put(self, text: str, citations: tuple[Citation, ...], opening: str) -> Generator[str, None, None]:
        self._citations = citations
        self._text += opening + text
        yield opening + text

    def _proven(self, part: str) -> Part:
        with self._watch.timing("verify"):
            return prove_part(
                part,
                self._question,
                self._language,
                self._evidence,
                self._prover,
                self._chosen.differ,
                self._citations,
                self._said,
            )

    def _mended(self, part: str, reason: str) -> str:
        if self._repairs == 0:
            return ""
        self._repairs -= 1
        mended = self._mend(part, reason)
        self._raw += f"\n\n{mended}"
        return mended


def _places(citations: Sequence[Citation]) -> set[tuple[str, int, int]]:
    return {(citation.release_id, citation.start, citation.end) for citation in citations}


def _failed(name: str, language: str, failure: ChatModelError) -> str:
    """The notice of a failure in one line; a provider's own words may be anything."""
    return told(name, language, reason=" ".join(visible(str(failure)).split()))
