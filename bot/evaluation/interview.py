"""Puts the questions of a set to a bot: `evaluate` with the bot's own answers, releases and losses.

It prints nothing and writes no report.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.evaluation.evaluate import Judging, Progress, evaluate
from bot.evaluation.loss import loss
from bot.evaluation.report.phrases import used
from bot.evaluation.scores import Scores
from bot.evaluation.sets.questions import Question

if TYPE_CHECKING:
    from bot.chain import Bot


def interview(
    bot: "Bot",
    questions: Sequence[Question],
    out_dir: Path,
    progress: Progress = lambda done, total: None,
    *,
    judge: Judging | None = None,
    workers: int | None = None,
    resume: bool = False,
) -> Scores:
    """The scores of the bot's answers; `out_dir`, `judge` and the errors are those of `evaluate`.

    As many questions are asked at once as there are processors, or as `workers` says.
    """

    def text_of(release_id: str, revision: str) -> str | None:
        release = bot.catalog.release(release_id, revision)
        return release.text if release else None

    def texts(ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        for id_ in ids or (summary.id for summary in bot.catalog.releases()):
            if release := bot.catalog.release(id_):
                yield release.id, release.text

    return evaluate(
        questions,
        bot.account,
        out_dir,
        progress,
        text_of=text_of,
        lost=lambda question, account: loss(
            question, account, bot.minimum_probability(account.lookup.language), texts
        ),
        judge=judge,
        workers=workers or os.cpu_count() or 1,
        resume=resume,
    )


def about(sets: Sequence[str], bot: "Bot", scores: Scores) -> dict[str, str]:
    """What the report says of a run, by name: the sets, how it answers and declines, what chat models took, the day."""
    usages = {"Chat model": scores.usage, "Judged by a chat model": scores.judge_usage}
    return {
        "Question set": ", ".join(sets),
        "Answers": bot.mode,
        "Declines below": _thresholds(bot, scores),
        **{name: used(usage) for name, usage in usages.items() if usage},
        "Day": date.today().isoformat(),
    }


def _thresholds(bot: "Bot", scores: Scores) -> str:
    """The probability below which it declines, by language of the answers where it differs."""
    languages = sorted({each.answer.language for each in scores.outcomes if each.answer})
    given = {language: f"{bot.minimum_probability(language):.2f}" for language in languages}
    if len(set(given.values())) == 1:
        return given[languages[0]]
    return ", ".join(f"{minimum} ({language})" for language, minimum in given.items()) or "unknown"
