"""One record of an export (JSON, CSV): the field that holds the text, and the fields that describe it.

It knows no file of several records.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.errors import CorpusError
from ingest.load.encoding import decoded
from ingest.load.front import as_words, said_by
from ingest.load.html import fragment_text
from ingest.load.loaded import Loaded

TEXTS = (
    *(
        "text",
        "body",
        "content",
        "fulltext",
        "full_text",
        "article",
        "articlebody",
        "article_body",
        "texte",
        "contenu",
    ),
    *(
        "corps",
        "html",
        "body_html",
        "content_html",
        "contents",
        "body_text",
        "content_text",
        "message",
        "story",
    ),
    *("release", "communique", "communiqué", "description", "summary"),
)
"""What the field of the text may be called, lower case, the surest first."""
IDS = ("id", "_id", "uuid", "guid", "slug", "nid", "doc_id", "docid", "key", "url", "link", "permalink")
_MARKUP = re.compile(r"<(?:p|br|div|h[1-6]|ul|ol|li|strong|em|b|i|a|span|table)\b[^>]{0,500}>", re.IGNORECASE)


def load(path: Path, named: str) -> Loaded:
    """The text of the record, and what its other fields say. Raises CorpusError where it has no text."""
    record = parsed(decoded(path.read_bytes(), named), named)
    if not isinstance(record, dict):
        raise CorpusError(
            f"{named} is not one record but {type(record).__name__}: make it an object with a text."
        )
    text = text_field(record)
    if not text:
        names = ", ".join(TEXTS[:3])
        raise CorpusError(f"{named} has no text: name its field {names} or the like.")
    if len(_MARKUP.findall(text[:20_000])) > 1:
        text = fragment_text(text, named)
    return Loaded(text, said_by(record))


def parsed(source: str, named: str) -> Any:
    """The value that JSON writes. Raises CorpusError, with the place, where it is not valid."""
    try:
        return json.loads(source.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        raise CorpusError(
            f"{named} is not valid JSON at line {error.lineno}, column {error.colno} ({error.msg}): correct it."
        ) from None
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{named} cannot be read as JSON ({error}): simplify it.") from None


def text_field(record: Mapping[str, Any]) -> str:
    """The text of a record, as it stands there; empty where it has none."""
    fields = {str(key).strip().casefold(): value for key, value in record.items()}
    for name in TEXTS:
        value = fields.get(name)
        if isinstance(value, dict):  # as WordPress has it
            value = value.get("rendered") or value.get("value")
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            value = "\n\n".join(value)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def id_field(record: Mapping[str, Any]) -> str:
    """What a record is called in its export; empty where it has no name of its own."""
    fields = {str(key).strip().casefold(): value for key, value in record.items()}
    for name in IDS:
        value = fields.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if words := as_words(value):
            return re.sub(r"^https?://", "", words)
    return ""
