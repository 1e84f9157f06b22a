"""Progress as a person and a program see it."""

import json
import os
import subprocess
import sys
import textwrap
import time
from typing import Any

import pytest

from ingest.progress import Pace, Progress, shown


class Clock:
    """The time, as a test sets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def at(fraction: float) -> Progress:
    return Progress(
        done=int(100 * fraction), total=100, passages=int(800 * fraction), fraction=fraction, file="r.md"
    )


def test_rate_and_time_left_are_those_of_the_last_minute(clock: Clock) -> None:
    pace = Pace()
    assert (pace.passages_per_second, pace.seconds_left) == (None, None)
    pace.take(at(0))
    assert (pace.passages_per_second, pace.seconds_left) == (None, None)
    for second in range(1, 301):  # a tenth in five minutes, then as much in one
        clock.now = 1000 + second
        pace.take(at(second / 3000))
    for second in range(1, 61):
        clock.now = 1300 + second
        pace.take(at(0.1 + second / 600))
    assert pace.passages_per_second == pytest.approx(80 / 60, rel=0.05)
    assert pace.seconds_left == pytest.approx(0.8 * 600, rel=0.05)


def test_another_stage_has_a_pace_of_its_own(clock: Clock) -> None:
    pace = Pace()
    pace.take(at(0))
    clock.now += 10
    pace.take(at(0.5))
    assert pace.passages_per_second == 40
    pace.take(Progress(0, 0, 500, 0.5, "", "restoring"))
    assert pace.passages_per_second is None


def test_without_a_terminal_lines_are_sparse(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with shown() as tell:
        for _ in range(100):
            tell(at(0.5))
        clock.now += 11
        tell(at(0.75))
        tell(at(0.75))
    assert capsys.readouterr().err.splitlines() == [
        "50 of 100 releases, 50%",
        "75 of 100 releases, 75%, 18 passages/s, 11 s left",
    ]


def test_a_program_gets_an_object_a_line_at_most_twice_a_second_and_the_end(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with shown("json") as tell:
        tell(at(0.5))
        tell(at(0.6))
        clock.now += 10
        tell(at(0.75))
        tell(at(1))
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["stage"], line["fraction"]) for line in lines] == [
        ("reading", 0),
        ("embedding", 0.5),
        ("embedding", 0.75),
        ("embedding", 1),
    ]
    assert lines[2] == {
        "stage": "embedding",
        "done": 75,
        "total": 100,
        "passages": 600,
        "fraction": 0.75,
        "passages_per_second": 20.0,
        "seconds_left": 10,
        "file": "r.md",
    }


def test_on_a_terminal_it_is_a_bar() -> None:
    screen = _on_terminal("""
        import time
        import ingest.progress
        from ingest.progress import Progress, shown
        ingest.progress.SETTLING_SECONDS = 0.2
        with shown() as tell:
            tell(Progress(done=0, total=100, passages=0, fraction=0.0, file="r.md"))
            time.sleep(0.3)
            tell(Progress(done=50, total=100, passages=400, fraction=0.5, file="r.md"))
            time.sleep(0.3)
    """)
    assert "50 of 100 releases" in screen
    assert "50%" in screen
    assert "passages/s" in screen
    assert "left" in screen


def _on_terminal(code: str) -> str:
    """What a process shows on a terminal as its standard error."""
    import pty

    ours, theirs = pty.openpty()
    environment: Any = {**os.environ, "COLUMNS": "120", "TERM": "xterm"}
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # Linux: the other side is closed
        pass
    os.close(ours)
    assert process.wait(30) == 0
    return shown.decode()
