"""The ingest as a process of its own: started, watched by what it prints, stopped.

At most one at a time in this server; the lock of the data folder keeps out those of others.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from bot.errors import IndexBusyError, StorageError
from bot.settings import PREFIX, Settings

HOME = Path(__file__).resolve().parent.parent.parent
"""The folder that holds the package `ingest`."""
ERRORS_KEPT = 200
LINE_CHARACTERS = 2_000
_TOLD = ("stage", "done", "total", "fraction", "seconds_left")
STOP_SECONDS = 20.0
"""How long a stopped run may take to put down what it has in hand."""


@dataclass(frozen=True, slots=True)
class Run:
    """How far a run of the ingest is; `fraction` goes from 0 to 1, `seconds_left` is None while unknown.

    Once `ended` is set, `report` is what the ingest printed, if it came so far, and `errors` say what went wrong.
    """

    id: str
    started: datetime
    stage: str = "starting"
    done: int = 0
    total: int = 0
    fraction: float = 0.0
    seconds_left: float | None = None
    errors: tuple[str, ...] = ()
    ended: datetime | None = None
    report: dict[str, Any] | None = None
    is_stopped: bool = False

    def to_json(self) -> dict[str, Any]:
        """The run as plain JSON types."""
        return {
            "id": self.id,
            "state": "running" if self.ended is None else "failed" if self.report is None else "done",
            "started": self.started.isoformat(),
            "ended": self.ended.isoformat() if self.ended else None,
            "stage": self.stage,
            "done": self.done,
            "total": self.total,
            "fraction": self.fraction,
            "seconds_left": self.seconds_left,
            "errors": list(self.errors),
            "report": self.report,
        }


class Runner:
    """The runs of one data folder; threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._last: Run | None = None
        self._process: subprocess.Popen[str] | None = None

    @property
    def last(self) -> Run | None:
        """The run that goes on, or the one that ended last."""
        return self._last

    @property
    def is_busy(self) -> bool:
        """Whether a run goes on."""
        last = self._last
        return last is not None and last.ended is None

    def start(self, arguments: Sequence[str] = ()) -> Run:
        """Run `python -m ingest` with these arguments.

        Raises IndexBusyError while a run goes on, and StorageError where it cannot be started.
        """
        with self._lock:
            if self.is_busy:
                raise IndexBusyError("The corpus is being read already: wait until that is done.")
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "ingest", "--json", "--progress", "json", *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=_environment(self._settings),
                    encoding="utf-8",
                    errors="replace",
                )
            except OSError as error:
                raise StorageError(
                    f"The ingest cannot be started ({error.strerror or error}): run `python -m ingest`."
                ) from error
            self._last = started = Run(token_hex(8), datetime.now(UTC))
            threading.Thread(target=self._watch, args=(self._process,), name="ingest", daemon=True).start()
        return started

    def stop(self) -> None:
        """Let the run put down what it has in hand and end; what was finished stays."""
        process = self._process
        if process is not None and process.poll() is None:
            self._tell(is_stopped=True)
            process.send_signal(signal.SIGINT)

    def close(self) -> None:
        """Stop, and wait until the process has ended."""
        self.stop()
        if self._process is not None:
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _watch(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        printed: list[str] = []
        said: deque[str] = deque(maxlen=1)
        # The report is read beside the progress: a pipe that nobody reads would hold the process.
        reading = threading.Thread(target=lambda: printed.extend(process.stdout or ()), daemon=True)
        reading.start()
        with process:
            for line in process.stderr:
                told = _parsed(line)
                if told is not None:
                    self._take(told)
                elif line.strip():
                    said.append(line.strip())
            reading.join()
        report = _parsed(printed[-1]) if printed else None
        if report is None and self._last and not self._last.errors:
            why = said[-1] if said else "it said nothing"
            self._take({"error": f"The ingest ended with status {process.returncode}: {why}"})
        if report:
            report["failed"] = [
                {name: self._shorn(str(text)) for name, text in each.items()} for each in report["failed"]
            ]
        self._tell(ended=datetime.now(UTC), report=report)

    def _take(self, told: Mapping[str, Any]) -> None:
        """Take up what the process told: progress, or an error."""
        last = self._last
        if last is None:
            return
        if "error" in told and len(last.errors) < ERRORS_KEPT:
            message = " ".join(self._shorn(str(told["error"])).split())[:LINE_CHARACTERS]
            self._tell(errors=(*last.errors, message))
        elif "fraction" in told:
            self._tell(**{name: told[name] for name in _TOLD if name in told})

    def _shorn(self, text: str) -> str:
        """The text without the folders of this machine in which the files lie."""
        return shorn(text, self._settings.corpus_dir, self._settings.data_dir)

    def _tell(self, **news: Any) -> None:
        with self._lock:
            if self._last:
                self._last = replace(self._last, **news)


def shorn(text: str, *folders: Path) -> str:
    """The text with the paths below these folders written from there on: who reads it may not know this machine."""
    for folder in folders:
        for whole in {str(folder.absolute()), str(folder.resolve())}:
            text = text.replace(f"{whole}{os.sep}", "")
    return text


def runner_of(settings: Settings) -> Runner:
    """The runner of this process for the data folder of the settings, whoever asks for it."""
    with _opening:
        return _runners.setdefault(settings.data_dir.absolute(), Runner(settings))


_runners: dict[Path, Runner] = {}
_opening = threading.Lock()


def _environment(settings: Settings) -> dict[str, str]:
    """What the process works with: the settings of this one, whatever its own environment says of them."""
    own = {
        "DATA_DIR": str(settings.data_dir.absolute()),
        "CORPUS_DIR": str(settings.corpus_dir.absolute()),
        "EMBEDDINGS": settings.embeddings,
        "CHROMA_URL": settings.chroma_url or "",
    }
    paths = [str(HOME), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        **{f"{PREFIX}{name}": value for name, value in own.items()},
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONIOENCODING": "utf-8",
    }


def _parsed(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
