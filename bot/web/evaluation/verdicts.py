"""What became of a question, in one word, and which questions a person wants to see.

It draws nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bot.evaluation.results import Result
from bot.evaluation.runs import Reply, Run
from bot.facts.folding import folded

Verdict = Literal["right", "wrong", "declined", "false decline", "failed", "not scored"]
"""`declined` is right: nothing answers the question; a `false decline` is not."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def verdict_of(result: Result) -> Verdict:
    """The one word for what became of a question."""
    if not result.answered:
        return "failed"
    if result.declined:
        return "false decline" if result.answerable else "declined"
    if result.right is None:
        return "not scored"
    return "right" if result.right else "wrong"


def lost_at(result: Result) -> str | None:
    """Where the answer was lost, as far as the run knows; as `Outcome.lost_at` says it."""
    if not result.answered:
        return "failed"
    quotes, total = result.counts.get("quotes_verbatim", (0, 0))
    if quotes < total:
        return "quoted what does not stand there"
    in_language, asked = result.counts.get("answer_language", (0, 0))
    return result.stage or ("answered in another language" if in_language < asked else None)


def stages(results: Iterable[Result]) -> dict[str, int]:
    """How many answers were lost at each stage, the most first."""
    return dict(Counter(stage for result in results if (stage := lost_at(result))).most_common())


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person wants to see: questions that meet all of it; what is empty asks for nothing."""

    verdicts: Sequence[Verdict] = ()
    stage: str | None = None
    language: str | None = None
    tags: Sequence[str] = ()
    text: str = ""

    def chosen(self, run: Run) -> list[Result]:
        """The questions of a run that meet it, in the order asked."""
        return [result for key, result in run.results.items() if self._meets(result, run.replies[key])]

    def _meets(self, result: Result, reply: Reply) -> bool:
        words = folded(self.text).split()
        said = folded(" ".join((result.id, *result.history, result.question, reply.text))) if words else ""
        return (
            (not self.verdicts or verdict_of(result) in self.verdicts)
            and (self.stage is None or lost_at(result) == self.stage)
            and (self.language is None or result.language == self.language)
            and set(self.tags) <= set(result.tags)
            and all(word in said for word in words)
        )
