"""What every page carries: its style sheet and its one script, which holds no text of anyone's.

It does not know what stands on the page.
"""

import re
from functools import cache
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent


def draw_style() -> None:
    """Send the style sheet."""
    st.html(FOLDER / "style.css")


def draw_script(show: str = "", reason: str = "", key: str = "script") -> None:
    """Send the script; with `show` it scrolls to the element of that id or key, once for each `reason`.

    Call it last, so that what it looks for is on its way. A page that sends it twice gives the other a `key`.
    """
    asked = (
        f'<i id="cq-show" data-name="{_name(show)}" data-reason="{_name(reason)}" hidden></i>' if show else ""
    )
    with st.container(key=key):
        st.html(f"{asked}<script>{script()}</script>", unsafe_allow_javascript=True)


@cache
def script() -> str:
    """The script, always the same, so that the server can allow it by its hash and no other."""
    return (FOLDER / "page.js").read_text(encoding="utf-8")


def _name(text: str) -> str:
    """Only letters, digits and dashes reach the script."""
    return re.sub(r"[^a-zA-Z0-9-]", "", text)
