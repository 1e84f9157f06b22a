"""One real file per format yields the same passages as the plain text, markup aside."""

from pathlib import Path

import pytest

from tests.formats.same import assert_same, entry_of
from tests.formats.writers import document, web_page, word_document


def test_a_saved_page_yields_the_article_alone(release: Path, tmp_path: Path) -> None:
    path = tmp_path / release.with_suffix(".html").name
    path.write_text(web_page(release.read_text(encoding="utf-8")), encoding="utf-8")
    entry = entry_of(path)
    assert_same(entry, entry_of(release))
    for furniture in ("cookie", "About us", "Related", "Share", "rights reserved", "nobody is to read"):
        assert furniture not in entry.release.text


def test_a_page_of_nothing_but_the_release_yields_all_of_it(release: Path, tmp_path: Path) -> None:
    path = tmp_path / "release.html"
    path.write_text(document(release.read_text(encoding="utf-8")), encoding="utf-8")
    assert_same(entry_of(path), entry_of(release))


def test_a_word_document_yields_its_body_without_header_and_footer(release: Path, tmp_path: Path) -> None:
    path = word_document(release.read_text(encoding="utf-8"), tmp_path / "release.docx")
    assert_same(entry_of(path), entry_of(release))


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("suffix", ["odt", "docx", "rtf", "pdf"])
def test_what_libreoffice_writes_yields_the_passages_of_the_text(
    office: dict[str, Path], suffix: str, english: Path
) -> None:
    assert_same(entry_of(office[suffix]), entry_of(english))
