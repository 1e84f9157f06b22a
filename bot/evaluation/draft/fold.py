"""Questions of many releases put together: each once, and none that two releases answer differently.

It asks nothing of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.evaluation.draft.held import words_of
from bot.evaluation.draft.proposal import Proposal
from bot.evaluation.sets.questions import Question

_SEVERAL = frozenset({"expansion", "position", "definition"})
"""Kinds of which two answers may both be right: what a short name stands for, in two languages."""

_ARTICLES = frozenset({"the", "a", "an", "l", "la", "le", "les"})

Key = tuple[str, ...]


@dataclass(slots=True)
class Answers:
    """All answers that any release gives to a question, also where it was not chosen there."""

    _given: dict[Key, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)

    def add(self, proposal: Proposal) -> None:
        """Take in what a proposal asks, in both languages where it has both."""
        for question in filter(None, (proposal.question, proposal.other_question)):
            given = self._given.setdefault(words_of(question), [])
            if (proposal.facts, proposal.release.id) not in given:
                given.append((proposal.facts, proposal.release.id))

    def of(self, question: str) -> list[tuple[tuple[str, ...], str]]:
        """The facts, each with the release that tells them."""
        return self._given.get(words_of(question), [])


def folded_together(questions: Sequence[Question], answers: Answers) -> list[Question]:
    """The questions in their order, each once, with every release that answers it.

    One that releases answer differently is left out, unless it is of a kind where both are right.
    """
    kept: dict[tuple[Key, ...], Question] = {}
    for question in questions:
        key = tuple(map(_key, (*question.history, question.question)))
        whole = _with_all_answers(question, answers)
        if whole is None:
            continue
        kept[key] = _joined(kept[key], whole) if key in kept else whole
    return [question for question in kept.values() if question is not None]


def _key(question: str) -> Key:
    """The words of a question but its articles: "of the EPA" is "of EPA"."""
    return tuple(word for word in words_of(question) if word not in _ARTICLES)


def _with_all_answers(question: Question, answers: Answers) -> Question | None:
    """The question with what all releases answer; None where they differ."""
    given = answers.of(question.question)
    told = {tuple(map(words_of, facts)) for facts, _ in given}
    if len(told) > 1:
        if _SEVERAL.isdisjoint(question.tags) or any(len(facts) != 1 for facts, _ in given):
            return None
        forms = dict.fromkeys([*question.facts[0], *(facts[0] for facts, _ in given)])
        question = question.model_copy(update={"facts": (tuple(forms),)})
    releases = dict.fromkeys([*question.releases, *(release for _, release in given)])
    return question.model_copy(update={"releases": tuple(releases)}) if given else question


def _joined(first: Question, second: Question) -> Question:
    """The first of two entries that ask the same, with the releases and wordings of both."""
    if not first.answerable or len(first.facts) != len(second.facts):
        return first
    facts = tuple(
        tuple(dict.fromkeys((*one, *other))) for one, other in zip(first.facts, second.facts, strict=True)
    )
    releases = tuple(dict.fromkeys((*first.releases, *second.releases)))
    return first.model_copy(update={"facts": facts, "releases": releases})
