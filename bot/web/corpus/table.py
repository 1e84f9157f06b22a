"""The releases as a table with filters; choosing a row shows more of it.

It does not know where the releases come from.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, cast

import streamlit as st

from bot.catalog import Summary
from bot.web.choice import draw_choice
from bot.web.corpus.filter import Filter
from bot.web.corpus.wording import CorpusWording
from bot.web.markup import as_html
from bot.web.wording import language_name

ROW = 36
"""Height of a row, in pixels."""
ROWS = 14
"""Rows that are seen without scrolling."""
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
"""The days that can be asked for: without them Streamlit offers ten years around today."""
CHOSEN = "corpus-chosen"
"""The release whose row was pressed last, in the session, until it is shown."""


def draw_filters(releases: Sequence[Summary], superseded: Collection[str], words: CorpusWording) -> Filter:
    """Draw what can be asked for; the session keeps it."""
    states = {words.current: False, words.superseded: True} if superseded else {}
    languages = sorted({release.language for release in releases})
    issuers = sorted({release.issuer for release in releases if release.issuer}, key=str.casefold)
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.text_input(
            words.search,
            key="corpus-text",
            placeholder=words.search,
            label_visibility="collapsed",
            icon=":material/search:",
            persist_state="session",
        )
        language = draw_choice(
            words.any_language,
            languages,
            lambda code: language_name(code, words.language),
            "corpus-language",
        )
        issuer = draw_choice(words.any_issuer, issuers, str, "corpus-issuer")
        state = draw_choice(words.any_state, list(states), str, "corpus-state")
        since = _day(words.since, "corpus-since")
        until = _day(words.until, "corpus-until")
    return Filter(text, language, issuer, since, until, states[state] if state else None)


def draw_table(
    chosen: Sequence[Summary], superseded: Collection[str], total: int, words: CorpusWording
) -> None:
    """Draw the releases `chosen` of `total`; a press on a row names it in the session as CHOSEN."""
    told = words.count(total)
    if len(chosen) < total:
        told = words.releases_of.format(shown=f"{len(chosen):,}", total=f"{total:,}")
    st.html(f'<p class="cq-note" role="status">{as_html(f"{told} · {words.open_row}")}</p>')
    if not chosen:
        return

    def choose() -> None:
        rows = cast(Any, st.session_state["corpus-table"]).selection.rows
        if rows:
            st.session_state[CHOSEN] = chosen[rows[0]].id

    st.dataframe(
        [row(release, superseded, words) for release in chosen],
        hide_index=True,
        key="corpus-table",
        on_select=choose,
        selection_mode="single-row",
        row_height=ROW,
        height=ROW * (min(len(chosen), ROWS) + 1) + 3,
        column_order=[name for name in row(chosen[0], (), words) if superseded or name != words.state],
        alt=words.releases,
        column_config={
            words.date: st.column_config.DateColumn(format="YYYY-MM-DD", width=105, pinned=True),
            words.title: st.column_config.TextColumn(width=420),
            words.release_language: st.column_config.TextColumn(width=90),
            words.issuer: st.column_config.TextColumn(width=220),
            words.state: st.column_config.TextColumn(width=90),
            words.file: st.column_config.TextColumn(width=260),
            words.length: st.column_config.NumberColumn(format="localized", width=100),
        },
    )


def row(release: Summary, superseded: Collection[str], words: CorpusWording) -> dict[str, Any]:
    """A release as a row of the table; its texts are shown as they are."""
    return {
        words.date: release.date,
        words.title: " ".join(release.title.split()),
        words.release_language: language_name(release.language, words.language),
        words.issuer: release.issuer or "",
        words.state: words.superseded if release.id in superseded else "",
        words.file: release.file,
        words.length: release.characters,
    }


def _day(label: str, key: str) -> date | None:
    value = st.date_input(
        label,
        value=None,
        min_value=EARLIEST,
        max_value=LATEST,
        format="YYYY-MM-DD",
        key=key,
        persist_state="session",
    )
    return value if isinstance(value, date) else None
