"""A release that Chromium prints to PDF yields the passages of the text, each on its page."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.domain import Evidence
from bot.verify import quoted
from tests.formats.conftest import RELEASES
from tests.formats.same import assert_same, entry_of
from tests.formats.writers import document

pytestmark = pytest.mark.browser
_CENTRED = '<div style="font-size: 9px; width: 100%; text-align: center">{}</div>'
HEADER = _CENTRED.format("UNOCT Press Release")
FOOTER = _CENTRED.format('Page <span class="pageNumber"></span> of <span class="totalPages"></span>')


@pytest.fixture(scope="module")
def printed(browser: Browser, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("printed") / "release.pdf"
    page = browser.new_page()
    page.set_content(document((corpus_dir / RELEASES["en"]).read_text(encoding="utf-8")))
    page.pdf(
        path=path,
        format="A4",
        display_header_footer=True,
        header_template=HEADER,
        footer_template=FOOTER,
        margin={"top": "2cm", "bottom": "2cm", "left": "2cm", "right": "2cm"},
    )
    page.close()
    return path


def test_it_yields_the_passages_of_the_text_without_headers_and_page_numbers(
    printed: Path, corpus_dir: Path
) -> None:
    entry = entry_of(printed)
    assert_same(entry, entry_of(corpus_dir / RELEASES["en"]))
    assert "UNOCT Press Release" not in entry.release.text
    assert "of 2" not in entry.release.text


def test_a_citation_names_the_page_on_which_its_quote_begins(printed: Path) -> None:
    release = entry_of(printed).release
    for words, page in (("27 March 2022", 1), ("Please contact Ms. Laurence Gerard", 2)):
        start = release.text.index(words)
        _, (citation,) = quoted([Evidence(release, start, start + len(words), 0.9)])
        assert (citation.quote, citation.page) == (words, page)
