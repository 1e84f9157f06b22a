"""Two runs side by side on the page: what moved, what got better and worse, and each pair of answers.

It compares nothing: `bot.evaluation.compare` does.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from bot.evaluation.compare import Comparison, Difference, Kind, Pair
from bot.evaluation.measures import GROUPED
from bot.evaluation.results import Result
from bot.evaluation.runs import Reply
from bot.web.evaluation import amounts
from bot.web.evaluation.answer import KINDS
from bot.web.evaluation.verdicts import verdict_of
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_html, as_markdown

SHOWN = 25
"""Pairs of a kind that are drawn at once."""
TEXT_CHARACTERS = 1_200
"""Of an answer: the whole is a press away."""
DRAWN: tuple[Kind, ...] = ("worse", "better", "changed")


def draw_comparison(comparison: Comparison, show: Callable[[str], None], words: TeamWording) -> None:
    """Draw the comparison; `show` opens a question of the later run."""
    if not comparison.pairs:
        st.info(words.nothing_in_common, icon=":material/compare_arrows:")
        return
    st.html(f'<p class="cq-lead">{as_html(told(comparison, words))}</p>')
    for kind in DRAWN:
        pairs = comparison.of_kind(kind)
        if pairs:
            _draw_pairs(kind, pairs, show, words)
    for name, results in (
        (words.appeared, comparison.appeared),
        (words.disappeared, comparison.disappeared),
        (words.altered, comparison.altered),
    ):
        if results:
            with st.expander(f"{as_markdown(name)} · {len(results)}"):
                st.html(_questions(results))
    st.html(f'<h2 class="cq-section">{as_html(words.moved_title)}</h2>{differences_html(comparison, words)}')


def told(comparison: Comparison, words: TeamWording) -> str:
    """The comparison in two sentences: how many went which way, and whether chance does that."""
    worse, better = comparison.turned
    probability = comparison.probability
    p_value = "p < 0.001" if probability < 0.001 else f"p = {amounts.number(probability, words, 3)}"
    return words.compared.format(
        pairs=len(comparison.pairs),
        better=len(comparison.of_kind("better")),
        worse=len(comparison.of_kind("worse")),
        won=better,
        lost=worse,
        p_value=p_value,
    )


def differences_html(comparison: Comparison, words: TeamWording) -> str:
    """A table of the measures that moved visibly: before, now, by how much, and whether beyond the noise."""
    moved = [
        each
        for name, each in comparison.differences.items()
        if not name.startswith(GROUPED) and len({*_written(each, words)}) > 1
    ]
    if not moved:
        return f'<p class="cq-note">{as_html(words.nothing_moved)}</p>'
    heads = (words.measure, words.before, words.now, words.moved)
    head = "".join(f'<th scope="col">{as_html(name)}</th>' for name in heads)
    rows = "".join(_difference(each, words) for each in moved)
    return (
        f'<div class="cq-scroll"><table class="cq-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def pair_html(pair: Pair, words: TeamWording) -> str:
    """A question and both its answers: side by side, below each other on a phone."""
    sides = (
        (words.before, pair.before, pair.reply_before),
        (words.now, pair.after, pair.reply_after),
    )
    shown = "".join(_side(title, result, reply, words) for title, result, reply in sides)
    return f'<h4 class="cq-pair" dir="auto">{as_html(pair.after.question)}</h4><div class="cq-beside">{shown}</div>'


def _draw_pairs(kind: Kind, pairs: Sequence[Pair], show: Callable[[str], None], words: TeamWording) -> None:
    with st.expander(f"{as_markdown(words.kinds[kind])} · {len(pairs)}", expanded=kind == "worse"):
        every = len(pairs) <= SHOWN or st.toggle(
            words.show_all.format(count=len(pairs)), key=f"all-{kind}", persist_state="session"
        )
        for place, pair in enumerate(pairs if every else pairs[:SHOWN]):
            with st.container(key=f"pair-{kind}-{place}", gap=None):
                st.html(pair_html(pair, words))
                st.button(
                    words.look_closer,
                    key=f"open-{kind}-{place}",
                    on_click=show,
                    args=(pair.after.id,),
                    type="tertiary",
                    icon=":material/arrow_forward:",
                )


def _difference(each: Difference, words: TeamWording) -> str:
    name, unit = each.measure.name, each.measure.unit
    change = each.after - each.before
    if unit == "share":
        written = words.points.format(points=amounts.number(abs(change) * 100, words, 1))
    else:
        written = amounts.figure(abs(change), unit, words)
    sign = "+" if change > 0 else "\u2212"
    sure = words.beyond_noise if each.beyond_noise else words.within_noise
    kind = ("good" if each.better else "bad") if each.beyond_noise else "quiet"
    cells = _written(each, words)
    return (
        f'<tr><th scope="row">{as_html(words.measures.get(name, each.measure.label))}</th>'
        f"{''.join(f'<td>{as_html(cell)}</td>' for cell in cells)}"
        f'<td class="cq-{kind}">{sign}{as_html(written)} <span class="cq-sure">{as_html(sure)}</span></td></tr>'
    )


def _written(each: Difference, words: TeamWording) -> tuple[str, str]:
    unit = each.measure.unit
    return amounts.figure(each.before, unit, words), amounts.figure(each.after, unit, words)


def _side(title: str, result: Result, reply: Reply, words: TeamWording) -> str:
    verdict = verdict_of(result)
    text = reply.error or reply.text
    if len(text) > TEXT_CHARACTERS:
        text = f"{text[:TEXT_CHARACTERS]}…"
    return (
        f'<section><h3>{as_html(title)} <span class="cq-chip cq-chip-{KINDS[verdict]}">'
        f'{as_html(words.verdicts[verdict])}</span></h3><p dir="auto">{as_html(text)}</p></section>'
    )


def _questions(results: Sequence[Result]) -> str:
    shown = "".join(
        f'<li dir="auto">{as_html(result.question)} <code>{as_html(result.id)}</code></li>'
        for result in results
    )
    return f'<ul class="cq-plain">{shown}</ul>'
