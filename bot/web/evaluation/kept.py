"""Runs as they are kept: a folder each in the data folder, with what the command writes and what was asked.

It asks nothing and draws nothing.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import StorageError
from bot.evaluation.compare import Comparison, compare
from bot.evaluation.measures import Measured, measured
from bot.evaluation.results import Result
from bot.evaluation.runs import Run, read_run
from bot.evaluation.sets.questions import Question
from bot.evaluation.sets.writing import write_questions

FOLDER = "evaluations"
QUESTIONS = "questions.yaml"
ABOUT = "run.json"
SCORES = "scores.json"
ANSWERS = "answers.jsonl"


class About(BaseModel):
    """What a run was started with."""

    model_config = ConfigDict(frozen=True)

    set: str
    questions: int
    started: datetime
    mode: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A run in `folder`, ended or interrupted; one that the command wrote there has no `about`."""

    folder: Path
    ended: bool
    about: About | None

    @property
    def name(self) -> str:
        return self.folder.name


@dataclass(frozen=True)
class Opened:
    """A run that ended, with its figures, which are worked out when first wanted."""

    name: str
    run: Run

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """What each question scored, in the order asked."""
        return tuple(self.run.results.values())

    @cached_property
    def measured(self) -> dict[str, Measured]:
        """Every measure to which a question added something, by name."""
        return measured(self.results)

    def against(self, baseline: "Opened") -> Comparison:
        """This run beside an earlier one."""
        return compare(baseline.run, self.run)


def kept_runs(data_dir: Path) -> tuple[Kept, ...]:
    """The runs of the data folder, the newest first. Raises StorageError where it cannot be read."""
    top = data_dir / FOLDER
    try:
        folders = [folder for folder in top.iterdir() if folder.is_dir()] if top.exists() else []
    except OSError as error:
        raise StorageError(
            f"{top} cannot be read: {error.strerror or error}. Give it to the user that runs the chat."
        ) from None
    runs = [_kept(folder) for folder in folders]
    return tuple(sorted((run for run in runs if run), key=_age, reverse=True))


def begin(questions: Sequence[Question], name: str, mode: str, data_dir: Path) -> Kept:
    """A new folder with the questions of a run that is about to start. Raises StorageError."""
    started = datetime.now().astimezone()
    about = About(set=name, questions=len(questions), started=started, mode=mode)
    stem = started.strftime("%Y-%m-%d-%H%M%S")
    try:
        folder = _new(data_dir / FOLDER, stem)
        (folder / ABOUT).write_text(about.model_dump_json(indent=2), encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"{data_dir / FOLDER} cannot be written: {error.strerror or error}. Free space or give another folder "
            "with COMMUNIQUE_DATA_DIR."
        ) from None
    write_questions(questions, folder / QUESTIONS)
    return Kept(folder, ended=False, about=about)


def open_run(folder: Path) -> Opened:
    """The run in a folder. Raises StorageError where it cannot be used."""
    return Opened(folder.name, read_run(folder))


def delete_run(run: Kept) -> None:
    """Removes the folder of a run. Raises StorageError."""
    try:
        shutil.rmtree(run.folder)
    except OSError as error:
        raise StorageError(
            f"{run.folder} cannot be removed: {error.strerror or error}. Remove it by hand."
        ) from None


def answered(run: Kept) -> int:
    """How many questions an interrupted run has answered."""
    try:
        return (run.folder / ANSWERS).read_bytes().count(b"\n")
    except OSError:
        return 0


def _kept(folder: Path) -> Kept | None:
    ended = (folder / SCORES).exists()
    if not ended and not (folder / QUESTIONS).exists():
        return None
    try:
        about = About.model_validate_json((folder / ABOUT).read_bytes())
    except (OSError, ValidationError):  # the command writes none; without it the run has only its name
        about = None
    return Kept(folder, ended, about)


def _age(run: Kept) -> tuple[float, str]:
    try:
        made = run.about.started.timestamp() if run.about else (run.folder / SCORES).stat().st_mtime
    except OSError:
        made = 0.0
    return made, run.name


def _new(top: Path, stem: str) -> Path:
    top.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = top / (stem if number == 1 else f"{stem}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder
