"""The values that travel say what follows from them."""

import pytest

from bot.domain import Release


@pytest.mark.parametrize(
    ("pages", "position", "page"),
    [
        ((), 3, None),
        ((0,), 3, 1),
        ((0, 10), 9, 1),
        ((0, 10), 10, 2),
        ((0, 0, 10), 0, 2),  # a cover without text
        ((4, 10), 0, 1),
    ],
)
def test_a_character_stands_on_the_last_page_that_begins_before_it(
    pages: tuple[int, ...], position: int, page: int | None
) -> None:
    assert Release("a", "/", "a.pdf", "", "", "", "en", pages=pages).page(position) == page


@pytest.mark.parametrize(
    ("start", "end", "recognised"),
    [(0, 10, False), (0, 11, True), (12, 13, True), (20, 25, False), (19, 25, True), (15, 15, True)],
)
def test_what_stands_on_a_scanned_page_in_part_is_recognised(start: int, end: int, recognised: bool) -> None:
    release = Release("a", "/", "a.pdf", "", "", "", "en", pages=(0, 10, 20), recognised=(2,))
    assert release.is_recognised(start, end) is recognised
    assert not Release("a", "/", "a.txt", "", "", "", "en").is_recognised(start, end)


def test_the_container_of_a_member_is_the_file_on_disk() -> None:
    member = Release("a", "/", "2024/all.zip/in/a.txt", "", "", "", "en", member="in/a.txt")
    assert member.container == "2024/all.zip"
    assert Release("a", "/", "a.txt", "", "", "", "en").container == "a.txt"
