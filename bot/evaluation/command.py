"""`python -m bot evaluate`: question sets asked and scored, compared with an earlier run, and held to a gate.

It computes nothing itself.
"""

import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import QuestionError
from bot.evaluation.compare import compare
from bot.evaluation.evaluate import evaluate
from bot.evaluation.gate import judge
from bot.evaluation.gate_file import read_gate
from bot.evaluation.loss import loss
from bot.evaluation.runs import read_run
from bot.evaluation.sets.importing.sources import open_questions
from bot.evaluation.sets.questions import Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.chain import Bot


def run(
    files: Sequence[Path],
    out_dir: Path,
    open_bot: Callable[[], "Bot"],
    *,
    as_json: bool = False,
    resume: bool = False,
    baseline: Path | None = None,
    gate: Path | None = None,
    workers: int | None = None,
) -> int:
    """Asks the questions of the files and prints the scores; returns the exit status: 1 where the gate fails.

    The bot is opened once files, baseline and gate are known to be usable. Scores go to standard output, as tables or
    as one JSON object; progress, failures and the gate's reasons go to standard error. Questions that failed are
    counted there and do not fail the command. Raises QuestionError, SettingsError or StorageError for what cannot be
    used, and StorageError where `out_dir` cannot be written.
    """
    from rich.console import Console
    from rich.progress import Progress

    from bot.evaluation.report import table, write_report, wrong

    questions = _all(files)
    before = read_run(baseline) if baseline else None
    demands = read_gate(gate) if gate else None
    bot = open_bot()

    def text_of(release_id: str, revision: str) -> str | None:
        release = bot.catalog.release(release_id, revision)
        return release.text if release else None

    def texts() -> "Iterator[tuple[str, str]]":
        for summary in bot.catalog.releases():
            if release := bot.catalog.release(summary.id):
                yield release.id, release.text

    notes = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    with Progress(console=notes, transient=True, disable=not notes.is_terminal) as bar:
        asking = bar.add_task("Asking", total=len(questions))
        scores = evaluate(
            questions,
            bot.account,
            out_dir,
            lambda done, total: bar.update(asking, completed=done, total=total),
            text_of=text_of,
            lost=lambda question, account: loss(question, account, bot.minimum_probability, texts),
            workers=workers or os.cpu_count() or 1,
            resume=resume,
        )
    comparison = compare(before, read_run(out_dir)) if before else None
    verdict = judge(demands, scores.measured, comparison) if demands else None
    about = {
        "Question set": ", ".join(file.name for file in files),
        "Answers": bot.mode,
        "Declines below": f"{bot.minimum_probability:.2f}",
        "Day": date.today().isoformat(),
    }
    write_report(scores, out_dir, about, comparison, verdict)
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
    notes.print(
        f"The report is {out_dir / 'report.html'}, the answers are in {out_dir / 'answers.jsonl'}, the scores in "
        f"{out_dir / 'scores.json'}."
    )
    if verdict is None or verdict.passed:
        return 0
    for reason in verdict.failures:
        notes.print(reason)
    notes.print(f"The gate {gate} fails: {len(verdict.failures)} of {verdict.demands} demands.")
    return 1


def _all(files: Sequence[Path]) -> list[Question]:
    """The questions of all files, whose ids differ."""
    found: dict[str, tuple[Question, Path]] = {}
    for file in files:
        for question in open_questions(file):
            if question.id in found:
                raise QuestionError(
                    f"{file} and {found[question.id][1]} both have a question {question.id!r}: rename one."
                )
            found[question.id] = (question, file)
    return [question for question, _ in found.values()]
