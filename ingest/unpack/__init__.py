"""The releases that one file holds: an archive's, a table's, those of an export, a mail's with its attachments.

It makes no release of them: their bytes are laid out, each in a file of its own, to be loaded like any other.
Names come from the container and never become names of files.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path, PurePosixPath

from bot.errors import CorpusError
from ingest.load import CONTAINERS, SUFFIXES, Kind, explained, kind_of
from ingest.load.limits import CONTAINER_BYTES, FILE_BYTES, MEMBERS, NESTING, UNPACKED_BYTES
from ingest.unpack.part import Part, passed_over


@dataclass(frozen=True, slots=True)
class Member:
    """A release in a container; without a `name` the container itself is one.

    `revision` is the SHA-256 of its bytes in hex, and `content` the file that holds them, None where they are known.
    """

    name: str
    revision: str
    size: int
    kind: Kind
    content: Path | None


@dataclass(slots=True)
class Unpacked:
    """What a container holds: its releases, the `failed` members with their reasons, and how many were `skipped`."""

    members: list[Member] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: int = 0


def unpack(path: Path, named: str, kind: Kind, known: Mapping[str, str], folder: Path) -> Unpacked:
    """What the container at `path` holds, laid out in `folder` but where `known` has the revision of that name.

    A function for a guarded process (`ingest.guard`). Raises CorpusError where it cannot be opened or is too large;
    what is wrong with one member is its failure alone.
    """
    if path.stat().st_size > CONTAINER_BYTES:
        raise CorpusError(f"{named} is larger than {CONTAINER_BYTES >> 30} GiB: split it.")
    unpacking = _Unpacking(named, known, folder)
    unpacking.open(path, kind, "", (kind,))
    return unpacking.found


class _Unpacking:
    """A container on its way into a folder, and those that it holds."""

    def __init__(self, named: str, known: Mapping[str, str], folder: Path) -> None:
        self.found = Unpacked()
        self._named = named
        self._known = known
        self._folder = folder
        self._bytes = 0
        self._files = 0
        self._names: set[str] = set()

    def open(self, path: Path, kind: Kind, prefix: str, kinds: tuple[Kind, ...]) -> None:
        """Take the members of one container, whose names begin with `prefix`; `kinds` are those it lies in."""
        named = f"{self._named}/{prefix}".rstrip("/")
        for part in _parts(path, named, kind):
            name = f"{prefix}{part.name}" if part.name else prefix.rstrip("/")
            if part.problem:
                self.found.failed[self._unique(name)] = part.problem
            elif part.content is None:
                self._itself(path, name, part.kind or kind)
            elif part.kind is None and passed_over(part.name):
                continue
            elif part.kind is None and Path(part.name).suffix.lower() not in SUFFIXES:
                self.found.skipped += 1
            else:
                self._take(name, part.content, part.kind, kinds)

    def _itself(self, path: Path, name: str, kind: Kind) -> None:
        with path.open("rb") as file:
            revision = str(hashlib.file_digest(file, "sha256").hexdigest())
        self._add(Member(self._unique(name), revision, path.stat().st_size, kind, path))

    def _take(self, name: str, content: bytes, kind: Kind | None, kinds: tuple[Kind, ...]) -> None:
        name = self._unique(name)
        named = f"{self._named}/{name}"
        revision = hashlib.sha256(content).hexdigest()
        if self._known.get(name) == revision and kind is not None:
            self._add(Member(name, revision, len(content), kind, None))
            return
        if len(content) > FILE_BYTES:
            self.found.failed[name] = (
                f"{named} is larger than {FILE_BYTES >> 20} MiB, the most that is read: split it."
            )
            return
        path = self._laid_out(content)
        try:
            kind = kind or kind_of(path, named)
            if kind in CONTAINERS:
                self._nested(path, named, name, kind, kinds)
                return
        except _TooLargeError:
            raise
        except CorpusError as error:
            self.found.failed[name] = str(error)
            return
        if self._known.get(name) == revision:
            path.unlink()
            self._add(Member(name, revision, len(content), kind, None))
        else:
            self._add(Member(name, revision, len(content), kind, path))

    def _nested(self, path: Path, named: str, name: str, kind: Kind, kinds: tuple[Kind, ...]) -> None:
        if kind == "zip" and "zip" in kinds:
            raise CorpusError(f"{named} is an archive in an archive: unpack it first.")
        if len(kinds) >= NESTING:
            raise CorpusError(f"{named} lies more than {NESTING} containers deep: unpack it first.")
        self._names.discard(name)
        self.open(path, kind, f"{name}/", (*kinds, kind))

    def _add(self, member: Member) -> None:
        if len(self.found.members) >= MEMBERS:
            raise _TooLargeError(f"{self._named} holds more than {MEMBERS:,} releases: split it.")
        self.found.members.append(member)

    def _laid_out(self, content: bytes) -> Path:
        self._bytes += len(content)
        if self._bytes > UNPACKED_BYTES:
            raise _TooLargeError(f"{self._named} unpacks to more than {UNPACKED_BYTES >> 30} GiB: split it.")
        self._files += 1
        path = self._folder / f"{self._files:06}"
        path.write_bytes(content)
        return path

    def _unique(self, name: str) -> str:
        """The name, with a number before its suffix where the container has it more than once."""
        suffix = PurePosixPath(name).suffix
        suffix = suffix if suffix.lower() in SUFFIXES else ""
        number, found = 1, name
        while found in self._names:
            number += 1
            found = f"{name.removesuffix(suffix)}~{number}{suffix}"
        self._names.add(found)
        return found


class _TooLargeError(CorpusError):
    """The whole container is refused, however deep what made it too large lies."""


def _parts(path: Path, named: str, kind: Kind) -> Iterator[Part]:
    """The members of one container. Raises CorpusError where it cannot be read."""
    module = {
        "zip": "archive",
        "json": "array",
        "jsonl": "rows",
        "csv": "table",
        "mail": "mail",
        "outlook": "mail",
    }[kind]
    parts: Callable[..., Iterator[Part]] = import_module(f"ingest.unpack.{module}").parts
    with explained(named):
        yield from parts(path, named, kind)
