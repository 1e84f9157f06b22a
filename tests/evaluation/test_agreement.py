"""Cohen's kappa, against values worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.agreement import Kappa


def kappa(*cells: int) -> Kappa:
    """Of so many questions that both, only the one, only the other and neither find right."""
    pairs = [(True, True), (True, False), (False, True), (False, False)]
    table = [pair for pair, count in zip(pairs, cells, strict=True) for _ in range(count)]
    one, other = np.array(table, bool).reshape(-1, 2).T
    return Kappa(one, other, np.ones(len(table), bool))


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        ((20, 5, 10, 15), 0.4),  # agreed .7, by chance .5 * .6 + .5 * .4 = .5
        ((45, 15, 25, 15), 0.06 / 0.46),  # agreed .6, by chance .6 * .7 + .4 * .3 = .54
        ((5, 0, 0, 5), 1.0),
        ((0, 5, 5, 0), -1.0),
        ((1, 1, 1, 1), 0.0),
    ],
)
def test_it_is_what_is_agreed_beyond_chance(cells: tuple[int, ...], value: float) -> None:
    assert kappa(*cells).value == pytest.approx(value)
    assert kappa(*cells).questions == sum(cells)


@pytest.mark.parametrize("cells", [(0, 0, 0, 0), (3, 0, 0, 0), (0, 0, 0, 3)])
def test_where_both_always_say_the_same_it_is_not_defined(cells: tuple[int, ...]) -> None:
    assert kappa(*cells).value is None


def test_only_what_counts_is_counted_and_as_often_as_it_is_drawn() -> None:
    whole = kappa(20, 5, 10, 15)
    mixed = Kappa(np.append(whole.one, [True] * 9), np.append(whole.other, [False] * 9), np.arange(59) < 50)
    assert mixed.value == pytest.approx(0.4)
    assert mixed.questions == 50
    four = kappa(1, 1, 1, 1)
    assert four.resampled(np.array([[20.0, 5, 10, 15], [4, 0, 0, 4]])) == pytest.approx([0.4, 1])


@given(st.tuples(*[st.integers(0, 30)] * 4))
def test_it_lies_between_one_and_minus_one_whoever_comes_first(cells: tuple[int, int, int, int]) -> None:
    found, turned = kappa(*cells).value, kappa(cells[0], cells[2], cells[1], cells[3]).value
    assert found == (None if turned is None else pytest.approx(turned))
    assert found is None or -1 - 1e-9 <= found <= 1 + 1e-9
