"""Files that people send are named safely and never overwritten in silence."""

from pathlib import Path

import pytest

from bot.errors import CorpusError, StorageError
from bot.upkeep import uploads
from bot.upkeep.uploads import REMOVED, UPLOADS, keep, safe_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("summit.pdf", "summit.pdf"),
        ("2023 – Réunion à Rabat.docx", "2023 – Réunion à Rabat.docx"),
        ("بيان صحفي.html", "بيان صحفي.html"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\letter.txt", "letter.txt"),
        ("a/b/..txt", "txt"),
        (".hidden.md", "hidden.md"),
        ("name.txt. . ", "name.txt"),
        ("what?<is>|this*.txt", "what--is--this-.txt"),
        ("two\nlines\x00 \u202etxt.exe", "twolines txt.exe"),
        ("re\u0301union.txt", "réunion.txt"),
        ("NUL.txt", "_NUL.txt"),
        ("com1", "_com1"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("é" * 300 + ".pdf", "é" * 73 + ".pdf"),
    ],
)
def test_a_name_is_made_safe(given: str, kept: str) -> None:
    assert safe_name(given) == kept
    assert safe_name(kept) == kept


@pytest.mark.parametrize(
    "given", ["", "/", "..", "???", "\u202e", "manifest.yaml", "x/MANIFEST.yml", "manifest.json", "README.md"]
)
def test_a_name_of_nothing_or_of_no_release_is_refused(given: str) -> None:
    with pytest.raises(CorpusError):
        safe_name(given)


def test_a_file_is_kept_once_and_another_of_its_name_is_refused(tmp_path: Path) -> None:
    first = keep("a.txt", b"one", tmp_path)
    assert first.path.read_bytes() == b"one"
    assert (first.is_new, keep("a.txt", b"one", tmp_path).is_new) == (True, False)
    with pytest.raises(CorpusError, match=r"another file a\.txt already"):
        keep("a.txt", b"two", tmp_path)
    assert [path.name for path in (tmp_path / UPLOADS).iterdir()] == ["a.txt"]


def test_a_file_replaces_another_only_where_that_is_asked_and_the_old_one_stays_aside(tmp_path: Path) -> None:
    keep("a.txt", b"one", tmp_path)
    assert keep("a.txt", b"two", tmp_path, replace=True).path.read_bytes() == b"two"
    (old,) = (tmp_path / REMOVED).rglob("a.txt")
    assert old.read_bytes() == b"one"


def test_a_link_in_the_place_of_an_upload_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / UPLOADS).mkdir()
    (tmp_path / "secret").write_text("mine")
    (tmp_path / UPLOADS / "a.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(CorpusError):
        keep("a.txt", b"two", tmp_path)
    keep("a.txt", b"two", tmp_path, replace=True)
    assert (tmp_path / "secret").read_text() == "mine"


def test_what_is_empty_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CorpusError, match="is empty"):
        keep("a.txt", b"", tmp_path)
    monkeypatch.setattr(uploads, "UPLOAD_MEGABYTES", 0)
    with pytest.raises(CorpusError, match="larger than 0 MB"):
        keep("a.txt", b"x", tmp_path)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / UPLOADS).write_text("a file where the folder should be")
    with pytest.raises((StorageError, CorpusError)):
        keep("a.txt", b"x", tmp_path)
