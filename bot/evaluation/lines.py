"""An outcome as a line of answers.jsonl, and back: what an interrupted run goes on from.

It asks nothing and scores nothing.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bot.domain import Answer, Usage
from bot.evaluation.judge import Judgement
from bot.evaluation.outcomes import Outcome, RankedEvidence, outcome_of
from bot.evaluation.sets.questions import Question


def line_of(outcome: Outcome) -> dict[str, Any]:
    """The answer as JSON types with the id of its question, and what else came of it."""
    question = outcome.question
    unanswered = Answer("", question.question, question.question, "", False, question.language or "", "")
    answer = replace(outcome.answer or unanswered, id=question.id, seconds=outcome.seconds)
    return {
        **answer.to_json(),
        **({"error": outcome.error} if outcome.error is not None else {}),
        "answer_id": outcome.answer.id if outcome.answer else None,
        "quotes": outcome.quotes,
        "quotes_verbatim": outcome.verbatim,
        "stages": {stage: round(seconds, 4) for stage, seconds in outcome.stage_seconds.items()},
        "evidence": [asdict(item) for item in outcome.evidence],
        "lost_at": outcome.stage,
        "reason": outcome.reason,
        "usage_before": asdict(outcome.usage_before) if outcome.usage_before else None,
        "judgement": asdict(outcome.judgement) if outcome.judgement else None,
    }


def outcome_from(question: Question, line: dict[str, Any]) -> Outcome:
    """The outcome that `line_of` wrote. Raises KeyError or TypeError where the line is of another form."""
    answer = Answer.from_json(line | {"id": line["answer_id"]}) if line["answer_id"] is not None else None
    outcome = outcome_of(
        question, answer, line["seconds"], line["quotes"], line["quotes_verbatim"], line.get("error")
    )
    return replace(
        outcome,
        stage=line["lost_at"],
        reason=line["reason"],
        evidence=tuple(RankedEvidence(**item) for item in line["evidence"]),
        stage_seconds=line["stages"],
        usage_before=Usage(**line["usage_before"]) if line["usage_before"] else None,
        judgement=_judgement(line["judgement"]) if line["judgement"] else None,
    )


def _judgement(data: dict[str, Any]) -> Judgement:
    usage = data["usage"]
    return Judgement(tuple(data["stated"]), data["error"], Usage(**usage) if usage else None)


def answered_before(file: Path, questions: Sequence[Question]) -> Iterator[tuple[Outcome, int]]:
    """The outcomes that stand in `file` for the first of the questions, and the byte where each line ends.

    It ends before a line that was cut short, that is of another form, or that belongs to another question.
    """
    end = 0
    with file.open("rb") as lines:
        for question, line in zip(questions, lines, strict=False):
            end += len(line)
            if not line.endswith(b"\n"):
                return
            try:
                row = json.loads(line)
                if (row["id"], row["question"]) != (question.id, question.question):
                    return
                yield outcome_from(question, row), end
            except (ValueError, KeyError, TypeError, AttributeError):
                return
