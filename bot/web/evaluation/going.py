"""How far the run is that goes on, drawn anew each second, and the button that stops it.

It starts nothing.
"""

import streamlit as st

from bot.web.evaluation import amounts
from bot.web.evaluation.live import Going, Live
from bot.web.evaluation.wording import TeamWording

EVERY_SECONDS = 1.0


def draw_going(live: Live, words: TeamWording) -> None:
    """Draw the bar until the run is over; then the page is drawn anew."""

    @st.fragment(run_every=EVERY_SECONDS)
    def draw() -> None:
        now = live.now
        if now is None or now.over:
            st.rerun()
        with st.container(border=True, key="going"):
            st.progress(min(1.0, now.done / max(1, now.total)), told(now, words))
            st.button(
                words.stop,
                key="stop",
                icon=":material/stop:",
                disabled=now.stopping,
                on_click=live.stop,
            )
            st.caption(words.going_on)

    draw()


def told(now: Going, words: TeamWording) -> str:
    """How far it is, in words."""
    asked = words.asked_of.format(done=now.done, total=now.total)
    if now.stopping:
        return f"{asked} · {words.stopping}"
    if now.seconds_left is None:
        return asked
    return f"{asked} · {words.time_left.format(time=amounts.seconds(now.seconds_left, words))}"
