"""A file becomes text and what it says of itself: one module a format.

It knows no release and no cleaning: characters leave as they stand in the file.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from bot.errors import CorpusError
from ingest.load.kind import CONTAINERS, PLAIN, Kind, kind_of
from ingest.load.kind import SUFFIXES as KINDS
from ingest.load.limits import FILE_BYTES, TEXT_CHARACTERS
from ingest.load.loaded import Loaded

__all__ = ["CONTAINERS", "KINDS", "PLAIN", "SUFFIXES", "Kind", "Loaded", "explained", "kind_of", "load"]

SUFFIXES = frozenset(KINDS)
_MODULES = {"json": "record"}
_EMPTY = "\ufeff\0 \t\r\n\v\f"


def load(path: Path, named: str = "", kind: Kind | None = None, ocr: str = "") -> Loaded:
    """What the file holds, newlines untranslated, a byte order mark kept as U+FEFF; messages call it `named`.

    Without a `kind` its content and its suffix tell. Scanned pages are recognised in the languages of `ocr`, and
    without any they have no text. A pure function, for any process; those that are not `PLAIN`
    belong into a guarded one (`ingest.guard`). Raises CorpusError where the file is missing, not a regular file,
    too large, unreadable, of no supported kind, damaged, encrypted, or empty.
    """
    named = named or str(path)
    if path.is_dir():
        raise CorpusError(f"{named} is a folder, not a file: name a file in it.")
    if not path.exists():
        raise CorpusError(f"{named} does not exist: check the path.")
    if not path.is_file():
        raise CorpusError(f"{named} is not a regular file: replace it with a copy of the text.")
    kind = kind or kind_of(path, named)
    if path.stat().st_size > FILE_BYTES:
        raise CorpusError(
            f"{named} is larger than {FILE_BYTES >> 20} MiB, the most that is read of one release: split it."
        )
    loaded = _loaded(path, named, kind, ocr)
    if not loaded.text.strip(_EMPTY) or loaded.text.isspace():
        raise CorpusError(f"{named} is empty: put the release's text in it or remove it.")
    if len(loaded.text) > TEXT_CHARACTERS:
        raise CorpusError(
            f"{named} has {len(loaded.text):,} characters, more than the {TEXT_CHARACTERS:,} of a release: split it."
        )
    return loaded


def _loaded(path: Path, named: str, kind: Kind, ocr: str) -> Loaded:
    if kind in ("zip", "jsonl", "csv"):
        raise CorpusError(
            f"{named} holds several releases ({kind}), and is not one: give it to `python -m ingest`."
        )
    options = {"ocr": ocr} if kind == "pdf" else {}
    with explained(named):
        found: Loaded = import_module(f"ingest.load.{_MODULES.get(kind, kind)}").load(path, named, **options)
    return found


@contextmanager
def explained(named: str) -> Iterator[None]:
    """What a parser raises over the file `named`, as a CorpusError that says so; a lack of memory stays what it is."""
    try:
        yield
    except (CorpusError, MemoryError):
        raise
    except OSError as error:
        raise CorpusError(
            f"{named} cannot be read ({error.strerror or error}): check the file and its permissions."
        ) from error
    except Exception as error:  # parsers raise whatever a damaged file runs them into
        reason = f"{type(error).__name__}: {error}"[:200]
        raise CorpusError(
            f"{named} is damaged, or of a form that is not understood ({reason}): save it again."
        ) from error
