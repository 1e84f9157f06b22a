"""One run that ended: its scores, its questions, one of them, or the run beside another, as the address says.

It reads runs and changes none.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from bot.evaluation.compare import Comparison
from bot.web.evaluation import amounts, answer, comparison, overview, table
from bot.web.evaluation.kept import SCORES, Kept, Opened, open_run
from bot.web.evaluation.replies import outcome_in
from bot.web.evaluation.stages import draw_stages
from bot.web.evaluation.steps import draw_steps, show
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_html
from bot.web.page import draw_script

if TYPE_CHECKING:
    from bot.chain import Bot

VIEWS = ("scores", "questions", "compare")


def draw_run(run: Kept, runs: Sequence[Kept], bot: "Bot", words: TeamWording) -> None:
    """Draw a run; `runs` are all that ended, the newest first. Raises StorageError where it cannot be read."""
    opened = _open(run)
    wanted = st.query_params.get("q", "")
    if wanted in opened.run.results:
        _draw_answer(opened, run, wanted, bot, words)
        return
    view = _draw_views(words)
    if view == "questions":
        chosen = table.draw_filters(opened, words).chosen(opened.run)
        st.session_state["listed"] = [result.id for result in chosen]
        table.draw_table(opened.run, chosen, show, words)
    elif view == "compare":
        _draw_compared(run, runs, words)
    else:
        overview.draw_overview(opened, _show_stage, words)


def _draw_views(words: TeamWording) -> str:
    asked = st.query_params.get("view")
    st.session_state["view"] = asked if asked in VIEWS else VIEWS[0]
    labels = dict(zip(VIEWS, (words.scores_view, words.questions_view, words.compare_view), strict=True))
    chosen = st.segmented_control(
        words.view,
        VIEWS,
        key="view",
        format_func=lambda view: labels[view],
        required=True,
        on_change=lambda: st.query_params.update(view=st.session_state["view"]),
        label_visibility="collapsed",
    )
    return str(chosen)


def _draw_compared(run: Kept, runs: Sequence[Kept], words: TeamWording) -> None:
    others = {each.name: each for each in runs if each.name != run.name}
    if not others:
        st.info(words.one_run, icon=":material/compare_arrows:")
        return
    labels = amounts.run_labels(list(others.values()), words)
    named = st.query_params.get("against", "")
    st.session_state["against"] = named if named in others else _before(run, runs).name
    chosen = st.selectbox(
        words.against,
        list(others),
        key="against",
        format_func=lambda name: labels.get(name, name),
        on_change=_choose_other,
        args=(tuple(others),),
    )
    before = others[chosen]
    found = _compared(before.folder, _stamp(before), run.folder, _stamp(run))
    comparison.draw_comparison(found, show, words)


def _before(run: Kept, runs: Sequence[Kept]) -> Kept:
    """The run before this one over the same set; else the one before, or the newest other."""
    place = [each.name for each in runs].index(run.name)
    earlier = runs[place + 1 :]
    same = [each for each in earlier if each.about and run.about and each.about.set == run.about.set]
    return next(iter([*same, *earlier, *runs[:place]]))


def _draw_answer(opened: Opened, run: Kept, identity: str, bot: "Bot", words: TeamWording) -> None:
    result = opened.run.results[identity]
    listed = [key for key in st.session_state.get("listed", ()) if key in opened.run.results]
    draw_steps(identity, listed if identity in listed else list(opened.run.results), words, _close)
    outcome = outcome_in(run.folder, result)
    st.html(
        answer.head_html(result, words)
        + answer.reason_html(outcome)
        + answer.beside_html(outcome, words)
        + answer.times_html(outcome, words)
    )
    if outcome.evidence:
        title = f'<h2 class="cq-section">{as_html(words.evidence)}</h2>'
        st.html(f"{title}{answer.evidence_html(outcome.evidence, words)}")
    st.html(f'<h2 class="cq-section">{as_html(words.every_stage)}</h2>')
    st.html(f'<p class="cq-note">{as_html(words.ask_again_note)}</p>')
    if st.button(words.ask_again, key="explain", icon=":material/manage_search:"):
        draw_stages(bot, outcome.question, words)
    draw_script("asked", f"{run.name} {identity}")


def _open(run: Kept) -> Opened:
    return _read(run.folder, _stamp(run))


def _stamp(run: Kept) -> int:
    try:
        return (run.folder / SCORES).stat().st_mtime_ns
    except OSError:
        return 0  # reading it says what is wrong


@st.cache_resource(show_spinner=False, max_entries=8)
def _read(folder: Path, stamp: int) -> Opened:
    return open_run(folder)


@st.cache_resource(show_spinner=False, max_entries=8)
def _compared(before: Path, stamp_before: int, after: Path, stamp_after: int) -> Comparison:
    return _read(after, stamp_after).against(_read(before, stamp_before))


def _choose_other(names: tuple[str, ...]) -> None:
    if st.session_state["against"] in names:
        st.query_params["against"] = st.session_state["against"]


def _close() -> None:
    st.query_params.pop("q", None)


def _show_stage(stage: str) -> None:
    for key in ("verdicts", "language_asked", "tags", "text"):
        st.session_state.pop(key, None)
    st.session_state["stage"] = stage
    st.query_params["view"] = "questions"
