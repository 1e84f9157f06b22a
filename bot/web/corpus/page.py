"""The corpus page: how much there is and of when, and the releases as a table.

It reads the catalog and changes nothing.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from bot.catalog import Summary
from bot.prompts import day
from bot.web.cards import facts_html
from bot.web.corpus import timeline
from bot.web.corpus.filter import newest_first
from bot.web.corpus.table import CHOSEN, draw_filters, draw_table
from bot.web.corpus.wording import CorpusWording, corpus_wording
from bot.web.markup import as_html
from bot.web.wording import Wording, language_name

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from bot.catalog import Catalog
    from bot.chain import Bot

LANGUAGES_SHOWN = 4


def draw_corpus(bot: "Bot", chat: "StreamlitPage", words: Wording) -> None:
    """Draw the page; `chat` opens releases. Raises the errors of the catalog."""
    own = corpus_wording(words.language)
    releases = _releases(bot.catalog, bot.settings.data_dir, bot.catalog.generation)
    with st.container(key="team"):
        st.html(f'<h1 class="cq-page">{as_html(own.corpus)}</h1>')
        if not releases:
            st.html(f'<p class="cq-note">{as_html(own.empty)}</p>')
            return
        st.html(tiles_html(releases, own))
        asked = draw_filters(releases, own)
        chosen = asked.matching(releases)
        _draw_timeline(chosen, own)
        draw_table(chosen, len(releases), own)
        named = st.session_state.pop(CHOSEN, None)
        shown = next((release for release in releases if release.id == named), None)
        if shown:
            _draw_release(shown, chat, own, words)


def tiles_html(releases: Sequence[Summary], words: CorpusWording) -> str:
    """How many there are, in which languages, and of which days."""
    undated = sum(release.date is None for release in releases)
    days = [release.date for release in releases if release.date]
    counts = Counter(release.language for release in releases)
    languages = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{language_name(code, words.language)} {count:,}" for code, count in languages]
    tiles = (
        (words.releases, f"{len(releases):,}", words.undated.format(count=f"{undated:,}") if undated else ""),
        (words.languages, str(len(languages)), " · ".join(named[:LANGUAGES_SHOWN])),
        (
            words.days,
            f"{min(days).year}–{max(days).year}" if days else "–",
            f"{day(min(days), words.language)} – {day(max(days), words.language)}" if days else words.no_days,
        ),
    )
    items = "".join(
        f'<li><span class="cq-tile-label">{as_html(label)}</span><span class="cq-figure">{as_html(figure)}</span>'
        f'<span class="cq-tile-note">{as_html(note)}</span></li>'
        for label, figure, note in tiles
    )
    return f'<ul class="cq-tiles">{items}</ul>'


def _draw_timeline(releases: Sequence[Summary], words: CorpusWording) -> None:
    bars = timeline.bars_of(releases)
    if bars:
        st.altair_chart(timeline.chart(bars, words), alt=f"{words.timeline}: {timeline.told(bars, words)}")


def _draw_release(release: Summary, chat: "StreamlitPage", own: CorpusWording, words: Wording) -> None:
    """Draw a window over the page with what is known of a release and what can be done with it."""

    def draw() -> None:
        facts = facts_html(release.date, release.issuer, release.language, words)
        st.html(
            f'<p class="cq-title" dir="auto">{as_html(release.title)}</p><div class="cq-facts">{facts}</div>'
            f'<p class="cq-note">{as_html(own.file)}: <bdi>{as_html(release.file)}</bdi></p>'
        )
        address = {"release": release.id} | ({"lang": words.language} if "lang" in st.query_params else {})
        st.page_link(chat, label=own.open_release, icon=":material/open_in_new:", query_params=address)

    st.dialog(own.release)(draw)()


@st.cache_resource(show_spinner=False, max_entries=4)
def _releases(_catalog: "Catalog", data_dir: Path, generation: int) -> tuple[Summary, ...]:
    """All releases, the newest first; they are frozen, so that sessions can share them."""
    return newest_first(_catalog.releases())
