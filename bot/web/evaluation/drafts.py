"""The page of drafted questions: a person accepts each, changes it or drops it, and saves what was accepted.

The address says which one is shown: `q`. Every decision is kept at once, by `bot.web.evaluation.decisions`.
"""

from typing import TYPE_CHECKING

import streamlit as st

from bot.evaluation.sets.importing.sources import SETS
from bot.web.evaluation.choose import Chosen, draw_choice, found_sets
from bot.web.evaluation.decisions import Review, read_review
from bot.web.evaluation.draft_entry import draw_entry
from bot.web.evaluation.draft_save import draw_save
from bot.web.evaluation.draft_table import draw_draft_table
from bot.web.evaluation.wording import TeamWording
from bot.web.evaluation.words import team_wording
from bot.web.markup import as_html
from bot.web.wording import Wording

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from bot.chain import Bot

VIEWS = ("one", "table")


def draw_drafts(bot: "Bot", evaluation: "StreamlitPage", words: Wording) -> None:
    """Draw the page; `evaluation` is where an accepted set is run. Raises the errors of the stores it reads."""
    team = team_wording(words.language)
    data_dir = bot.settings.data_dir
    with st.container(key="team"):
        st.html(
            f'<h1 class="cq-page">{as_html(team.drafts)}</h1><p class="cq-note">{as_html(team.drafts_lead)}</p>'
        )
        sets = sorted(found_sets(data_dir), key=lambda each: not each.drafted)
        with st.container(border=True, key="draft-form"):
            chosen = draw_choice(sets, "draft_set", data_dir, team, SETS)
        if chosen:
            _draw_review(chosen, bot, evaluation, words, team)


def _draw_review(
    chosen: Chosen, bot: "Bot", evaluation: "StreamlitPage", words: Wording, team: TeamWording
) -> None:
    data_dir = bot.settings.data_dir
    review = read_review(chosen.questions, chosen.file, data_dir)
    _draw_progress(review, team)
    view = st.segmented_control(
        team.view,
        VIEWS,
        key="draft_view",
        default=VIEWS[0],
        format_func=lambda name: team.one_at_a_time if name == "one" else team.as_table,
        required=True,
        persist_state="session",
        label_visibility="collapsed",
    )
    if view == "table":
        draw_draft_table(review, chosen.file, data_dir, team)
    else:
        draw_entry(review, chosen.file, bot, words, team)
    draw_save(review, chosen.file, data_dir, evaluation, team)


def _draw_progress(review: Review, words: TeamWording) -> None:
    accepted, dropped, left = (len(review.of_status(each)) for each in ("accepted", "dropped", "open"))
    told = words.decided.format(accepted=accepted, dropped=dropped, left=left)
    st.progress((accepted + dropped) / len(review.questions), told)
