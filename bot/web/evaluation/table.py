"""The questions of a run as a table with filters; choosing a row opens its answer.

It judges nothing: `bot.web.evaluation.verdicts` does.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, cast

import streamlit as st

from bot.evaluation.results import Result
from bot.evaluation.runs import Run
from bot.web.choice import draw_choice, forget_unknown
from bot.web.evaluation.kept import Opened
from bot.web.evaluation.verdicts import VERDICTS, Filter, Verdict, lost_at, stages, verdict_of
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_html
from bot.web.wording import language_name

SIGNS: dict[Verdict, str] = {
    "right": "✓",
    "wrong": "✗",
    "declined": "✓ ○",
    "false decline": "✗ ○",
    "failed": "!",
    "not scored": "–",
}
ROW = 36
"""Height of a row, in pixels."""
ROWS = 16
"""Rows that are seen without scrolling."""
TEXT_CHARACTERS = 300
"""Of a text in a cell: the rest is a press away."""


def draw_filters(opened: Opened, words: TeamWording) -> Filter:
    """Draw what can be asked for; the session keeps it, so that it holds when one comes back from an answer."""
    counts = Counter(map(verdict_of, opened.results))
    offered = [verdict for verdict in VERDICTS if counts[verdict]]
    forget_unknown("verdicts", offered)
    verdicts = st.pills(
        words.verdict,
        offered,
        selection_mode="multi",
        format_func=lambda verdict: f"{words.verdicts[verdict]} {counts[verdict]}",
        key="verdicts",
        persist_state="session",
        label_visibility="collapsed",
    )
    found_stages = list(stages(opened.results))
    languages = sorted({result.language for result in opened.results if result.language})
    tags = sorted({tag for result in opened.results for tag in result.tags})
    forget_unknown("tags", tags)
    with st.container(key="filters", horizontal=True, gap="small"):
        text = st.text_input(
            words.search,
            key="text",
            placeholder=words.search,
            label_visibility="collapsed",
            icon=":material/search:",
            persist_state="session",
        )
        stage = draw_choice(
            words.any_stage, found_stages, lambda name: words.stages.get(name, name), "stage", least=1
        )
        language = draw_choice(
            words.any_language, languages, lambda code: language_name(code, words.language), "language_asked"
        )
        chosen_tags = (
            st.multiselect(
                words.tags,
                tags,
                key="tags",
                placeholder=words.any_tag,
                label_visibility="collapsed",
                persist_state="session",
            )
            if tags
            else []
        )
    return Filter(verdicts, stage, language, chosen_tags, text)


def draw_table(run: Run, chosen: Sequence[Result], show: Callable[[str], None], words: TeamWording) -> None:
    """Draw the questions; `show` opens the one of that id."""
    total = len(run.results)
    counted = words.questions_of.format(shown=len(chosen), total=total)
    told = words.questions(total) if len(chosen) == total else counted
    st.html(f'<p class="cq-note" role="status">{as_html(f"{told} · {words.open_row}")}</p>')
    if not chosen:
        return

    def open_row() -> None:
        rows = cast(Any, st.session_state["questions"]).selection.rows
        if rows:
            show(chosen[rows[0]].id)

    st.dataframe(
        [row(run, result, words) for result in chosen],
        hide_index=True,
        key="questions",
        on_select=open_row,
        selection_mode="single-row",
        row_height=ROW,
        height=ROW * (min(len(chosen), ROWS) + 1) + 3,
        alt=words.questions_view,
        column_config={
            words.verdict: st.column_config.TextColumn(width=60, pinned=True),
            words.question: st.column_config.TextColumn(width=340),
            words.stage: st.column_config.TextColumn(width=220),
            words.answer: st.column_config.TextColumn(width=340),
            words.probability: st.column_config.NumberColumn(format="%.2f", width="small"),
            words.seconds: st.column_config.NumberColumn(format="%.2f", width="small"),
        },
    )


def row(run: Run, result: Result, words: TeamWording) -> dict[str, Any]:
    """A question as a row of the table; its texts are shown as they are."""
    reply, stage = run.replies[result.id], lost_at(result)
    return {
        words.verdict: SIGNS[verdict_of(result)],
        words.question: _line(result.question),
        words.stage: words.stages.get(stage, stage) if stage else "",
        words.answer: _line(reply.error or reply.text),
        words.probability: result.probability,
        words.seconds: result.seconds,
        words.language_head: result.language or "",
        words.tags: ", ".join(result.tags),
        words.id: result.id,
    }


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_CHARACTERS else f"{line[:TEXT_CHARACTERS]}…"
