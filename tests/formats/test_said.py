"""What a file says of its release beside the text is read where the format has a place for it."""

from datetime import date
from pathlib import Path

import pytest

from ingest.load import load
from ingest.load.loaded import NOTHING_SAID, Said

BODY = "The Office opened a programme in Rabat. " * 5
PAGE = "<!doctype html><html><head><meta charset='utf-8'>{}</head><body><h1>On the page</h1><p>{}</p></body></html>"
ARTICLE = '{"@type": "NewsArticle", "headline": "An office opens", "datePublished": "2023-06-24", "inLanguage": "fr"}'


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("", NOTHING_SAID),
        ('<meta property="og:title" content="An office opens | UNOCT"><meta property="og:site_name" content="UNOCT">',
         Said("An office opens")),
        ('<meta property="og:title" content="A – B">', Said("A – B")),
        ('<meta property="article:published_time" content="2023-06-23T22:00:00+02:00">', Said(date=date(2023, 6, 23))),
        ('<meta name="DC.date" content="2023-06-23">', Said(date=date(2023, 6, 23))),
        ('<meta name="date" content="soon">', NOTHING_SAID),
        (f'<script type="application/ld+json">{ARTICLE}</script><meta name="date" content="2001-01-01">',
         Said("An office opens", date(2023, 6, 24), language="fr")),
        ('<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "headline": "No"}, '
         f"{ARTICLE}]}}</script>",
         Said("An office opens", date(2023, 6, 24), language="fr")),
        ('<script type="application/ld+json">{"@type": "NewsArticle", </script>', NOTHING_SAID),
        ('<script type="application/ld+json">' + "[" * 100_000 + "</script>", NOTHING_SAID),
    ],
)  # fmt: skip
def test_a_page_says_it_in_meta_tags_and_linked_data(tmp_path: Path, head: str, said: Said) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE.format(head, BODY))
    loaded = load(path)
    assert loaded.said == said
    assert loaded.hints.title == "On the page"
    assert "Rabat" in loaded.text


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ("title: An office opens\ndate: 2023-06-23", Said("An office opens", date(2023, 6, 23))),
        ("Headline: 'A: B'\nLieu: Rabat\nlangue: fr", Said("A: B", place="Rabat", language="fr")),
        ("date: 2023-06-23 10:00:00\nissuer: {name: UNOCT}", Said(date=date(2023, 6, 23), issuer="UNOCT")),
        ("tags: [a, b]\ndate: someday", NOTHING_SAID),
    ],
)
def test_a_text_says_it_in_its_front_matter_which_is_no_part_of_it(
    tmp_path: Path, front: str, said: Said
) -> None:
    path = tmp_path / "release.md"
    path.write_text(f"---\n{front}\n---\n{BODY}")
    loaded = load(path)
    assert (loaded.said, loaded.text) == (said, BODY)


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{BODY}\n---\n",
        f"---\n- a list\n---\n{BODY}",
        f"---\na: &a [x]\nb: *a\n---\n{BODY}",
        f"---\na: 2023-02-30\n---\n{BODY}",
        f"---\ntitle: never closed\n{BODY}",
    ],
)
def test_what_is_no_front_matter_stays_in_the_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "release.md"
    path.write_text(text)
    assert load(path).text == text


@pytest.mark.parametrize(
    ("title", "hint"),
    [
        ("An office opens in Rabat", "An office opens in Rabat"),
        ("Microsoft Word - final release.doc", None),
        ("Press Release", None),
        ("release", None),
        ("", None),
    ],
)
def test_the_title_of_a_document_is_a_hint_unless_a_program_or_template_gave_it(
    tmp_path: Path, title: str, hint: str | None
) -> None:
    import docx

    written = docx.Document()
    written.core_properties.title = title
    written.add_paragraph(BODY)
    written.save(str(tmp_path / "a.docx"))
    loaded = load(tmp_path / "a.docx")
    assert (loaded.said, loaded.hints.title) == (NOTHING_SAID, hint)


def test_the_site_of_a_page_is_a_hint_of_the_issuer(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE.format('<meta property="og:site_name" content="UNOCT">', BODY))
    assert load(path).hints.issuer == "UNOCT"
