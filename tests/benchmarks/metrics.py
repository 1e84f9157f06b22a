"""What the benchmarks print, as functions of rankings, probabilities and words; it knows no set and no product."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

BINS = 10
"""Equal parts of 0 to 1 over which a probability is compared with what came true."""

_ARTICLES = re.compile(r"\b(?:(?:a|an|the|le|la|les|un|une|du|des|au|aux)\b|[ld]['’])")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
"""A word, or a character of a script that writes none apart."""


def recall(ranking: Sequence[str], relevance: Mapping[str, float], depth: int) -> float:
    """The share of the relevant passages that stand among the first `depth`."""
    relevant = {passage for passage, grade in relevance.items() if grade > 0}
    return len(relevant.intersection(ranking[:depth])) / len(relevant)


def ndcg(ranking: Sequence[str], relevance: Mapping[str, float], depth: int) -> float:
    """Discounted gain of the first `depth` over the best there can be, gain linear in the grade, as trec_eval has it
    (Järvelin and Kekäläinen 2002)."""
    gains = [max(0.0, relevance.get(passage, 0.0)) for passage in ranking[:depth]]
    ideal = sorted((grade for grade in relevance.values() if grade > 0), reverse=True)[:depth]
    return _discounted(gains) / _discounted(ideal)


def reciprocal_rank(ranking: Sequence[str], relevance: Mapping[str, float]) -> float:
    """1 over the rank of the first relevant passage; 0 where there is none."""
    ranks = (rank for rank, passage in enumerate(ranking, 1) if relevance.get(passage, 0.0) > 0)
    return 1 / next(ranks, math.inf)


def auroc(score: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """The chance that a positive scores above a negative, a tie half (Mann and Whitney 1947)."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    positives = int(positive.sum())
    above = ranks[positive].sum() - positives * (positives + 1) / 2
    return float(above / (positives * (len(score) - positives)))


def calibration_error(probability: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """How far probability and truth are apart in a bin, the mean over bins by what they hold (Guo et al. 2017)."""
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    return float(
        sum(
            abs(probability[bins == number].mean() - right[bins == number].mean()) * (bins == number).mean()
            for number in set(bins.tolist())
        )
    )


def decline_below(answered: NDArray[np.float64], false: float) -> float:
    """The highest threshold below which at most the share `false` of the answerable questions falls."""
    place = math.floor(false * len(answered) + 1e-9)
    return float(np.sort(answered)[place]) if place < len(answered) else math.inf


def declined(probability: NDArray[np.float64], threshold: float) -> float:
    """The share of the questions whose probability is below the threshold."""
    return float((probability < threshold).mean())


def exact(read: str, answers: Sequence[str]) -> float:
    """1 where the words read are those of an answer, as SQuAD compares them (Rajpurkar et al. 2016), else 0."""
    return float(any(_words(read) == _words(answer) for answer in answers))


def overlap(read: str, answers: Sequence[str]) -> float:
    """The harmonic mean of precision and recall of the words read, of the answer that gives the most."""
    return max((_f1(_words(read), _words(answer)) for answer in answers), default=0.0)


def _f1(read: Sequence[str], answer: Sequence[str]) -> float:
    shared = sum((Counter(read) & Counter(answer)).values())
    return 2 * shared / (len(read) + len(answer)) if shared else float(read == answer)


def _words(text: str) -> list[str]:
    """The words without case, accents and punctuation, English and French articles aside."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    without = re.sub(r"[^\w\s]|_", "", _ARTICLES.sub(" ", plain))
    return _WORD.findall(without)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
