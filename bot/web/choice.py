"""A choice among options that may change between two drawings of a page.

It does not know what is chosen from.
"""

from collections.abc import Callable, Sequence

import streamlit as st


def draw_choice(
    none: str, options: Sequence[str], named: Callable[[str], str], key: str, least: int = 2
) -> str | None:
    """A choice among the options, or none of them; not drawn where there is nothing to choose from."""
    forget_unknown(key, options)
    if len(options) < least:
        return None
    return st.selectbox(
        none,
        options,
        index=None,
        format_func=named,
        key=key,
        placeholder=none,
        label_visibility="collapsed",
        persist_state="session",
    )


def forget_unknown(key: str, options: Sequence[str]) -> None:
    """What was chosen from other options may not be among these."""
    asked = st.session_state.get(key)
    if isinstance(asked, list):
        st.session_state[key] = [each for each in asked if each in options]
    elif asked not in options:
        st.session_state.pop(key, None)
