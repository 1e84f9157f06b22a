"""How well a ranking puts first what is relevant; it knows no set and no product."""

import math
from collections.abc import Mapping, Sequence


def recall(ranking: Sequence[str], relevance: Mapping[str, float], depth: int) -> float:
    """The share of the relevant that stand among the first `depth`."""
    relevant = {item for item, grade in relevance.items() if grade > 0}
    return len(relevant.intersection(ranking[:depth])) / len(relevant)


def ndcg(ranking: Sequence[str], relevance: Mapping[str, float], depth: int) -> float:
    """Discounted gain of the first `depth` over the best there can be (Järvelin and Kekäläinen 2002).

    The gain is linear in the grade, as trec_eval has it.
    """
    gains = [max(0.0, relevance.get(item, 0.0)) for item in ranking[:depth]]
    ideal = sorted((grade for grade in relevance.values() if grade > 0), reverse=True)[:depth]
    return _discounted(gains) / _discounted(ideal)


def reciprocal_rank(ranking: Sequence[str], relevance: Mapping[str, float]) -> float:
    """1 over the rank of the first relevant one; 0 where there is none."""
    ranks = (rank for rank, item in enumerate(ranking, 1) if relevance.get(item, 0.0) > 0)
    return 1 / next(ranks, math.inf)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
