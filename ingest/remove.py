"""What a person takes out of the corpus: its file moves aside, so that no later run brings it back.

It writes no index: the run that follows finds the file gone.
"""

from collections.abc import Sequence
from pathlib import Path

from bot.catalog import FILE, Catalog, Summary
from bot.errors import CorpusError, StorageError
from bot.upkeep.uploads import REMOVED, set_aside
from ingest.scope import resolved


def move_aside(names: Sequence[str], data_dir: Path) -> list[Path]:
    """Move the files of these releases, by id, or these files, by path, aside; returns where they were.

    Raises CorpusError for a name that the index does not know, and for a release whose file holds others, too;
    StorageError where a file cannot be moved. Then none was moved, or those before it.
    """
    if not names:
        return []
    with Catalog.open(data_dir / FILE, create=False) as catalog:
        releases = {release.id: release for release in catalog.releases()}
        failed = {str(failure.path) for failure in catalog.failures() if not failure.member}
    files = list(dict.fromkeys(_file(name, releases, failed) for name in names))
    for file in files:
        try:
            set_aside(file, data_dir)
        except OSError as error:
            raise StorageError(
                f"{file} cannot be moved to {data_dir / REMOVED} ({error.strerror or error}): remove it where it "
                "is kept, then run `python -m ingest`."
            ) from None
    return files


def _file(name: str, releases: dict[str, Summary], failed: set[str]) -> Path:
    """The file that is meant: of one release, or with all that came out of it."""
    release = releases.get(name)
    if release is None:
        path = resolved(Path(name))
        if str(path) in failed or any(_path(each) == path for each in releases.values()):
            return path
        raise CorpusError(f"{name} is no release of the index, nor a file of one: give its id or its path.")
    path = _path(release)
    others = sum(_path(each) == path for each in releases.values()) - 1
    if others:
        raise CorpusError(
            f"{name} came out of {path} with {others} more: give that path to remove all of them."
        )
    return path


def _path(release: Summary) -> Path:
    return Path(release.root, release.container)
