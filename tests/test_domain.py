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


def test_the_container_of_a_member_is_the_file_on_disk() -> None:
    member = Release("a", "/", "2024/all.zip/in/a.txt", "", "", "", "en", member="in/a.txt")
    assert member.container == "2024/all.zip"
    assert Release("a", "/", "a.txt", "", "", "", "en").container == "a.txt"
