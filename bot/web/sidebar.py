"""The sidebar: the conversations, what the chat stands on, and the language of the interface.

It does not know how a conversation is shown, nor where the page's address is kept, but for the language.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from bot.errors import CommuniqueError
from bot.history import Conversation, History
from bot.prompts import day
from bot.settings import READING
from bot.web.markup import as_html, as_markdown
from bot.web.wording import LANGUAGES, Wording, language_name

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

LISTED_CONVERSATIONS = 10


@dataclass(frozen=True, slots=True)
class Corpus:
    """How many releases there are, and the newest day of publication that is known."""

    releases: int
    newest: date | None


Select = Callable[[str | None], None]
"""Shows a conversation by its id; None starts a new one."""


def draw_brand(words: Wording) -> None:
    st.html(f'<div class="cq-brand"><strong>Communiqué</strong><span>{as_html(words.tagline)}</span></div>')


def draw_conversations(
    history: History, owner: str, current: str | None, select: Select, words: Wording
) -> None:
    """Draw the list of those that `owner` sees: a button selects, a menu beside it renames or deletes.

    Inside a page of others nothing is listed: without a login an owner is everybody, and there that is every visitor.
    """
    st.button(
        words.new_conversation,
        key="new_conversation",
        on_click=select,
        args=(None,),
        icon=":material/edit_square:",
        width="stretch",
    )
    conversations = [] if st.context.is_embedded else history.list(owner)
    shown = (
        conversations if st.session_state.get("all_conversations") else conversations[:LISTED_CONVERSATIONS]
    )
    if shown:
        st.html(f'<h2 class="cq-heading">{as_html(words.conversations)}</h2>')
    with st.container(key="conversations", gap=None):
        for conversation in shown:
            _draw_conversation(conversation, history, current, select, words)
    if len(shown) < len(conversations):
        st.button(
            words.show_all.format(count=len(conversations)),
            key="show_all",
            type="tertiary",
            on_click=lambda: st.session_state.update(all_conversations=True),
        )


def draw_pages(pages: "Sequence[StreamlitPage]", words: Wording) -> None:
    """Draw a link to each page; the language goes along."""
    language = {"lang": words.language} if "lang" in st.query_params else None
    with st.container(key="pages", gap="xxsmall"):
        for page in pages:
            st.page_link(page, query_params=language)


def draw_signs(mode: str, corpus: Corpus, words: Wording) -> None:
    """Draw who writes the answers, and from what."""
    who, what = _signs(mode, corpus, words)
    st.html(
        f'<div class="cq-signs"><p class="cq-mode">{as_html(who)}</p>'
        f'<p class="cq-corpus">{as_html(what)}</p></div>'
    )


def draw_strip(mode: str, corpus: Corpus, words: Wording) -> None:
    """Draw the same in one line, which the style sheet shows on a phone, where the sidebar is folded away."""
    line = " · ".join(_signs(mode, corpus, words))
    st.html(f'<p class="cq-strip"><span class="cq-mode"></span>{as_html(line)}</p>')


def _signs(mode: str, corpus: Corpus, words: Wording) -> tuple[str, str]:
    writer = mode.partition(":")[2] or mode
    who = words.reading_mode if mode == READING else words.written_mode.format(model=writer)
    count = words.one_release if corpus.releases == 1 else words.many_releases.format(count=corpus.releases)
    newest = words.newest.format(day=day(corpus.newest, words.language)) if corpus.newest else ""
    return who, " · ".join(part for part in (count, newest) if part)


def draw_language(words: Wording) -> None:
    """Draw the choice of language; the page's address keeps it."""
    st.segmented_control(
        words.interface_language,
        LANGUAGES,
        key="language",
        default=words.language,
        required=True,
        format_func=lambda code: language_name(code, code).capitalize(),
        on_change=lambda: st.query_params.update(lang=st.session_state["language"]),
        label_visibility="collapsed",
    )


def _draw_conversation(
    conversation: Conversation, history: History, current: str | None, select: Select, words: Wording
) -> None:
    title = as_markdown(conversation.title) or words.untitled
    state = "current" if conversation.id == current else "other"
    with st.container(
        key=f"{state}-{conversation.id}", horizontal=True, gap=None, vertical_alignment="center", wrap=False
    ):
        st.button(
            title,
            key=f"select-{conversation.id}",
            on_click=select,
            args=(conversation.id,),
            type="tertiary",
            width="stretch",
        )
        chosen = st.menu_button(
            words.actions,
            (words.rename, words.delete),
            key=f"menu-{conversation.id}",
            icon=":material/more_horiz:",
            type="tertiary",
        )
    if chosen == words.rename:
        _rename(conversation, history, words)
    elif chosen == words.delete:
        _delete(conversation, history, select if state == "current" else None, words)


def _rename(conversation: Conversation, history: History, words: Wording) -> None:
    def ask() -> None:
        with st.form("rename", border=False):
            title = st.text_input(words.title, value=conversation.title)
            if st.form_submit_button(words.save, type="primary"):
                _change(lambda: history.rename(conversation.id, title))

    st.dialog(words.rename)(ask)()


def _delete(conversation: Conversation, history: History, select: Select | None, words: Wording) -> None:
    def ask() -> None:
        st.markdown(words.confirm_delete.format(title=as_markdown(conversation.title) or words.untitled))
        with st.container(horizontal=True):
            if st.button(words.delete, type="primary", icon=":material/delete:"):
                if select:
                    select(None)
                _change(lambda: history.delete(conversation.id))
            if st.button(words.cancel):
                st.rerun()

    st.dialog(words.delete)(ask)()


def _change(change: Callable[[], None]) -> None:
    """Make the change and close the dialog, or say in it what went wrong."""
    try:
        change()
    except CommuniqueError as error:
        st.error(as_markdown(str(error)))
    else:
        st.rerun()
