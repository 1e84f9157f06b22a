"""One conversation on the page: its turns, the question that is being asked, what can be done with an answer.

It does not know where the page's address or the conversation's id come from.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from bot.domain import Answer, Release, Turn
from bot.errors import CommuniqueError
from bot.history import History, Thumbs
from bot.settings import READING
from bot.web import cards
from bot.web.markup import as_html, as_markdown
from bot.web.release import Place
from bot.web.wording import Wording

if TYPE_CHECKING:
    from bot.chain import Bot

SHOWN_TURNS = 12
"""How many of the newest turns are drawn at once: each costs the browser some forty elements."""
_THUMBS: tuple[Thumbs, Thumbs] = ("down", "up")

OpenRelease = Callable[[Place, str], None]
"""Opens a place in a release; the second is the element to come back to."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that has no answer yet: it is being asked, or was interrupted, or failed with `error`."""

    question: str
    error: str | None = None


def draw_turns(
    turns: Sequence[Turn], bot: "Bot", history: History, open_release: OpenRelease, words: Wording
) -> None:
    """Draw the newest turns, and a button for the earlier ones."""
    earlier = max(0, len(turns) - SHOWN_TURNS)
    if earlier and not st.session_state.get("all_turns"):
        st.button(
            words.earlier_turns.format(count=earlier),
            key="all_turns_button",
            on_click=_show_all,
            type="tertiary",
            icon=":material/history:",
        )
        turns = turns[earlier:]
    for turn in turns:
        draw_question(turn.question, question_id(turn.answer), cards.meant_html(turn, words))
        _draw_answer(turn.answer, bot, history, open_release, words)


def draw_question(question: str, name: str = "", meant: str = "") -> None:
    st.html(f'<div class="cq-question" id="{name}"><p dir="auto">{as_html(question)}</p>{meant}</div>')


def question_id(answer: Answer) -> str:
    """The name, in the page, of the question that this answers."""
    return f"question-{re.sub(r'[^a-zA-Z0-9]', '', answer.id)}"


def draw_asking(bot: "Bot", question: str, turns: Sequence[Turn], words: Wording) -> Answer:
    """Ask, drawing the answer as it is written; raises CommuniqueError."""
    draw_question(question)
    writing = st.empty()
    phrase = words.reading if bot.mode == READING else words.thinking
    waiting = f'<div class="cq-waiting" role="status">{as_html(phrase)}</div>'
    writing.html(waiting)
    text = ""
    with closing(
        bot.ask_stream(question, turns)
    ) as pieces:  # a reader who goes away ends the request to the chat model
        for piece in pieces:
            if isinstance(piece, Answer):
                return piece
            text += piece
            if text.strip():
                writing.html(cards.answer_html(text) + waiting)
    raise AssertionError("a stream ends with its answer")


def draw_failed(asking: Asking, ask_again: Callable[[str], None], words: Wording) -> None:
    """Draw a question that got no answer, why, and a button that asks it again."""
    draw_question(asking.question)
    if asking.error:
        st.error(as_markdown(asking.error), icon=":material/error:")
    else:
        st.info(words.interrupted, icon=":material/pause_circle:")
    st.button(
        words.ask_again, "ask_again", on_click=ask_again, args=(asking.question,), icon=":material/refresh:"
    )


def _draw_answer(
    answer: Answer, bot: "Bot", history: History, open_release: OpenRelease, words: Wording
) -> None:
    if answer.declined:
        _draw_decline(answer, open_release, words)
    else:
        numbers = {citation.number for citation in answer.citations}
        st.html(cards.answer_html(answer.text, answer.id, numbers))
    if answer.notice:
        st.html(f'<p class="cq-notice">{as_html(answer.notice)}</p>')
    for citation in answer.citations:
        name = cards.card_id(answer.id, citation.number)
        place = Place(citation.release_id, citation.revision, citation.start, citation.end)
        with st.container(border=True, key=name):
            st.html(cards.card_html(citation, _quoted(bot, place), answer.id, words))
            st.button(
                words.open_release,
                key=f"open-{name}",
                on_click=open_release,
                args=(place, name),
                type="tertiary",
                icon=":material/open_in_full:",
            )
    _draw_actions(answer, history, words)


def _draw_decline(answer: Answer, open_release: OpenRelease, words: Wording) -> None:
    closest = answer.closest
    with st.container(key=f"decline-{answer.id}"):
        st.html(
            f'<div class="cq-decline"><strong>{as_html(words.not_answered)}</strong>'
            f"{cards.answer_html(answer.text, answer.id, ())}</div>"
        )
        if closest:
            if closest.title not in answer.text:
                facts = cards.facts_html(closest.date, None, "", words)
                st.html(f'<p class="cq-note"><bdi>{as_html(closest.title)}</bdi> · {facts}</p>')
            st.button(
                words.closest_release,
                key=f"closest-{answer.id}",
                on_click=open_release,
                args=(Place(closest.release_id), f"decline-{answer.id}"),
                type="tertiary",
                icon=":material/open_in_full:",
            )


def _draw_actions(answer: Answer, history: History, words: Wording) -> None:
    """Copy, thumbs and, under a thumb that points down, a line for the reason."""
    rating = history.rating(answer.id)
    key = f"thumbs-{answer.id}"
    with st.container(key=f"actions-{answer.id}", horizontal=True, vertical_alignment="center", gap="small"):
        if answer.citations:
            copied = as_html(cards.copied_text(answer, words))
            st.html(
                f'<button type="button" class="cq-copy" data-text="{copied}">'
                f'<span class="cq-before">{as_html(words.copy)}</span>'
                f'<span class="cq-after">{as_html(words.copied)}</span></button>',
                width="content",
            )
        st.feedback(
            "thumbs",
            key=key,
            default=_THUMBS.index(rating.thumbs) if rating and rating.thumbs else None,
            on_change=_rate,
            args=(history, answer.id),
        )
        seconds = f"{answer.seconds:.2f}" if answer.seconds < 1 else f"{answer.seconds:.1f}"
        st.html(f'<span class="cq-seconds">{seconds} s</span>', width="content")
    if rating and rating.thumbs == "down":
        st.text_input(
            words.comment,
            value=rating.comment,
            key=f"comment-{answer.id}",
            on_change=_rate,
            args=(history, answer.id),
            placeholder=words.comment,
            label_visibility="collapsed",
        )


def _rate(history: History, answer_id: str) -> None:
    chosen = st.session_state.get(f"thumbs-{answer_id}")
    comment = st.session_state.get(f"comment-{answer_id}", "")
    try:
        history.rate(answer_id, None if chosen is None else _THUMBS[chosen], comment if chosen == 0 else "")
    except CommuniqueError as error:
        st.toast(as_markdown(str(error)), icon=":material/error:")


def _quoted(bot: "Bot", place: Place) -> Release | None:
    return bot.catalog.release(place.release_id, place.revision)


def _show_all() -> None:
    st.session_state["all_turns"] = True
