"""Lines of printed pages become the paragraphs that were printed."""

import pytest

from ingest.load.lines import Line, Sheet, joined

LEFT, RIGHT, SIZE, LEADING = 60.0, 520.0, 12.0, 14.0


def page(*rows: tuple[float, str] | str, end: float = RIGHT) -> Sheet:
    """A page of rows, each with what it stands below the one before, in lines; those ending in `|` are short."""
    lines, y = [], 760.0
    for row in rows:
        step, text = row if isinstance(row, tuple) else (1.0, row)
        y -= step * LEADING
        lines.append(Line(text.rstrip("|"), LEFT, y, SIZE, end - 200 if text.endswith("|") else end))
    return Sheet(tuple(lines))


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["The office opened a", "programme in Rabat.|"], "The office opened a programme in Rabat."),
        (["One paragraph here", "ends.|", (2.0, "Another begins"), "and ends.|"],
         "One paragraph here ends.\n\nAnother begins and ends."),
        (["Contact: Ms. Gerard|", "New York, office|", "Telephone and more"],
         "Contact: Ms. Gerard\nNew York, office\nTelephone and more"),
        (["A wide line of a sentence", (1.5, "which goes on here.|")],
         "A wide line of a sentence which goes on here."),
        (["The govern-", "ment opened it"], "The government opened it"),
        (["Soft hyphens of the pro\u00ad", "gramme end here"], "Soft hyphens of the programme end here"),
        (["It was co-", "chaired by both"], "It was co-chaired by both"),
        (["The Office of Counter-", "Terrorism met"], "The Office of Counter-Terrorism met"),
        (["A long-term plan and a long-", "term goal for it"], "A long-term plan and a long-term goal for it"),
        (["Borders in 2020-", "2021 were open"], "Borders in 2020-2021 were open"),
        (["Support of these for:", "• borders and their", "guards,|", "• travel."],
         "Support of these for:\n• borders and their guards,\n• travel."),
    ],
)  # fmt: skip
def test_lines_are_joined_as_they_were_written(rows: list[tuple[float, str] | str], text: str) -> None:
    assert joined([page(*rows)])[0] == text


def furnished(number: int, *body: str) -> Sheet:
    sheet = page(*body)
    header = Line("UNOCT Press Release 7/2022", 200.0, 820.0, 9.0, 300.0)
    footer = Line(f"Page {number} of 3", 200.0, 20.0, 9.0, 300.0)
    return Sheet((*sheet.lines, header, footer))


def test_headers_footers_and_page_numbers_are_left_out_and_paragraphs_go_on_over_pages() -> None:
    text, pages = joined(
        [
            furnished(1, "The first page ends within", "a sentence that goes on"),
            furnished(2, "on the second, which ends.|"),
            furnished(3, "A third page begins anew", "and ends as well.|"),
        ]
    )
    assert text == (
        "The first page ends within a sentence that goes on on the second, which ends.\n\n"
        "A third page begins anew and ends as well."
    )
    assert [text[start:].split()[0] for start in pages] == ["The", "on", "A"]
    assert text[pages[1] :].startswith("on the second")


def test_a_page_without_text_begins_where_the_next_one_does() -> None:
    text, pages = joined([Sheet(()), page("The only text of it.|"), Sheet(())])
    assert (text, pages) == ("The only text of it.", (0, 0, len(text)))


def test_a_number_that_the_text_begins_with_is_no_page_number() -> None:
    sheet = Sheet(
        (Line("2022 was a good year for", LEFT, 500.0, SIZE, RIGHT), Line("42", LEFT, 20.0, SIZE, 70.0))
    )
    assert joined([sheet])[0] == "2022 was a good year for"
