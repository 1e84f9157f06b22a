"""One answer of a run as it was kept: its citations, the evidence that was weighed, and what was expected.

It judges nothing and draws nothing.
"""

import json
from pathlib import Path

from bot.errors import QuestionError, StorageError
from bot.evaluation.lines import outcome_from
from bot.evaluation.outcomes import Outcome
from bot.evaluation.results import Result
from bot.evaluation.sets.questions import Question, read_questions
from bot.web.evaluation.kept import ANSWERS, QUESTIONS


def outcome_in(folder: Path, result: Result) -> Outcome:
    """What came of the question in a run. Raises StorageError where the run does not say.

    A run that the command wrote does not keep its set: of what was expected it knows the facts.
    """
    file = folder / ANSWERS
    try:
        with file.open("rb") as lines:
            for line in lines:
                row = json.loads(line)
                if row["id"] == result.id:
                    return outcome_from(_question(folder, result), row)
    except OSError as error:
        raise StorageError(f"{file} cannot be read: {error.strerror or error}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StorageError(
            f"{file} tells the answer to {result.id!r} in another form than this version. Run the set again."
        ) from None
    raise StorageError(f"{file} has no answer to {result.id!r}. Run the set again.")


def _question(folder: Path, result: Result) -> Question:
    kept = folder / QUESTIONS
    if kept.exists():
        try:
            asked = {question.id: question for question in read_questions(kept)}
        except QuestionError:  # a file that was changed by hand: the run itself knows enough
            asked = {}
        if result.id in asked:
            return asked[result.id]
    known = result.model_dump(include=set(Question.model_fields))
    return Question.model_validate(known)
