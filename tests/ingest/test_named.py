"""Patterns and standard input name files like any path does."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.errors import CorpusError
from ingest.named import expanded
from tests.formats.hostile import page_of, word, zipped

TEXT = "Rabat, 24 June 2022 – The office opened."


def piped(content: bytes, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    (path,) = expanded(["-"], data)
    return Path(path)


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (TEXT.encode(), ".md"),
        (f"---\ntitle: T\n---\n{TEXT}".encode(), ".md"),
        (page_of(b""), ".pdf"),
        (word(""), ".docx"),
        (zipped({"a.txt": TEXT}), ".zip"),
        (b"{\\rtf1 x}", ".rtf"),
        (b"<!doctype html><p>x", ".html"),
        (b"Subject: A release\nFrom: a@un.example\n\nText", ".eml"),
        (json.dumps({"text": TEXT}, indent=1).encode(), ".json"),
        (json.dumps([{"text": TEXT}]).encode(), ".json"),
        (b'{"text": "a"}\n{"text": "b"}\n', ".jsonl"),
        (b"[Draft] A release", ".md"),
    ],
)
def test_standard_input_becomes_a_file_with_the_suffix_of_what_it_is(
    content: bytes, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = piped(content, tmp_path, monkeypatch)
    assert (path.suffix, path.read_bytes(), path.parent) == (suffix, content, tmp_path / "uploads")
    assert piped(content, tmp_path, monkeypatch) == path


@pytest.mark.parametrize(
    ("content", "said"),
    [(b" \n", "is empty"), (b"\x89PNG\r\n", "is a PNG image"), (bytes(51 << 20), "larger than 50 MB")],
)
def test_input_that_is_no_release_is_refused(
    content: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CorpusError, match=said):
        piped(content or b" ", tmp_path, monkeypatch)


def test_a_pattern_is_the_files_that_it_fits_and_a_name_with_its_signs_is_a_file(tmp_path: Path) -> None:
    for name in ("a.pdf", "in/b.pdf", "c.txt", "d[1].txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT)
    assert expanded([f"{tmp_path}/**/*.pdf"], tmp_path) == [f"{tmp_path}/a.pdf", f"{tmp_path}/in/b.pdf"]
    for plain in (f"{tmp_path}/d[1].txt", f"{tmp_path}/gone.txt", "https://un.example/a?b=*"):
        assert expanded([plain], tmp_path) == [plain]
    with pytest.raises(CorpusError, match="fits no file"):
        expanded([f"{tmp_path}/*.docx"], tmp_path)
