"""The records of a JSON export: an array of them, or an object that holds one; or one record that is the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import CorpusError
from ingest.load.encoding import decoded
from ingest.load.kind import Kind
from ingest.load.limits import FILE_BYTES
from ingest.load.record import parsed, text_field
from ingest.unpack.part import Part, record_part


def parts(path: Path, named: str, kind: Kind) -> Iterator[Part]:
    """The records in order. Raises CorpusError where the file is no JSON, too large, or holds no record."""
    if path.stat().st_size > FILE_BYTES:
        raise CorpusError(
            f"{named} is larger than {FILE_BYTES >> 20} MiB: save it as JSON Lines (.jsonl), which may be."
        )
    value = parsed(decoded(path.read_bytes(), named), named)
    if isinstance(value, dict) and text_field(value):
        yield Part("", kind="record")
        return
    records = _records(value)
    if not records:
        raise CorpusError(
            f"{named} holds no record with a text: name the field of the text `text`, `body` or `content`."
        )
    for number, record in enumerate(records, 1):
        if isinstance(record, dict) and text_field(record):
            yield record_part(record, number)
        else:
            yield Part(
                str(number), problem=f"{named} record {number:,} has no text: correct it or take it out."
            )


def _records(value: Any) -> list[Any]:
    """The array itself, or the longest one that a member of the object is, in which a record has a text."""
    arrays = [value] if isinstance(value, list) else []
    if isinstance(value, dict):
        arrays = [each for each in value.values() if isinstance(each, list)]
    telling = [each for each in arrays if any(isinstance(one, dict) and text_field(one) for one in each)]
    return max(telling, key=len, default=[])
