"""A question asked again, with every stage of its answer: what was found, read, weighed and chosen.

It keeps nothing: a run is not changed by it.
"""

from typing import TYPE_CHECKING

import streamlit as st

from bot.domain import Evidence, Passage, Turn
from bot.evaluation.report.phrases import marked
from bot.evaluation.sets.questions import Question
from bot.web.evaluation import amounts
from bot.web.evaluation.answer import release_link
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_html
from bot.web.release import Place

if TYPE_CHECKING:
    from bot.chain import Account, Bot

SENTENCES = 12
"""Sentences that are shown, the most probable first."""


def draw_stages(bot: "Bot", question: Question, words: TeamWording) -> None:
    """Ask the question after its history, and draw how the answer came about."""
    with st.spinner(words.asking):
        turns: tuple[Turn, ...] = ()
        for asked in question.history:
            turns += (Turn(asked, bot.ask(asked, turns)),)
        account = bot.account(question.question, turns)
    minimum = bot.minimum_probability(account.lookup.language)
    st.html(account_html(account, minimum, words))


def account_html(account: "Account", minimum: float, words: TeamWording) -> str:
    """The stages in their order, each with its scores."""
    lookup = account.lookup
    found = "".join(
        f'<tr{_muted(place >= lookup.read)}><td>{place + 1}</td><td dir="auto"><a href="'
        f"{as_html(release_link(_passage_place(item.passage)))}"
        f'" target="_blank" rel="noopener">{as_html(item.passage.release_id)}</a></td>'
        f"<td>{item.similarity:.3f}</td><td>{item.score:.3f}</td></tr>"
        for place, item in enumerate(lookup.found)
    )
    weighed = "".join(
        f'<tr{_muted(item not in account.chosen.evidence)}><td>{place}</td><td dir="auto">{_quote(item)}</td>'
        f"<td>{item.probability:.3f}</td></tr>"
        for place, item in enumerate(lookup.evidence[:SENTENCES], start=1)
    )
    chosen = words.stage_chosen.format(
        count=len(account.chosen.evidence), minimum=amounts.number(minimum, words, 2)
    )
    parts = [
        _step(words.stage_rewrite, f'<p dir="auto">{as_html(lookup.question)}</p>'),
        _step(
            words.stage_retrieve.format(found=len(lookup.found), read=lookup.read),
            _table(("", words.release, words.similarity, words.score), found),
        ),
        _step(words.stage_read, _table(("", words.sentence, words.probability), weighed)),
        _step(words.stage_select, f"<p>{as_html(chosen)}</p>"),
    ]
    if account.written is not None:
        parts.append(_step(words.stage_write, f'<p dir="auto">{as_html(account.written)}</p>'))
    shown = f'<p dir="auto">{as_html(account.answer.text)}</p>'
    return f'<ol class="cq-steps">{"".join([*parts, _step(words.stage_verify, shown)])}</ol>'


def _step(title: str, body: str) -> str:
    return f"<li><h4>{as_html(title)}</h4>{body}</li>"


def _table(heads: tuple[str, ...], rows: str) -> str:
    head = "".join(f'<th scope="col">{as_html(name)}</th>' for name in heads)
    return (
        f'<div class="cq-scroll"><table class="cq-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _passage_place(passage: Passage) -> Place:
    return Place(passage.release_id, passage.revision, passage.start, passage.end)


def _quote(item: Evidence) -> str:
    before, at, after = marked(item.quote, item.words)
    return f"{as_html(before)}<mark>{as_html(at)}</mark>{as_html(after)}" if at else as_html(before)


def _muted(is_muted: bool) -> str:
    return ' class="cq-muted"' if is_muted else ""
