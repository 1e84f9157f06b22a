"""Imports a question set from whatever it is kept in, told by its content.

It asks nothing.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.errors import QuestionError, StorageError
from bot.evaluation.sets.importing import bench, squad, tables
from bot.evaluation.sets.importing.delimited import read_delimited
from bot.evaluation.sets.importing.drafts import Draft, Imported, assembled
from bot.evaluation.sets.importing.excel import SAVE, read_excel
from bot.evaluation.sets.importing.records import parsed, read_bytes
from bot.evaluation.sets.importing.tables import HEADER_WITHIN, Table
from bot.evaluation.sets.questions import Question, read_questions
from bot.evaluation.sets.writing import write_questions

SETS = (".yaml", ".yml")
"""Suffixes of question sets, which need no import."""
SHOWN = 50
"""Refused rows that are printed; the rest are counted."""
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The container of .xls, and of a workbook with a password."""


def import_questions(file: Path) -> Imported:
    """The questions of a CSV or Excel table, a SQuAD file or a benchmark folder.

    Raises QuestionError, naming the file, where nothing of it can be read.
    """
    if file.is_dir():
        drafts, refused, notes = bench.drafts(file)
        imported = assembled(drafts, file.name, notes)
        return replace(imported, refused=(*imported.refused, *refused))
    if file.suffix.lower() in SETS:
        raise QuestionError(f"{file} is a question set as it is: evaluate it, there is nothing to import.")
    content = read_bytes(file)
    if content.startswith(_OLD_EXCEL):
        raise QuestionError(f"{file} is an old Excel workbook or has a password. {SAVE}.")
    if content.startswith(b"PK\x03\x04"):
        return _of_tables(*read_excel(content, file), file)
    if file.suffix.lower() in (".json", ".jsonl") or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _of_json(content, file)
    table, notes = read_delimited(content, file)
    return _of_tables([table], notes, file)


def open_questions(file: Path) -> tuple[Question, ...]:
    """The questions of a set, or of whatever else they are kept in; what was not read is told on stderr.

    Raises QuestionError where nothing can be used.
    """
    return read_questions(file) if file.suffix.lower() in SETS else _imported(file).questions


def open_all(files: Sequence[Path]) -> list[Question]:
    """The questions of all files, whose ids differ. Raises QuestionError where they do not, and as `open_questions`."""
    found: dict[str, tuple[Question, Path]] = {}
    for file in files:
        for question in open_questions(file):
            if question.id in found:
                raise QuestionError(
                    f"{file} and {found[question.id][1]} both have a question {question.id!r}: rename one."
                )
            found[question.id] = (question, file)
    return [question for question, _ in found.values()]


def import_file(source: Path, out: Path) -> int:
    """Writes the questions of `source` as a question set and says on stderr what was read and what was not.

    Returns the exit status of the command: 0 where all was read, 1 where something was refused. The
    set is written in both cases. Raises QuestionError where nothing could be read, and StorageError
    where `out` is there already or cannot be written.
    """
    if out.exists():
        raise StorageError(f"{out} is there already: remove it, or give another file with --out.")
    imported = _imported(source)
    write_questions(imported.questions, out)
    unscored = sum(question.answerable and not question.facts for question in imported.questions)
    _tell(f"{len(imported.questions)} questions are in {out}; {len(imported.refused)} could not be used.")
    if unscored:
        _tell(f"{unscored} of them expect no fact: nothing says which answer would be right.")
    return 1 if imported.refused else 0


def _imported(source: Path) -> Imported:
    """What `import_questions` gives, told on stderr. Raises QuestionError where it holds no question."""
    imported = import_questions(source)
    _tell(*imported.notes)
    for refused in imported.refused[:SHOWN]:
        _tell(f"Not imported: {refused.place}: {refused.reason}.")
    if more := imported.refused[SHOWN:]:
        _tell(f"Not imported: {len(more)} more.")
    if not imported.questions:
        raise QuestionError(f"{source} holds no question that can be used. Correct it and run again.")
    return imported


def _of_tables(read: list[Table], notes: list[str], file: Path) -> Imported:
    found: list[Draft] = []
    notes = list(notes)
    for table in read:
        if tables.header_row(table) is not None:
            drafts, remarks = tables.drafts(replace(table, name=table.name if len(read) > 1 else ""))
            found += drafts
            notes += remarks
        elif any(cell.strip() for row in table.rows for cell in row.cells):
            notes.append(f"The sheet {table.name!r} has no column of questions and is left out.")
    if not any(tables.header_row(table) is not None for table in read):
        raise QuestionError(
            f"{file} has no column of questions among its first {HEADER_WITHIN} rows. Give the columns names, for "
            "example Question, Answer, Source, Language, Answerable."
        )
    return assembled(found, file.stem, notes)


def _of_json(content: bytes, file: Path) -> Imported:
    try:
        read = parsed(content)
    except ValueError as error:
        if file.suffix.lower() == ".jsonl":
            raise QuestionError(
                f"{file} is one part of a benchmark: give its folder. {bench.FORM}."
            ) from None
        raise QuestionError(f"{file} is not JSON: {error}. Correct it and run again.") from None
    if not squad.is_squad(read):
        raise QuestionError(
            f"{file} has not the form of SQuAD: articles with paragraphs under 'data'. Give a table instead, or the "
            "folder of a benchmark."
        )
    drafts, notes = squad.drafts(read)
    return assembled(drafts, file.stem, notes)


def _tell(*notes: str) -> None:
    for note in notes:
        print(note, file=sys.stderr)
