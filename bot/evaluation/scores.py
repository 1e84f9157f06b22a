"""What a run scored: the measures over all its outcomes, by language and by tag, and its curves.

It asks nothing and draws nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.domain import Usage
from bot.evaluation.calibration import Bin, Point, reliability, risk_coverage
from bot.evaluation.measures import Measured, measured
from bot.evaluation.metrics import Share
from bot.evaluation.outcomes import Outcome, came, expected, total_usage
from bot.evaluation.results import Result, result_of
from bot.evaluation.sets.questions import Question

UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Group:
    """The three main shares over some outcomes.

    `accuracy`: right answers among the answerable questions that state facts. `declines`: declined
    among the unanswerable. `false_declines`: declined among the answerable.
    A question whose asking failed counts in each total and is a hit in none.
    """

    accuracy: Share
    declines: Share
    false_declines: Share

    def to_json(self) -> dict[str, Any]:
        return {
            "accuracy": self.accuracy.to_json(),
            "declines": self.declines.to_json(),
            "false_declines": self.false_declines.to_json(),
        }


@dataclass(frozen=True)
class Scores:
    """The scores of a run, from its `outcomes` alone."""

    outcomes: tuple[Outcome, ...]

    @property
    def overall(self) -> Group:
        return _group(self.outcomes)

    @property
    def follow_ups(self) -> Group:
        """Over the questions that other questions go before."""
        return _group([outcome for outcome in self.outcomes if outcome.question.history])

    @property
    def quotes(self) -> Share:
        """The quotes that are verbatim, over every question asked, declined ones and history too."""
        return Share(
            sum(outcome.verbatim for outcome in self.outcomes),
            sum(outcome.quotes for outcome in self.outcomes),
        )

    @property
    def releases(self) -> Share:
        """Answers that cite a release that answers, among those given to questions that name any."""
        given = [
            outcome
            for outcome in self.outcomes
            if outcome.question.answerable
            and outcome.question.releases
            and outcome.answer
            and not outcome.declined
        ]
        return _share(given, lambda outcome: outcome.cites_right_release)

    @property
    def languages(self) -> dict[str, Group]:
        return self._by(lambda question: (question.language or UNSTATED,))

    @property
    def tags(self) -> dict[str, Group]:
        return self._by(lambda question: question.tags)

    @property
    def errors(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.error is not None)

    @property
    def wrong(self) -> tuple[Outcome, ...]:
        """Not right, or failed."""
        return tuple(
            outcome for outcome in self.outcomes if outcome.right is False or outcome.error is not None
        )

    @property
    def flawed(self) -> tuple[Outcome, ...]:
        """What should be looked at: wrong, quoted wrongly, or in another language."""
        return tuple(
            outcome for outcome in self.outcomes if outcome.right is False or outcome.lost_at is not None
        )

    @property
    def unscored(self) -> int:
        """How many answerable questions state no facts and so count for no accuracy."""
        return sum(outcome.right is None for outcome in self.outcomes)

    @property
    def usage(self) -> Usage | None:
        """What a chat model was asked in the whole run; None where none was."""
        return total_usage(outcome.usage for outcome in self.outcomes)

    @property
    def judged_otherwise(self) -> tuple[Outcome, ...]:
        """The answers that are right to the chat model and not by their facts, or the other way round."""
        return tuple(
            outcome
            for outcome in self.outcomes
            if outcome.judged_right is not None and outcome.judged_right != outcome.right
        )

    @property
    def unjudged(self) -> tuple[Outcome, ...]:
        """The answers on which the chat model was to give a verdict, and gave none."""
        return tuple(each for each in self.outcomes if each.judgement and each.judgement.right is None)

    @property
    def judge_usage(self) -> Usage | None:
        """What the chat model was asked that judged the answers; None where none did."""
        return total_usage(outcome.judgement.usage for outcome in self.outcomes if outcome.judgement)

    def seconds(self, quantile: float) -> float | None:
        """That quantile of the seconds an answer took, or None where nothing was answered."""
        taken = [outcome.seconds for outcome in self.outcomes if outcome.answer]
        return float(np.quantile(taken, quantile)) if taken else None

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """What each question scored, in the order asked."""
        return tuple(map(result_of, self.outcomes))

    @cached_property
    def measured(self) -> dict[str, Measured]:
        """Every measure to which a question added something, by name."""
        return measured(self.results)

    @property
    def lost_at(self) -> dict[str, int]:
        """How many wrong answers were lost at each stage, the most first; only those whose stage is known."""
        return dict(Counter(outcome.lost_at for outcome in self.outcomes if outcome.lost_at).most_common())

    @property
    def stage_seconds(self) -> dict[str, tuple[float, float]]:
        """The median and the 95th percentile of the seconds that each stage took, in the order of the stages."""
        taken: dict[str, list[float]] = {}
        for outcome in self.outcomes:
            for stage, seconds in outcome.stage_seconds.items():
                taken.setdefault(stage, []).append(seconds)
        return {
            stage: (float(np.quantile(seconds, 0.5)), float(np.quantile(seconds, 0.95)))
            for stage, seconds in taken.items()
        }

    @property
    def risk_coverage(self) -> list[Point]:
        """What answering only above a probability gains; it ends where this run began to decline."""
        scored = sum(result.right is not None for result in self.results)
        return risk_coverage(*self._judged, scored) if scored else []

    @property
    def calibration(self) -> list[Bin]:
        """How often answers given with some probability were right."""
        return reliability(*self._judged)

    @property
    def _judged(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The probability of each answer that was given and can be judged, and whether it was right."""
        judged = [result for result in self.results if result.given and result.right is not None]
        probability = np.array([result.probability or 0.0 for result in judged])
        return probability, np.array([result.right for result in judged], bool)

    def to_json(self) -> dict[str, Any]:
        """The scores as plain JSON types: shares between 0 and 1 with their counts, times in seconds."""
        main = self.overall
        return {
            "questions": len(self.outcomes),
            "errors": len(self.errors),
            "unscored": self.unscored,
            **{
                name: {**share.to_json(), "interval": share.interval()}
                for name, share in (
                    ("accuracy", main.accuracy),
                    ("declines", main.declines),
                    ("false_declines", main.false_declines),
                )
            },
            "quotes_verbatim": self.quotes.to_json(),
            "right_release": self.releases.to_json(),
            "follow_ups": self.follow_ups.to_json(),
            "languages": {name: group.to_json() for name, group in self.languages.items()},
            "tags": {name: group.to_json() for name, group in self.tags.items()},
            "seconds": {"median": self.seconds(0.5), "p95": self.seconds(0.95)},
            "usage": asdict(self.usage) if self.usage else None,
            "judge_usage": asdict(self.judge_usage) if self.judge_usage else None,
            "judged_otherwise": [outcome.question.id for outcome in self.judged_otherwise],
            "wrong": [
                {
                    "id": outcome.question.id,
                    "question": outcome.question.question,
                    "expected": expected(outcome),
                    "came": came(outcome),
                }
                for outcome in self.wrong
            ],
            "measures": {name: each.to_json() for name, each in self.measured.items()},
            "lost_at": self.lost_at,
            "stage_seconds": {
                stage: {"median": median, "p95": p95} for stage, (median, p95) in self.stage_seconds.items()
            },
            "risk_coverage": [asdict(point) for point in self.risk_coverage],
            "calibration": [asdict(each) for each in self.calibration],
            "by_question": [result.model_dump(mode="json") for result in self.results],
        }

    def _by(self, names: Callable[[Question], Iterable[str]]) -> dict[str, Group]:
        members: dict[str, list[Outcome]] = {}
        for outcome in self.outcomes:
            for name in dict.fromkeys(names(outcome.question)):
                members.setdefault(name, []).append(outcome)
        return {name: _group(members[name]) for name in sorted(members)}


def _group(outcomes: Sequence[Outcome]) -> Group:
    answerable = [outcome for outcome in outcomes if outcome.question.answerable]
    return Group(
        accuracy=_share(
            [one for one in answerable if one.question.facts],
            lambda outcome: outcome.right is True,
        ),
        declines=_share(
            [one for one in outcomes if not one.question.answerable],
            lambda outcome: outcome.declined,
        ),
        false_declines=_share(answerable, lambda outcome: outcome.declined),
    )


def _share(outcomes: Sequence[Outcome], is_hit: Callable[[Outcome], bool]) -> Share:
    return Share(sum(map(is_hit, outcomes)), len(outcomes))
