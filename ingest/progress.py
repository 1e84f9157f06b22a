"""How far a run is, and how that is shown: a bar on a terminal, lines elsewhere, JSON for a program.

It knows no release and does no work.
"""

import json
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

PLAIN_SECONDS = 10.0
"""Time between lines where there is no terminal."""
JSON_SECONDS = 0.5
"""Time between lines for a program, which draws a bar of its own."""
PACE_SECONDS = 60.0
"""Rate and time left are those of so long a stretch: long enough to be steady, short enough to be true."""
SETTLING_SECONDS = 2.0
"""Before this nothing can be said about the pace."""

Form = Literal["auto", "json"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: `done` of `total` releases, `passages` embedded, `fraction` of the bytes (0 to 1).

    While vectors that were lost are restored, only passages are counted.
    """

    done: int
    total: int
    passages: int
    fraction: float
    file: str
    stage: Literal["fetching", "reading", "embedding", "restoring"] = "embedding"


Tell = Callable[[Progress], None]


class Pace:
    """How fast a run is, from what it told of late."""

    def __init__(self) -> None:
        self._told: deque[tuple[float, Progress]] = deque()

    def take(self, progress: Progress) -> None:
        now = time.monotonic()
        if self._told and self._told[-1][1].stage != progress.stage:
            self._told.clear()
        self._told.append((now, progress))
        while len(self._told) > 2 and now - self._told[1][0] > PACE_SECONDS:
            self._told.popleft()

    @property
    def passages_per_second(self) -> float | None:
        """None as long as too little was seen."""
        (since, first), (now, last) = self._ends()
        return (last.passages - first.passages) / (now - since) if now - since >= SETTLING_SECONDS else None

    @property
    def seconds_left(self) -> float | None:
        """None as long as too little was seen, or nothing moves."""
        (since, first), (now, last) = self._ends()
        moved = last.fraction - first.fraction
        if now - since < SETTLING_SECONDS or moved <= 0:
            return None
        return (1 - last.fraction) * (now - since) / moved

    def _ends(self) -> tuple[tuple[float, Progress], tuple[float, Progress]]:
        nothing = (0.0, Progress(0, 0, 0, 0.0, ""))
        return (self._told[0], self._told[-1]) if self._told else (nothing, nothing)


@contextmanager
def shown(form: Form = "auto") -> Iterator[Tell]:
    """Show progress on stderr: a bar with rate and time left on a terminal, a line now and then elsewhere.

    As `json` each line is an object: `stage`, `done`, `total`, `passages`, `fraction`, `passages_per_second`,
    `seconds_left` (both null as long as they are not known) and `file`.
    """
    show = _json() if form == "json" else _bar() if sys.stderr.isatty() else _lines()
    with show as tell:
        yield tell


@contextmanager
def _bar() -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.fields[releases]}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[pace]}"),
    )
    pace = Pace()
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0, releases="Reading the corpus", pace="")

        def tell(progress: Progress) -> None:
            pace.take(progress)
            bar.update(
                task, completed=progress.fraction, releases=_releases(progress), pace=", ".join(_paces(pace))
            )

        yield tell


@contextmanager
def _lines() -> Iterator[Tell]:
    pace, last = Pace(), -PLAIN_SECONDS

    def tell(progress: Progress) -> None:
        nonlocal last
        pace.take(progress)
        if time.monotonic() - last >= PLAIN_SECONDS:
            last = time.monotonic()
            parts = [_releases(progress), f"{progress.fraction:.0%}", *_paces(pace)]
            print(", ".join(parts), file=sys.stderr, flush=True)

    yield tell


@contextmanager
def _json() -> Iterator[Tell]:
    pace, last, stage = Pace(), 0.0, ""

    def tell(progress: Progress) -> None:
        nonlocal last, stage
        pace.take(progress)
        now = time.monotonic()
        if now - last < JSON_SECONDS and progress.stage == stage and progress.fraction < 1:
            return
        last, stage = now, progress.stage
        left, rate = pace.seconds_left, pace.passages_per_second
        line = {
            "stage": progress.stage,
            "done": progress.done,
            "total": progress.total,
            "passages": progress.passages,
            "fraction": round(progress.fraction, 4),
            "passages_per_second": rate if rate is None else round(rate, 1),
            "seconds_left": left if left is None else round(left),
            "file": progress.file,
        }
        print(json.dumps(line, ensure_ascii=False), file=sys.stderr, flush=True)

    tell(Progress(0, 0, 0, 0.0, "", "reading"))
    yield tell


def _releases(progress: Progress) -> str:
    if progress.stage == "fetching":
        return f"{progress.done} of {progress.total} addresses"
    if progress.stage == "restoring":
        return f"{progress.passages} lost vectors restored"
    return f"{progress.done} of {progress.total} releases"


def _paces(pace: Pace) -> Iterator[str]:
    if pace.passages_per_second is not None:
        yield f"{pace.passages_per_second:.0f} passages/s"
    if pace.seconds_left is not None:
        yield f"{_duration(pace.seconds_left)} left"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
