"""Which files the given paths mean: folders are searched, each file belongs to one root.

It reads folders but no file, and does not know what is in the index.

Not releases, and passed over: hidden files and folders, `README` files, `manifest.yaml`, and (counted)
files of an unsupported format. A link may point within its root only.
"""

import stat
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import CorpusError

_NOT_RELEASES = {"manifest.yaml", "manifest.yml", "manifest.json", "readme", "readme.md", "readme.txt"}


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """What should be a release: `file` is its path below `root`, with forward slashes.

    Of a release in a container (an archive, a table, a mail) `file` goes on with the name of the `member`.
    """

    root: str
    file: str
    member: str = ""

    @property
    def path(self) -> Path:
        """The file on disk: of a member, that of its container."""
        return Path(self.root, self.file.removesuffix(f"/{self.member}") if self.member else self.file)

    @property
    def named(self) -> str:
        """What messages call it."""
        return str(Path(self.root, self.file))

    @property
    def holder(self) -> "Source":
        """The file itself, of a member its container."""
        return Source(self.root, self.file.removesuffix(f"/{self.member}")) if self.member else self

    def holds(self, member: str) -> "Source":
        """The source of a member of this file; without a name it is the file itself."""
        return Source(self.root, f"{self.file}/{member}", member) if member else self


@dataclass(slots=True)
class Scope:
    """What a run is about: the `sources` found, and which known ones it may change or remove."""

    sources: list[Source] = field(default_factory=list)
    failed: dict[Source, str] = field(default_factory=dict)
    skipped: int = 0
    reach: list[tuple[str, Path]] = field(default_factory=list)
    """Roots, and the folder or file in each that was looked at."""

    def covers(self, source: Source) -> bool:
        """Whether a known source is the business of this run, so that it leaves where its file is gone."""
        return any(
            source.root == root and (source.path == place or place in source.path.parents)
            for root, place in self.reach
        ) and not any(failed.path in source.path.parents for failed in self.failed)


def find(
    paths: Sequence[Path],
    corpus: Path,
    known: Collection[Source],
    suffixes: Collection[str],
    own_roots: Sequence[Path] = (),
) -> Scope:
    """The files of releases that `paths` name, or without any those of `corpus` and of `own_roots`, in order.

    A folder below a root (one of these, or one that was ingested before) belongs to the innermost one, any other
    is a root; a file outside all roots has its folder as root. A folder brings the roots in it along. A path
    in a root that is there, itself gone and `known`, finds nothing, so that what it held leaves: a root that is
    gone may be a drive that is not mounted. Raises CorpusError for any other path
    that does not exist, and for a folder without a release, which an own root may be.
    """
    home, own = resolved(corpus), [resolved(each) for each in own_roots]
    roots = {home, *own, *(Path(each.root) for each in known)}
    scope = Scope()
    for path in paths or [corpus]:
        if not _exists(path):
            place = resolved(path)
            held = {
                each.root
                for each in known
                if (each.path == place or place in each.path.parents) and Path(each.root).is_dir()
            }
            scope.reach += [(root, place) for root in sorted(held)]
            if held:
                continue
            advice = "check the path" if paths else "make it, or set COMMUNIQUE_CORPUS_DIR to your releases"
            raise CorpusError(f"{path} does not exist: {advice}.")
        place = resolved(path)
        before = len(scope.sources) + len(scope.failed)
        if path.is_dir():
            root = _owner(place, roots) or place
            for start, below in [
                (root, place),
                *((each, each) for each in sorted(roots) if place in each.parents),
            ]:
                scope.reach.append((str(start), below))
                _search(scope, start, below, roots - {start}, suffixes)
            if len(scope.sources) + len(scope.failed) == before and place not in own:
                kinds = ", ".join(sorted(suffixes))
                raise CorpusError(
                    f"There is no release in {path}: put files in it ({kinds}). The index was left as it was."
                )
        else:
            root = _owner(place, roots) or place.parent
            scope.reach.append((str(root), place))
            _consider(scope, root, place, suffixes, asked=True)
    for root in own if not paths else ():
        scope.reach.append((str(root), root))
        _search(scope, root, root, roots - {root}, suffixes)
    scope.sources = sorted(set(scope.sources))
    return scope


def look_again(scope: Scope, source: Source, suffixes: Collection[str]) -> None:
    """Look at a file or folder of a root that the paths did not name; one that is gone is simply not found."""
    root, place = Path(source.root), source.path
    try:
        is_folder, is_there = place.is_dir(), place.is_file() or place.is_symlink()
    except OSError:
        return  # a folder above it cannot be opened, and was the first to fail
    scope.reach.append((source.root, place))
    if is_folder:
        _search(scope, root, place, set(), suffixes)
    elif is_there:
        _consider(scope, root, place, suffixes, asked=True)
    scope.sources = sorted(set(scope.sources))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise CorpusError(f"{path} cannot be opened ({error.strerror}): check the path.") from error


def resolved(path: Path) -> Path:
    """Absolute, with every link followed but a file itself: that one is checked when it is considered."""
    return path.resolve() if path.is_dir() else path.parent.resolve() / path.name


def _owner(place: Path, roots: Iterable[Path]) -> Path | None:
    owners = [root for root in roots if root == place or root in place.parents]
    return max(owners, key=lambda root: len(root.parts), default=None)


def _search(scope: Scope, root: Path, folder: Path, others: set[Path], suffixes: Collection[str]) -> None:
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            entries = sorted(current.iterdir())
        except OSError as error:
            if current.exists():
                scope.failed[_source(root, current)] = f"{current} cannot be opened ({error.strerror})."
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir() and not entry.is_symlink():
                if entry not in others:
                    waiting.append(entry)
            else:
                _consider(scope, root, entry, suffixes)


def _consider(
    scope: Scope, root: Path, path: Path, suffixes: Collection[str], *, asked: bool = False
) -> None:
    """Take one entry of a folder, or a file that was `asked` for by name, as a source, or say why not."""
    source = _source(root, path)
    if path.name.casefold() in _NOT_RELEASES:
        if asked:
            scope.failed[source] = f"{path} describes the folder and is no release: name another file."
        return
    try:
        reason = _refusal(path, root)
    except OSError as error:
        reason = f"{path} cannot be opened ({error.strerror}): check its permissions."
    if not asked and path.suffix.lower() not in suffixes and not (reason and path.is_dir()):
        scope.skipped += 1
    elif reason:
        scope.failed[source] = reason
    elif path.is_dir():
        scope.skipped += 1  # a link to a folder of the same root, which is searched in its own place
    else:
        scope.sources.append(source)


def _refusal(path: Path, root: Path) -> str | None:
    if path.is_symlink():
        if not path.exists():
            return f"{path} is a link that leads nowhere: remove it or mend it."
        target = path.resolve()
        if target != root and root not in target.parents:
            return f"{path} is a link that leaves {root}: put a copy of the file there instead."
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return f"{path} is not a regular file: put a copy of the text there instead."
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return f"{str(path).encode(errors='replace').decode()} has a name that is not UTF-8: rename it."
    return None


def _source(root: Path, path: Path) -> Source:
    return Source(str(root), path.relative_to(root).as_posix())
