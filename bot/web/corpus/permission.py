"""Who may change the corpus on its page: on this machine's own server everyone, elsewhere who has a key for it.

It knows keys and where the page is served, and draws the field for a key.
"""

from collections.abc import Collection
from pathlib import Path

import streamlit as st

from bot.keys import FILE, SCOPES, Keys, Scope
from bot.keys.own_machine import came_by_proxy, is_loopback
from bot.settings import Settings
from bot.web.corpus.wording import CorpusWording

KEY = "corpus-key"
"""The key that was typed, in the session: it goes nowhere else."""


def scopes_here(settings: Settings) -> frozenset[Scope]:
    """What may be done in this session."""
    server = str(st.get_option("server.address") or "")
    return scopes_of(settings, server, set(st.context.headers), str(st.session_state.get(KEY) or ""))


def scopes_of(settings: Settings, server: str, headers: Collection[str], key: str) -> frozenset[Scope]:
    """What may be done by who types this key on a page of the server at that address, sent with these headers.

    As for the API, the first key that is made closes the door to all who have none. Before that, everything may
    be done where only this machine reaches the page: no proxy stands before it, declared or not.
    """
    keys = _keys(settings.data_dir / FILE)
    if not keys.exist():
        proxied = settings.trusted_proxies or came_by_proxy(headers)
        return frozenset(SCOPES) if is_loopback(server) and not proxied else frozenset()
    found = keys.find(key.strip())
    if found is None or found.revoked:
        return frozenset()
    return frozenset(SCOPES) if "admin" in found.scopes else found.scopes


def draw_key_field(settings: Settings, words: CorpusWording) -> None:
    """Draw where a key is typed, and what it is for."""
    with st.popover(words.change, icon=":material/key:"):
        if not _keys(settings.data_dir / FILE).exist():
            st.caption(words.key_none)
            return
        st.text_input(
            words.key,
            key=KEY,
            type="password",
            help=words.key_help,
            autocomplete="off",
            persist_state="session",  # the field is not drawn once the key has opened the page
        )
        if st.session_state.get(KEY):
            st.caption(words.key_refused)


@st.cache_resource(show_spinner=False, on_release=Keys.close)
def _keys(path: Path) -> Keys:
    return Keys(path)
