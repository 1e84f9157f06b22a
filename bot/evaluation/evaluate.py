"""Asks every question of a set, writes each answer as it comes, and scores them.

`evaluate` knows neither bot nor store: `ask` answers, `text_of` gives a release's stored text.
"""

import json
import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bot.chain import Account
from bot.domain import Answer, Evidence, Turn
from bot.errors import CommuniqueError, StorageError
from bot.evaluation.judge import Judgement
from bot.evaluation.lines import answered_before, line_of
from bot.evaluation.loss import Loss
from bot.evaluation.metrics import TextOf, is_verbatim
from bot.evaluation.outcomes import Outcome, RankedEvidence, outcome_of, total_usage
from bot.evaluation.scores import Scores
from bot.evaluation.sets.questions import Question

Ask = Callable[[str, tuple[Turn, ...]], Answer | Account]
"""Answers a question after the turns before it; an account says more than an answer alone."""
Reply = TypeVar("Reply")
Lost = Callable[[Question, Account], Loss | None]
Judging = Callable[[Question, Answer], Judgement | None]
Progress = Callable[[int, int], None]
"""Told how many questions are done, of how many."""

AHEAD = 4
"""Questions a worker that are queued: a process asks all that is queued before it ends."""
EVIDENCE = 20
"""Sentences that a line of answers.jsonl keeps of those that were weighed."""


def evaluate(
    questions: Sequence[Question],
    ask: Ask,
    out_dir: Path,
    progress: Progress = lambda done, total: None,
    *,
    text_of: TextOf,
    lost: Lost = lambda question, account: None,
    judge: Judging | None = None,
    workers: int = 1,
    resume: bool = False,
) -> Scores:
    """Asks each question after its history, in a conversation of its own, and scores what comes.

    Writes `out_dir`/answers.jsonl, one line a question in the order of the set as soon as those before it are answered
    (the answer's JSON with the question's id, the seconds that asking it took, what came of it, and `error` where
    asking failed), and `out_dir`/scores.json at the end. `workers` questions are asked at once. With `resume` the
    answers that an interrupted run left there are kept. `lost` says where a wrong answer was lost, from its account;
    `judge` what a chat model thinks of an answer. A question whose asking raises a CommuniqueError is recorded with it
    and the run goes on. Raises StorageError where `out_dir` cannot be written.
    """
    answers = out_dir / "answers.jsonl"
    with _storing(out_dir):
        out_dir.mkdir(parents=True, exist_ok=True)
        # The scores of an earlier run would be taken for this one's, were it interrupted.
        (out_dir / "scores.json").unlink(missing_ok=True)
        before = list(answered_before(answers, questions)) if resume and answers.exists() else []
        if before:
            os.truncate(answers, before[-1][1])
        else:
            answers.write_bytes(b"")
    outcomes = [outcome for outcome, _ in before]
    progress(len(outcomes), len(questions))
    asked = partial(_asked, ask=ask, text_of=text_of, lost=lost, judge=judge)
    with closing(in_order(asked, questions[len(outcomes) :], workers)) as coming:
        for outcome in coming:
            outcomes.append(outcome)
            with _storing(out_dir):
                _append(answers, line_of(outcome))
            progress(len(outcomes), len(questions))
    scores = Scores(tuple(outcomes))
    with _storing(out_dir):
        _append(out_dir / "scores.json", scores.to_json(), indent=2)
    return scores


def in_order(
    asked: Callable[[Question], Reply], questions: Sequence[Question], workers: int
) -> Generator[Reply, None, None]:
    """What `asked` gives, in the order of the questions; one worker asks the next when the last one was taken."""
    if workers == 1:
        yield from map(asked, questions)
        return
    threads = ThreadPoolExecutor(workers)
    waiting: deque[Future[Reply]] = deque()
    try:
        for question in questions:
            waiting.append(threads.submit(asked, question))
            if len(waiting) > AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        threads.shutdown(cancel_futures=True)


def _asked(question: Question, ask: Ask, text_of: TextOf, lost: Lost, judge: Judging | None) -> Outcome:
    turns: tuple[Turn, ...] = ()
    answer: Answer | None = None
    account: Account | None = None
    error = None
    started = time.perf_counter()
    for asked in (*question.history, question.question):
        started = time.perf_counter()
        try:
            reply = ask(asked, turns)
        except CommuniqueError as raised:
            answer = account = None
            error = f"{raised} (asking {asked!r})" if question.history else str(raised)
            break
        answer, account = (reply.answer, reply) if isinstance(reply, Account) else (reply, None)
        turns += (Turn(asked, answer),)
    seconds = time.perf_counter() - started
    shown = [citation for turn in turns for citation in turn.answer.citations]
    verbatim = sum(is_verbatim(citation, text_of) for citation in shown)
    outcome = replace(
        outcome_of(question, answer, seconds, len(shown), verbatim, error),
        usage_before=total_usage(turn.answer.usage for turn in turns if turn.answer is not answer),
        judgement=judge(question, answer) if judge and answer else None,
    )
    return _accounted(outcome, account, lost) if account else outcome


def _accounted(outcome: Outcome, account: Account, lost: Lost) -> Outcome:
    loss = None if outcome.error else lost(outcome.question, account)
    return replace(
        outcome,
        stage=loss.stage if loss else None,
        reason=loss.reason if loss else "",
        evidence=tuple(map(_ranked, account.lookup.evidence[:EVIDENCE])),
        stage_seconds=account.seconds,
    )


def _ranked(item: Evidence) -> RankedEvidence:
    return RankedEvidence(item.release.id, item.quote, item.probability, item.words)


@contextmanager
def _storing(out_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or error
        raise StorageError(
            f"{out_dir} cannot be written: {reason}. Free space or give another folder with --out."
        ) from error


def _append(file: Path, data: dict[str, Any], indent: int | None = None) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=indent) + "\n"
    with file.open("ab") as opened:
        # Half of a surrogate pair, which a chat model may write, becomes the \udXXX that JSON reads back.
        opened.write(text.encode("utf-8", "backslashreplace"))
