"""One drafted question on the page: its words to change, its quotes in their place, and what to do with it.

What is typed is kept as soon as the field is left.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from bot.errors import CommuniqueError, QuestionError
from bot.evaluation.sets.questions import Question
from bot.web.cards import context
from bot.web.evaluation.answer import release_link
from bot.web.evaluation.decisions import Review, Status, Typed, decide, worded
from bot.web.evaluation.steps import draw_steps, show
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_html, as_markdown
from bot.web.release import Place
from bot.web.wording import Wording, language_name

if TYPE_CHECKING:
    from bot.catalog import Catalog
    from bot.chain import Bot
    from bot.domain import Release


def draw_entry(review: Review, file: Path, bot: "Bot", words: Wording, team: TeamWording) -> None:
    """Draw the question that the address names, or the first that is not decided."""
    by_id = {question.id: question for question in review.questions}
    left = review.of_status("open")
    question = by_id.get(st.query_params.get("q", "")) or (left[0] if left else None)
    if question is None:
        st.success(team.all_decided, icon=":material/done_all:")
        return
    draw_steps(question.id, list(by_id), team)
    status = review.status(question)
    with st.container(border=True, key=f"entry-{status}"):
        st.html(_head_html(question, review, team))
        typed = _draw_fields(question, review, file, bot.settings.data_dir, team)
        try:
            worded(question, typed)
        except CommuniqueError as error:
            st.warning(as_markdown(str(error)), icon=":material/edit:")
        if sources := sources_html(question, bot.catalog, words, team):
            st.html(sources)
        _draw_buttons(question, review, file, bot.settings.data_dir, team)


def sources_html(question: Question, catalog: "Catalog", words: Wording, team: TeamWording) -> str:
    """What the question was drafted from, if it says: each quote in its paragraph, with a link to its place."""
    releases = [release for name in question.releases if (release := catalog.release(name))]
    quoted = "".join(_quote(quote, releases, team) for quote in question.quotes)
    shown = {release.id for release in releases}
    lost = [name for name in question.releases if name not in shown]
    missing = "".join(
        f'<li dir="auto">{as_html(name)} <span class="cq-bad">{as_html(words.missing_release)}</span></li>'
        for name in lost
    )
    links = "".join(
        f'<li><a href="{as_html(release_link(Place(release.id)))}" target="_blank" rel="noopener">'
        f"<bdi>{as_html(release.title)}</bdi></a></li>"
        for release in releases
        if not question.quotes
    )
    return f'{quoted}<ul class="cq-plain">{missing}{links}</ul>' if missing or links else quoted


def _quote(quote: str, releases: "list[Release]", team: TeamWording) -> str:
    for release in releases:
        start = release.text.find(quote)
        if start < 0:
            continue
        end = start + len(quote)
        before, after = context(release.text, start, end)
        place = Place(release.id, release.revision, start, end)
        return (
            f'<figure class="cq-source"><blockquote dir="auto"><span class="cq-context">{as_html(before)}</span>'
            f'<mark>{as_html(quote)}</mark><span class="cq-context">{as_html(after)}</span></blockquote>'
            f'<figcaption><a href="{as_html(release_link(place))}" target="_blank" rel="noopener">'
            f"<bdi>{as_html(release.title)}</bdi></a></figcaption></figure>"
        )
    return (
        f'<figure class="cq-source"><blockquote dir="auto">{as_html(quote)}</blockquote>'
        f'<figcaption class="cq-bad">{as_html(team.quote_not_found)}</figcaption></figure>'
    )


def _head_html(question: Question, review: Review, team: TeamWording) -> str:
    status = review.status(question)
    kind = {"open": "quiet", "accepted": "good", "dropped": "bad"}[status]
    chips = [(kind, team.statuses[status])]
    chips += [("quiet", team.changed)] if review.changed(question) else []
    chips += [("quiet", language_name(question.language, team.language))] if question.language else []
    chips += [("quiet", tag) for tag in question.tags]
    shown = "".join(f'<li class="cq-chip-{kind}">{as_html(text)}</li>' for kind, text in chips)
    before = "".join(f'<p class="cq-before" dir="auto">{as_html(each)}</p>' for each in question.history)
    note = f'<p class="cq-note" dir="auto">{as_html(question.note)}</p>' if question.note else ""
    identity = f'<li class="cq-chip-quiet"><code>{as_html(question.id)}</code></li>'
    return f'<ul class="cq-chips">{shown}{identity}</ul>{before}{note}'


def _draw_fields(question: Question, review: Review, file: Path, data_dir: Path, team: TeamWording) -> Typed:
    """Draw the fields with the words as they are now; returns the words as they stand in the fields."""
    now, keys = review.typed(question), _keys(file, question)

    def keep() -> None:
        _decide(question, review.status(question), _in_fields(now, keys), file, data_dir)

    text = st.text_area(team.question, now.question, key=keys["question"], on_change=keep, height="content")
    answerable = st.toggle(team.answerable, now.answerable, key=keys["answerable"], on_change=keep)
    facts = now.facts
    if answerable:
        facts = st.text_area(
            team.facts, now.facts, key=keys["facts"], on_change=keep, help=team.facts_help, height="content"
        )
    return Typed(question=text, facts=facts, answerable=answerable)


def _draw_buttons(question: Question, review: Review, file: Path, data_dir: Path, team: TeamWording) -> None:
    now, keys = review.typed(question), _keys(file, question)

    def settle(status: Status) -> None:
        # A press that ends the typing comes together with what was typed, which this page has not drawn yet.
        if _decide(question, status, _in_fields(now, keys), file, data_dir) and status != "open":
            _go_on(question, review)

    current = review.status(question)
    with st.container(key="decide", horizontal=True):
        for status, label, icon in (
            ("accepted", team.accept, "check"),
            ("dropped", team.drop, "delete"),
            ("open", team.reopen, "undo"),
        ):
            if status != current:
                st.button(
                    label,
                    key=f"settle-{status}",
                    type="primary" if status == "accepted" else "secondary",
                    icon=f":material/{icon}:",
                    on_click=settle,
                    args=(status,),
                )


def _in_fields(now: Typed, keys: Mapping[str, str]) -> Typed:
    """The words as they stand in the fields; of a field that is not drawn, the words as they were."""
    typed = {name: st.session_state[key] for name, key in keys.items() if key in st.session_state}
    return now.model_copy(update=typed)


def _decide(question: Question, status: Status, typed: Typed, file: Path, data_dir: Path) -> bool:
    """Keep a decision; accepted words that cannot be used are kept, but not as accepted."""
    try:
        try:
            decide(question, status, typed, file, data_dir)
        except QuestionError as error:
            decide(question, "open", typed, file, data_dir)
            st.toast(as_markdown(str(error)), icon=":material/edit:")
            return False
    except CommuniqueError as error:
        st.toast(as_markdown(str(error)), icon=":material/error:")
        return False
    return True


def _go_on(question: Question, review: Review) -> None:
    """Show the next question that is not decided: after this one, else from the beginning."""
    place = review.questions.index(question)
    order = (*review.questions[place + 1 :], *review.questions[:place])
    following = next((each for each in order if review.status(each) == "open"), None)
    if following:
        show(following.id)
    else:
        st.query_params.pop("q", None)


def _keys(file: Path, question: Question) -> dict[str, str]:
    """The names of the fields in the session, by the words that stand in them."""
    digest = hashlib.sha256(f"{file}\0{question.id}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return {name: f"{name}-{digest}" for name in Typed.model_fields}
