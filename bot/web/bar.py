"""How far work is that goes on by itself, drawn anew each second, with a button that stops it.

It starts nothing, and does not know what the work is.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

EVERY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Bar:
    """How far the work is: `fraction` from 0 to 1, `told` the same in words; `is_stopping` once it was stopped."""

    fraction: float
    told: str
    is_stopping: bool


def draw_bar(
    now: Callable[[], Bar | None], stop: Callable[[], None], words: tuple[str, str], of: str = ""
) -> None:
    """Draw it until `now` gives None; then the page is drawn anew.

    `words` are what the button says and what stands below; `of` begins the keys of its parts.
    """

    @st.fragment(run_every=EVERY_SECONDS)
    def draw() -> None:
        going = now()
        if going is None:
            st.rerun()
        label, caption = words
        with st.container(border=True, key=f"{of}going"):
            st.progress(min(1.0, going.fraction), going.told)
            st.button(
                label, key=f"{of}stop", icon=":material/stop:", disabled=going.is_stopping, on_click=stop
            )
            st.caption(caption)

    draw()
