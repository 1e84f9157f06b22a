"""The way from one question to the one before and after it, which the page's address names as `q`.

It does not know what is shown of a question.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_html


def draw_steps(
    identity: str, listed: Sequence[str], words: TeamWording, close: Callable[[], None] | None = None
) -> None:
    """Draw the steps among the ids that are `listed`, of which `identity` is one; `close` leads to all of them."""
    place = listed.index(identity)
    with st.container(key="steps", horizontal=True, vertical_alignment="center", gap="small"):
        if close:
            st.button(
                words.all_questions,
                key="close",
                on_click=close,
                type="tertiary",
                icon=":material/arrow_back:",
            )
        for label, icon, other in (
            (words.previous, "chevron_left", place - 1),
            (words.next, "chevron_right", place + 1),
        ):
            is_there = 0 <= other < len(listed)
            st.button(
                label,
                key=icon,
                on_click=show,
                args=(listed[other] if is_there else identity,),
                disabled=not is_there,
                type="tertiary",
                icon=f":material/{icon}:",
            )
        told = words.place_of.format(place=place + 1, total=len(listed))
        st.html(f'<span class="cq-note">{as_html(told)}</span>', width="content")


def show(identity: str) -> None:
    """Name the question of that id in the address."""
    st.query_params["q"] = identity
