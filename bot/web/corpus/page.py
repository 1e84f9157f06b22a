"""The corpus page: how much there is and of when, the releases as a table, what failed, and what may be changed.

It reads the catalog; what it changes is done by `bot.web.corpus.change`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from bot.catalog import Failure, Summary, Version
from bot.prompts import day
from bot.upkeep.run import runner_of
from bot.web.corpus import failures, timeline
from bot.web.corpus.change import draw_file_removal, draw_uploads
from bot.web.corpus.filter import newest_first
from bot.web.corpus.going import draw_going, draw_outcome
from bot.web.corpus.one_release import Here, draw_release
from bot.web.corpus.permission import draw_key_field, scopes_here
from bot.web.corpus.table import CHOSEN, draw_filters, draw_table
from bot.web.corpus.wording import CorpusWording
from bot.web.corpus.words import corpus_wording
from bot.web.markup import as_html
from bot.web.wording import Wording, language_name

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from bot.catalog import Catalog
    from bot.chain import Bot

LANGUAGES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Stock:
    """What the catalog holds: the releases, the newest first, and which of them tell the same."""

    releases: tuple[Summary, ...]
    versions: dict[str, Version]

    @property
    def superseded(self) -> frozenset[str]:
        return frozenset(name for name, version in self.versions.items() if version.superseded_by)


def draw_corpus(bot: "Bot", chat: "StreamlitPage", words: Wording) -> None:
    """Draw the page; `chat` opens releases. Raises the errors of the stores."""
    own = corpus_wording(words.language)
    runner = runner_of(bot.settings)
    run = runner.last  # before the catalog is read: what ends in between is drawn as going on, and soon anew
    stock = _stock(bot.catalog, bot.settings.data_dir, bot.catalog.generation)
    failed = bot.catalog.failures()
    scopes = scopes_here(bot.settings)
    with st.container(key="team"):
        st.html(f'<h1 class="cq-page">{as_html(own.corpus)}</h1>')
        if run and not run.ended:
            draw_going(runner, own)
        elif "ingest" in scopes:
            draw_uploads(runner, bot.settings.data_dir, own)
        else:
            draw_key_field(bot.settings, own)
        draw_outcome(run, own)
        if failed:
            failures.draw_failures(failed, own)
        if not stock.releases:
            st.html(f'<p class="cq-note">{as_html(own.empty)}</p>')
            return
        _draw_stock(stock, own)
        here = Here(chat, runner, "admin" in scopes)
        named, place = (st.session_state.pop(key, None) for key in (CHOSEN, failures.CHOSEN))
        shown = next((release for release in stock.releases if release.id == named), None)
        if shown:
            draw_release(shown, stock.releases, stock.versions, here, own, words)
        for failure in failed:
            if (failure.root, failure.file) == place:
                _draw_failure(failure, here, own)


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


def _draw_stock(stock: Stock, words: CorpusWording) -> None:
    st.html(tiles_html(stock.releases, words))
    asked = draw_filters(stock.releases, stock.superseded, words)
    chosen = asked.matching(stock.releases, stock.superseded)
    bars = timeline.bars_of(chosen)
    if bars:
        st.altair_chart(timeline.chart(bars, words), alt=f"{words.timeline}: {timeline.told(bars, words)}")
    draw_table(chosen, stock.superseded, len(stock.releases), words)


def _draw_failure(failure: Failure, here: Here, words: CorpusWording) -> None:
    def draw() -> None:
        st.html(failures.reason_html(failure))
        if here.may_remove and not failure.member:
            draw_file_removal(failure.path, here.runner, words)

    st.dialog(words.failure)(draw)()


@st.cache_resource(show_spinner=False, max_entries=4)
def _stock(_catalog: "Catalog", data_dir: Path, generation: int) -> Stock:
    """What the catalog holds; it is frozen, so that sessions can share it."""
    return Stock(newest_first(_catalog.releases()), _catalog.versions())
