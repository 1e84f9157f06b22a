"""Reads the sheets of an Excel workbook as tables of text: what a person sees in each cell.

It does not know what the columns mean.
"""

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.errors import QuestionError
from bot.evaluation.sets.importing.tables import Row, Table
from bot.facts.days import MONTHS

LARGEST = 500_000_000
"""Bytes that a workbook may unpack to: beyond that it is no question set."""

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
SAVE = "Save it as .xlsx or as CSV and import that"


def read_excel(content: bytes, file: Path) -> tuple[list[Table], list[str]]:
    """The sheets of a workbook, in order, and what stands beside the cells: remarks and links.

    Raises QuestionError for a workbook that cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise QuestionError(f"{file} unpacks to more than {LARGEST // 10**6} MB. {SAVE}.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and rules for input, which are not read
            shown, written = _opened(content, data_only=True), _opened(content, data_only=False)
            tables: list[Table] = []
            notes: list[str] = []
            for name in shown.sheetnames:
                if hasattr(shown[name], "iter_rows"):  # a sheet of charts has no cells
                    tables.append(_table(name, shown[name], written[name], notes))
            return tables, notes
    except QuestionError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged part leads to
        raise QuestionError(f"{file} cannot be read as an Excel workbook: {error}. {SAVE}.") from error


def _opened(content: bytes, *, data_only: bool) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content), data_only=data_only)


def _table(name: str, shown: Any, written: Any, notes: list[str]) -> Table:
    merged = {
        (row, span.min_col): (span.min_row, span.min_col)
        for span in shown.merged_cells.ranges
        if span.min_col == span.max_col
        for row in range(span.min_row + 1, span.max_row + 1)
    }
    rows = []
    for cells in shown.iter_rows():
        texts, problem = [], None
        for cell in cells:
            row, column = merged.get((cell.row, cell.column), (cell.row, cell.column))
            value = shown.cell(row, column)
            formula = written.cell(row, column)
            texts.append(_text(value))
            if value.value is None and formula.data_type == "f":
                problem = (
                    f"{cell.coordinate} holds a formula without its result: open and save the workbook again"
                )
            elif value.data_type == "e":
                problem = f"{cell.coordinate} holds the error {value.value}"
            notes += _beside(name, written.cell(cell.row, cell.column))
        while texts and not texts[-1]:
            texts.pop()
        rows.append(Row(cells[0].row, tuple(texts), problem))
    return Table(name, rows)


def _beside(name: str, cell: Any) -> list[str]:
    found = []
    if getattr(cell, "comment", None):
        found.append(
            f"{cell.coordinate} of the sheet {name!r} has a remark, which is left out: {cell.comment.text!r}."
        )
    link = getattr(cell, "hyperlink", None)
    if link and link.target and link.target.removeprefix("mailto:") != cell.value:
        found.append(f"{cell.coordinate} of the sheet {name!r} leads to {link.target}, which is left out.")
    return found


def _text(cell: Any) -> str:
    """What a cell shows, in a form that facts are compared in: ISO dates, numbers without separators."""
    value, form = cell.value, _LITERAL.sub("", getattr(cell, "number_format", None) or "").lower()
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        if value.time() != time():
            return value.isoformat(" ", "minutes")
        return _date_text(value.date(), form)
    if isinstance(value, date):
        return _date_text(value, form)
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float | int):
        return f"{value * 100:.15g}%" if "%" in form else _number(value)
    return str(value)


def _date_text(value: date, form: str) -> str:
    """A day, or the month or year that is all the cell shows of it."""
    if "d" in form:
        return value.isoformat()
    return f"{MONTHS[value.month - 1].title()} {value.year}" if "m" in form else str(value.year)


def _number(value: float) -> str:
    return str(int(value)) if abs(value) < 10**15 and value == int(value) else f"{value:.15g}"
