"""Files that are read in processes of their own: what one does to its process is its own affair."""

import os
import threading
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest

from ingest import parallel
from ingest.candidates import Job, digest
from ingest.guard import Guard
from ingest.parallel import FEW, prepared
from ingest.scope import Source
from tests.ingest.hostile_reader import read_as_told


def jobs_of(folder: Path, texts: dict[str, str]) -> list[Job]:
    jobs = []
    for name, text in texts.items():
        (folder / name).write_text(text)
        source = Source(str(folder), name)
        jobs.append(Job(source, digest(source.path), "", len(text), None, None, source.path, "text"))
    return jobs


def ids_of(jobs: list[Job]) -> dict[Source, str]:
    return {job.source: job.source.file for job in jobs}


def test_what_ends_its_reader_fails_alone_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "_read_all", read_as_told)
    monkeypatch.setattr(parallel, "Guard", partial(Guard, seconds=1.0))
    hostile = {
        "segv.txt": ("SIGSEGV", "ends the process (status -11)"),
        "error.txt": ("ERROR", "cannot be read (ZeroDivisionError: never)"),
        "hang.txt": ("HANG", "took longer than 1 seconds"),
        "memory.txt": ("MEMORY", "took more than 1024 MiB of memory"),
        "deep.txt": ("DEEP", "RecursionError"),
    }
    good = {
        f"r{number}.txt": f"Doha, {number} May 2022\n\nQatar funds it. Japan too." for number in range(FEW)
    }
    jobs = jobs_of(tmp_path, {name: text for name, (text, _) in hostile.items()} | good)
    found = {each.job.source.file: each for each in prepared(jobs, ids_of(jobs))}
    assert set(found) == {job.source.file for job in jobs}
    for name, (_, reason) in hostile.items():
        assert found[name].entry is None
        assert reason in found[name].reason
        assert str(tmp_path / name) in found[name].reason
    for name in good:
        entry = found[name].entry
        assert entry is not None
        assert entry.release.text == good[name]
        (passage,) = entry.passages
        assert [passage.text[start:end] for start, end in found[name].spans[passage.id]][-1] == "Japan too."


def test_few_files_of_text_need_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "Guard", None)
    jobs = jobs_of(tmp_path, {"a.txt": "One.", "b.txt": ""})
    assert [bool(each.entry) for each in prepared(jobs, ids_of(jobs))] == [True, False]


def test_who_leaves_early_leaves_no_process_behind(tmp_path: Path) -> None:
    jobs = jobs_of(tmp_path, {f"r{number}.txt": f"Release {number}." for number in range(100)})
    threads = threading.active_count()
    with closing(prepared(jobs, ids_of(jobs))) as found:
        next(found)
        assert children()
    assert not children()
    assert threading.active_count() == threads


def test_readers_wait_where_nobody_takes_what_they_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "AHEAD", 2)
    jobs = jobs_of(tmp_path, {f"r{number}.txt": f"Release {number}." for number in range(60)})
    with closing(prepared(jobs, ids_of(jobs))) as found:
        next(found)
        for job in jobs[30:]:
            job.source.path.unlink()  # they were not read ahead of time
        reasons = [each.reason for each in found]
    assert sum("does not exist" in reason for reason in reasons) == 30


def children() -> list[str]:
    """The command lines of the readers of this process (Linux)."""
    pids: list[str] = []
    lines: list[str] = []
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that just ended
            pids += (task / "children").read_text().split()
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):  # a process that just ended
            lines.append(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode())
    return [line for line in lines if "ingest.guard" in line]
