"""How far the ingest is, and what came of it.

It starts nothing.
"""

import streamlit as st

from bot.upkeep.run import Run, Runner
from bot.web.bar import Bar, draw_bar
from bot.web.corpus.change import REFUSED
from bot.web.corpus.wording import CorpusWording
from bot.web.markup import as_markdown

ERRORS_SHOWN = 12
SEEN = "corpus-seen"
"""The run whose outcome was put away, in the session."""


def draw_going(runner: Runner, words: CorpusWording) -> None:
    """Draw the bar until the run is over; then the page is drawn anew."""

    def now() -> Bar | None:
        run = runner.last
        return None if run is None or run.ended else Bar(run.fraction, told(run, words), run.is_stopped)

    draw_bar(now, runner.stop, (words.stop, words.going_on), "corpus-")


def draw_outcome(run: Run | None, words: CorpusWording) -> None:
    """Draw what was not done and why, in one red box, and what was done."""
    ended = run if run and run.ended and st.session_state.get(SEEN) != run.id else None
    refused = list(st.session_state.get(REFUSED, []))
    errors = [*refused, *(ended.errors if ended else ())]
    if ended and _went_well(ended):
        st.success(as_markdown(outcome(ended, words)), icon=":material/check:")
    if errors:
        more = len(errors) - ERRORS_SHOWN
        lines = [as_markdown(each) for each in errors[:ERRORS_SHOWN]]
        lines += [words.and_more.format(count=more)] if more > 0 else []
        told_all = lines[0] if len(lines) == 1 else "".join(f"\n- {line}" for line in lines)
        st.error(told_all, icon=":material/error:")
    if errors or (ended and ended.report):
        st.button(words.put_away, key="corpus-put-away", type="tertiary", on_click=_put_away, args=(ended,))


def told(run: Run, words: CorpusWording) -> str:
    """How far it is, in words."""
    if run.is_stopped:
        return words.stopping
    if not run.total:
        return words.starting
    done = words.done_of.format(done=f"{run.done:,}", total=f"{run.total:,}")
    if run.seconds_left is None:
        return done
    seconds = run.seconds_left
    left = f"{seconds:.0f}\u00a0s" if seconds < 90 else f"{seconds / 60:.0f}\u00a0min"
    return f"{done} · {words.time_left.format(time=left)}"


def outcome(run: Run, words: CorpusWording) -> str:
    """What a run did, in words."""
    report = run.report or {}
    counts = {
        words.added: report.get("added", 0),
        words.changed: report.get("changed", 0),
        words.removed: report.get("removed", 0),
        words.failed: len(report.get("failed", ())),
    }
    parts = [phrase.format(count=f"{count:,}") for phrase, count in counts.items() if count]
    return " · ".join(parts) or words.nothing_new


def _went_well(run: Run) -> bool:
    """Whether it did something, or had nothing to do; one that only failed says so in red alone."""
    report = run.report or {"failed": ["all"]}
    return any(report.get(name) for name in ("added", "changed", "removed")) or not report.get("failed")


def _put_away(run: Run | None) -> None:
    st.session_state[REFUSED] = []
    if run:
        st.session_state[SEEN] = run.id
