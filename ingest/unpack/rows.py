"""The records of an export with one JSON object a line (JSON Lines)."""

from collections.abc import Iterator
from pathlib import Path

from bot.errors import CorpusError
from ingest.load.encoding import decoded
from ingest.load.kind import Kind
from ingest.load.limits import FILE_BYTES
from ingest.load.record import parsed, text_field
from ingest.unpack.part import Part, record_part


def parts(path: Path, named: str, kind: Kind) -> Iterator[Part]:
    """The records in order; a line that is none is a problem of its own."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(FILE_BYTES + 1):
            number += 1
            name = f"{named} line {number:,}"
            if len(line) > FILE_BYTES:
                raise CorpusError(f"{name} is longer than {FILE_BYTES >> 20} MiB: split it.")
            content = line.strip()
            if content:
                yield _part(content, name, number)


def _part(content: bytes, named: str, number: int) -> Part:
    try:
        record = parsed(decoded(content, named), named)
    except CorpusError as error:
        return Part(str(number), problem=str(error))
    if not isinstance(record, dict) or not text_field(record):
        return Part(str(number), problem=f"{named} is no record with a text: correct it or take it out.")
    return record_part(record, number, content)
