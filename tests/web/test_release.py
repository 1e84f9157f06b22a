"""The release view: the whole text, the quote marked in it, and an address that names the place."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from bot.catalog import FILE, Catalog, Entry, Link, Stamp
from bot.domain import DateBasis, PublicationDate, Release
from bot.server.objects import ReleaseWithText
from bot.server.releases import part
from bot.web.release import QUOTE_ID, SHOWN_CHARACTERS, Place, header_html, text_html
from bot.web.release_page import release_page
from bot.web.wording import ENGLISH, FRENCH, Wording

TEXT = "Title\n\nFirst paragraph.\nThe two sides agreed on:\n- one,\n- two.\n\nLast paragraph."
RELEASE = Release("2022/doha", "/corpus", "2022/doha.txt", "f" * 64, TEXT, "Dialogue in Doha", "en")


def marked(shown: str) -> list[str]:
    return [unescape(part) for part in re.findall(r"<mark[^>]*>(.*?)</mark>", shown, re.DOTALL)]


def paragraphs(shown: str) -> list[str]:
    return [unescape(re.sub("<[^>]*>", "", part)) for part in re.findall(r"<p[ >].*?</p>", shown, re.DOTALL)]


def test_every_line_is_a_paragraph_and_the_quote_is_marked_in_it() -> None:
    start = TEXT.index("First")
    shown = text_html(RELEASE, start, start + 5, ENGLISH)

    assert paragraphs(shown) == [line for line in TEXT.split("\n") if line]
    assert marked(shown) == ["First"]
    assert f'<mark id="{QUOTE_ID}">First</mark> paragraph.' in shown


def test_a_quote_over_several_lines_is_marked_in_each_and_named_once() -> None:
    start, end = TEXT.index("agreed"), TEXT.index("- two.") + len("- two.")
    shown = text_html(RELEASE, start, end, ENGLISH)

    assert marked(shown) == ["agreed on:", "- one,", "- two."]
    assert shown.count(f'id="{QUOTE_ID}"') == 1


def test_list_items_are_set_apart() -> None:
    assert text_html(RELEASE, 0, 0, ENGLISH).count('<p class="cq-item"') == 2


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 5), (9, 3), (10, 10_000), (-5, 4)])
def test_a_place_that_is_not_in_the_text_marks_nothing(start: int, end: int) -> None:
    assert marked(text_html(RELEASE, start, end, ENGLISH)) == []


def test_of_a_huge_release_the_part_around_the_quote_is_shown_and_the_rest_is_counted() -> None:
    lines = "".join(f"Line number {number} of a very long release.\n" for number in range(20_000))
    release = replace(RELEASE, text=lines)
    start = lines.index("number 15000")
    shown = text_html(release, start, start + len("number 15000"), ENGLISH)

    assert marked(shown) == ["number 15000"]
    assert len(shown) < 3 * SHOWN_CHARACTERS
    first, *_, last = paragraphs(shown)
    assert re.fullmatch(r"[\d,]+ characters before this part are not shown\.", first)
    assert re.fullmatch(r"[\d,]+ characters after this part are not shown\.", last)
    assert paragraphs(shown)[1].startswith("Line number ")


def test_a_huge_single_line_is_cut_around_the_quote() -> None:
    release = replace(RELEASE, text="x" * 5_000_000 + "QUOTE" + "y" * 5_000_000)
    shown = text_html(release, 5_000_000, 5_000_005, ENGLISH)

    assert marked(shown) == ["QUOTE"]
    assert len(shown) < 2 * SHOWN_CHARACTERS


@given(st.text(), st.integers(-5, 60), st.integers(-5, 60))
def test_any_text_is_shown_whole_and_any_quote_marked_where_it_stands(
    text: str, start: int, end: int
) -> None:
    shown = text_html(replace(RELEASE, text=text), start, end, ENGLISH)
    visible = [line for line in text.encode("utf-8", "replace").decode().split("\n") if line.strip()]
    control = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

    assert paragraphs(shown) == [control.sub("\ufffd", line) for line in visible]
    if 0 <= start < end <= len(text):
        expected = "".join(line for line in text[start:end].encode("utf-8", "replace").decode().split("\n"))
        assert (
            "".join(marked(shown)).split() == control.sub("\ufffd", expected).split() or not expected.strip()
        )
    else:
        assert marked(shown) == []


def test_a_hostile_release_is_text() -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    release = replace(RELEASE, text=hostile, title=hostile, place=hostile, file=hostile, language=hostile)

    for shown in (header_html(release, ENGLISH), text_html(release, 0, 8, ENGLISH)):
        assert "<script" not in shown
        assert "<img" not in shown


@pytest.mark.parametrize(
    ("basis", "words", "expected"),
    [
        ("stated", ENGLISH, "24 June 2022, stated in the release: “Rabat, 24 June”"),
        ("derived", ENGLISH, "24 June 2022, the year follows from “Rabat, 24 June”"),
        ("not before", ENGLISH, "not stated; no earlier than the event it reports: “Rabat, 24 June”"),
        ("manifest", ENGLISH, "24 June 2022, stated in the corpus manifest, not in the text"),
        ("derived", FRENCH, "24 juin 2022, l’année se déduit de « Rabat, 24 June »"),
    ],
)
def test_the_date_says_how_it_is_known(basis: DateBasis, words: Wording, expected: str) -> None:
    release = replace(RELEASE, published=PublicationDate(date(2022, 6, 24), basis, "Rabat, 24 June"))
    assert expected in unescape(header_html(release, words))


def test_without_a_date_or_a_place_the_header_says_so_or_leaves_it_out() -> None:
    shown = header_html(RELEASE, ENGLISH)

    assert "no date stated" in shown
    assert ENGLISH.place not in shown
    assert "2022/doha.txt" in shown


def test_a_place_survives_the_address() -> None:
    place = Place("2022/dohà & co", "f" * 64, 3, 17)
    assert Place.of(place.parameters) == place
    assert Place.of(Place("2022/doha").parameters) == Place("2022/doha")


@pytest.mark.parametrize("start", ["", "-1", "x", "1e3", "٣", "9" * 40, "0x10"])
def test_numbers_that_make_no_sense_name_no_quote(start: str) -> None:
    assert Place.of({"release": "a", "start": start, "end": start}) == Place("a")


def test_an_address_without_a_release_names_no_place() -> None:
    assert Place.of({"c": "x"}) is None
    assert Place.of({"release": ""}) is None


OLD = replace(RELEASE, id="old", file="old.txt", revision="a" * 64, title="The *visit*")
NEW = replace(
    RELEASE,
    id="new",
    file="new.txt",
    revision="b" * 64,
    title="The visit (corrected)",
    published=PublicationDate(date(2022, 3, 27), "stated", "27 March 2022"),
)
FRENCH_ONE = replace(RELEASE, id="fr", file="fr.txt", revision="c" * 64, title="La visite", language="fr")


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """A catalog with a release, its correction, and the translation of that."""
    path = tmp_path / FILE
    links = [Link("new", "old", "revision"), Link("new", "fr", "translation")]
    with Catalog.open(path, create=True) as catalog:
        entries = [Entry(release, "mark", ()) for release in (OLD, NEW, FRENCH_ONE)]
        catalog.apply(entries, [], stamp=Stamp("model", "1"), collection="c", links=links)
    return path


def shown_release(path: Path, release_id: str) -> AppTest:
    def app(path: str, release_id: str) -> None:
        from pathlib import Path

        from bot.catalog import Catalog
        from bot.web.release import Place, draw_release
        from bot.web.wording import ENGLISH

        with Catalog.open(Path(path), create=False) as catalog:
            draw_release(Place(release_id), catalog, ENGLISH)

    session = AppTest.from_function(app, kwargs={"path": str(path), "release_id": release_id}).run(timeout=30)
    assert not session.exception
    return session


def labels(session: AppTest) -> list[str]:
    """What the buttons say, without the signs that keep it from being Markdown."""
    return [button.label.replace("\\", "") for button in session.button]


def test_a_superseded_release_says_by_what_and_leads_there(versions: Path) -> None:
    session = shown_release(versions, "old")
    (warning,) = session.warning
    assert "“The visit (corrected)”, 27 March 2022" in warning.value.replace("\\", "")
    assert labels(session) == [ENGLISH.open_newest, "French: La visite"]
    session.query_params["c"] = "conversation"
    session.query_params["start"] = "3"
    session.button[0].click().run(timeout=30)
    assert session.query_params == {"c": "conversation", "release": "new"}


def test_the_newest_leads_to_its_other_versions_without_a_warning(versions: Path) -> None:
    session = shown_release(versions, "new")
    assert not session.warning
    assert sorted(labels(session)) == ["Earlier version: The *visit*", "French: La visite"]


def test_the_page_without_a_script_says_it_too_and_links_there() -> None:
    shown = unescape(release_page(OLD, Place("old"), "/base/", ENGLISH, NEW))
    assert "“The visit (corrected)”, 27 March 2022" in shown
    assert '<a href="/base/releases/new?lang=en">Open the newest version</a>' in shown
    assert "Open the newest" not in release_page(NEW, Place("new"), "/base/", ENGLISH)


def test_the_api_says_what_superseded_a_release(versions: Path) -> None:
    with Catalog.open(versions, create=False) as catalog:
        old = part(catalog, "old", None, None, None, 0, 100)
        new = part(catalog, "new", None, None, None, 0, 100)
    assert (old["is_current"], old["superseded_by"]["id"]) == (False, "new")
    assert (new["is_current"], new["superseded_by"]) == (True, None)
    assert {each["id"]: each["superseded_by"] for each in new["versions"]} == {"old": "new", "fr": None}
    ReleaseWithText.model_validate(old)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a?b=1&c=2", 'href="https://example.org/a?b=1&amp;c=2"'),
        ('https://example.org/"><script>', 'href="https://example.org/&quot;&gt;&lt;script&gt;"'),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_the_original_is_linked_where_it_is_an_address_of_the_web(url: str | None, link: str | None) -> None:
    fetched = Release("a", "/fetched", "a.html", "r", "Text.", "Title", "en", url=url)
    shown = header_html(fetched, ENGLISH)
    assert ("<a " in shown) == (link is not None)
    assert link is None or link in shown
