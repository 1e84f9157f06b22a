"""What may be shown: quotes found at their place, and sentences that rest on them.

It does not know the question, nor who wrote the prose.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.claims import WORD, Claim, Span, join, parse
from bot.domain import Citation, Evidence, Release
from bot.figures import figures
from bot.prompts import day
from bot.terms import language_of

_CLOSED = re.compile(r"""[.!?…。！？]["'”’»)]*$""")


def check(citation: Citation, release: Release) -> bool:
    """Whether the quote stands, character for character, at its span in that revision of the release."""
    return (
        citation.release_id == release.id
        and citation.revision == release.revision
        and 0 <= citation.start < citation.end <= len(release.text)
        and release.text[citation.start : citation.end] == citation.quote
    )


def quoted(evidence: Sequence[Evidence], dated_in: str | None = None) -> tuple[str, tuple[Citation, ...]]:
    """The quotes one after another, each followed by its ` [n]`, and the citations; no word is added.

    With a language in `dated_in`, each quote stands alone behind the day of its release, written in that language.
    """
    citations = _numbered(dict.fromkeys(_sources(evidence).values()))
    text = before = ""
    for citation in citations:
        quote = citation.quote.strip()
        if before:
            flows = _CLOSED.search(before[-8:]) and "\n" not in before + quote and not dated_in
            text += " " if flows else "\n\n"
        published = f"{day(citation.date, dated_in)} – " if dated_in and citation.date else ""
        text += f"{published}{quote} [{citation.number}]"
        before = quote
    return text, citations


def cite(text: str, evidence: Sequence[Evidence]) -> tuple[str, tuple[Citation, ...]]:
    """The sentences of `text` that rest on evidence, with marks renumbered by first use, and what they cite.

    A mark `[n]` names the n-th evidence, counted from 1. A sentence stays if it names evidence that exists
    and that holds every number of the sentence. A list item counts with its lead-in: a mark on either serves
    both, and neither is shown without the other. Other square brackets become round: `[n]` is always a
    citation.
    """
    sources = _sources(evidence)
    prose, claims = parse(text, {number: source.number for number, source in sources.items()})
    cited = frozenset().union(*(claim.cited for claim in claims))
    held = {number: figures(sources[number].quote, sources[number].language) for number in cited}
    kept = _supported(prose, language_of(prose, "en"), claims, held)
    shown = dict.fromkeys(number for claim in kept for number in claim.cited)
    places = {number: place for place, number in enumerate(shown, 1)}
    return join(prose, kept, places), _numbered(sources[number] for number in shown)


def _sources(evidence: Sequence[Evidence]) -> dict[int, Citation]:
    """The evidence that passes `check`, by number; one span given twice is one citation."""
    found: dict[int, Citation] = {}
    first: dict[tuple[str, str, int, int], Citation] = {}
    for number, item in enumerate(evidence, 1):
        release = item.release
        citation = Citation(
            number=number,
            quote=item.quote,
            release_id=release.id,
            title=release.title,
            date=release.date,
            language=release.language,
            file=release.file,
            start=item.start,
            end=item.end,
            revision=release.revision,
            issuer=release.issuer,
        )
        if check(citation, release) and citation.quote.strip():
            found[number] = first.setdefault((release.id, release.revision, item.start, item.end), citation)
    return found


def _numbered(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    return tuple(replace(citation, number=number) for number, citation in enumerate(citations, 1))


def _supported(
    prose: str, language: str, claims: Sequence[Claim], held: dict[int, frozenset[str]]
) -> list[Claim]:
    """The claims that may be shown; `held` are the figures that each cited evidence holds."""
    items: dict[Span, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.lead:
            items[claim.lead].append(claim)
    leads = {claim.span: claim for claim in claims if claim.span in items}
    shown: set[Span] = set()
    for claim in claims:
        cited = set(claim.cited).union(*(item.cited for item in items.get(claim.span, ())))
        if claim.lead in leads:
            cited.update(leads[claim.lead].cited)
        words = prose[claim.start : claim.end]
        holding = frozenset[str]().union(*(held[number] for number in cited))
        if cited and WORD.search(words) and figures(words, language) <= holding:
            shown.add(claim.span)
    for lead, below in items.items():
        if lead not in shown or not any(item.span in shown for item in below):
            shown -= {lead, *(item.span for item in below)}
    return [claim for claim in claims if claim.span in shown]
