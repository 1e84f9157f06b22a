"""The figures of the benchmarks against values worked out by hand."""

import math

import numpy as np
import pytest

from tests.benchmarks.metrics import (
    auroc,
    calibration_error,
    decline_below,
    declined,
    exact,
    ndcg,
    overlap,
    recall,
    reciprocal_rank,
)

RANKING = ["d", "a", "x", "b"]
GRADES = {"a": 2.0, "b": 1.0, "c": 1.0, "d": 0.0, "never found": -1.0}


@pytest.mark.parametrize(("depth", "expected"), [(1, 0), (2, 1 / 3), (4, 2 / 3), (10, 2 / 3)])
def test_recall_is_the_share_of_the_relevant_passages_that_are_found(depth: int, expected: float) -> None:
    assert recall(RANKING, GRADES, depth) == pytest.approx(expected)


def test_discounted_gain_counts_grades_and_ranks() -> None:
    ideal = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(RANKING, GRADES, 10) == pytest.approx((2 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert ndcg(RANKING, GRADES, 2) == pytest.approx((2 / math.log2(3)) / (2 + 1 / math.log2(3)))
    assert ndcg(["a", "c", "b"], GRADES, 3) == 1
    assert ndcg(["x"], GRADES, 3) == 0


def test_the_reciprocal_rank_is_that_of_the_first_relevant_passage() -> None:
    assert reciprocal_rank(RANKING, GRADES) == 1 / 2
    assert reciprocal_rank(["c"], GRADES) == 1
    assert reciprocal_rank(["d", "x"], GRADES) == 0


@pytest.mark.parametrize(
    ("scores", "positive", "expected"),
    [
        ([0.9, 0.8, 0.2], [True, True, False], 1),
        ([0.9, 0.8, 0.2], [False, False, True], 0),
        ([0.9, 0.5, 0.7, 0.1], [True, True, False, False], 3 / 4),
        ([0.5, 0.5, 0.5], [True, False, True], 1 / 2),
        ([0.5, 0.5, 0.1], [True, False, False], 3 / 4),
    ],
)
def test_the_chance_that_an_answered_question_scores_higher_counts_ties_half(
    scores: list[float], positive: list[bool], expected: float
) -> None:
    assert auroc(np.array(scores), np.array(positive)) == pytest.approx(expected)


def test_calibration_compares_probability_and_truth_in_each_tenth() -> None:
    probability = np.array([0.95, 0.91, 0.99, 1.0, 0.2, 0.25])
    right = np.array([True, True, True, False, False, True])
    high, low = abs((0.95 + 0.91 + 0.99 + 1.0) / 4 - 3 / 4), abs(0.225 - 1 / 2)
    assert calibration_error(probability, right) == pytest.approx(4 / 6 * high + 2 / 6 * low)
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0


def test_the_threshold_declines_no_more_answerable_questions_than_allowed() -> None:
    answered = np.array([0.05, 0.3, 0.5, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
    assert decline_below(answered, 0.1) == 0.3
    assert declined(answered, 0.3) == pytest.approx(0.1)
    assert decline_below(answered, 0.0) == 0.05
    assert decline_below(answered, 0.3) == 0.5
    assert declined(answered, 0.5) == pytest.approx(0.2)  # of equal ones none or both fall
    assert decline_below(answered, 1.0) == math.inf


@pytest.mark.parametrize(
    ("read", "answer", "same", "shared"),
    [
        ("The Eiffel Tower.", "eiffel tower", 1, 1),
        ("l'Amérique", "amerique", 1, 1),
        ("la ville d'Orléans", "ville Orleans", 1, 1),
        ("U.S.", "US", 1, 1),
        ("1,200", "1200", 1, 1),
        ("Denver Broncos team", "Denver Broncos", 0, 2 * 2 / 5),
        ("in Rome", "Paris", 0, 0),
        ("", "Paris", 0, 0),
        ("四次职业碗", "职业碗", 0, 2 * 3 / 8),
    ],
)
def test_words_are_compared_without_case_accents_articles_and_punctuation(
    read: str, answer: str, same: float, shared: float
) -> None:
    assert exact(read, [answer]) == same
    assert overlap(read, [answer]) == pytest.approx(shared)


def test_of_several_answers_the_nearest_counts() -> None:
    assert exact("3 May 1887", ["1887", "3 May 1887"]) == 1
    assert overlap("May 1887", ["the year 1887", "3 May 1887"]) == pytest.approx(2 * 2 / 5)
