"""What a person decided about drafted questions, kept from the first moment in a file beside the data.

The draft itself is never changed. It draws nothing.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import QuestionError, StorageError
from bot.evaluation.sets.questions import Question, explained

FOLDER = "drafts"
TAG = "draft"
"""Which drafted questions bear until they are accepted."""
Status = Literal["open", "accepted", "dropped"]


class Typed(BaseModel):
    """A question as a person has typed it, usable or not; facts one a line, their accepted forms apart by `|`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    facts: str
    answerable: bool


class Decision(BaseModel):
    """What was decided about an entry; `of` tells the entry as it was drafted, `typed` its words now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    of: str
    status: Status
    typed: Typed


@dataclass(frozen=True, slots=True)
class Review:
    """A drafted set and what was decided about it, by the id of the question."""

    questions: tuple[Question, ...]
    decisions: Mapping[str, Decision]

    def status(self, question: Question) -> Status:
        decided = self.decisions.get(question.id)
        return decided.status if decided else "open"

    def typed(self, question: Question) -> Typed:
        """The words of the question as they are now."""
        decided = self.decisions.get(question.id)
        return decided.typed if decided else as_drafted(question)

    def changed(self, question: Question) -> bool:
        return self.typed(question) != as_drafted(question)

    def of_status(self, status: Status) -> list[Question]:
        return [question for question in self.questions if self.status(question) == status]

    def accepted(self) -> list[Question]:
        """The accepted questions with their changes, in the order of the draft, and no longer tagged as drafts."""
        return [
            worded(question, self.typed(question)).model_copy(
                update={"tags": tuple(tag for tag in question.tags if tag != TAG)}
            )
            for question in self.of_status("accepted")
        ]


def as_drafted(question: Question) -> Typed:
    """The words of the question before anyone changed them."""
    facts = "\n".join(" | ".join(group) for group in question.facts)
    return Typed(question=question.question, facts=facts, answerable=question.answerable)


def worded(question: Question, typed: Typed) -> Question:
    """The question in these words. Raises QuestionError, saying what cannot be used."""
    drafted = as_drafted(question)
    changed: dict[str, object] = {"question": typed.question, "answerable": typed.answerable}
    if typed.facts != drafted.facts:  # else a form that holds a line end or a bar would be cut
        changed["facts"] = _facts(typed.facts)
    try:
        return Question.model_validate(question.model_dump() | changed)
    except ValidationError as error:
        problem = error.errors()[0]
        raise QuestionError(f"{explained(problem, str(problem['loc'][0]))}. Correct it.") from None


def read_review(questions: Sequence[Question], file: Path, data_dir: Path) -> Review:
    """The questions of a drafted set with what was decided so far. Raises StorageError, naming file and line.

    A decision about an entry that was drafted anew, in other words, no longer counts.
    """
    journal = journal_of(file, data_dir)
    known = {question.id: _digest(question) for question in questions}
    decisions: dict[str, Decision] = {}
    try:
        lines = journal.read_bytes().split(b"\n")[:-1] if journal.exists() else []
    except OSError as error:
        raise StorageError(f"{journal} cannot be read: {error.strerror or error}.") from None
    for number, line in enumerate(lines, start=1):
        try:
            decision = Decision.model_validate_json(line)
        except ValidationError:
            raise StorageError(
                f"{journal}, line {number} is no decision. Remove the line, or the file to begin anew."
            ) from None
        if known.get(decision.id) == decision.of:
            decisions[decision.id] = decision
    return Review(tuple(questions), decisions)


def decide(question: Question, status: Status, typed: Typed, file: Path, data_dir: Path) -> Decision:
    """Keeps a decision about a question of the drafted set in `file`, at once and for good.

    Raises StorageError where it cannot be kept, and QuestionError for accepted words that cannot be used.
    """
    if status == "accepted":
        worded(question, typed)
    decision = Decision(id=question.id, of=_digest(question), status=status, typed=typed)
    journal = journal_of(file, data_dir)
    try:
        journal.parent.mkdir(parents=True, exist_ok=True)
        with journal.open("ab+") as opened:
            _end_line(opened.fileno())
            opened.write(decision.model_dump_json().encode() + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:
        raise StorageError(
            f"{journal} cannot be written: {error.strerror or error}. The decision is not kept: free space."
        ) from None
    return decision


def journal_of(file: Path, data_dir: Path) -> Path:
    """Where the decisions about a drafted set are kept: a name that tells the set, unique to its path."""
    digest = hashlib.sha256(str(file.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return data_dir / FOLDER / f"{file.stem}-{digest[:12]}.jsonl"


def _end_line(opened: int) -> None:
    """Ends a line that a crash cut short, so that it spoils no other; such a line was never a decision."""
    size = os.fstat(opened).st_size
    if size and os.pread(opened, 1, size - 1) != b"\n":
        held = os.pread(opened, size, 0)
        os.ftruncate(opened, held.rfind(b"\n") + 1)


def _facts(text: str) -> list[list[str]]:
    groups = [[form.strip() for form in line.split("|") if form.strip()] for line in text.splitlines()]
    return [group for group in groups if group]


def _digest(question: Question) -> str:
    entry = json.dumps(question.model_dump(mode="json"), sort_keys=True, default=str)
    return hashlib.sha256(entry.encode("utf-8", "surrogatepass")).hexdigest()[:16]
