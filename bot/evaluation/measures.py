"""The measures of a run: what each is called, which way is better, and its figure over the results.

It draws nothing and compares nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.agreement import Kappa
from bot.evaluation.calibration import CalibrationError, RiskCoverageArea
from bot.evaluation.results import Result
from bot.evaluation.statistics import Interval, Ratio, Statistic, intervals, noise

Unit = Literal["share", "index", "number", "seconds"]
"""A share and an index lie between 0 and 1; a share is one of things counted."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a run; one in seconds has no statistic, because its noise is that of the machine."""

    name: str
    label: str
    higher_is_better: bool = True
    unit: Unit = "share"


NAMED = (
    Measure("accuracy", "right answers, of the answerable"),
    Measure("facts_found", "facts told, of those expected"),
    Measure("follow_up_accuracy", "follow-ups right"),
    Measure("declines", "declined, of the unanswerable"),
    Measure("decline_precision", "unanswerable, of the declined"),
    Measure("false_declines", "declined, of the answerable", higher_is_better=False),
    Measure("quotes_verbatim", "quotes that are verbatim"),
    Measure("words_per_fact", "words quoted for a fact", higher_is_better=False, unit="number"),
    Measure("right_release", "answers citing a right release"),
    Measure("citation_precision", "citations of a right release"),
    Measure("citation_recall", "right releases that are cited"),
    Measure("release_recall_at_1", "recall of the first release weighed", unit="index"),
    Measure("release_recall_at_5", "recall of the first 5 releases weighed", unit="index"),
    Measure("release_ndcg_at_10", "gain (nDCG) of the first 10 releases weighed", unit="index"),
    Measure("release_mrr", "mean reciprocal rank of a right release", unit="index"),
    Measure("answer_exact", "answers in exactly the expected words"),
    Measure("answer_f1", "F1 of the answer's words", unit="index"),
    Measure("quote_exact", "quotes that are exactly an expected one"),
    Measure("quote_f1", "F1 of the quote's words", unit="index"),
    Measure("answer_language", "answers in the question's language"),
    Measure("calibration_error", "expected calibration error", higher_is_better=False, unit="index"),
    Measure("risk_coverage_area", "area under risk and coverage", higher_is_better=False, unit="index"),
    Measure("judge_agreement", "verdicts of the chat model that agree with the facts"),
    Measure("judge_kappa", "the same beyond chance (Cohen's kappa)", unit="index"),
    Measure("judge_failed", "answers on which it gave no verdict", higher_is_better=False),
    Measure("failed", "questions that failed", higher_is_better=False),
    Measure("tokens", "tokens for a question", higher_is_better=False, unit="number"),
    Measure("cost", "US dollars for a question", higher_is_better=False, unit="number"),
    Measure("seconds_median", "seconds for a question, median", higher_is_better=False, unit="seconds"),
    Measure("seconds_p95", "seconds for a question, 95th percentile", higher_is_better=False, unit="seconds"),
)
QUANTILES = {"seconds_median": 0.5, "seconds_p95": 0.95}
NO_RATIOS = ("calibration_error", "risk_coverage_area", "judge_kappa")
GROUPED = ("languages.", "tags.")
"""How the names of measures begin that a set makes: `tags.NAME.accuracy`."""
_OF_A_GROUP = ".accuracy"


def measure(name: str) -> Measure | None:
    """The measure of that name, or None where there is none such; any language and tag may be named."""
    for each in NAMED:
        if each.name == name:
            return each
    kind, _, rest = name.partition(".")
    group = rest.removesuffix(_OF_A_GROUP)
    if name.startswith(GROUPED) and group and group != rest:
        return Measure(name, f"right answers, {kind.removesuffix('s')} {group}")
    return None


def statistics_of(results: Sequence[Result]) -> dict[str, Statistic]:
    """By name, the statistic of each measure over the results, in their order; of groups that have one, too."""
    found: dict[str, Statistic] = {
        each.name: _ratio(results, each.name)
        for each in NAMED
        if each.unit != "seconds" and each.name not in NO_RATIOS
    }
    probability = np.array([result.probability or 0.0 for result in results])
    right = np.array([result.right is True for result in results], bool)
    judged = np.array([result.given and result.right is not None for result in results], bool)
    found["calibration_error"] = CalibrationError(probability, right, judged)
    found["risk_coverage_area"] = RiskCoverageArea(probability, right, judged)
    found["judge_kappa"] = Kappa(
        np.array([result.right is True for result in results], bool),
        np.array([result.judged_right is True for result in results], bool),
        np.array([result.judged_right is not None for result in results], bool),
    )
    accuracy = _ratio(results, "accuracy")
    for group, members in _groups(results).items():
        found[f"{group}{_OF_A_GROUP}"] = Ratio(accuracy.hits * members, accuracy.totals * members)
    return found


@dataclass(frozen=True, slots=True)
class Measured:
    """The figure of a measure, its interval where it has one, and over how many questions it is.

    `hits` of `total` where it is a ratio; questions may add more than one. `noise` is what chance makes likely
    around the figure: it is nowhere narrower than the interval.
    """

    measure: Measure
    value: float
    questions: int
    interval: Interval | None = None
    hits: float | None = None
    total: float | None = None
    noise: Interval | None = None

    @property
    def spread(self) -> Interval | None:
        """The interval, or the noise where resampling gives a point: where all questions are alike."""
        return self.noise if self.interval and self.interval[0] == self.interval[1] else self.interval

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "value": self.value,
            "interval": self.interval,
            "noise": self.noise,
            "questions": self.questions,
        }
        return data if self.total is None else {**data, "hits": self.hits, "total": self.total}


def measured(results: Sequence[Result]) -> dict[str, Measured]:
    """Every measure to which the results add something, by name."""
    statistics = statistics_of(results)
    bounds = intervals(statistics, len(results))
    found: dict[str, Measured] = {}
    for name, statistic in statistics.items():
        of, value = measure(name), statistic.value
        if of is None or value is None:
            continue
        hits, total = (
            (float(statistic.hits.sum()), float(statistic.totals.sum()))
            if isinstance(statistic, Ratio)
            else (None, None)
        )
        around = noise(statistic, bounds[name])
        found[name] = Measured(of, value, statistic.questions, bounds[name], hits, total, around)
    taken = [result.seconds for result in results if result.answered]
    for name, quantile in QUANTILES.items():
        of = measure(name)
        if of and taken:
            found[name] = Measured(of, float(np.quantile(taken, quantile)), len(taken))
    return found


def _ratio(results: Sequence[Result], name: str) -> Ratio:
    pairs = [result.counts.get(name, (0.0, 0.0)) for result in results]
    hits, totals = np.array(pairs, float).reshape(-1, 2).T.copy()
    return Ratio(hits, totals)


def _groups(results: Sequence[Result]) -> dict[str, NDArray[np.float64]]:
    """For each language and tag, 1 at its questions and 0 elsewhere."""
    named = [
        {f"languages.{result.language or 'unstated'}", *(f"tags.{tag}" for tag in result.tags)}
        for result in results
    ]
    return {
        group: np.array([float(group in names) for names in named])
        for group in sorted(set().union(*named) if named else ())
    }
