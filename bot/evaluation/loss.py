"""At which stage the answer to a question was lost, and why: from the account of how it came about.

It asks nothing: `bot.chain` gives the account.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.chain import Account
from bot.domain import Evidence
from bot.evaluation.metrics import facts_found, told
from bot.evaluation.sets.questions import Question
from bot.retrieve import Found

Stage = Literal[
    "not ingested",
    "not retrieved",
    "not read",
    "declined",
    "not chosen",
    "not written",
    "removed by the proof",
    "answered what nothing answers",
]
"""In the order of the way: the first at which what was expected is no longer there."""
Texts = Callable[[Sequence[str]], Iterable[tuple[str, str]]]
"""Gives id and newest text of the releases that are named, as far as they are stored; of all where none is named."""

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """Where what was expected went missing; `reason` is a sentence."""

    stage: Stage
    reason: str


def loss(question: Question, account: Account, minimum: float, texts: Texts) -> Loss | None:
    """The stage at which the answer was lost; None where it is right, or nothing says what would be.

    `minimum` is the probability below which the bot declines.
    """
    answer, lookup = account.answer, account.lookup
    if not question.answerable:
        if answer.declined:
            return None
        return Loss(
            "answered what nothing answers",
            f"The best sentence had the probability {answer.probability:.2f}; below {minimum:.2f} it declines.",
        )
    missing = _missing(question.facts, "" if answer.declined else told(answer))
    if not missing:
        return None
    if absent := _not_ingested(question, missing, lookup.found, texts):
        return Loss("not ingested", absent)
    asked = "" if lookup.question == question.question else f" It was asked as “{lookup.question}”."
    places = [place for place, item in enumerate(lookup.found) if _holds(missing, item.passage.text)]
    wanted = _named(missing)
    if not places:
        return Loss(
            "not retrieved",
            f"None of the {len(lookup.found)} passages that were found holds {wanted}.{asked}",
        )
    if places[0] >= lookup.read:
        return Loss(
            "not read",
            f"The passage that holds {wanted} was found as number {places[0] + 1}; the first {lookup.read} are "
            f"read.{asked}",
        )
    ranks = [rank for rank, item in enumerate(lookup.evidence) if _holds(missing, item.quote)]
    sentence = _of_sentence(ranks, lookup.evidence, wanted)
    if not account.chosen.evidence:
        best = f"the best one has {answer.probability:.2f}, and below {minimum:.2f} it declines"
        return Loss("declined", f"{sentence}; {best}.{asked}")
    shown = " ".join(item.quote for item in account.chosen.evidence)
    if unchosen := _missing(missing, shown):
        return Loss("not chosen", f"{_of_sentence(ranks, lookup.evidence, _named(unchosen))}.{asked}")
    if account.written is None or _missing(missing, account.written):
        return Loss("not written", f"The evidence holds {wanted}; what was written of it does not.")
    return Loss(
        "removed by the proof", f"What was written held {wanted}, in a sentence that could not be proven."
    )


def _missing(groups: Sequence[Group], text: str) -> list[Group]:
    return [group for group, found in zip(groups, facts_found(groups, text), strict=True) if not found]


def _holds(groups: Sequence[Group], text: str) -> bool:
    return any(facts_found(groups, text))


def _named(groups: Sequence[Group]) -> str:
    return ", ".join(f"“{group[0]}”" for group in groups)


def _not_ingested(question: Question, missing: Sequence[Group], found: Sequence[Found], texts: Texts) -> str:
    """What the index lacks of what was expected, or nothing."""
    if question.releases:
        stored = dict(texts(question.releases))
        if absent := [release for release in question.releases if release not in stored]:
            return f"{', '.join(absent)} is not in the index: ingest it, or correct the entry."
        lacking = _lacking(missing, stored.values())
        none = "None of the releases that it names"
    else:
        # What was found is looked through first: reading every release of a large index takes long.
        lacking = _lacking(missing, (item.passage.text for item in found))
        lacking = lacking and _lacking(lacking, (text for _, text in texts(())))
        none = "No release"
    return f"{none} holds {_named(lacking)}." if lacking else ""


def _lacking(groups: Sequence[Group], held: Iterable[str]) -> list[Group]:
    """The groups that none of the texts holds."""
    lacking = list(groups)
    for text in held:
        lacking = _missing(lacking, text)
        if not lacking:
            break
    return lacking


def _of_sentence(ranks: Sequence[int], evidence: Sequence[Evidence], wanted: str) -> str:
    if not ranks:
        return f"No single sentence of the passages that were read holds {wanted}"
    rank = ranks[0]
    return (
        f"The sentence that holds {wanted} came as number {rank + 1}, with {evidence[rank].probability:.2f}"
    )
