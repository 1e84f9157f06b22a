"""Outcomes small enough to be seen whole, for the tests of what a run measured, compared and reported."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.domain import Answer, Citation
from bot.evaluation.outcomes import Outcome, RankedEvidence, outcome_of
from bot.evaluation.scores import Scores
from bot.evaluation.sets.questions import Question


def citation(quote: str = "It is funded by Japan.", release: str = "djibouti", number: int = 1) -> Citation:
    return Citation(number, quote, release, "Title", None, "en", f"{release}.txt", 0, len(quote), "r1")


def answer(
    text: str,
    *citations: Citation,
    declined: bool = False,
    probability: float = 0.9,
    language: str = "en",
    mode: str = "reading",
) -> Answer:
    return Answer("a", "q", "q", text, declined, language, mode, citations, 0.1, probability)


DECLINE = answer("The releases do not answer this question.", declined=True, probability=0.1)


def asked(identity: str, *facts: str, **more: Any) -> Question:
    return Question(
        id=identity,
        **{"question": f"Question {identity}?", "facts": tuple((fact,) for fact in facts)} | more,
    )


def outcome(question: Question, given: Answer | None, seconds: float = 0.1, **more: Any) -> Outcome:
    quotes = len(given.citations) if given else 0
    verbatim = more.pop("verbatim", quotes)
    return replace(outcome_of(question, given, seconds, quotes, verbatim, more.pop("error", None)), **more)


def evidence(*releases: str) -> tuple[RankedEvidence, ...]:
    return tuple(RankedEvidence(release, f"A sentence of {release}.", 0.5) for release in releases)


def right(identity: str, **more: Any) -> Outcome:
    return outcome(
        asked(identity, "Japan", **more), answer("It is funded by Japan. [1]", citation(), probability=0.8)
    )


def wrong(identity: str, **more: Any) -> Outcome:
    return outcome(asked(identity, "Japan", **more), answer("It is not known.", probability=0.4))


def written(folder: Path, outcomes: Sequence[Outcome]) -> Path:
    """The folder of a run with these outcomes, as the command writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        {**(each.answer or answer("")).to_json(), "id": each.question.id}
        | ({"error": each.error} if each.error else {})
        for each in outcomes
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "answers.jsonl").write_text(lines, encoding="utf-8")
    (folder / "scores.json").write_text(json.dumps(Scores(tuple(outcomes)).to_json()), encoding="utf-8")
    return folder
