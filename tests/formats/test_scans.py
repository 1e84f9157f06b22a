"""Scanned pages are recognised where that is asked for and reported where not, and a quote from one says so."""

import os
import sys
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from bot.domain import Citation, Evidence, Release
from bot.errors import CorpusError
from bot.verify import quoted
from ingest.__main__ import _print_report
from ingest.load import load, scan
from ingest.load.scan import ready
from ingest.sync import Report, sync_settings
from tests.fakes import HashEmbeddings
from tests.formats.conftest import RELEASES
from tests.formats.scans import pictured, printed, put_together, scanned
from tests.ingest.indexed import Index, counts

LANGUAGES = "fra+eng"


@dataclass(frozen=True)
class Runs:
    """An index after runs without recognition, with it, the same again, and without tesseract in another language."""

    index: Index
    without: Report
    first: Report
    again: Report
    missing: Report
    restored: Report


@pytest.fixture(scope="module")
def runs(corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    try:
        ready(LANGUAGES)
    except CorpusError as error:
        reason = f"{error} tests/formats/install.sh does that"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    index = Index(tmp_path_factory.mktemp("scans"))
    index.corpus.mkdir()
    texts = {
        language: (corpus_dir / name).read_text(encoding="utf-8").translate(str.maketrans("", "", "#*\\"))
        for language, name in RELEASES.items()
    }  # without Markdown, which is not printed
    english, french = printed(texts["en"]), printed(texts["fr"])
    (index.corpus / "text.pdf").write_bytes(english)
    put_together(index.corpus / "mixed.pdf", (english, 0), (scanned(english), 1))
    # At a tenth of a dot an inch the page is four hundred metres high.
    (index.corpus / "french.pdf").write_bytes(scanned(french, resolution=0.1))
    (index.corpus / "french.txt").write_text(texts["fr"], encoding="utf-8")
    run = partial(sync_settings, embeddings=HashEmbeddings())
    on = index.settings(ocr=LANGUAGES)
    without, first, again = run(index.settings()), run(on), run(on)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        missing = run(index.settings(ocr="fra"))
    return Runs(index, without, first, again, missing, run(on))


def release(runs: Runs, name: str) -> Release:
    with runs.index.catalog() as catalog:
        found = catalog.release(name)
    assert found is not None
    return found


def similar(one: str, other: str) -> float:
    """The share of the words of one that stand in the other in the same order."""
    blocks = SequenceMatcher(None, one.split(), other.split(), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(one.split())


def cited(release: Release, words: str) -> Citation:
    start = release.text.index(words)
    _, (citation,) = quoted([Evidence(release, start, start + len(words), 0.9)])
    assert citation.quote == words
    return citation


def test_without_the_setting_a_scan_fails_and_a_scanned_page_among_others_is_named(
    runs: Runs, capsys: pytest.CaptureFixture[str]
) -> None:
    assert counts(runs.without) == (3, 0, 0, 0, 1)
    assert "french.pdf is a scan: its page is a picture without text" in runs.without.failed[0][1]
    mixed = str(runs.index.corpus / "mixed.pdf")
    assert runs.without.to_json()["unread"] == [mixed]
    _print_report(runs.without, rebuilt=False)
    assert (
        f"1 file has scanned pages whose text is not recognised, such as {mixed}" in capsys.readouterr().out
    )


def test_with_it_only_what_is_scanned_is_read_anew_and_only_once(runs: Runs) -> None:
    assert counts(runs.first) == (1, 1, 2, 0, 0)
    assert runs.first.unread == ()
    assert runs.again.nothing_done


def test_without_tesseract_the_scans_fail_with_what_to_install_and_stay_as_they_were(runs: Runs) -> None:
    assert counts(runs.missing) == (0, 0, 2, 0, 2)
    assert all("apt-get install tesseract-ocr`" in reason for _, reason in runs.missing.failed)
    assert runs.missing.releases == 4
    assert runs.restored.nothing_done


@pytest.mark.parametrize(("name", "plain", "page"), [("mixed", "text", 2), ("french", "french.txt", 1)])
def test_a_scan_reads_as_what_was_printed(runs: Runs, name: str, plain: str, page: int) -> None:
    found, expected = release(runs, name), release(runs, plain)
    assert (found.language, found.recognised) == (expected.language, (page,))
    assert similar(found.text, expected.text) > 0.98


def test_a_scan_has_the_paragraphs_of_what_was_printed(runs: Runs) -> None:
    found, expected = (each.text[each.pages[1] :] for each in (release(runs, "mixed"), release(runs, "text")))
    paragraphs = expected.split("\n\n")
    assert len(paragraphs) > 5
    assert [each.split()[0] for each in found.split("\n\n")] == [each.split()[0] for each in paragraphs]


def test_a_quote_names_its_page_and_says_where_a_machine_recognised_it(runs: Runs) -> None:
    mixed = release(runs, "mixed")
    first = cited(mixed, "Strategic Dialogue")
    last = cited(mixed, "gerardl@un.org")
    assert (first.page, first.recognised) == (1, False)
    assert (last.page, last.recognised) == (2, True)


def test_what_a_machine_misread_is_no_correction_of_the_text(runs: Runs) -> None:
    with runs.index.catalog() as catalog:
        assert [each for each in catalog.versions().values() if each.superseded_by] == []


def test_a_page_without_words_and_one_of_no_width_are_not_recognised(tmp_path: Path, runs: Runs) -> None:
    from pypdf import PdfReader, PdfWriter

    path = tmp_path / "empty.pdf"
    path.write_bytes(pictured([Image.effect_noise((400, 300), 80), Image.new("L", (9, 9))]))
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.pages[1].mediabox.upper_right = (0.001, 1e9)
    writer.write(path)
    with pytest.raises(CorpusError, match=r"its 2 pages are pictures in which no text is recognised"):
        load(path, ocr="eng")


# What tesseract may do, by a program in its place


TABLE = "head" + "".join(
    f"\n5\t1\t1\t1\t{line}\t1\t100\t{100 * line}\t400\t30\t{{sure}}\tOffice" for line in (1, 2)
)


@pytest.fixture
def scan_of_one_page(tmp_path: Path) -> Path:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pictured([Image.new("L", (60, 80), "white")]))
    return path


def in_place_of_tesseract(folder: Path, patch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "tesseract"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = --list-langs ] && {{ echo eng; exit; }}\ncat >"{folder}/seen"\n{script}\n'
    )
    program.chmod(0o755)
    patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (f"cat <<'.'\n{TABLE.format(sure=84.0)}\n.", "a picture in which no text is recognised with certainty"),
        ("echo no memory >&2; exit 1", "Page 1 of .*scan.pdf cannot be recognised .no memory"),
        ("sleep 60", "Page 1 of .*scan.pdf takes longer than 0.5 seconds"),
    ],
)  # fmt: skip
def test_a_page_that_is_not_recognised_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scan_of_one_page: Path, script: str, reason: str
) -> None:
    monkeypatch.setattr(scan, "PAGE_SECONDS", 0.5)
    in_place_of_tesseract(tmp_path, monkeypatch, script)
    with pytest.raises(CorpusError, match=reason):
        load(scan_of_one_page, ocr="eng")


def test_what_tesseract_is_sure_of_is_the_text_of_a_picture_of_bounded_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scan_of_one_page: Path
) -> None:
    in_place_of_tesseract(tmp_path, monkeypatch, f"cat <<'.'\n{TABLE.format(sure=85.0)}\n.")
    loaded = load(scan_of_one_page, ocr="eng")
    assert loaded.text.split() == ["Office", "Office"]
    assert (loaded.scanned, loaded.recognised) == ((1,), (1,))
    assert (tmp_path / "seen").stat().st_size == pytest.approx(8_700_000, rel=0.01)


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_place_of_tesseract(tmp_path, monkeypatch, "")
    assert "tesseract (eng)" in ready("eng")
    with pytest.raises(
        CorpusError, match=r"does not know fra and chi_sim: .* tesseract-ocr-fra tesseract-ocr-chi-sim`"
    ):
        ready("fra+eng+chi_sim")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    with pytest.raises(CorpusError, match="tesseract is missing: install it"):
        ready("eng")
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(CorpusError, match="pip install pypdfium2"):
        ready("eng")
