"""Starts a run, or goes on with one that was interrupted; the page's address then names it.

How far it is lives in `bot.web.evaluation.live`.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from bot.errors import CommuniqueError, StorageError
from bot.evaluation.evaluate import Progress
from bot.evaluation.interview import about, interview
from bot.evaluation.report import write_report
from bot.evaluation.sets.questions import Question, read_questions
from bot.settings import READING
from bot.web.evaluation.choose import draw_choice, found_sets
from bot.web.evaluation.kept import QUESTIONS, Kept, begin
from bot.web.evaluation.live import Live
from bot.web.evaluation.sets import open_set, placed
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_markdown

if TYPE_CHECKING:
    from bot.chain import Bot

LOCK = "run.lock"
WAITING_AT_ONCE = 4
"""Questions asked at once of a chat model, which answers elsewhere."""


def draw_start(bot: "Bot", live: Live, words: TeamWording) -> None:
    """Draw the choice of a set and the button that starts."""
    data_dir = bot.settings.data_dir
    if draw_choice(found_sets(data_dir), "set", data_dir, words):
        st.button(
            words.start,
            key="start",
            type="primary",
            icon=":material/play_arrow:",
            disabled=live.busy,
            on_click=_start,
            args=(bot, live),
        )


def _start(bot: "Bot", live: Live) -> None:
    """Begin a run over the set that is chosen now: the press may come before the choice was drawn."""
    path, data_dir = st.session_state["set"], bot.settings.data_dir
    try:
        questions = open_set(placed(path, data_dir)).questions
        _go(bot, live, begin(questions, path, bot.mode, data_dir), questions)
    except CommuniqueError as error:
        st.toast(as_markdown(str(error)), icon=":material/error:")


def resume(bot: "Bot", live: Live, run: Kept) -> None:
    """Go on with a run that was interrupted; its answers so far are kept."""
    try:
        _go(bot, live, run, read_questions(run.folder / QUESTIONS))
    except CommuniqueError as error:
        st.toast(as_markdown(str(error)), icon=":material/error:")


def _go(bot: "Bot", live: Live, run: Kept, questions: Sequence[Question]) -> None:
    def work(progress: Progress) -> None:
        with _alone(run):
            scores = interview(bot, questions, run.folder, progress, workers=_workers(bot), resume=True)
            name = run.about.set if run.about else run.name
            write_report(scores, run.folder, about([name], bot, scores))

    live.start(run, len(questions), work)
    st.session_state.pop("upload_news", None)
    st.session_state["new_run"] = False
    for name in ("q", "against", "view"):
        st.query_params.pop(name, None)
    st.query_params["run"] = run.name


@contextmanager
def _alone(run: Kept) -> Iterator[None]:
    """Keeps other processes that serve the same data folder from going on with the run, too."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(run.folder / LOCK, timeout=0):
            yield
    except Timeout:
        raise StorageError("Another process is asking these questions. Wait for its end.") from None


def _workers(bot: "Bot") -> int:
    """A processor is left to those who chat meanwhile."""
    own = max(1, (os.cpu_count() or 2) - 1)
    return own if bot.mode == READING else max(own, WAITING_AT_ONCE)
