"""When an ingest is due again: after changes below folders, after some minutes, or both.

It watches and runs nothing itself, and knows no release.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from bot.errors import CorpusError

QUIET_SECONDS = 1.6
"""Changes that follow each other within this are one: a file that is being copied, a folder that is unpacked."""
LOOK_SECONDS = 1.0
"""How often it is looked whether a folder is still there, and whether the minutes are over."""

_Identity = tuple[int, int] | None


def moments(places: Sequence[Path], minutes: float | None) -> Iterator[None]:
    """Yields whenever a run is due: at first, after changes below `places`, and `minutes` after the last run began.

    A place may vanish and come again, both of which are changes. Changes during a run are due after it. Raises
    CorpusError where the places cannot be watched.
    """
    changed = _changes(places) if places else _no_changes()
    next(changed)  # watches from here on, so that nothing is missed that comes during the first run
    while True:
        due = time.monotonic() + 60 * minutes if minutes is not None else float("inf")
        yield
        while not next(changed) and time.monotonic() < due:
            pass


def _no_changes() -> Generator[bool]:
    while True:
        yield False
        time.sleep(LOOK_SECONDS)


def _changes(places: Sequence[Path]) -> Iterator[bool]:
    """Whether something changed, every `LOOK_SECONDS` or as soon as it did; for ever."""
    while True:
        identities = [_identity(place) for place in places]
        there = [place for place, known in zip(places, identities, strict=True) if known]
        with closing(_watched(there) if there else _no_changes()) as watched:
            for found in watched:
                same = [_identity(place) for place in places] == identities
                yield found or not same
                if not same:  # what was watched is no longer what has that name
                    break


def _watched(places: Sequence[Path]) -> Generator[bool]:
    from watchfiles import watch

    try:
        for found in watch(
            *places,
            watch_filter=lambda _, path: not _is_hidden(Path(path), places),
            debounce=round(1000 * QUIET_SECONDS),
            rust_timeout=round(1000 * LOOK_SECONDS),
            yield_on_timeout=True,
            ignore_permission_denied=True,
        ):
            yield bool(found)
    except FileNotFoundError:  # gone since it was looked for
        yield True
    except OSError as error:
        names = ", ".join(map(str, places))
        raise CorpusError(
            f"{names} cannot be watched ({error}): raise the system's limit of watches, or use `--every`."
        ) from error


def _is_hidden(path: Path, places: Sequence[Path]) -> bool:
    """Whether the path is none that an ingest looks at: a dot begins its name, or that of a folder on the way to it."""
    below = next((path.relative_to(place) for place in places if path.is_relative_to(place)), path)
    return any(part.startswith(".") for part in below.parts)


def _identity(place: Path) -> _Identity:
    """What the name stands for now; None for nothing that can be looked at."""
    try:
        status = place.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
