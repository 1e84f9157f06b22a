"""The scores of a run on the page: the main figures, where answers were lost, the curves, every measure.

It computes nothing: `bot.evaluation.measures` does.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from bot.evaluation.measures import GROUPED, Measured
from bot.evaluation.report.write import HEADLINES
from bot.evaluation.results import Result
from bot.web.evaluation import amounts, curves
from bot.web.evaluation.kept import Opened
from bot.web.evaluation.verdicts import lost_at, stages
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_html, as_markdown
from bot.web.wording import language_name


def draw_overview(opened: Opened, show_stage: Callable[[str], None], words: TeamWording) -> None:
    """Draw all scores of a run; `show_stage` opens the questions that were lost at a stage."""
    st.html(f'<p class="cq-lead">{as_html(summary(opened.results, words))}</p>{tiles_html(opened, words)}')
    _draw_stages(opened.results, show_stage, words)
    _draw_curves(opened, words)
    of_run = [each for name, each in opened.measured.items() if not name.startswith(GROUPED)]
    of_groups = [each for name, each in opened.measured.items() if name.startswith(GROUPED)]
    with st.expander(words.all_measures):
        st.html(measures_html(of_run, words))
    if of_groups:
        with st.expander(words.by_group):
            st.html(measures_html(of_groups, words))


def summary(results: Sequence[Result], words: TeamWording) -> str:
    """The run in two or three sentences."""
    answerable = [result for result in results if result.answerable]
    others = [result for result in results if not result.answerable]
    judged = [result for result in answerable if result.right is not None]
    told = []
    if judged:
        right = sum(result.right is True for result in judged)
        told.append(words.summary_right.format(right=right, total=len(judged)))
    if answerable:
        told.append(words.summary_false.format(declined=sum(result.declined for result in answerable)))
    if others:
        declined = sum(result.declined for result in others)
        told.append(words.summary_declined.format(declined=declined, total=len(others)))
    return " ".join(told)


def tiles_html(opened: Opened, words: TeamWording) -> str:
    """The main figures, each with its interval as words and as a bar."""
    shown = [opened.measured[name] for name in HEADLINES if name in opened.measured]
    return f'<ul class="cq-tiles">{"".join(_tile(each, words) for each in shown)}</ul>'


def measures_html(measures: Sequence[Measured], words: TeamWording) -> str:
    """A table: what is measured, its figure, its interval, of how many."""
    heads = (words.measure, words.value, words.interval_head, words.count)
    rows = "".join(
        f'<tr><th scope="row">{as_html(label(each, words))}</th>'
        f"<td>{as_html(amounts.figure(each.value, each.measure.unit, words))}</td>"
        f"<td>{as_html(amounts.interval(each, words))}</td><td>{as_html(amounts.count(each, words))}</td></tr>"
        for each in measures
    )
    head = "".join(f'<th scope="col">{as_html(name)}</th>' for name in heads)
    return (
        f'<div class="cq-scroll" tabindex="0" role="region" aria-label="{as_html(words.all_measures)}">'
        f'<table class="cq-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def label(measured: Measured, words: TeamWording) -> str:
    """What a measure is called; a group's is called after its language or tag."""
    kind, _, rest = measured.measure.name.partition(".")
    if not rest:
        return words.measures.get(measured.measure.name, measured.measure.label)
    group = rest.removesuffix(".accuracy")
    if kind == "languages":
        return words.of_language.format(name=language_name(group, words.language))
    return words.of_tag.format(name=group)


def _tile(each: Measured, words: TeamWording) -> str:
    bar = ""
    if each.spread and each.measure.unit == "share":
        low, high = each.spread
        left, width = 100 * max(0.0, low), 100 * max(0.0, min(1.0, high) - max(0.0, low))
        bar = (
            f'<span class="cq-range" aria-hidden="true"><i style="left:{left:.1f}%;width:{width:.1f}%"></i>'
            f'<b style="left:{100 * min(1.0, max(0.0, each.value)):.1f}%"></b></span>'
        )
    notes = [amounts.count(each, words), amounts.interval(each, words)]
    lines = "".join(f'<span class="cq-tile-note">{as_html(note)}</span>' for note in notes if note)
    return (
        f'<li><span class="cq-tile-label">{as_html(label(each, words))}</span>'
        f'<span class="cq-figure">{as_html(amounts.figure(each.value, each.measure.unit, words))}</span>'
        f"{bar}{lines}</li>"
    )


def _draw_stages(results: Sequence[Result], show_stage: Callable[[str], None], words: TeamWording) -> None:
    lost = stages(results)
    unknown = sum(result.right is False and lost_at(result) is None for result in results)
    if not lost and not unknown:
        return
    st.html(f'<h2 class="cq-section">{as_html(words.lost_title)}</h2>')
    most = max([*lost.values(), unknown])
    with st.container(key="stages", gap=None):
        for place, (stage, number) in enumerate(lost.items()):
            named = as_markdown(words.stages.get(stage, stage))
            with st.container(key=f"stage-{place}", gap=None):
                st.button(
                    f"{named} · **{number}**",
                    key=f"show-stage-{place}",
                    on_click=show_stage,
                    args=(stage,),
                    type="tertiary",
                )
                st.html(f'<span class="cq-share"><i style="width:{100 * number / most:.0f}%"></i></span>')
    if unknown:
        st.html(f'<p class="cq-note">{as_html(words.lost_unknown.format(count=unknown))}</p>')


def _draw_curves(opened: Opened, words: TeamWording) -> None:
    points, bins = curves.points_of(opened.results), curves.bins_of(opened.results)
    error = opened.measured.get("calibration_error")
    if not points or not bins or error is None:
        return
    last = points[-1]
    risk = words.risk_reading.format(
        coverage=amounts.percent(last.coverage, words, 0), risk=amounts.percent(last.risk, words, 0)
    )
    calibration = words.calibration_reading.format(error=amounts.number(error.value, words, 3))
    drawings = (
        (words.risk_title, risk, curves.risk_coverage_chart(points, words)),
        (words.calibration_title, calibration, curves.calibration_chart(bins, words)),
    )
    for column, (title, reading, chart) in zip(st.columns(2, gap="medium"), drawings, strict=True):
        with column:
            st.html(
                f'<h2 class="cq-section">{as_html(title)}</h2><p class="cq-reading">{as_html(reading)}</p>'
            )
            st.altair_chart(chart, width="stretch", alt=f"{title}. {reading}")
