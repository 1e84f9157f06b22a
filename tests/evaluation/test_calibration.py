"""Calibration and risk against values worked out by hand, and against a count of every order."""

from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.calibration import (
    Bin,
    CalibrationError,
    Point,
    RiskCoverageArea,
    calibration_error,
    reliability,
    risk_coverage,
)

PROBABILITY = np.array([0.95, 0.91, 0.2, 0.25])
RIGHT = np.array([True, False, False, True])
ALL = np.ones(4, bool)
GIVEN = st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=6)


def test_the_error_is_the_mean_gap_of_the_bins() -> None:
    # (0.93 - 0.5) over half of the answers, (0.5 - 0.225) over the other half
    assert calibration_error(PROBABILITY, RIGHT) == pytest.approx(0.43 / 2 + 0.275 / 2)
    assert CalibrationError(PROBABILITY, RIGHT, ALL).value == pytest.approx(0.43 / 2 + 0.275 / 2)


def test_answers_that_cannot_be_judged_do_not_count() -> None:
    error = CalibrationError(PROBABILITY, RIGHT, np.array([True, False, False, True]))
    assert error.value == pytest.approx((0.05 + 0.75) / 2)
    assert error.questions == 2
    assert CalibrationError(PROBABILITY, RIGHT, ~ALL).value is None
    assert RiskCoverageArea(PROBABILITY, RIGHT, ~ALL).value is None


def test_the_bins_tell_how_many_were_right() -> None:
    assert reliability(PROBABILITY, RIGHT) == [
        Bin(0.2, 0.3, 2, pytest.approx(0.225), 1),
        Bin(0.9, 1.0, 2, pytest.approx(0.93), 1),
    ]
    assert reliability(np.array([1.0, 0.0]), np.array([True, False]))[1].count == 1
    assert reliability(np.array([]), np.array([], bool)) == []


def test_each_answer_more_covers_more_at_its_risk() -> None:
    assert risk_coverage(PROBABILITY, RIGHT, asked=8) == [
        Point(0.95, 1 / 8, 0.0),
        Point(0.91, 2 / 8, 1 / 2),
        Point(0.25, 3 / 8, pytest.approx(1 / 3)),
        Point(0.2, 4 / 8, 1 / 2),
    ]
    assert RiskCoverageArea(PROBABILITY, RIGHT, ALL).value == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_answers_of_the_same_probability_are_one_point_of_the_curve() -> None:
    tied = np.array([0.5, 0.5, 0.5])
    assert risk_coverage(tied, np.array([True, False, True]), asked=4) == [
        Point(0.5, 3 / 4, pytest.approx(1 / 3))
    ]


@given(GIVEN)
def test_the_area_is_the_mean_over_all_orders_of_equal_answers(given_: list[tuple[float, bool]]) -> None:
    probability, right = np.array([p for p, _ in given_]), np.array([r for _, r in given_])
    areas = []
    for order in permutations(range(len(given_))):
        if all(probability[a] >= probability[b] for a, b in pairwise(order)):
            wrong = np.cumsum(~right[list(order)])
            areas.append(float((wrong / np.arange(1, len(order) + 1)).mean()))
    area = RiskCoverageArea(probability, right, np.ones(len(right), bool)).value
    assert area == pytest.approx(sum(areas) / len(areas))


@given(GIVEN, st.data())
def test_a_question_drawn_twice_counts_as_two(given_: list[tuple[float, bool]], data: st.DataObject) -> None:
    probability, right = np.array([p for p, _ in given_]), np.array([r for _, r in given_])
    times = data.draw(st.lists(st.integers(0, 3), min_size=len(given_), max_size=len(given_)))
    if not any(times):
        return
    again = np.repeat(np.arange(len(given_)), times)
    for statistic in (CalibrationError, RiskCoverageArea):
        drawn = statistic(probability, right, np.ones(len(right), bool)).resampled(np.array([times], float))
        repeated = statistic(probability[again], right[again], np.ones(len(again), bool)).value
        assert drawn[0] == pytest.approx(repeated)
