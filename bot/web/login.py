"""Who a visitor is, where `.streamlit/secrets.toml` names a provider of identities (OpenID Connect).

Streamlit talks to the provider and keeps who came back in a signed cookie; this module only asks for it and names
the person. It does not know what a person may see.
"""

import streamlit as st

from bot.web.markup import as_html, as_markdown
from bot.web.page import draw_script
from bot.web.wording import Wording

PERSON = "person"
"""What the owner of a person's conversations begins with: no key or token is named so."""

LEAVING = "leaving"
"""In the state of a page: its visitor is on the way out."""


def is_required() -> bool:
    """Whether people must log in."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets


def person() -> str:
    """The owner of this visitor's conversations: empty where nobody logs in, and all share the page."""
    if not is_required():
        return ""
    return f"{PERSON} {st.user.get('iss', '')} {st.user.get('sub', '')}"


def lets_in(words: Wording) -> bool:
    """Whether the visitor may see the page; else the way to log in is drawn."""
    if not is_required():
        return True
    if st.session_state.get(LEAVING):
        return False  # nothing to click that would stop the browser on its way out
    if _is_known():
        draw_script(key="login-script")  # it comes back to the address that was asked for before the login
        return True
    st.html(
        f'<div class="cq-welcome cq-login"><h1>{as_html(words.log_in)}</h1>'
        f"<p>{as_html(words.log_in_reason)}</p></div>"
    )
    if st.context.is_embedded:
        st.info(words.log_in_embedded)  # browsers keep no cookie of a page inside another's
        return False
    with st.container(horizontal=True, horizontal_alignment="center"):
        for provider in _providers():
            name = words.log_in_with.format(provider=as_markdown(provider)) if provider else words.log_in
            st.button(name, f"log_in_{provider}", on_click=st.login, args=(provider or None,), type="primary")
    draw_script(key="login-script")
    return False


def draw_person(words: Wording) -> None:
    """Draw who is logged in, and the way out; nothing where nobody logs in."""
    if is_required():
        name = str(st.user.get("name") or st.user.get("email") or st.user.get("sub"))
        with st.container(key="person", horizontal=True, vertical_alignment="center"):
            st.html(f'<p class="cq-note" dir="auto">{as_html(name)}</p>')
            st.button(words.log_out, "log_out", on_click=_log_out, type="tertiary")


def _log_out() -> None:
    """Leave: the cookie is gone once the browser has been where Streamlit sends it, and came back to a new page."""
    st.session_state[LEAVING] = True
    st.logout()


def _is_known() -> bool:
    """Whether a provider has said who this is; conversations belong to that name for a person, so it must be there."""
    return bool(st.user.get("is_logged_in") and st.user.get("iss") and st.user.get("sub"))


def _providers() -> list[str]:
    """The providers by name; one alone may have none."""
    section = st.secrets["auth"]
    return [name for name in section if hasattr(section[name], "keys")] or [""]
