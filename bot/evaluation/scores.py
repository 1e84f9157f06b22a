"""What a run scored: the shares over all its outcomes, by language and by tag.

It asks nothing and draws nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.evaluation.metrics import Share
from bot.evaluation.outcomes import Outcome, came, expected
from bot.evaluation.questions import Question

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


@dataclass(frozen=True, slots=True)
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
        """What should be looked at: not right, or failed."""
        return tuple(
            outcome for outcome in self.outcomes if outcome.right is False or outcome.error is not None
        )

    @property
    def unscored(self) -> int:
        """How many answerable questions state no facts and so count for no accuracy."""
        return sum(outcome.right is None for outcome in self.outcomes)

    def seconds(self, quantile: float) -> float | None:
        """That quantile of the seconds an answer took, or None where nothing was answered."""
        taken = [outcome.seconds for outcome in self.outcomes if outcome.answer]
        if not taken:
            return None
        import numpy as np

        return float(np.quantile(taken, quantile))

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
            "wrong": [
                {
                    "id": outcome.question.id,
                    "question": outcome.question.question,
                    "expected": expected(outcome),
                    "came": came(outcome),
                }
                for outcome in self.wrong
            ],
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
