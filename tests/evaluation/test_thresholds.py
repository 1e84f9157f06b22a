"""A threshold is promised only what its exact bound proves, in each language for itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from bot.evaluation.curve import said, show
from bot.evaluation.thresholds import (
    CONFIDENCE,
    STEPS,
    THRESHOLDS,
    Trial,
    fits,
    levels,
    questions_needed,
    upper_bound,
)

MISS = (1 - CONFIDENCE) / STEPS


def tried(
    probability: float, right: bool | None = True, *, answerable: bool = True, language: str = "en"
) -> Trial:
    shown = tuple(probability >= threshold for threshold in THRESHOLDS)
    return Trial(language, answerable, shown, None if right is None else (right,) * STEPS)


@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from([0.5, 0.05, MISS, 1e-6]))
def test_the_bound_is_that_of_clopper_and_pearson(hits: int, more: int, miss: float) -> None:
    total = hits + more
    reference = binomtest(hits, total, alternative="less").proportion_ci(1 - miss, "exact").high
    assert upper_bound(hits, total, miss) == pytest.approx(reference, abs=1e-9)


def test_of_nothing_and_of_nothing_but_misses_nothing_is_proven() -> None:
    assert upper_bound(0, 0, MISS) == 1
    assert upper_bound(7, 7, MISS) == 1


@pytest.mark.parametrize("most", [0.01, 0.05, 0.3])
def test_as_many_questions_are_needed_as_prove_it_without_a_miss(most: float) -> None:
    needed = questions_needed(most)
    assert upper_bound(0, needed, MISS) <= most < upper_bound(0, needed - 1, MISS)


def test_a_level_counts_what_its_threshold_would_have_done() -> None:
    trials = [
        tried(0.9),
        tried(0.5, right=False),
        tried(0.5, right=None),
        tried(0.1),
        tried(0.3, right=False, answerable=False),
        tried(0.7, right=False, answerable=False),
    ]
    level = levels(trials)[THRESHOLDS.index(0.4)]
    assert (level.shown, level.wrong, level.judged) == (3, 2, 5)
    assert (level.declined_falsely, level.answerable) == (1, 4)
    assert (level.declined, level.unanswerable) == (1, 2)
    assert (level.risk, level.coverage, level.false_declines) == (2 / 3, 3 / 5, 1 / 4)
    assert levels(trials)[-1].risk is None
    assert levels([])[0].coverage is None


def test_the_threshold_with_the_most_answers_is_chosen_that_keeps_the_risk() -> None:
    trials = [tried(0.8) for _ in range(200)] + [tried(0.32, right=False) for _ in range(60)]
    (fit,) = fits(trials, "risk", 0.05)
    assert fit.chosen is not None
    assert fit.chosen.threshold == 0.35
    assert fit.chosen.risk_bound <= 0.05 < levels(trials)[THRESHOLDS.index(0.3)].risk_bound


def test_the_threshold_with_the_most_declines_is_chosen_that_keeps_the_false_ones() -> None:
    trials = [tried(0.4) for _ in range(5)] + [tried(0.8) for _ in range(195)]
    (fit,) = fits(trials, "false declines", 0.1)
    assert fit.chosen is not None
    assert fit.chosen.threshold == 0.8
    (strict,) = fits(trials, "false declines", 0.04)
    assert strict.chosen is not None
    assert strict.chosen.threshold == 0.4


def test_each_language_has_its_own_fit_the_largest_first() -> None:
    trials = [tried(0.9, language="fr") for _ in range(30)] + [tried(0.9) for _ in range(150)]
    english, french = fits(trials, "risk", 0.05)
    assert (english.language, english.questions, french.language) == ("en", 150, "fr")
    assert english.chosen is not None
    assert french.chosen is None
    assert "30 questions are too few: it takes 117 without a single miss to prove 5%" in said(
        french, "risk", 0.05
    )


def test_a_risk_that_cannot_be_reached_is_said_with_the_lowest_that_can() -> None:
    trials = [tried(0.9, right=number % 10 > 0) for number in range(400)]
    (fit,) = fits(trials, "risk", 0.05)
    assert fit.chosen is None
    text = said(fit, "risk", 0.05)
    assert "no threshold keeps the wrong answers to 5%" in text
    assert f"The lowest that can be shown is {upper_bound(40, 400, MISS):.0%}" in text


def test_the_bounds_of_a_whole_curve_hold_together_as_often_as_is_said() -> None:
    """Answers that are wrong one time in five, whatever their probability: the best threshold must not look better."""
    dice = np.random.default_rng(7)
    missed = 0
    for _ in range(100):
        probabilities, rights = dice.random(80), dice.random(80) >= 0.2
        curve = levels([tried(float(p), bool(right)) for p, right in zip(probabilities, rights, strict=True)])
        missed += any(level.risk_bound < 0.2 for level in curve)
    assert binom.sf(missed - 1, 100, 1 - CONFIDENCE) > 0.001


def test_the_curve_is_drawn_with_its_choice(capsys: pytest.CaptureFixture[str]) -> None:
    (fit,) = fits([tried(0.8) for _ in range(200)] + [tried(0.3, right=False)], "risk", 0.05)
    show(fit, "risk", 0.05)
    shown = " ".join(capsys.readouterr().out.split())
    assert "English, 201 questions" in shown
    assert "0.00 ←" in shown
    assert "English: decline below 0.00. Wrong: 1 of 201 answers, at most 4% with 95% confidence." in shown
