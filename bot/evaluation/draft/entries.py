"""A proposal as an entry of a question set, tagged as a draft, with the place of its quote.

It judges nothing.
"""

import hashlib
from collections.abc import Sequence
from datetime import date

from bot.domain import Definition
from bot.evaluation.draft.countries import country_in
from bot.evaluation.draft.proposal import Kind, Proposal
from bot.evaluation.draft.roles import person_in
from bot.evaluation.draft.unanswerable import Doubtful
from bot.evaluation.draft.wordings import LANGUAGES, other_than
from bot.evaluation.sets.questions import Question
from bot.language.terms import fold

TAG = "draft"
"""Which every drafted question bears until a person accepts it."""
PLACE = "place"
"""The key of where the quote stands: readers of question sets keep it and ask nothing of it."""


def entry_of(
    proposal: Proposal,
    definitions: Sequence[Definition] = (),
    *,
    history: Sequence[str] = (),
    follow_up: str = "",
) -> Question:
    """The proposal as an entry; as the question `follow_up`, where earlier questions stand in `history`."""
    tags = [TAG, proposal.kind, *(["follow-up"] if history else [])]
    return _entry(proposal, follow_up or proposal.question, proposal.language, tags, definitions, history)


def crossed(proposal: Proposal, definitions: Sequence[Definition] = ()) -> Question:
    """The proposal asked in the other language."""
    tags = [TAG, proposal.kind, "cross-language"]
    return _entry(proposal, proposal.other_question, other_than(proposal.language), tags, definitions, ())


def unanswerable(doubtful: Doubtful, day: date | None = None) -> Question:
    """A question that no release answers, as an entry: right is a decline."""
    return Question.model_validate(
        {
            "id": _identity("unanswerable", doubtful.question, ()),
            "question": doubtful.question,
            "answerable": False,
            "language": doubtful.language,
            "tags": (TAG, "unanswerable", doubtful.kind),
            "as_of": day,
            "note": doubtful.note,
        }
    )


def _entry(
    proposal: Proposal,
    question: str,
    language: str,
    tags: Sequence[str],
    definitions: Sequence[Definition],
    history: Sequence[str],
) -> Question:
    release = proposal.release
    # The short name itself does not tell what it stands for.
    facts = [
        (fact,) if proposal.kind == "expansion" else _forms(fact, proposal.kind, definitions)
        for fact in proposal.facts
    ]
    return Question.model_validate(
        {
            "id": _identity(proposal.kind, question, history),
            "question": question,
            "history": tuple(history),
            "facts": facts,
            "releases": (release.id,),
            "quotes": (proposal.quote,),
            "language": language,
            "tags": tuple(tags),
            "as_of": release.date,
            PLACE: {
                "release": release.id,
                "revision": release.revision,
                "start": str(proposal.start),
                "end": str(proposal.end),
            },
        }
    )


def _forms(fact: str, kind: Kind, definitions: Sequence[Definition]) -> tuple[str, ...]:
    """The fact as its release has it, and what else it may be called: in the other language, or in short."""
    forms = [fact, person_in(fact)] if kind == "who" else [fact]
    forms += [country for language in LANGUAGES if (country := country_in(fact, language))]
    for definition in definitions:
        pair = definition.acronym, definition.long_form
        forms += [other for other in pair if fold(fact) in map(fold, pair) and other != definition.acronym]
        forms += [definition.acronym] if fold(fact) == fold(definition.long_form) else []
    return tuple(dict.fromkeys(form for form in forms if form))


def _identity(kind: str, question: str, history: Sequence[str]) -> str:
    digest = hashlib.sha256("\n".join((*history, question)).encode("utf-8", "replace")).hexdigest()
    return f"{kind}-{digest[:12]}"
