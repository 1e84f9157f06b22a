"""A file becomes text: one module a format, chosen by the file's suffix.

It knows no release and no cleaning: characters leave as they stand in the file.
"""

from collections.abc import Callable
from pathlib import Path

from bot.errors import CorpusError
from ingest.load import text

_LOADERS: dict[str, Callable[[Path], str]] = dict.fromkeys(text.SUFFIXES, text.load)

SUFFIXES = frozenset(_LOADERS)


def load(path: Path) -> str:
    """The decoded text of the file, newlines untranslated, a byte order mark kept as U+FEFF.

    Raises CorpusError where the file is missing, not a regular file, of no supported suffix,
    unreadable, binary, of no known encoding, or empty.
    """
    loader = _LOADERS.get(path.suffix.lower())
    if path.is_dir():
        raise CorpusError(f"{path} is a folder, not a file: name a file in it.")
    if not path.exists():
        raise CorpusError(f"{path} does not exist: check the path.")
    if not path.is_file():
        raise CorpusError(f"{path} is not a regular file: replace it with a copy of the text.")
    if loader is None:
        supported = ", ".join(sorted(SUFFIXES))
        raise CorpusError(f"{path} is not in a supported format: save it as one of {supported}.")
    decoded = loader(path)
    if not decoded.strip("\ufeff\0 \t\r\n\v\f") or decoded.isspace():
        raise CorpusError(f"{path} is empty: put the release's text in it or remove it.")
    return decoded
