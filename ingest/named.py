"""What the arguments of the command line name: patterns become the files they fit, standard input a file of its own.

It reads no release, and passes on whatever is neither.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path

from bot.errors import CorpusError

STANDARD_INPUT = "-"
_MAIL = re.compile(
    rb"(?:(?:From|Received|Return-Path|Subject|Date|Message-ID|MIME-Version|Delivered-To): |From )",
    re.IGNORECASE,
)
_BY_KIND = {
    "pdf": ".pdf",
    "word": ".docx",
    "odt": ".odt",
    "rtf": ".rtf",
    "html": ".html",
    "zip": ".zip",
    "outlook": ".msg",
}


def expanded(arguments: Sequence[str], data_dir: Path) -> list[str]:
    """The arguments with the files that patterns fit, in order, and the file that standard input became.

    Raises CorpusError for a pattern that fits nothing, and for input that is empty, too large or of no known format.
    """
    return [each for argument in arguments for each in _expanded(argument, data_dir)]


def _expanded(argument: str, data_dir: Path) -> Iterator[str]:
    if argument == STANDARD_INPUT:
        yield str(_kept(sys.stdin.buffer.read(_most() + 1), data_dir))
    elif has_magic(argument) and "://" not in argument and not Path(argument).exists():
        found = sorted(glob(argument, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not found:
            raise CorpusError(f"{argument} fits no file: check the pattern.")
        yield from found
    else:
        yield argument


def _most() -> int:
    from bot.upkeep.uploads import UPLOAD_MEGABYTES

    return UPLOAD_MEGABYTES << 20


def _kept(content: bytes, data_dir: Path) -> Path:
    """The file in the data folder that holds the input; the same input is the same file."""
    import hashlib

    from bot.upkeep.uploads import keep

    if not content.strip():
        raise CorpusError("Standard input is empty: pipe a release into the command, or name a file.")
    name = f"standard-input-{hashlib.sha256(content).hexdigest()[:12]}"
    return keep(f"{name}{_suffix(content, name)}", content, data_dir).path


def _suffix(content: bytes, name: str) -> str:
    """The suffix of the format that the content shows."""
    from tempfile import NamedTemporaryFile

    from ingest.load import kind_of

    with NamedTemporaryFile() as file:
        file.write(content[:16384] if not content.startswith(b"\xd0\xcf") else content)
        file.flush()
        kind = kind_of(Path(file.name), f"{name}.txt")
    if kind != "text":
        return _BY_KIND[kind]
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        lines = [line for line in content.split(b"\n") if line.strip()]
        several = len(lines) > 1 and all(line.strip()[:1] + line.strip()[-1:] == b"{}" for line in lines)
        return ".jsonl" if several else ".json"
    if start.startswith(b"[") and start.rstrip().endswith(b"]") and b"{" in start[:1000]:
        return ".json"
    return ".eml" if _MAIL.match(start) else ".md"
