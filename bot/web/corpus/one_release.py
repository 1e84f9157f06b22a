"""A window over the corpus page with what is known of one release and what can be done with it.

It does not know how a release is removed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from bot.catalog import Summary, Version
from bot.upkeep.run import Runner
from bot.web.cards import facts_html
from bot.web.corpus.change import draw_removal, siblings_of
from bot.web.corpus.wording import CorpusWording
from bot.web.markup import as_html
from bot.web.wording import Wording, language_name

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage


@dataclass(frozen=True, slots=True)
class Here:
    """What can be done in this session: open a release in the `chat`, and remove one where that is allowed."""

    chat: "StreamlitPage"
    runner: Runner
    may_remove: bool


def draw_release(
    release: Summary,
    releases: Sequence[Summary],
    versions: Mapping[str, Version],
    here: Here,
    own: CorpusWording,
    words: Wording,
) -> None:
    """Draw the window."""

    def draw() -> None:
        facts = facts_html(release.date, release.issuer, release.language, words)
        st.html(
            f'<p class="cq-title" dir="auto">{as_html(release.title)}</p><div class="cq-facts">{facts}</div>'
            f'<p class="cq-note">{as_html(own.file)}: <bdi>{as_html(release.file)}</bdi></p>'
            f"{versions_html(release, versions, own, words)}"
        )
        address = {"release": release.id} | ({"lang": words.language} if "lang" in st.query_params else {})
        st.page_link(here.chat, label=own.open_release, icon=":material/open_in_new:", query_params=address)
        if here.may_remove:
            draw_removal(release, siblings_of(release, releases), here.runner, own)

    st.session_state.pop("corpus-removing", None)
    st.dialog(own.release)(draw)()


def versions_html(
    release: Summary, versions: Mapping[str, Version], own: CorpusWording, words: Wording
) -> str:
    """What took its place, and which others tell the same."""
    version = versions.get(release.id)
    if version is None:
        return ""
    newer = versions.get(version.superseded_by or "")
    told = [own.superseded_by.format(title=newer.title)] if newer else []
    others = [
        f"{each.title} ({language_name(each.language, words.language)})"
        for each in versions.values()
        if each.item == version.item and each not in (version, newer)
    ]
    told += [f"{own.other_versions} {' · '.join(others)}"] if others else []
    return "".join(f'<p class="cq-note" dir="auto">{as_html(line)}</p>' for line in told)
