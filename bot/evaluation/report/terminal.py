"""Draws the scores of a run as tables for a terminal.

It computes nothing: `bot.evaluation.scores` does.
"""

import re
from typing import TYPE_CHECKING

from bot.evaluation.metrics import Share
from bot.evaluation.outcomes import came, expected
from bot.evaluation.report.phrases import NOT_TRACED, count, figure, interval, stage_words
from bot.evaluation.scores import Group, Scores

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

CELL_CHARACTERS = 240
NOTHING = "-"


def table(scores: Scores) -> "Table":
    """The measures of a run, their counts, and the 95 % interval of the three main ones."""
    from rich.table import Table

    drawn = Table("", "share", "95 % interval", "count", title="Scores")
    main = scores.overall
    for label, name, share in (
        ("right answers, of the answerable", "accuracy", main.accuracy),
        ("declined, of the unanswerable", "declines", main.declines),
        ("declined, of the answerable", "false_declines", main.false_declines),
    ):
        each = scores.measured.get(name)
        drawn.add_row(label, _percent(share), interval(each) if each else NOTHING, _count(share))
    drawn.add_section()
    drawn.add_row("quotes that are verbatim", _percent(scores.quotes), "", _count(scores.quotes))
    drawn.add_row(
        "answers citing a right release",
        _percent(scores.releases),
        "",
        _count(scores.releases),
    )
    _add_groups(drawn, "follow-ups", {"": scores.follow_ups})
    drawn.add_section()
    _add_groups(drawn, "language", scores.languages)
    drawn.add_section()
    _add_groups(drawn, "tag", scores.tags)
    drawn.add_section()
    for name, quantile in (("median", 0.5), ("95th percentile", 0.95)):
        seconds = scores.seconds(quantile)
        drawn.add_row(
            f"seconds, {name}",
            NOTHING if seconds is None else f"{seconds:.3f} s",
            "",
            "",
        )
    if usage := scores.usage:
        drawn.add_row("chat model: calls", "", "", f"{usage.calls:,}")
        drawn.add_row("chat model: tokens in, out", "", "", f"{usage.tokens_in:,}, {usage.tokens_out:,}")
        cost = "unknown" if usage.cost is None else f"{usage.cost:,.4f}"
        drawn.add_row("chat model: US dollars", "", "", cost)
    for name in ("judge_agreement", "judge_kappa", "judge_failed"):
        if each := scores.measured.get(name):
            drawn.add_row(each.measure.label, figure(each), interval(each), count(each))
    drawn.add_row("questions", "", "", str(len(scores.outcomes)))
    drawn.add_row("without facts, so not scored", "", "", str(scores.unscored))
    drawn.add_row("failed", "", "", str(len(scores.errors)))
    return drawn


def wrong(scores: Scores) -> "Table":
    """The questions that were not answered right: what was expected, what came, and at which stage it was lost."""
    from rich.table import Table

    drawn = Table(
        "id",
        "question",
        "expected",
        "came",
        "lost",
        title=f"Wrong: {len(scores.wrong)}",
        show_lines=True,
    )
    for outcome in scores.wrong:
        question = outcome.question
        drawn.add_row(
            _cell(question.id),
            _cell(" > ".join((*question.history, question.question))),
            _cell(expected(outcome)),
            _cell(came(outcome)),
            stage_words(outcome.lost_at or NOT_TRACED),
        )
    return drawn


def _add_groups(drawn: "Table", kind: str, groups: dict[str, Group]) -> None:
    for name, group in groups.items():
        label = f"{kind} {name}".strip()
        if group.accuracy.total:
            drawn.add_row(
                _cell(f"{label}: right"),
                _percent(group.accuracy),
                "",
                _count(group.accuracy),
            )
        if group.declines.total:
            drawn.add_row(
                _cell(f"{label}: unanswerable declined"),
                _percent(group.declines),
                "",
                _count(group.declines),
            )


def _percent(share: Share) -> str:
    return NOTHING if share.value is None else f"{share.value:.1%}"


def _count(share: Share) -> str:
    return f"{share.hits} of {share.total}"


def _cell(text: str) -> "Text":
    """Text as it is, not as markup, without characters that would steer the terminal or cannot be written."""
    from rich.text import Text

    shown = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+", " ", text[: CELL_CHARACTERS + 1])
    return Text(shown if len(text) <= CELL_CHARACTERS else f"{shown[:CELL_CHARACTERS]}…")
