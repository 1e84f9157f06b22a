"""Question sets that the pages may open and write: those below the working folder and those kept with the data.

It knows no page and asks nothing.
"""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import QuestionError, StorageError
from bot.evaluation.sets.importing.drafts import Imported
from bot.evaluation.sets.importing.sources import SETS, import_questions
from bot.evaluation.sets.questions import read_questions
from bot.evaluation.sets.writing import write_questions

KEPT = "sets"
"""The folder of uploaded and accepted sets, in the data folder."""
TABLES = (".csv", ".tsv", ".xlsx", ".json")
DEPTH = 3
"""Folders below the working folder in which sets are looked for."""
FOLDERS = 2_000
LOOKED_AT = 4_096
"""Bytes of a YAML file that tell whether it is a question set."""
NAME_CHARACTERS = 80
_QUESTION = re.compile(rb"(?:^|[{,])[\s-]*[\"']?question[\"']?\s*:", re.MULTILINE)
_DRAFTED = re.compile(rb"\bdraft\b")


@dataclass(frozen=True, slots=True)
class SetFile:
    """A question set that was found, by the path that names it; `drafted` where it seems to hold drafts."""

    path: str
    drafted: bool


def find_sets(data_dir: Path) -> tuple[SetFile, ...]:
    """The question sets kept with the data, then those below the working folder, each by path."""
    kept = data_dir / KEPT
    files = [*sorted(kept.glob("*.yaml")), *sorted(_below(Path(), data_dir.resolve()))]
    found: dict[Path, SetFile] = {}
    for file in files:
        try:
            with file.open("rb") as opened:
                beginning = opened.read(LOOKED_AT)
        except OSError:  # one that may not be read cannot be offered
            continue
        if _QUESTION.search(beginning):
            drafted = bool(_DRAFTED.search(beginning)) or "draft" in file.stem
            found.setdefault(file.resolve(), SetFile(file.as_posix(), drafted))
    return tuple(found.values())


def placed(path: str, data_dir: Path, suffixes: Sequence[str] = (*SETS, *TABLES)) -> Path:
    """The file that a person names. Raises QuestionError unless it lies where these pages may read and write."""
    text = path.strip()
    try:
        file = Path(text)
        whole = file.resolve()
    except (OSError, ValueError, RuntimeError):
        raise QuestionError(f"{text[:200]!r} is no path. Give the path of a question set.") from None
    roots = (Path().resolve(), (data_dir / KEPT).resolve())
    if not any(whole.is_relative_to(root) and whole != root for root in roots):
        raise QuestionError(
            f"{text} is not below the folder in which the chat was started. Give a path below it, or upload the file."
        )
    if file.suffix.lower() not in suffixes:
        raise QuestionError(f"{text} is no question set by its name: it must end in {', '.join(suffixes)}.")
    return file


def open_set(file: Path) -> Imported:
    """The questions of a file, with what of it could not be used. Raises QuestionError where nothing can."""
    if file.suffix.lower() in SETS:
        return Imported(read_questions(file), (), ())
    imported = import_questions(file)
    if not imported.questions:
        reasons = "; ".join(f"{each.place}: {each.reason}" for each in imported.refused[:3])
        raise QuestionError(f"{file} holds no question that can be used. {reasons}".rstrip())
    return imported


def keep_upload(name: str, content: bytes, data_dir: Path) -> tuple[Path, Imported]:
    """Reads an uploaded file and keeps its questions as a set of the data folder, under a name of its own.

    Raises QuestionError where nothing of it can be used, and StorageError where it cannot be kept.
    """
    given = Path(name.replace("\\", "/")).name
    stem = _plain(Path(given).stem)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{stem}{Path(given).suffix.lower()}"
        try:
            file.write_bytes(content)
            imported = open_set(file)
        except QuestionError as error:
            raise QuestionError(str(error).replace(f"{folder}{os.sep}", "")) from None
    kept = data_dir / KEPT
    try:
        kept.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{kept} cannot be made: {error.strerror or error}. Free space.") from None
    out = _free(kept / f"{stem}.yaml", imported)
    if not out.exists():
        write_questions(imported.questions, out)
    return out, imported


def _free(file: Path, imported: Imported) -> Path:
    """The first of NAME, NAME-2, … that is not there, or that holds the same questions."""
    number = 2
    wanted = file
    while file.exists() and not _holds(file, imported):
        file = wanted.with_stem(f"{wanted.stem}-{number}")
        number += 1
    return file


def _holds(file: Path, imported: Imported) -> bool:
    try:
        return read_questions(file) == imported.questions
    except QuestionError:
        return False


def _plain(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name).strip("-_")[:NAME_CHARACTERS] or "questions"


def _below(top: Path, data_dir: Path) -> Iterator[Path]:
    """YAML files below a folder, but not those of hidden folders and of the data, which hold the sets of runs.

    A very large tree is not searched to its end.
    """
    for number, (folder, names, files) in enumerate(os.walk(top)):
        if number >= FOLDERS:
            return
        deep = len(Path(folder).parts)
        names[:] = [name for name in sorted(names) if not name.startswith(".")] if deep < DEPTH else []
        if Path(folder).resolve() == data_dir:
            names.clear()
            continue
        for name in files:
            if name.lower().endswith(SETS) and not name.startswith("."):
                yield Path(folder) / name
