"""The front matter of a text: what stands between two lines of three hyphens at its very start.

It reads the few names that releases have; other names are passed over.
"""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from ingest.load.loaded import NOTHING_SAID, Said

_LONGEST = 20_000
"""Characters: more is no front matter."""
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
NAMES = {
    "title": ("title", "headline", "titre", "name", "subject"),
    "date": (
        *(
            "date",
            "published",
            "publication_date",
            "publish_date",
            "published_at",
            "publishdate",
            "datepublished",
        ),
        *("date_published", "pubdate", "release_date", "published_time", "created", "date_publication"),
    ),
    "place": ("place", "location", "dateline", "lieu", "city"),
    "issuer": (
        "issuer",
        "publisher",
        "organization",
        "organisation",
        "source",
        "site_name",
        "author",
        "émetteur",
    ),
    "language": ("language", "lang", "langue", "inlanguage", "locale"),
}
"""What a column, a key or a property may be called, lower case, the surest first."""


def front_matter(text: str) -> tuple[str, Said]:
    """The text without its front matter, and what that says; what is no front matter stays in the text."""
    found = _FRONT.match(text[:_LONGEST])
    if not found:
        return text, NOTHING_SAID
    values = _mapping(found[1])
    if values is None:
        return text, NOTHING_SAID
    return text[found.end() :], said_by(values)


def _mapping(source: str) -> dict[str, Any] | None:
    import yaml

    try:
        # Anchors and aliases can make a short text stand for an endless one.
        if any(isinstance(token, yaml.AnchorToken | yaml.AliasToken) for token in yaml.scan(source)):
            return None
        values = yaml.load(source, Loader=yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return {str(key): value for key, value in values.items()} if isinstance(values, dict) else None


def said_by(values: Mapping[str, Any]) -> Said:
    """What the values say of a release, by the usual names in any case."""
    folded = {
        str(key).strip().casefold().replace("-", "_").replace(" ", "_"): value
        for key, value in values.items()
    }

    def told(field: str) -> Any:
        return next(
            (folded[name] for name in NAMES[field] if folded.get(name) not in (None, "", [], {})), None
        )

    return Said(
        title=as_words(told("title")),
        date=as_day(told("date")),
        place=as_words(told("place")),
        issuer=as_words(told("issuer")),
        language=as_language(told("language")),
    )


def as_words(value: Any) -> str | None:
    """The value as one line, where it is text, or names something, as JSON-LD does."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("name") or value.get("rendered") or value.get("@value")
    words = " ".join(value.split()) if isinstance(value, str) else ""
    return words[:1000] or None


def as_day(value: Any) -> datetime.date | None:
    """The day of a date, or of a date and time as ISO 8601 or a mail writes it."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if not isinstance(value, str):
        return None
    try:
        return datetime.datetime.fromisoformat(value.strip().replace("Z", "+00:00")).date()
    except ValueError:
        pass
    if found := re.match(r"\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)", value[:40]):
        year, month, day = map(int, found.groups())
        try:
            return datetime.date(year, month, day)
        except ValueError:
            return None
    return as_mail_day(value)


def as_mail_day(value: str) -> datetime.date | None:
    """The day of a date as RFC 5322 writes it: "Fri, 23 Jun 2023 10:00:00 +0200"."""
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(value[:100]).date()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def as_language(value: Any) -> str | None:
    """The two- or three-letter code of "en", "en-GB" or "fr_FR"."""
    found = (
        re.fullmatch(r"([a-z]{2,3})(?:[-_][\w-]+)?", value.strip().lower())
        if isinstance(value, str)
        else None
    )
    return found[1] if found else None
