"""A file becomes text and what it says of itself: one module a format.

It knows no release and no cleaning: characters leave as they stand in the file.
"""

from collections.abc import Callable
from pathlib import Path

from bot.errors import CorpusError
from ingest.load import text
from ingest.load.loaded import Loaded

_LOADERS: dict[str, Callable[[Path], Loaded]] = dict.fromkeys(text.SUFFIXES, text.load)

SUFFIXES = frozenset(_LOADERS)


def load(path: Path, named: str = "") -> Loaded:
    """What the file holds, newlines untranslated, a byte order mark kept as U+FEFF; messages call it `named`.

    A pure function, for any process. Raises CorpusError where the file is missing, not a regular file, of no
    supported suffix, unreadable, binary, of no known encoding, or empty.
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
    loaded = loader(path)
    if not loaded.text.strip("\ufeff\0 \t\r\n\v\f") or loaded.text.isspace():
        raise CorpusError(f"{named or path} is empty: put the release's text in it or remove it.")
    return loaded
