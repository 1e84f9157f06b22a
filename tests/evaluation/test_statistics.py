"""Intervals and tests against values worked out by hand, and against SciPy."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.calibration import CalibrationError
from bot.evaluation.metrics import Share
from bot.evaluation.statistics import Ratio, differences, intervals, mcnemar, noise, wilson

FACTS = Ratio(np.array([2.0, 0, 3, 1, 4, 0, 5, 1]), np.array([2.0, 3, 3, 2, 4, 1, 9, 1]))


def shares(*hits: float) -> Ratio:
    return Ratio(np.array(hits), np.ones(len(hits)))


def test_one_of_four_that_turned_is_no_proof_and_none_of_six_is() -> None:
    # 2 * (C(4,0) + C(4,1)) / 2^4 and 2 * C(6,0) / 2^6
    assert mcnemar(1, 3) == 0.625
    assert mcnemar(6, 0) == mcnemar(0, 6) == 0.03125
    assert mcnemar(0, 0) == mcnemar(3, 3) == 1


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_test_of_mcnemar_is_the_binomial_test_of_scipy(worse: int, better: int) -> None:
    changed = worse + better
    expected = scipy.stats.binomtest(worse, changed, 0.5).pvalue if changed else 1.0
    assert mcnemar(worse, better) == pytest.approx(expected)


def test_the_test_of_ten_thousand_questions_does_not_overflow() -> None:
    assert 0 <= mcnemar(4_000, 6_000) < 1e-80
    assert mcnemar(5_000, 5_000) == 1


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_score_interval_is_that_of_scipy(hits: int, more: int) -> None:
    total = max(hits, more)
    expected = scipy.stats.binomtest(hits, total).proportion_ci(method="wilson")
    assert wilson(hits / total, total) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_facts_of_one_question_stay_together_when_questions_are_drawn() -> None:
    expected = scipy.stats.bootstrap(
        (FACTS.hits, FACTS.totals),
        lambda hits, totals, axis: hits.sum(axis=axis) / totals.sum(axis=axis),
        paired=True,
        vectorized=True,
        method="percentile",
        n_resamples=9_999,
        rng=np.random.default_rng(1),
    ).confidence_interval
    found = intervals({"facts": FACTS}, 8)["facts"]
    assert FACTS.value == 16 / 25
    assert found == pytest.approx((expected.low, expected.high), abs=0.03)
    assert intervals({"facts": FACTS}, 8) == intervals({"facts": FACTS}, 8)


def test_a_share_of_questions_has_the_interval_of_a_share() -> None:
    assert intervals({"right": shares(1, 1, 0, 1)}, 4) == {"right": Share(3, 4).interval()}


def test_nothing_has_no_interval() -> None:
    assert intervals({"right": Ratio(np.zeros(3), np.zeros(3))}, 3) == {"right": None}
    assert intervals({"right": shares()}, 0) == {"right": None}
    assert differences({"right": shares()}, {"right": shares()}, 0) == {"right": None}
    assert intervals({}, 0) == differences({}, {}, 0) == {}


def test_questions_that_are_hard_for_both_runs_are_no_noise() -> None:
    before = Ratio(np.array([5.0, 0] * 20), np.full(40, 5.0))
    after = Ratio(np.array([5.0, 1] * 20), np.full(40, 5.0))
    low, high = differences({"facts": before}, {"facts": after}, 40)["facts"] or (0, 0)
    assert 0 < low < 0.1 < high < 0.2
    alone = intervals({"before": before, "after": after}, 40)
    assert alone["before"] is not None
    assert alone["after"] is not None
    assert alone["before"][1] > alone["after"][0]  # apart, the runs cannot be told from each other


def test_a_run_does_not_differ_from_itself() -> None:
    assert differences({"facts": FACTS}, {"facts": FACTS}, 8) == {"facts": (0.0, 0.0)}


def test_where_all_are_right_chance_still_leaves_room() -> None:
    all_right = shares(*[1.0] * 20)
    assert intervals({"right": all_right}, 20)["right"] == (1.0, 1.0)
    assert noise(all_right, (1.0, 1.0)) == pytest.approx((0.839, 1.0), abs=0.001)


def test_the_noise_is_never_narrower_than_the_interval() -> None:
    interval = intervals({"facts": FACTS}, 8)["facts"]
    around = noise(FACTS, interval)
    assert interval is not None
    assert around is not None
    assert around[0] <= interval[0] <= interval[1] <= around[1]
    error = CalibrationError(np.array([0.5, 0.5]), np.array([True, False]), np.ones(2, bool))
    assert error.value == 0
    assert noise(error, (0.0, 0.5)) == (0.0, 0.5)
    off = CalibrationError(np.array([0.75, 0.75]), np.array([True, False]), np.ones(2, bool))
    assert off.value == 0.25
    assert noise(off, (0.25, 0.45)) == pytest.approx((0.05, 0.45))
    words = Ratio(np.array([30.0, 50]), np.array([1.0, 2]))  # no share: nothing bounds it
    assert noise(words, (20.0, 40.0)) == (20.0, 40.0)
