"""The evidence that a chat model is given fits its budget, and the least probable is what is left out."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Evidence, Release
from bot.model.budget import FRAME_TOKENS, at_most, within


def evidence(*sentences: tuple[str, float]) -> list[Evidence]:
    found = []
    for text, probability in sentences:
        found.append(Evidence(Release("r", "/", "r.txt", "0", text, "", "en"), 0, len(text), probability))
    return found


def test_what_fits_is_kept_in_its_order() -> None:
    given = evidence(("a" * 30, 0.2), ("b" * 30, 0.9), ("c" * 30, 0.5))
    each = FRAME_TOKENS + 10
    assert within(given, 3 * each) == tuple(given)
    assert within(given, 3 * each - 1) == (given[1], given[2])
    assert within(given, 2 * each - 1) == (given[1],)


def test_the_most_probable_is_always_kept() -> None:
    given = evidence(("short", 0.1), ("x" * 100_000, 0.9))
    assert within(given, 200) == (given[1],)
    assert within([], 200) == ()


def test_titles_count() -> None:
    text = Release("r", "/", "r.txt", "0", "Text.", "T" * 3000, "en")
    given = [Evidence(text, 0, 5, 0.9), Evidence(text, 0, 4, 0.8)]
    assert len(within(given, 1500)) == 1


def test_a_text_counts_by_its_bytes() -> None:
    assert (at_most(""), at_most("abc"), at_most("abcd"), at_most("é"), at_most("中文")) == (0, 1, 2, 1, 2)


@given(st.lists(st.tuples(st.text(max_size=50), st.floats(0, 1)), max_size=8), st.integers(0, 500))
def test_no_more_than_the_budget_is_given_but_for_the_first(
    texts: list[tuple[str, float]], tokens: int
) -> None:
    given = evidence(*texts)
    kept = within(given, tokens)
    assert len(kept) <= 1 or sum(FRAME_TOKENS + at_most(item.quote) for item in kept) <= tokens
    assert bool(kept) == bool(given)
    dropped = [item.probability for item in given if not any(item is one for one in kept)]
    assert max(dropped, default=0) <= min((item.probability for item in kept), default=1)
