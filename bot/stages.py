"""How long each stage of an answer took, and when: measured where the stage is, looked at by those who operate it.

It does not know what a stage does.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """One run of a stage; it `began` so many seconds after 1970. A stage may run several times, or within another."""

    name: str
    began: float
    seconds: float


class Stopwatch:
    """Notes the stages of one answer."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        """Note what runs inside as a stage of this name, also where it fails."""
        began, started = time.time(), time.perf_counter()
        try:
            yield
        finally:
            self.stages.append(Stage(name, began, time.perf_counter() - started))
