"""The rows of a CSV export: the first row names the columns, one of which holds the text."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from bot.errors import CorpusError
from ingest.load.encoding import decoded
from ingest.load.kind import Kind
from ingest.load.limits import FILE_BYTES
from ingest.load.record import TEXTS, text_field
from ingest.unpack.part import Part, record_part

_SAMPLE = 20_000
_SEPARATORS = ",;\t|"


def parts(path: Path, named: str, kind: Kind) -> Iterator[Part]:
    """A record for each row. Raises CorpusError where no column holds a text, or a row cannot be read."""
    if path.stat().st_size > FILE_BYTES:
        raise CorpusError(
            f"{named} is larger than {FILE_BYTES >> 20} MiB: split it, or save it as JSON Lines (.jsonl)."
        )
    source = decoded(path.read_bytes(), named).lstrip("\ufeff")
    csv.field_size_limit(FILE_BYTES)
    reader = csv.reader(io.StringIO(source, newline=""), delimiter=_separator(source))
    try:
        columns = [name.strip() for name in next(reader, [])]
        if not set(map(str.casefold, columns)) & set(TEXTS):
            known = ", ".join(TEXTS[:3])
            raise CorpusError(
                f"{named} has no column with a text: name it {known} or the like in the first row."
            )
        for number, row in enumerate(reader, 1):
            record = dict(zip(columns, row, strict=False))
            if text_field(record):
                yield record_part(record, number)
            elif any(row):
                yield Part(
                    str(number), problem=f"{named} row {number:,} has no text: fill it or take it out."
                )
    except csv.Error as error:
        raise CorpusError(f"{named} line {reader.line_num:,} is no row ({error}): correct it.") from error


def _separator(source: str) -> str:
    """What parts the columns: the sign that stands most often in the first row, outside quotes."""
    first = source[:_SAMPLE].split("\n", 1)[0]
    bare = "".join(first.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)
