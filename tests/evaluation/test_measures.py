"""The measures of a run over its questions."""

import json

import pytest

from bot.domain import Usage
from bot.evaluation.measures import GROUPED, NAMED, measure, measured
from bot.evaluation.results import Result, result_of
from bot.evaluation.scores import Scores
from tests.evaluation.examples import DECLINE, answer, asked, citation, outcome, right, wrong

OUTCOMES = (
    right("a", language="en", tags=("list",)),
    right("b", language="fr", tags=("list", "number"), history=("h",)),
    wrong("c", language="fr", history=("h",)),
    outcome(asked("d", "Japan", language="en"), DECLINE, seconds=0.9),
    outcome(asked("e", answerable=False), DECLINE, usage_before=Usage(1, 80, 20)),
    outcome(
        asked("f", answerable=False),
        answer("42", citation(), probability=0.6),
        usage_before=Usage(2, 200, 100),
    ),
    outcome(asked("g", "Japan"), None, error="the catalog is damaged", seconds=9.0),
)
RESULTS = [result_of(each) for each in OUTCOMES]


@pytest.mark.parametrize(
    ("name", "value", "questions"),
    [
        ("accuracy", 2 / 5, 5),
        ("facts_found", 2 / 5, 5),
        ("follow_up_accuracy", 1 / 2, 2),
        ("declines", 1 / 2, 2),
        ("decline_precision", 1 / 2, 2),
        ("false_declines", 1 / 5, 5),
        ("quotes_verbatim", 1, 3),
        ("words_per_fact", 5, 2),
        ("failed", 1 / 7, 7),
        ("tokens", 200, 2),
        ("seconds_median", 0.1, 6),
        ("languages.en.accuracy", 1 / 2, 2),
        ("languages.fr.accuracy", 1 / 2, 2),
        ("languages.unstated.accuracy", 0, 1),
        ("tags.list.accuracy", 1, 2),
        ("tags.number.accuracy", 1, 1),
        # 0.8 and 0.8 were right, 0.6 and 0.4 wrong: the gaps are 0.2, 0.6 and 0.4 over half and a quarter each.
        ("calibration_error", 0.2 / 2 + 0.6 / 4 + 0.4 / 4, 4),
        ("risk_coverage_area", (0 + 0 + 1 / 3 + 2 / 4) / 4, 4),
    ],
)
def test_a_measure_is_over_the_questions_that_count_for_it(name: str, value: float, questions: int) -> None:
    found = measured(RESULTS)[name]
    assert found.value == pytest.approx(value)
    assert found.questions == questions


def test_measures_to_which_nothing_counts_are_left_out() -> None:
    assert set(measured([])) == set()
    names = set(measured(RESULTS))
    assert not names & {"answer_f1", "quote_f1", "cost", "release_mrr", "right_release"}


def test_every_figure_lies_in_its_interval_and_the_interval_in_the_noise() -> None:
    for found in measured(RESULTS).values():
        if found.measure.unit == "seconds":
            assert found.interval is None
            continue
        assert found.interval is not None
        assert found.noise is not None
        low, high = found.interval
        assert found.noise[0] <= low <= found.value + 1e-12
        assert found.value - 1e-12 <= high <= found.noise[1]


def test_a_measure_is_known_by_its_name() -> None:
    assert [measure(each.name) for each in NAMED] == list(NAMED)
    tag = measure("tags.v1.2.accuracy")
    assert tag is not None
    assert tag.label == "right answers, tag v1.2"
    for name in (
        "accurate",
        "",
        "tags.",
        "tags.accuracy",
        "tags..accuracy",
        "tags.list",
        "cities.rome.accuracy",
    ):
        assert measure(name) is None
    assert all(name.startswith(GROUPED) for name in measured(RESULTS) if "." in name)


def test_a_result_reads_back_as_it_was_written() -> None:
    for result in RESULTS:
        assert Result.model_validate(json.loads(json.dumps(result.model_dump(mode="json")))) == result


def test_scores_keep_their_keys_and_say_what_each_question_scored() -> None:
    data = json.loads(json.dumps(Scores(OUTCOMES).to_json()))
    assert data["measures"]["accuracy"] == {
        "value": 0.4,
        "interval": data["accuracy"]["interval"],
        "noise": data["measures"]["accuracy"]["noise"],
        "questions": 5,
        "hits": 2,
        "total": 5,
    }
    assert [row["id"] for row in data["by_question"]] == list("abcdefg")
    assert data["by_question"][0]["counts"]["accuracy"] == [1, 1]
    assert data["lost_at"] == {"answered in another language": 2, "failed": 1}
    assert data["risk_coverage"][-1] == {"probability": 0.4, "coverage": 4 / 7, "risk": 0.5}
    assert [each["count"] for each in data["calibration"]] == [1, 1, 2]


def test_stages_are_counted_and_timed() -> None:
    traced = [
        outcome(asked("a", "x"), DECLINE, stage="declined", stage_seconds={"retrieve": 0.1, "read": 0.5}),
        outcome(asked("b", "x"), DECLINE, stage="declined", stage_seconds={"retrieve": 0.3, "read": 0.7}),
        outcome(asked("c", "x"), DECLINE, stage="not retrieved", stage_seconds={"retrieve": 0.2}),
    ]
    data = Scores(tuple(traced)).to_json()
    assert data["lost_at"] == {"declined": 2, "not retrieved": 1}
    assert list(data["stage_seconds"]) == ["retrieve", "read"]
    assert data["stage_seconds"]["retrieve"] == {"median": 0.2, "p95": pytest.approx(0.29)}
    assert data["stage_seconds"]["read"]["median"] == pytest.approx(0.6)
