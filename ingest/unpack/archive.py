"""The members of ZIP archives, without those that would lead anywhere else.

It writes nothing: names that climb out of a folder, links and bombs are problems of their members.
"""

import stat
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot.errors import CorpusError
from ingest.load import SUFFIXES
from ingest.load.kind import Kind
from ingest.load.limits import FILE_BYTES, MEMBERS
from ingest.load.package import damage, unpacked
from ingest.unpack.part import Part, passed_over

_UTF8_NAME = 0x800
_LONGEST_NAME = 1000


def parts(path: Path, named: str, kind: Kind) -> Iterator[Part]:
    """The members in the archive's order. Raises CorpusError where it is damaged or has too many."""
    with damage(named), zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) > MEMBERS:
            raise CorpusError(f"{named} has {len(members):,} members, more than {MEMBERS:,}: split it.")
        for info in members:
            name = _name(info)
            if problem := _problem(info, name):
                yield Part(name, problem=f"{named}/{name} {problem}")
            elif passed_over(name) or Path(name).suffix.lower() not in SUFFIXES:
                yield Part(name, b"")  # counted or passed over, and not unpacked for that
            else:
                yield _part(archive, info, name, f"{named}/{name}")


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, named: str) -> Part:
    try:
        with damage(named):
            return Part(name, unpacked(archive, info, named, FILE_BYTES))
    except CorpusError as error:
        return Part(name, problem=str(error))


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name with forward slashes; old programs wrote UTF-8 without saying so."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        with suppress(UnicodeEncodeError, UnicodeDecodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _problem(info: zipfile.ZipInfo, name: str) -> str:
    folders = name.split("/")
    if (
        name.startswith("/")
        or ".." in folders
        or "" in folders
        or ":" in folders[0]
        or not name.isprintable()
    ):
        return "has a name that leads out of the archive: rename it."
    if len(name) > _LONGEST_NAME:
        return f"has a name of more than {_LONGEST_NAME:,} characters: rename it."
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link: put the file itself into the archive."
    return ""
