"""The drafted questions as a table: several are accepted or dropped at once, or one is opened.

It changes no words.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from bot.errors import CommuniqueError
from bot.evaluation.sets.questions import Question
from bot.web.evaluation.decisions import Review, Status, decide
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_html, as_markdown

ROW = 36
"""Height of a row, in pixels."""
ROWS = 14
"""Rows that are seen without scrolling."""
SIGNS: dict[Status, str] = {"open": "", "accepted": "✓", "dropped": "✗"}


def draw_draft_table(review: Review, file: Path, data_dir: Path, words: TeamWording) -> None:
    """Draw the table, and what can be done with the rows that are marked."""
    st.html(f'<p class="cq-note">{as_html(words.mark_rows)}</p>')
    marked = st.dataframe(
        [row(review, question, words) for question in review.questions],
        hide_index=True,
        key="draft_table",
        on_select="rerun",
        selection_mode="multi-row",
        row_height=ROW,
        height=ROW * (min(len(review.questions), ROWS) + 1) + 3,
        alt=words.drafts,
        column_config={
            words.status: st.column_config.TextColumn(width=60, pinned=True),
            words.question: st.column_config.TextColumn(width="large"),
            words.facts_head: st.column_config.TextColumn(width="medium"),
        },
    )
    rows: list[int] = marked["selection"]["rows"]
    chosen = [review.questions[place] for place in rows if place < len(review.questions)]
    with st.container(key="decide", horizontal=True):
        for label, status, icon in (
            (words.accept, "accepted", "check"),
            (words.drop, "dropped", "delete"),
            (words.reopen, "open", "undo"),
        ):
            st.button(
                f"{label} ({len(chosen)})" if chosen else label,
                key=f"all-{status}",
                icon=f":material/{icon}:",
                type="primary" if status == "accepted" else "secondary",
                disabled=not chosen,
                on_click=_settle,
                args=(chosen, status, review, file, data_dir),
            )
        st.button(
            words.look_closer,
            key="open-row",
            icon=":material/arrow_forward:",
            type="tertiary",
            disabled=len(chosen) != 1,
            on_click=_open,
            args=(chosen[0].id if chosen else "",),
        )


def row(review: Review, question: Question, words: TeamWording) -> dict[str, Any]:
    """A drafted question as a row of the table; its texts are shown as they are."""
    now = review.typed(question)
    return {
        words.status: SIGNS[review.status(question)],
        words.question: " ".join(now.question.split()),
        words.facts_head: "; ".join(now.facts.splitlines()) if now.answerable else words.expected_decline,
        words.language_head: question.language or "",
        words.tags: ", ".join(question.tags),
        words.changed: review.changed(question),
        words.id: question.id,
    }


def _settle(
    questions: Sequence[Question], status: Status, review: Review, file: Path, data_dir: Path
) -> None:
    for question in questions:
        try:
            decide(question, status, review.typed(question), file, data_dir)
        except CommuniqueError as error:
            st.toast(as_markdown(f"{question.id}: {error}"), icon=":material/error:")


def _open(identity: str) -> None:
    st.query_params["q"] = identity
    st.session_state["draft_view"] = "one"
