"""Draws the risk of each decline threshold in a terminal, and says in a sentence what a fit came to.

It fits nothing.
"""

from typing import TYPE_CHECKING

from bot.evaluation.report.phrases import language_name
from bot.evaluation.thresholds import CONFIDENCE, Aim, Fit, Level, questions_needed

if TYPE_CHECKING:
    from rich.table import Table

BAR = 10
"""Characters of a bar that is full."""


def show(fit: Fit, aim: Aim, most: float) -> None:
    """Print the curve of a language and what came of it."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    if fit.lowest.bound(aim) < 1:
        console.print(_drawn(fit, aim))
    console.print(said(fit, aim, most))
    console.print()


def said(fit: Fit, aim: Aim, most: float) -> str:
    """What the fit came to, in two sentences."""
    name = language_name(fit.language)
    if level := fit.chosen:
        return f"{name}: decline below {level.threshold:.2f}. {_promised(level, aim)}"
    counted = fit.curve[0].judged if aim == "risk" else fit.curve[0].answerable
    needed = questions_needed(most)
    if counted < needed:
        few = f"{counted} question" if counted == 1 else f"{counted} questions"
        reason = f"{few} are too few: it takes {needed} without a single miss to prove {100 * most:g}%"
    else:
        reason = f"no threshold keeps the {_shares(aim)} to {100 * most:g}%"
    reached = fit.lowest.bound(aim)
    if reached >= 1:
        return f"{name}: {reason}."
    below = f"declining below {fit.lowest.threshold:.2f}"
    return f"{name}: {reason}. The lowest that can be shown is {reached:.0%}, {below}."


def _promised(level: Level, aim: Aim) -> str:
    sure = f"with {CONFIDENCE:.0%} confidence"
    if aim == "risk":
        return (
            f"Wrong: {level.wrong} of {level.shown} answers, at most {level.risk_bound:.0%} {sure}. "
            f"Declined: {_declined(level)}."
        )
    return f"Declined: {_declined(level)}; of the answerable at most {level.false_declines_bound:.0%} {sure}."


def _declined(level: Level) -> str:
    rightly = f" and {level.declined} of {level.unanswerable} unanswerable" if level.unanswerable else ""
    return f"{level.declined_falsely} of {level.answerable} answerable{rightly} questions"


def _shares(aim: Aim) -> str:
    return "wrong answers" if aim == "risk" else "false declines"


def _drawn(fit: Fit, aim: Aim) -> "Table":
    """A row for each threshold; the bar is the share aimed at, and its end the most that it may be."""
    from rich.box import SIMPLE
    from rich.table import Table

    drawn = Table(
        "below",
        "answered",
        "wrong",
        "at\nmost",
        "declined\nfalsely",
        "at\nmost",
        "declined\nrightly",
        _shares(aim),
        box=SIMPLE,
        title=f"{language_name(fit.language)}, {fit.questions} questions",
    )
    for level in fit.curve:
        share = level.risk if aim == "risk" else level.false_declines
        drawn.add_row(
            f"{level.threshold:.2f}{' ←' if level is fit.chosen else ''}",
            _of(level.shown, level.judged),
            _of(level.wrong, level.shown),
            f"{level.risk_bound:.0%}",
            _of(level.declined_falsely, level.answerable),
            f"{level.false_declines_bound:.0%}",
            _of(level.declined, level.unanswerable),
            _bar(share, level.bound(aim)),
            style="bold" if level is fit.chosen else None,
        )
    return drawn


def _of(hits: int, total: int) -> str:
    return f"{hits / total:.0%}" if total else "-"


def _bar(share: float | None, bound: float) -> str:
    if share is None:
        return ""
    full = round(share * BAR)
    return "█" * full + "░" * (round(bound * BAR) - full)
