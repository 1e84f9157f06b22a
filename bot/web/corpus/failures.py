"""The files that could not be read, with the reason of each.

It does not know how they were read.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import streamlit as st

from bot.catalog import Failure
from bot.upkeep.run import shorn
from bot.web.corpus.wording import CorpusWording
from bot.web.markup import as_html

ROW = 36
ROWS = 8
CHOSEN = "corpus-failure"
"""The root and file whose row was pressed last, in the session, until it is shown."""


def draw_failures(failures: Sequence[Failure], words: CorpusWording) -> None:
    """Draw them, folded away; a press on a row names it in the session as CHOSEN."""

    def choose() -> None:
        rows = cast(Any, st.session_state["corpus-failures"]).selection.rows
        if rows:
            chosen = failures[rows[0]]
            st.session_state[CHOSEN] = (chosen.root, chosen.file)

    with st.expander(words.not_read.format(count=f"{len(failures):,}"), icon=":material/error:"):
        st.html(f'<p class="cq-note">{as_html(words.not_read_note)}</p>')
        st.dataframe(
            [_row(each, words) for each in failures],
            hide_index=True,
            key="corpus-failures",
            on_select=choose,
            selection_mode="single-row",
            row_height=ROW,
            height=ROW * (min(len(failures), ROWS) + 1) + 3,
            alt=words.not_read.format(count=len(failures)),
            column_config={
                words.file: st.column_config.TextColumn(width=240, pinned=True),
                words.reason: st.column_config.TextColumn(width=480),
                words.tried: st.column_config.NumberColumn(width=80),
                words.last_tried: st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", width=140),
            },
        )


def reason_html(failure: Failure) -> str:
    """File and reason in full."""
    return (
        f'<p class="cq-title" dir="auto">{as_html(failure.file)}</p>'
        f'<p class="cq-reason" dir="auto">{as_html(shorn(failure.reason, Path(failure.root)))}</p>'
    )


def _row(failure: Failure, words: CorpusWording) -> dict[str, Any]:
    return {
        words.file: failure.file,
        words.reason: " ".join(shorn(failure.reason, Path(failure.root)).split()),
        words.tried: failure.tries,
        words.last_tried: failure.last_seen,
    }
