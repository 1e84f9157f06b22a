"""Reads a table from a text file: separated by commas, semicolons or tabs, in the encodings of spreadsheets.

It does not know what the columns mean, save to tell the separator by their names.
"""

import codecs
import csv
import io
from pathlib import Path

from bot.errors import QuestionError
from bot.evaluation.sets.importing.headers import fields
from bot.evaluation.sets.importing.tables import HEADER_WITHIN, Row, Table

SEPARATORS = (",", ";", "\t")
LONGEST_CELL = 1_000_000
"""Characters."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_delimited(content: bytes, file: Path) -> tuple[Table, list[str]]:
    """The table in `content`, and how it was read where that is not certain.

    Raises QuestionError, naming the file and the line.
    """
    text, notes = _decoded(content)
    start, named = 0, ""
    if text[:4].casefold() == "sep=":  # Excel's own first line
        first, _, text = text.partition("\n")
        start, named = 1, first[4:5]
    limit = csv.field_size_limit(LONGEST_CELL)
    rows = None
    try:
        separator = named or _separator(text.splitlines()[:HEADER_WITHIN])
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        return Table(
            "", [Row(number, tuple(cells)) for number, cells in enumerate(rows, start=1 + start)]
        ), notes
    except csv.Error as error:
        line = f", line {rows.line_num + start}" if rows else ""
        raise QuestionError(
            f"{file}{line}: {error}. A quotation mark opens a cell that is not closed, or stands inside one without "
            "being doubled. Correct it, or save the table again from a spreadsheet."
        ) from None
    finally:
        csv.field_size_limit(limit)


def _decoded(content: bytes) -> tuple[str, list[str]]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        # What Excel writes as "CSV" in Western Europe; the five bytes that it leaves open become "\ufffd".
        return content.decode("cp1252", "replace"), [
            "The file is not UTF-8 and was read as Windows-1252: look at its accents."
        ]


def _separator(lines: list[str]) -> str:
    """The separator under which the most columns are known."""

    def known(separator: str) -> tuple[int, int]:
        rows = list(csv.reader(lines, delimiter=separator))
        best = max(rows, key=lambda cells: ("question" in fields(cells), len(fields(cells))), default=[])
        # Text with commas below a single column is no second column.
        wider = sum(len(cells) > len(best) for cells in rows)
        return len(fields(best)) if "question" in fields(best) else 0, -wider

    return max(SEPARATORS, key=known)
