"""Asks every question of a set, writes each answer as it comes, and scores them.

`evaluate` knows neither bot nor store: `ask` answers, `text_of` gives a release's stored text.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain import Answer, Turn
from bot.errors import CommuniqueError, StorageError
from bot.evaluation.metrics import TextOf, is_verbatim
from bot.evaluation.outcomes import Outcome, outcome_of
from bot.evaluation.questions import Question, read_questions
from bot.evaluation.scores import Scores

if TYPE_CHECKING:
    from bot.chain import Bot

Ask = Callable[[str, tuple[Turn, ...]], Answer]
Progress = Callable[[int, int], None]
"""Told how many questions are done, of how many."""


def evaluate(
    questions: Sequence[Question],
    ask: Ask,
    out_dir: Path,
    progress: Progress = lambda done, total: None,
    *,
    text_of: TextOf,
) -> Scores:
    """Asks each question after its history, in a conversation of its own, and scores what comes.

    Writes `out_dir`/answers.jsonl, one line a question as soon as it is answered (the answer's JSON
    with the question's id, the seconds that asking it took, and `error` where asking failed), and
    `out_dir`/scores.json at the end. A question whose asking raises a CommuniqueError is recorded
    with it and the run goes on. Raises StorageError where `out_dir` cannot be written.
    """
    outcomes: list[Outcome] = []
    with _storing(out_dir):
        out_dir.mkdir(parents=True, exist_ok=True)
        # The scores of an earlier run would be taken for this one's, were it interrupted.
        (out_dir / "scores.json").unlink(missing_ok=True)
        (out_dir / "answers.jsonl").write_bytes(b"")
    for question in questions:
        outcome = _asked(question, ask, text_of)
        outcomes.append(outcome)
        with _storing(out_dir):
            _append(out_dir / "answers.jsonl", _line(outcome))
        progress(len(outcomes), len(questions))
    scores = Scores(tuple(outcomes))
    with _storing(out_dir):
        _append(out_dir / "scores.json", scores.to_json(), indent=2)
    return scores


def evaluate_file(file: Path, out_dir: Path, open_bot: Callable[[], "Bot"], *, as_json: bool = False) -> int:
    """Asks the questions of a file and prints the scores; returns the exit status of the command.

    The bot is opened once the file is known to be usable.

    Scores go to standard output, as tables or as one JSON object; progress goes to standard error.
    Questions that failed are counted there and do not fail the command. Raises QuestionError for a
    file that cannot be used and StorageError where `out_dir` cannot be written.
    """
    from rich.console import Console
    from rich.progress import Progress

    from bot.evaluation.report import table, wrong

    questions = read_questions(file)
    bot = open_bot()

    def text_of(release_id: str, revision: str) -> str | None:
        release = bot.catalog.release(release_id, revision)
        return release.text if release else None

    notes = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    with Progress(console=notes, transient=True, disable=not notes.is_terminal) as bar:
        asking = bar.add_task("Asking", total=len(questions))
        scores = evaluate(
            questions,
            bot.ask,
            out_dir,
            lambda done, total: bar.update(asking, completed=done, total=total),
            text_of=text_of,
        )
    if as_json:
        print(json.dumps(scores.to_json()))
    else:
        tables = Console()
        tables.print(table(scores))
        if scores.wrong:
            tables.print(wrong(scores))
    if scores.errors:
        first = scores.errors[0]
        failed = f"{len(scores.errors)} of {len(questions)} questions failed"
        notes.print(f"{failed}; the first, {first.question.id}: {first.error}")
    notes.print(f"The answers are in {out_dir / 'answers.jsonl'}, the scores in {out_dir / 'scores.json'}.")
    return 0


def _asked(question: Question, ask: Ask, text_of: TextOf) -> Outcome:
    turns: tuple[Turn, ...] = ()
    answer = error = None
    for asked in (*question.history, question.question):
        started = time.perf_counter()
        try:
            answer = ask(asked, turns)
        except CommuniqueError as raised:
            answer, error = None, f"{raised} (asking {asked!r})" if question.history else str(raised)
            break
        turns += (Turn(asked, answer),)
    seconds = time.perf_counter() - started
    shown = [citation for turn in turns for citation in turn.answer.citations]
    verbatim = sum(is_verbatim(citation, text_of) for citation in shown)
    return outcome_of(question, answer, seconds, len(shown), verbatim, error)


def _line(outcome: Outcome) -> dict[str, Any]:
    question = outcome.question
    unanswered = Answer("", question.question, question.question, "", False, question.language or "", "")
    answer = replace(outcome.answer or unanswered, id=question.id, seconds=outcome.seconds)
    return {
        **answer.to_json(),
        **({"error": outcome.error} if outcome.error is not None else {}),
    }


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
