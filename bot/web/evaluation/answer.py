"""One answer of a run on the page: what was expected, what came, and the evidence with its scores.

The texts of sets, releases and answers are text here, whatever they hold.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from bot.domain import Citation
from bot.evaluation.outcomes import Outcome, RankedEvidence
from bot.evaluation.report.phrases import marked
from bot.evaluation.results import Result
from bot.web.cards import answer_html
from bot.web.evaluation import amounts
from bot.web.evaluation.verdicts import Verdict, lost_at, verdict_of
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_html
from bot.web.release import Place
from bot.web.wording import language_name

KINDS: dict[Verdict, str] = {
    "right": "good",
    "declined": "good",
    "wrong": "bad",
    "false decline": "bad",
    "failed": "bad",
    "not scored": "quiet",
}


def head_html(result: Result, words: TeamWording) -> str:
    """The question after those before it, with what became of it."""
    verdict = verdict_of(result)
    stage = lost_at(result)
    chips = [(KINDS[verdict], words.verdicts[verdict])]
    if stage:
        chips.append(("quiet", words.stages.get(stage, stage)))
    if result.language:
        chips.append(("quiet", language_name(result.language, words.language)))
    chips += [("quiet", tag) for tag in result.tags]
    before = "".join(f'<p class="cq-before" dir="auto">{as_html(each)}</p>' for each in result.history)
    shown = "".join(f'<li class="cq-chip-{kind}">{as_html(text)}</li>' for kind, text in chips)
    return (
        f'<header class="cq-asked" id="asked">{before}<h2 dir="auto">{as_html(result.question)}</h2>'
        f'<ul class="cq-chips">{shown}<li class="cq-chip-quiet"><code>{as_html(result.id)}</code></li></ul></header>'
    )


def beside_html(outcome: Outcome, words: TeamWording) -> str:
    """What was expected beside what came; below each other on a phone."""
    return (
        f'<div class="cq-beside"><section><h3>{as_html(words.expected)}</h3>{expected_html(outcome, words)}'
        f"</section><section><h3>{as_html(words.came)}</h3>{came_html(outcome, words)}</section></div>"
    )


def expected_html(outcome: Outcome, words: TeamWording) -> str:
    """The facts with a sign for each that was told, and the releases and quotes that answer."""
    question = outcome.question
    if not question.answerable:
        return f"<p>{as_html(words.expected_decline)}</p>{_note(question.note)}"
    given = outcome.answer is not None and not outcome.declined
    facts = "".join(
        _fact(group, given and group not in outcome.missing, words) for group in dict.fromkeys(question.facts)
    )
    parts = [f'<ul class="cq-fact-list">{facts}</ul>' if facts else f"<p>{as_html(words.no_facts)}</p>"]
    if question.releases:
        parts.append(_list(words.releases, question.releases))
    if question.quotes:
        parts.append(_list(words.quotes, question.quotes))
    if question.as_of:
        parts.append(f'<p class="cq-note">{as_html(words.as_of.format(day=question.as_of.isoformat()))}</p>')
    return "".join(parts) + _note(question.note)


def came_html(outcome: Outcome, words: TeamWording) -> str:
    """The answer with its quotes, each a link to its place; or why there is none."""
    answer = outcome.answer
    if answer is None:
        return f'<p class="cq-failed" dir="auto">{as_html(outcome.error or words.verdicts["failed"])}</p>'
    asked = ""
    if answer.standalone_question not in ("", outcome.question.question):
        told = words.asked_as.format(question=answer.standalone_question)
        asked = f'<p class="cq-note" dir="auto">{as_html(told)}</p>'
    cited = "".join(_citation(citation, words) for citation in answer.citations)
    cited = f'<ol class="cq-cited">{cited}</ol>' if cited else ""
    notice = f'<p class="cq-notice">{as_html(answer.notice)}</p>' if answer.notice else ""
    return asked + answer_html(answer.text) + notice + cited


def reason_html(outcome: Outcome) -> str:
    """Why the answer was lost, as the run says it: in English."""
    return (
        f'<p class="cq-reason" lang="en" dir="auto">{as_html(outcome.reason)}</p>' if outcome.reason else ""
    )


def evidence_html(evidence: Sequence[RankedEvidence], words: TeamWording) -> str:
    """The sentences that were weighed, the most probable first, with the words of each that answer."""
    rows = "".join(_sentence(place, item) for place, item in enumerate(evidence, start=1))
    return f'<ol class="cq-evidence" aria-label="{as_html(words.evidence)}">{rows}</ol>'


def times_html(outcome: Outcome, words: TeamWording) -> str:
    """How long each stage took, in one line."""
    taken = [
        f"{words.stage_names.get(stage, stage)} {amounts.seconds(seconds, words)}"
        for stage, seconds in outcome.stage_seconds.items()
    ]
    whole = words.took.format(seconds=amounts.seconds(outcome.seconds, words))
    return f'<p class="cq-note">{as_html(" · ".join([whole, *taken]))}</p>'


def release_link(place: Place) -> str:
    """The address of a place in a release, from any page of the chat."""
    return f"./?{urlencode(place.parameters)}"


def _fact(group: Sequence[str], told: bool, words: TeamWording) -> str:
    kind, sign, said = ("good", "✓", words.told) if told else ("bad", "✗", words.missing)
    others = f" <span>{as_html(words.either.format(forms=', '.join(group[1:])))}</span>" if group[1:] else ""
    return (
        f'<li class="cq-{kind}"><b role="img" aria-label="{as_html(said)}">{sign}</b>'
        f'<div dir="auto">{as_html(group[0])}{others}</div></li>'
    )


def _list(title: str, items: Sequence[str]) -> str:
    shown = "".join(f'<li dir="auto">{as_html(item)}</li>' for item in items)
    return f'<h4>{as_html(title)}</h4><ul class="cq-plain">{shown}</ul>'


def _note(text: str) -> str:
    return f'<p class="cq-note" dir="auto">{as_html(text)}</p>' if text else ""


def _citation(citation: Citation, words: TeamWording) -> str:
    place = Place(citation.release_id, citation.revision, citation.start, citation.end)
    return (
        f'<li value="{citation.number}"><q dir="auto">{as_html(citation.quote)}</q> '
        f'<a href="{as_html(release_link(place))}" target="_blank" rel="noopener" '
        f'title="{as_html(words.open_release)}"><bdi>{as_html(citation.title)}</bdi></a></li>'
    )


def _sentence(place: int, item: RankedEvidence) -> str:
    before, at, after = marked(item.quote, item.answer)
    quote = f"{as_html(before)}<mark>{as_html(at)}</mark>{as_html(after)}" if at else as_html(before)
    share = 100 * min(1.0, max(0.0, item.probability))
    return (
        f'<li><div class="cq-probability"><b>{place}</b><span>{item.probability:.2f}</span>'
        f'<i aria-hidden="true"><b style="width:{share:.0f}%"></b></i></div>'
        f'<div><p dir="auto">{quote}</p><p class="cq-note">{as_html(item.release)}</p></div></li>'
    )
