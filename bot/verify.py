"""What may be shown: quotes found at their place, and sentences that rest on them.

It does not know the question, nor who wrote the prose.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.claims import WORD, Claim, Span, join, parse
from bot.domain import Citation, Evidence, Release
from bot.language.figures import figures
from bot.language.terms import language_of
from bot.prompts import day

Key = tuple[str, str, int, int]
"""One span of one revision of a release."""
Proven = Callable[[str, str, Sequence[Evidence]], Sequence[Evidence] | None]
"""Tells of a sentence, its language and what it cites what may be cited for it: that, and perhaps more after it.

None where it is not proven; it is asked of sentences that cite nothing, too."""

_MARK = re.compile(r"\[(\d+)\]")
_CLOSED = re.compile(r"""[.!?…。！？]["'”’»)]*$""")


def check(citation: Citation, release: Release) -> bool:
    """Whether the quote stands, character for character, at its span in that revision of the release."""
    return (
        citation.release_id == release.id
        and citation.revision == release.revision
        and 0 <= citation.start < citation.end <= len(release.text)
        and release.text[citation.start : citation.end] == citation.quote
    )


def quoted(
    evidence: Sequence[Evidence], dated_in: str | None = None, before: Sequence[Citation] = ()
) -> tuple[str, tuple[Citation, ...]]:
    """The quotes one after another, each followed by its ` [n]`, and the citations; no word is added.

    With a language in `dated_in`, each quote stands alone behind the day of its release, written in that language.
    A mark of the release's own, `[2]`, is written `(2)`: ours alone lead to citations. The citations that were shown
    `before` keep their numbers and stay.
    """
    found = {_key(citation): citation for citation in _sources(evidence).values()}
    citations = _numbered({**{_key(citation): citation for citation in before}, **found}.values())
    text = last = ""
    for citation in citations:
        if _key(citation) not in found:
            continue
        quote = _MARK.sub(r"(\1)", citation.quote.strip())
        if last:
            flows = _CLOSED.search(last[-8:]) and "\n" not in last + quote and not dated_in
            text += " " if flows else "\n\n"
        published = f"{day(citation.date, dated_in)} – " if dated_in and citation.date else ""
        text += f"{published}{quote} [{citation.number}]"
        last = quote
    return text, citations


def figures_held(words: str, language: str, cited: Sequence[Evidence]) -> Sequence[Evidence] | None:
    """What is cited, where it holds every number of a sentence."""
    if not cited:
        return None
    held = frozenset[str]().union(*(figures(item.quote, item.release.language) for item in cited))
    return cited if figures(words, language) <= held else None


def cite(
    text: str,
    evidence: Sequence[Evidence],
    proven: Proven = figures_held,
    before: Sequence[Citation] = (),
    note: Callable[[str, Sequence[Evidence]], str] = lambda words, cited: "",
) -> tuple[str, tuple[Citation, ...]]:
    """The sentences of `text` that rest on evidence, with marks renumbered by first use, and what they cite.

    A mark `[n]` names the n-th evidence, counted from 1. A sentence stays if it names evidence that exists, and
    what it names is `proven` to hold it; what that gives is cited. A list item counts with its lead-in: a mark on
    either serves both, and neither is shown without the other. Other square brackets become round: `[n]` is always
    a citation. The citations that were shown `before` keep their numbers and stay. Before the marks stands what
    `note` says of a sentence and what it cites there.
    """
    sources = _sources(evidence)
    prose, claims = parse(text, {number: source.number for number, source in sources.items()})
    known = {source.number: evidence[source.number - 1] for source in sources.values()}
    kept = _supported(prose, language_of(prose, "en"), claims, known, proven)
    citations = {_key(citation): citation for citation in before}
    places: dict[int, int] = {}
    for number in (number for claim in kept for number in claim.cited):
        citation = _citation(known[number])
        citations.setdefault(_key(citation), citation)
        places[number] = list(citations).index(_key(citation)) + 1

    def noted(words: str, numbers: Sequence[int]) -> str:
        return note(words, [known[number] for number in numbers])

    return join(prose, kept, places, noted), _numbered(citations.values())


def _sources(evidence: Sequence[Evidence]) -> dict[int, Citation]:
    """The evidence that passes `check`, by number; one span given twice is one citation."""
    found: dict[int, Citation] = {}
    first: dict[Key, Citation] = {}
    for number, item in enumerate(evidence, 1):
        citation = replace(_citation(item), number=number)
        if check(citation, item.release) and citation.quote.strip():
            found[number] = first.setdefault(_key(citation), citation)
    return found


def _citation(evidence: Evidence) -> Citation:
    release = evidence.release
    return Citation(
        number=0,
        quote=evidence.quote,
        release_id=release.id,
        title=release.title,
        date=release.date,
        language=release.language,
        file=release.file,
        start=evidence.start,
        end=evidence.end,
        revision=release.revision,
        issuer=release.issuer,
        page=release.page(evidence.start),
        recognised=release.is_recognised(evidence.start, evidence.end),
    )


def _key(citation: Citation) -> Key:
    return citation.release_id, citation.revision, citation.start, citation.end


def _numbered(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    return tuple(replace(citation, number=number) for number, citation in enumerate(citations, 1))


def _supported(
    prose: str, language: str, claims: Sequence[Claim], known: dict[int, Evidence], proven: Proven
) -> list[Claim]:
    """The claims that may be shown; what holds them without being named is added to `known` and to their marks."""
    items: dict[Span, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.lead:
            items[claim.lead].append(claim)
    leads = {claim.span: claim for claim in claims if claim.span in items}
    shown: set[Span] = set()
    for claim in claims:
        named = dict.fromkeys(claim.cited)
        for other in (*items.get(claim.span, ()), *([leads[claim.lead]] if claim.lead in leads else ())):
            named |= dict.fromkeys(other.cited)
        words = prose[claim.start : claim.end]
        cited = [known[number] for number in named]
        said = f"{prose[slice(*claim.lead)]} {words}" if claim.lead in leads and claim.lead else words
        holding = proven(said, language, cited) if WORD.search(words) else None
        if not cited or holding is None:
            continue
        shown.add(claim.span)
        for added in holding[len(cited) :]:
            number = max(known) + 1
            known[number] = added
            claim.marks.setdefault(max(claim.marks, default=claim.end), []).append(number)
    for lead, below in items.items():
        if lead not in shown or not any(item.span in shown for item in below):
            shown -= {lead, *(item.span for item in below)}
    return [claim for claim in claims if claim.span in shown]
