"""A call in a guarded process gives what it gives here, and fails alone whatever it does to its process."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import CorpusError
from ingest.guard import Guard
from ingest.load import load
from tests.ingest import ill_behaved

MEMORY = 300 << 20


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(seconds=1.0, memory=MEMORY) as opened:
        yield opened


def test_it_gives_what_the_function_gives_and_raises_what_it_raises(guard: Guard, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Un communiqué.")
    assert guard.call("a.txt", load, path) == load(path)
    with pytest.raises(CorpusError, match=r"gone\.txt does not exist"):
        guard.call("gone.txt", load, tmp_path / "gone.txt")


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (ill_behaved.hangs, "a.pdf took longer than 1 seconds"),
        (ill_behaved.hangs_deaf, "a.pdf took longer than 1 seconds"),
        (ill_behaved.swells, "a.pdf took more than 300 MiB of memory"),
        (ill_behaved.dies, r"a.pdf cannot be read, for that ends the process \(status -11\)"),
        (ill_behaved.leaves, r"\(status 3\)"),
    ],
)
def test_a_call_that_ruins_its_process_fails_alone(guard: Guard, function: object, reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        guard.call("a.pdf", function)  # type: ignore[arg-type]
    assert guard.call("b.pdf", len, "next") == 4


def test_a_program_that_the_call_started_ends_with_it(guard: Guard, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="took longer than 1 seconds"):
        guard.call("a.pdf", ill_behaved.starts, tmp_path / "pid")
    assert ended(int((tmp_path / "pid").read_text()))


def test_what_a_library_prints_is_no_answer(guard: Guard) -> None:
    assert guard.call("a.pdf", ill_behaved.prints) == 1


def test_another_thread_can_end_it() -> None:
    with Guard(seconds=60) as guard:
        threading.Timer(0.5, guard.stop).start()
        started = time.monotonic()
        with pytest.raises(CorpusError):
            guard.call("a.pdf", ill_behaved.hangs)
        assert time.monotonic() - started < 30


def test_the_process_ends_with_the_one_that_asks() -> None:
    code = (
        "import os; from ingest.guard import Guard; guard = Guard(); "
        "print(guard.call('a.pdf', os.getpid), flush=True); os._exit(0)"
    )
    pid = int(
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60).stdout
    )
    assert ended(pid)


def ended(pid: int) -> bool:
    """Whether the process ends by itself within ten seconds; else it is killed."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    return False
