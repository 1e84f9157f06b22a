"""`python -m bot evaluate`: question sets asked and scored, compared with an earlier run, and held to a gate.

It computes nothing itself.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.evaluation.compare import compare
from bot.evaluation.gate import judge
from bot.evaluation.gate_file import read_gate
from bot.evaluation.interview import about, interview
from bot.evaluation.judge import Judge
from bot.evaluation.runs import read_run
from bot.evaluation.sets.importing.sources import open_all

if TYPE_CHECKING:
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
    open_judge: Callable[[], Judge] | None = None,
    workers: int | None = None,
) -> int:
    """Asks the questions of the files and prints the scores; returns the exit status: 1 where the gate fails.

    The bot is opened once files, baseline, gate and judge are known to be usable. Scores go to standard output, as
    tables or as one JSON object; progress, failures and the gate's reasons go to standard error. Questions that failed
    and verdicts that did not come are counted there and do not fail the command. Raises QuestionError, SettingsError
    or StorageError for what cannot be used, and StorageError where `out_dir` cannot be written.
    """
    from rich.console import Console
    from rich.progress import Progress

    from bot.evaluation.report import table, write_report, wrong

    questions = open_all(files)
    before = read_run(baseline) if baseline else None
    demands = read_gate(gate) if gate else None
    judging = open_judge() if open_judge else None
    bot = open_bot()

    notes = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    with Progress(console=notes, transient=True, disable=not notes.is_terminal) as bar:
        asking = bar.add_task("Asking", total=len(questions))
        scores = interview(
            bot,
            questions,
            out_dir,
            lambda done, total: bar.update(asking, completed=done, total=total),
            judge=judging,
            workers=workers,
            resume=resume,
        )
    comparison = compare(before, read_run(out_dir)) if before else None
    verdict = judge(demands, scores.measured, comparison) if demands else None
    write_report(scores, out_dir, about([file.name for file in files], bot, scores), comparison, verdict)
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
    if unjudged := scores.unjudged:
        first = unjudged[0]
        failed = f"The chat model gave no verdict on {len(unjudged)} answers"
        notes.print(f"{failed}; the first, {first.question.id}: {first.judgement and first.judgement.error}")
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
