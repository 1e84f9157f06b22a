"""What the rules ask about one release, in order, each thing once.

It chooses nothing: `bot.evaluation.draft.propose` does.
"""

from collections.abc import Iterator, Sequence

from bot.domain import Definition, Release
from bot.evaluation.draft.english import doings as english
from bot.evaluation.draft.french import doings as french
from bot.evaluation.draft.naming import defined, expansions
from bot.evaluation.draft.people import people
from bot.evaluation.draft.proposal import Proposal, sound
from bot.evaluation.draft.prose import Clause, clauses
from bot.evaluation.draft.wordings import LANGUAGES
from bot.language.terms import language_of


def asked_by_rules(release: Release, definitions: Sequence[Definition]) -> list[Proposal]:
    """The questions that are fit to be shown; none for a release in a language without rules."""
    found: dict[tuple[str, int, tuple[str, ...]], Proposal] = {}
    for clause in clauses(release):
        language = language_of(clause.quote, release.language)
        if language in LANGUAGES:
            for proposal in _of(clause, language, definitions):
                key = proposal.kind, proposal.start, proposal.facts
                if key not in found and sound(proposal):
                    found[key] = proposal
    return list({proposal.question: proposal for proposal in reversed(found.values())}.values())[::-1]


def _of(clause: Clause, language: str, definitions: Sequence[Definition]) -> Iterator[Proposal]:
    doings = english if language == "en" else french
    yield from doings.things_done(clause)
    yield from doings.events(clause)
    yield from defined(clause, language)
    yield from people(clause, language)
    yield from expansions(clause, language, definitions)
