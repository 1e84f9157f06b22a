"""A manifest is read whole or refused with the line that is wrong."""

from datetime import date
from pathlib import Path

import pytest

from bot.errors import CorpusError
from ingest.metadata.manifest import read_manifest


def test_a_folder_without_a_manifest_has_no_entries(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == {}


def test_an_entry_is_read_with_its_types(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text(
        "releases:\n  2021/a.txt:\n    date: 2021-05-03\n    issuer: L’Office\n  b.md:\n", encoding="utf-8"
    )
    entries = read_manifest(tmp_path)
    assert (entries["2021/a.txt"].date, entries["2021/a.txt"].issuer) == (date(2021, 5, 3), "L’Office")
    assert entries["b.md"].issuer is None


def test_an_empty_manifest_has_no_entries(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert read_manifest(tmp_path) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"releases:\n  a.txt:\n    issuer: [one\n", "line 4"),
        (b"releases:\n  a.txt:\n    date: yesterday\n", "line 3: a.txt.date"),
        (b"releases:\n  a.txt:\n    issuer: X\n    editor: Y\n", "line 4: a.txt.editor"),
        (b"releases:\n  a.txt:\n    issuer: X\n    issuer: Y\n", "line 4: 'issuer' stands twice"),
        (b"releases:\n  a.txt: X\n", "line 2: a.txt"),
        (b"releases:\n  a.txt:\n    date: 2023-02-30\n", "cannot be read"),
        (b"- a.txt\n", "line 1: expected one key, `releases`"),
        (b"release:\n  a.txt:\n", "line 1: expected one key, `releases`"),
        (b"releases:\n  a.txt:\n    language: English\n", "line 3: a.txt.language"),
        (b"releases:\n  a.txt:\n    issuer: \xe9\n", "cannot be read"),
    ],
)
def test_a_broken_manifest_is_refused_with_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "manifest.yaml").write_bytes(content)
    with pytest.raises(CorpusError) as caught:
        read_manifest(tmp_path)
    assert said in str(caught.value)
    assert "manifest.yaml" in str(caught.value)


def test_a_manifest_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.yaml").mkdir()
    with pytest.raises(CorpusError, match="cannot be read"):
        read_manifest(tmp_path)
