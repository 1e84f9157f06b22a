"""What a parser may do to its process: functions for `ingest.guard` to call."""

import os
import signal
import subprocess
import time
from pathlib import Path


def hangs() -> None:
    time.sleep(600)


def starts(path: Path) -> None:
    """A program that outlives it, and writes its id there."""
    path.write_text(str(subprocess.Popen(["sleep", "600"]).pid))
    hangs()


def hangs_deaf() -> None:
    """In one call of C, in which Python handles no signal."""
    pow(7, 10**8)


def swells() -> None:
    held = []
    while True:
        held.append(bytearray(10_000_000))


def dies() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leaves() -> None:
    os._exit(3)


def prints() -> int:
    os.write(1, b"Warning: a broken cross-reference table\n")
    print("and more")
    return 1
