"""Makes drafts of the rows of a table that has a column of questions.

It does not know whether the table was a CSV file or an Excel sheet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation.sets.importing.cells import DOCUMENTS, meant
from bot.evaluation.sets.importing.drafts import Draft
from bot.evaluation.sets.importing.headers import Column, columns, fields
from bot.facts.folding import folded

HEADER_WITHIN = 25
"""Rows among which the names of the columns are looked for: titles and remarks may stand above."""
LONG_FACT = 15
"""Words: a longer fact is rather a whole answer, which no other wording would match."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row as texts, from the first column on; `problem` says why one cannot be read."""

    number: int
    cells: tuple[str, ...]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in order; `name` is that of the sheet, or empty."""

    name: str
    rows: Sequence[Row]


def header_row(table: Table) -> int | None:
    """The place among the rows of the one that names a column of questions."""
    for place, row in enumerate(table.rows[:HEADER_WITHIN]):
        if "question" in fields(row.cells):
            return place
    return None


def drafts(table: Table) -> tuple[list[Draft], list[str]]:
    """The rows below the header as drafts, and what a person should know of the table.

    The table has a header row.
    """
    place = header_row(table)
    assert place is not None
    header = table.rows[place]
    width = max(len(row.cells) for row in table.rows[place:])
    known = columns((*header.cells, *[""] * (width - len(header.cells))))
    notes = list(_notes(table, place, known))
    sheet = folded(table.name).split()
    found: list[Draft] = []
    for row in table.rows[place + 1 :]:
        if not any(cell.strip() for cell in row.cells) and not row.problem:
            continue
        values, problem = _values(row, known)
        if [cell.strip() for cell in row.cells] == [cell.strip() for cell in header.cells]:
            problem = "it repeats the names of the columns"
        found.append(Draft(_place(table, row.number), "-".join((*sheet, str(row.number))), values, problem))
    return found, notes + _remarks(table, found, known)


def _values(row: Row, known: Sequence[Column]) -> tuple[dict[str, Any], str | None]:
    """What a row says by key, and why it is no question."""
    values: dict[str, Any] = {}
    problem = row.problem
    for column, cell in zip(known, row.cells, strict=False):
        if not cell.strip():
            continue
        try:
            if column.field is None:
                values[column.key] = cell
            elif column.field == "unanswerable":
                is_answerable = not meant("answerable", cell)
                if values.setdefault("answerable", is_answerable) != is_answerable:
                    raise ValueError("it contradicts the column that says what is answerable")
            elif isinstance(value := meant(column.field, cell), list):
                values[column.field] = [*values.get(column.field, ()), *value]
            else:
                values[column.field] = value
        except ValueError as error:
            problem = problem or f"{column.key}: {error}"
    if not problem and "question" not in values:
        held = ", ".join(
            f"{column.key or 'a column'} {cell.strip()[:40]!r}" for column, cell in _filled(row, known)
        )
        problem = f"it has no question, only {held}"
    return values, problem


def _filled(row: Row, known: Sequence[Column]) -> Iterator[tuple[Column, str]]:
    return ((column, cell) for column, cell in zip(known, row.cells, strict=False) if cell.strip())


def _place(table: Table, number: int) -> str:
    return f"sheet {table.name!r}, row {number}" if table.name else f"row {number}"


def _notes(table: Table, place: int, known: Sequence[Column]) -> Iterator[str]:
    for row in table.rows[:place]:
        if text := " ".join(cell.strip() for cell in row.cells if cell.strip()):
            yield f"{_place(table, row.number)} stands above the names of the columns and is left out: {text[:100]!r}."
    where = f" of the sheet {table.name!r}" if table.name else ""
    read = ", ".join(f"{column.key!r} as {column.field}" for column in known if column.field)
    yield f"Columns{where}: {read}."
    if own := [column.key for column in known if not column.field]:
        yield f"Kept under their own names{where}: {', '.join(map(repr, own))}."


def _remarks(table: Table, found: Sequence[Draft], known: Sequence[Column]) -> list[str]:
    where = f" in the sheet {table.name!r}" if table.name else ""
    remarks = []
    long = sum(
        len(text.split()) > LONG_FACT
        for draft in found
        for group in draft.values.get("facts", ())
        for text in group
    )
    if long:
        remarks.append(
            f"{long} expected facts{where} are longer than {LONG_FACT} words: shorten each to the least wording "
            "that proves the answer, or no answer will hold it."
        )
    place = next((place for place, column in enumerate(known) if column.field == "releases"), None)
    if place is not None:
        suffixes = {
            suffix
            for row in table.rows
            for suffix in DOCUMENTS
            if place < len(row.cells) and row.cells[place].strip().lower().endswith(suffix)
        }
        if suffixes:
            remarks.append(f"Releases go by their file's name without {', '.join(sorted(suffixes))}{where}.")
    return remarks
