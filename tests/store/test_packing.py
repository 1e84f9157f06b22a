"""What is packed for the catalog comes out as it went in."""

from hypothesis import given
from hypothesis import strategies as st

from bot.store.packing import pack_numbers, pack_pages, unpack_pages

STARTS = st.lists(st.integers(0, 2**40), max_size=9).map(tuple)


@given(starts=STARTS, chosen=st.sets(st.integers(1, 9)))
def test_pages_keep_where_they_begin_and_which_were_recognised(
    starts: tuple[int, ...], chosen: set[int]
) -> None:
    recognised = tuple(sorted(number for number in chosen if number <= len(starts)))
    assert unpack_pages(pack_pages(starts, recognised)) == (starts, recognised)


@given(starts=STARTS)
def test_pages_that_were_packed_before_scans_were_recognised_are_read_the_same(
    starts: tuple[int, ...],
) -> None:
    assert unpack_pages(pack_numbers(starts)) == (starts, ())
