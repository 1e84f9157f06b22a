"""What became of a question in one word, and which questions a filter shows."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.evaluation.outcomes import Outcome
from bot.evaluation.results import result_of
from bot.evaluation.runs import read_run
from bot.web.evaluation.verdicts import Filter, Verdict, lost_at, stages, verdict_of
from tests.evaluation.examples import DECLINE, answer, asked, citation, outcome, right, written, wrong

FAILED = outcome(asked("failed", "Japan"), None, error="no model")
FALSE = outcome(asked("false", "Japan"), DECLINE, stage="declined")
NOTHING = outcome(asked("nothing", answerable=False), DECLINE)
UNSCORED = outcome(asked("unscored"), answer("It is so."))


@pytest.mark.parametrize(
    ("came", "verdict"),
    [
        (right("a"), "right"),
        (wrong("a"), "wrong"),
        (NOTHING, "declined"),
        (FALSE, "false decline"),
        (FAILED, "failed"),
        (UNSCORED, "not scored"),
        (outcome(asked("a"), DECLINE), "false decline"),
        (outcome(asked("a", answerable=False), answer("It is 5.")), "wrong"),
    ],
)
def test_every_outcome_has_one_verdict(came: Outcome, verdict: Verdict) -> None:
    assert verdict_of(result_of(came)) == verdict


@pytest.mark.parametrize(
    "came",
    [
        right("a"),
        FALSE,
        FAILED,
        replace(wrong("a"), stage="not chosen"),
        outcome(asked("a", "Japan"), answer("It is Japan.", citation()), verbatim=0),
        outcome(asked("a", "Japan", language="fr"), answer("It is funded by Japan.", language="en")),
    ],
)
def test_a_kept_result_says_where_it_was_lost_as_its_outcome_does(came: Outcome) -> None:
    assert lost_at(result_of(came)) == came.lost_at


def test_stages_are_counted_the_most_first() -> None:
    results = [result_of(each) for each in (FAILED, FALSE, FALSE, right("a"))]
    assert stages(results) == {"declined": 2, "failed": 1}


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (Filter(), ["a", "b", "c", "false"]),
        (Filter(verdicts=("wrong", "false decline")), ["b", "false"]),
        (Filter(stage="declined"), ["false"]),
        (Filter(language="fr"), ["b"]),
        (Filter(tags=("list",)), ["a", "c"]),
        (Filter(tags=("list", "date")), ["c"]),
        (Filter(text="WHERE été"), ["c"]),
        (Filter(text="ete"), ["c"]),
        (Filter(text="funded japan"), ["a", "c"]),
        (Filter(text="question false"), ["false"]),
        (Filter(verdicts=("right",), text="nowhere"), []),
    ],
)
def test_a_filter_shows_what_meets_all_of_it(wanted: Filter, shown: list[str], tmp_path: Path) -> None:
    run = read_run(
        written(
            tmp_path,
            [
                right("a", tags=("list",)),
                wrong("b", language="fr"),
                right("c", tags=("list", "date"), question="Where was it in Été?"),
                FALSE,
            ],
        )
    )
    assert [result.id for result in wanted.chosen(run)] == shown
