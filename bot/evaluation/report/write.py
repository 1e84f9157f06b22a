"""Writes report.html and report.md of a run: what it scored, how it compares, and every wrong answer with the reason.

It computes no figure. All that questions, answers and releases say is text there, never markup.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.errors import StorageError
from bot.evaluation.compare import Comparison
from bot.evaluation.gate import Verdict
from bot.evaluation.measures import GROUPED
from bot.evaluation.outcomes import Outcome, came, expected
from bot.evaluation.report import phrases
from bot.evaluation.scores import Scores

FOLDER = Path(__file__).parent
EVIDENCE_SHOWN = 8
HEADLINES = (
    "accuracy",
    "declines",
    "false_declines",
    "quotes_verbatim",
    "right_release",
    "seconds_median",
)

# Control characters would steer or hide, and half of a surrogate pair cannot be written; tab and line end stay.
_UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~#$&])")


def write_report(
    scores: Scores,
    out_dir: Path,
    about: Mapping[str, str] | None = None,
    comparison: Comparison | None = None,
    verdict: Verdict | None = None,
) -> None:
    """Writes `out_dir`/report.html, which asks for nothing else, and `out_dir`/report.md.

    `about` says of the run what a reader should know, by name: the question set, the model, the day. Raises
    StorageError where the folder cannot be written.
    """
    from bot.evaluation.report.plots import plots

    told_of = {
        "scores": scores,
        "about": about or {},
        "comparison": comparison,
        "verdict": verdict,
        "headlines": [scores.measured[name] for name in HEADLINES if name in scores.measured],
        "plots": plots(scores),
        "wrong": _by_stage(scores),
        "evidence_shown": EVIDENCE_SHOWN,
    }
    for name in ("report.html", "report.md"):
        text = _UNSHOWN.sub("\ufffd", _template(name).render(told_of))
        try:
            (out_dir / name).write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            reason = error.strerror or error
            raise StorageError(
                f"{out_dir / name} cannot be written: {reason}. Free space or give another folder with --out."
            ) from None


def _by_stage(scores: Scores) -> dict[str, list[tuple[int, Outcome]]]:
    """The wrong outcomes with their numbers in the set, by the stage at which they were lost, the most first."""
    grouped: dict[str, list[tuple[int, Outcome]]] = {stage: [] for stage in scores.lost_at}
    flawed = {outcome.question.id for outcome in scores.flawed}
    for number, outcome in enumerate(scores.outcomes, start=1):
        if outcome.question.id in flawed:
            grouped.setdefault(outcome.lost_at or phrases.NOT_TRACED, []).append((number, outcome))
    return grouped


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    is_page = name.endswith(".html")
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=is_page,
        finalize=None if is_page else _markdown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        name: getattr(phrases, name)
        for name in (
            *("figure", "interval", "count", "difference", "clipped", "facts", "verdicts", "marked"),
            "stage_words",
        )
    }
    environment.filters |= {"plain": _plain}
    environment.globals |= {
        "expected": expected,
        "came": came,
        "summary": phrases.summary,
        "p_value": phrases.probability,
        "style": _style(),
        "grouped": GROUPED,
    }
    return environment.get_template(f"{name}.jinja")


def _markdown(value: Any) -> Any:
    """One line in which no character is an instruction of Markdown or HTML, as long as it begins no line."""
    from markupsafe import Markup

    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return _MARKDOWN.sub(r"\\\1", " ".join(value.split()))


def _plain(text: str) -> Any:
    """Text of ours, which is shown as it is."""
    from markupsafe import Markup

    return Markup(text)


def _style() -> Any:
    from markupsafe import Markup

    return Markup((FOLDER / "report.css").read_text(encoding="utf-8"))
