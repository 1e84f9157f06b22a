"""The evaluation page: start a run, choose a kept one, and see it.

The address says what is shown: `run` a run, `view` how, `against` the run beside it, `q` one question of it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from bot.errors import CommuniqueError
from bot.web.evaluation import amounts
from bot.web.evaluation.going import draw_going
from bot.web.evaluation.kept import Kept, answered, delete_run, kept_runs
from bot.web.evaluation.live import Going, Live
from bot.web.evaluation.one_run import draw_run
from bot.web.evaluation.start import draw_start, resume
from bot.web.evaluation.wording import TeamWording
from bot.web.evaluation.words import team_wording
from bot.web.markup import as_html, as_markdown
from bot.web.wording import Wording

if TYPE_CHECKING:
    from bot.chain import Bot


def draw_evaluation(bot: "Bot", words: Wording) -> None:
    """Draw the page. Raises the errors of the stores it reads."""
    team = team_wording(words.language)
    live = _live(bot.settings.data_dir)
    # First how far it is, then the runs: one that ends in between is drawn as going on, and soon anew.
    now = live.now
    runs = kept_runs(bot.settings.data_dir)
    with st.container(key="team"):
        st.html(f'<h1 class="cq-page">{as_html(team.evaluation)}</h1>')
        if not runs:
            st.html(f'<p class="cq-note">{as_html(team.no_runs)}</p>')
            _draw_form(bot, live, team)
            return
        chosen = _draw_choice(runs, now, team)
        if st.session_state.get("new_run") or "set" in st.query_params:
            st.session_state["new_run"] = True
            _draw_form(bot, live, team)
        _draw_chosen(chosen, runs, now, bot, live, team)


def _draw_form(bot: "Bot", live: Live, words: TeamWording) -> None:
    with st.container(border=True, key="start-form"):
        draw_start(bot, live, words)


def _draw_choice(runs: tuple[Kept, ...], now: Going | None, words: TeamWording) -> Kept:
    by_name = {run.name: run for run in runs}
    is_going = now is not None and not now.over
    labels = amounts.run_labels(runs, words, now.run.name if now and is_going else None)
    named = st.query_params.get("run", "")
    st.session_state["run"] = named if named in by_name else runs[0].name
    with st.container(key="runs", horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            words.run,
            list(by_name),
            key="run",
            format_func=lambda name: labels.get(name, name),
            on_change=_choose,
            args=(tuple(by_name),),
        )
        st.button(
            words.close if st.session_state.get("new_run") else words.new_run,
            key="new",
            on_click=lambda: st.session_state.update(new_run=not st.session_state.get("new_run")),
            disabled=is_going,
            icon=":material/close:" if st.session_state.get("new_run") else ":material/add:",
        )
    return by_name[chosen]


def _draw_chosen(
    run: Kept, runs: tuple[Kept, ...], now: Going | None, bot: "Bot", live: Live, words: TeamWording
) -> None:
    last = now if now and now.run.name == run.name else None
    if last and not last.over:
        draw_going(live, words)
        return
    if last and last.error:
        st.error(as_markdown(last.error), icon=":material/error:")
    if run.ended:
        draw_run(run, [each for each in runs if each.ended], bot, words)
    else:
        _draw_interrupted(run, bot, live, words)
    if "q" not in st.query_params:
        _draw_ends(run, words)


def _draw_interrupted(run: Kept, bot: "Bot", live: Live, words: TeamWording) -> None:
    done, total = answered(run), run.about.questions if run.about else 0
    asked = words.asked_of.format(done=done, total=total) if total else words.questions(done)
    st.info(f"{words.interrupted} {asked}", icon=":material/pause_circle:")
    st.button(
        words.resume,
        key="resume",
        type="primary",
        icon=":material/play_arrow:",
        disabled=live.busy,
        on_click=resume,
        args=(bot, live, run),
    )


def _draw_ends(run: Kept, words: TeamWording) -> None:
    """What can be done with a run: take its report along, remove it."""
    with st.container(key="ends", horizontal=True):
        report = run.folder / "report.html"
        if report.exists():
            st.download_button(
                words.report,
                report.read_bytes(),
                file_name=f"{run.name}.html",
                mime="text/html",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )
        if st.button(words.delete_run, key="delete", type="tertiary", icon=":material/delete:"):
            _ask_deletion(run, words)


def _ask_deletion(run: Kept, words: TeamWording) -> None:
    def ask() -> None:
        st.markdown(words.confirm_delete.format(name=as_markdown(run.name)))
        if st.button(
            words.delete_run,
            key="delete-really",
            type="primary",
            icon=":material/delete:",
            on_click=_delete,
            args=(run,),
        ):
            st.rerun()

    st.dialog(words.delete_run)(ask)()


def _delete(run: Kept) -> None:
    try:
        delete_run(run)
    except CommuniqueError as error:
        st.toast(as_markdown(str(error)), icon=":material/error:")
    else:
        st.query_params.pop("run", None)


@st.cache_resource(show_spinner=False, on_release=Live.close)
def _live(data_dir: Path) -> Live:
    return Live()


def _choose(names: tuple[str, ...]) -> None:
    # A label that has changed meanwhile ("running") comes back as itself, and names no run.
    if st.session_state["run"] not in names:
        return
    for name in ("q", "against"):
        st.query_params.pop(name, None)
    st.query_params["run"] = st.session_state["run"]
