"""Rankings against values worked out by hand, and against ir-measures."""

import math

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.ranking import ndcg, recall, reciprocal_rank

RELEASES = ["a", "b", "c", "d", "e", "f", "g", "h"]


def test_the_first_two_of_three_right_releases_at_ranks_two_and_four() -> None:
    ranking, wanted = ["x", "a", "y", "b"], {"a": 1.0, "b": 1.0, "c": 1.0}
    assert recall(ranking, wanted, 1) == 0
    assert recall(ranking, wanted, 5) == pytest.approx(2 / 3)
    assert reciprocal_rank(ranking, wanted) == 1 / 2
    ideal = 1 + 1 / math.log2(3) + 1 / 2
    assert ndcg(ranking, wanted, 10) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)


@given(
    st.permutations(RELEASES),
    st.integers(0, len(RELEASES)),
    st.dictionaries(st.sampled_from([*RELEASES, "never found"]), st.integers(0, 3)),
)
def test_the_figures_are_those_of_ir_measures(order: list[str], length: int, grades: dict[str, int]) -> None:
    if not any(grades.values()):
        return  # without anything relevant there is nothing to find
    ranking = order[:length]
    judged = [ir_measures.Qrel("q", release, grade) for release, grade in grades.items()]
    scored = [ir_measures.ScoredDoc("q", release, -float(rank)) for rank, release in enumerate(ranking)]
    named = {ir_measures.nDCG @ 10: 0.0, ir_measures.RR: 0.0, ir_measures.R @ 1: 0.0, ir_measures.R @ 5: 0.0}
    if scored:
        named = ir_measures.calc_aggregate(list(named), judged, scored)
    wanted = {release: float(grade) for release, grade in grades.items()}
    assert ndcg(ranking, wanted, 10) == pytest.approx(named[ir_measures.nDCG @ 10])
    assert reciprocal_rank(ranking, wanted) == pytest.approx(named[ir_measures.RR])
    assert recall(ranking, wanted, 1) == pytest.approx(named[ir_measures.R @ 1])
    assert recall(ranking, wanted, 5) == pytest.approx(named[ir_measures.R @ 5])
