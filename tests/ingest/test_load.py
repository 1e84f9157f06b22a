"""Files of every encoding come out as their characters; what is no text is refused by name."""

import codecs
import os
import random
from pathlib import Path

import pytest

from bot.errors import CorpusError
from ingest.load import SUFFIXES, load

FRENCH = (
    "Le Président s'est félicité : « un succès », a-t-il dit à l’issue de la réunion. L’œuvre coûte 5 000 €."
)


def test_the_supported_suffixes_are_those_of_plain_text_and_markdown() -> None:
    assert {".txt", ".text", ".md", ".markdown"} <= SUFFIXES


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("cp1252", b""),
    ],
)
def test_a_french_text_comes_out_right_in_every_usual_encoding(
    tmp_path: Path, encoding: str, mark: bytes
) -> None:
    path = tmp_path / "communiqué.txt"
    path.write_bytes(mark + FRENCH.encode(encoding))
    assert load(path).text.removeprefix("\ufeff") == FRENCH


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("latin-1", "Une journée d'été à Genève."),
        ("cp1252", "“Strong and fruitful” – the Office’s words."),
        ("cp1252", "El Secretario General señaló que la cooperación será útil."),
        ("cp1251", "Генеральный секретарь заявил, что сотрудничество будет продолжено."),
        ("koi8_r", "Генеральный секретарь заявил, что сотрудничество будет продолжено."),
        ("cp1256", "قال الأمين العام أمس إن التعاون سيستمر لمصلحة جميع الدول الأعضاء."),
        ("gb18030", "秘书长昨天表示,合作将继续,以造福所有会员国。联合国反恐怖主义办公室。"),
    ],
)
def test_a_short_text_in_an_older_encoding_is_recognised(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "release.txt"
    path.write_bytes(text.encode(encoding))
    assert load(path).text == text


@pytest.mark.parametrize("said", ["iso-8859-1", "ISO_8859-1", "us-ascii", "windows-1252"])
@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("release.html", '<meta charset="{}"><p>'),
        ("release.eml", "Subject: Release\nContent-Type: text/plain; charset={}\n\n"),
    ],
)
def test_what_is_said_to_be_latin_1_is_read_as_windows_has_it(
    tmp_path: Path, said: str, name: str, head: str
) -> None:
    path = tmp_path / name
    path.write_bytes((head.format(said) + "L’Office a dit : “oui” – à Genève…").encode("cp1252"))
    assert load(path).text.strip() == "L’Office a dit : “oui” – à Genève…"


def test_an_older_encoding_is_recognised_in_ten_megabytes_without_a_line_break(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    text = ("秘书长昨天表示,合作将继续,以造福所有会员国。" * 220_000)[:4_999_999]
    path.write_bytes(text.encode("gb18030"))
    assert path.stat().st_size > 9_000_000
    assert load(path).text == text


def test_newlines_and_stray_controls_stay_as_they_are_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "release.TXT"
    path.write_bytes(b"One\r\nTwo\rThree\nFo\0ur")
    assert load(path).text == "One\r\nTwo\rThree\nFo\0ur"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("image.txt", b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG image"),
        ("scan.txt", b"%PDF-1.7\n1 0 obj", "PDF document"),
        ("word.md", b"PK\x03\x04" + bytes(20), "holds several releases (zip)"),
        ("program.txt", b"\x7fELF\x02\x01\x01" + bytes(40), "program"),
        ("noise.txt", random.Random(7).randbytes(4000), "binary"),
        ("zeros.txt", b"a\0b\0c\0d\0e\0", "binary"),
        ("half.txt", codecs.BOM_UTF16_LE + b"a", "not valid UTF-16-LE at byte 2"),
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b"\xef\xbb\xbf \r\n\t\n", "is empty"),
        ("release.pages", b"Text", "not in a supported format"),
    ],
)
def test_a_file_that_is_no_text_is_refused_by_name_with_a_remedy(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CorpusError) as caught:
        load(path)
    assert said in str(caught.value)
    assert name in str(caught.value)
    assert ": " in str(caught.value), "the message ends in what to do"


def test_what_is_no_readable_file_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "folder.txt"
    folder.mkdir()
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    unreadable = tmp_path / "memory.txt"
    unreadable.symlink_to("/proc/self/mem")
    for path, said in [
        (tmp_path / "missing.txt", "does not exist"),
        (folder, "is a folder"),
        (pipe, "not a regular file"),
        (unreadable, "cannot be read"),
    ]:
        with pytest.raises(CorpusError, match=said) as caught:
            load(path)
        assert path.name in str(caught.value)
