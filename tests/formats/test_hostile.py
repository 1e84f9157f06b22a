"""A hostile file is skipped with its reason and counted; process, index and the other files are unharmed."""

import os
import resource
import zipfile
from pathlib import Path

import pytest

from ingest import candidates
from ingest.candidates import digest
from ingest.load.limits import RATIO, RATIO_FREE_BYTES
from tests.formats.fuzzing import peak_memory
from tests.formats.hostile import GOOD, hostile, zipped
from tests.ingest.indexed import Index, counts

MEMORY = 1 << 30


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_each_hostile_file_fails_alone_with_its_reason(index: Index, tmp_path: Path) -> None:
    cases = hostile()
    index.corpus.mkdir()
    for name, content, _ in cases:
        (index.corpus / name).write_bytes(content)
    (index.corpus / "good.txt").write_text(GOOD)
    outside = tmp_path / "secret.txt"
    outside.write_text("A secret of this machine.")
    (index.corpus / "leads_out.txt").symlink_to(outside)
    (index.corpus / "leads_nowhere.txt").symlink_to(tmp_path / "nothing")
    os.mkfifo(index.corpus / "pipe.txt")

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = index.sync()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    said = {Path(file).relative_to(index.corpus).as_posix(): reason for file, reason in report.failed}
    failed = {file.split("/")[0] for file in said}
    expected = {name for name, _, reason in cases if reason is not None}
    assert failed == expected | {"leads_out.txt", "leads_nowhere.txt", "pipe.txt"}
    for name, _, reason in cases:
        if reason is not None:
            assert any(reason in each for file, each in said.items() if file.split("/")[0] == name), said
    files = {file.split("/")[0] for file in index.files()}
    assert files == {name for name, content, reason in cases if reason is None and content} | {"good.txt"}
    with index.catalog() as catalog:
        assert not any("secret" in catalog.release(each.id).text for each in catalog.releases())  # type: ignore[union-attr]
    assert index.wrong() == []
    assert grown * 1024 < MEMORY
    assert peak_memory() < MEMORY
    again = index.sync()
    assert counts(again)[:2] == (0, 0)
    assert again.failed == report.failed


def test_a_container_that_changes_while_it_is_unpacked_is_read_at_the_next_run(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.corpus.mkdir()
    path = index.corpus / "all.zip"
    path.write_bytes(zipped({"a.txt": GOOD}))
    digests = iter(["0" * 64, digest(path)])
    monkeypatch.setattr(candidates, "digest", lambda _: next(digests))
    report = index.sync()
    assert [reason for _, reason in report.failed] == [
        f"{path} changed while it was read: run the command again."
    ]
    monkeypatch.undo()
    assert counts(index.sync()) == (1, 0, 0, 0, 0)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_tiny_members_are_ten_thousand_releases(index: Index) -> None:
    index.corpus.mkdir()
    with zipfile.ZipFile(index.corpus / "tiny.zip", "w") as archive:
        for number in range(10_000):
            archive.writestr(f"{number % 100}/{number}.txt", f"Release {number}.")
    assert counts(index.sync()) == (10_000, 0, 0, 0, 0)
    assert index.sync().nothing_done


def test_what_may_be_unpacked_leaves_room_for_any_text() -> None:
    """A text that repeats itself shrinks to a hundredth: that is no bomb."""
    import zlib

    text = (GOOD * 20_000).encode()
    assert len(text) < len(zlib.compress(text)) * RATIO + RATIO_FREE_BYTES
