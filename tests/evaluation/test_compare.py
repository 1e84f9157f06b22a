"""Two runs set side by side, question by question."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.evaluation.compare import Comparison, compare
from bot.evaluation.outcomes import Outcome
from bot.evaluation.runs import read_run
from tests.evaluation.examples import DECLINE, answer, asked, citation, outcome, right, written, wrong


def compared(tmp_path: Path, before: list[Outcome], after: list[Outcome]) -> Comparison:
    return compare(
        read_run(written(tmp_path / "before", before)), read_run(written(tmp_path / "after", after))
    )


def ids(results: object) -> list[str]:
    return [getattr(each, "after", each).id for each in results]  # type: ignore[attr-defined]


def test_each_question_is_better_worse_changed_the_same_new_or_gone(tmp_path: Path) -> None:
    reworded = outcome(asked("words", "Japan"), answer("Japan funds it. [1]", citation()))
    requoted = outcome(
        asked("quote", "Japan"), answer("It is funded by Japan. [1]", citation(release="rabat"))
    )
    found = compared(
        tmp_path,
        [right("same"), wrong("up"), right("down"), right("words"), right("quote"), right("gone")],
        [right("new"), right("same"), right("up"), wrong("down"), reworded, requoted],
    )
    assert ids(found.of_kind("same")) == ["same"]
    assert ids(found.of_kind("better")) == ["up"]
    assert ids(found.of_kind("worse")) == ["down"]
    assert ids(found.of_kind("changed")) == ["words", "quote"]
    assert ids(found.appeared) == ["new"]
    assert ids(found.disappeared) == ["gone"]
    assert found.altered == ()


def test_of_two_wrong_answers_the_one_that_tells_more_is_better(tmp_path: Path) -> None:
    question = asked("a", "Japan", "Hungary")
    none = outcome(question, answer("It is not known."))
    one = outcome(question, answer("Japan."))
    assert ids(compared(tmp_path / "1", [none], [one]).of_kind("better")) == ["a"]
    assert ids(compared(tmp_path / "2", [one], [none]).of_kind("worse")) == ["a"]
    failed = outcome(question, None, error="the catalog is damaged")
    assert ids(compared(tmp_path / "3", [none], [failed]).of_kind("worse")) == ["a"]


@pytest.mark.parametrize(
    "now",
    [
        asked("a", "Japan", question="Who pays?"),
        asked("a", "Japan", history=("h",)),
        asked("a", "Hungary"),
        asked("a", "Japan", answerable=False),
    ],
)
def test_a_question_that_asks_or_expects_something_else_is_not_compared(tmp_path: Path, now: object) -> None:
    found = compared(tmp_path, [right("a")], [replace(right("a"), question=now)])  # type: ignore[arg-type]
    assert ids(found.altered) == ["a"]
    assert found.pairs == ()
    assert found.differences == {}


def test_the_paired_test_counts_only_what_turned(tmp_path: Path) -> None:
    kept = [right(f"kept{number}") for number in range(50)]
    before = [right(f"q{number}") for number in range(6)]
    after = [wrong(f"q{number}") for number in range(6)]
    found = compared(tmp_path, kept + before, kept + after)
    assert found.turned == (6, 0)
    assert found.probability == 0.03125
    accuracy = found.differences["accuracy"]
    assert (accuracy.before, accuracy.after, accuracy.probability) == (1, 50 / 56, 0.03125)
    assert accuracy.beyond_noise
    assert not accuracy.better


def test_five_that_turned_are_within_the_noise(tmp_path: Path) -> None:
    before = [right(f"q{number}") for number in range(5)]
    after = [wrong(f"q{number}") for number in range(5)]
    found = compared(tmp_path, before, after)
    assert found.differences["accuracy"].probability == 0.0625
    assert not found.differences["accuracy"].beyond_noise


def test_a_measure_of_which_less_is_better_gets_better_by_falling(tmp_path: Path) -> None:
    before = [outcome(asked(f"q{number}", "Japan"), DECLINE) for number in range(8)]
    after = [right(f"q{number}") for number in range(8)]
    declined = compared(tmp_path, before, after).differences["false_declines"]
    assert (declined.before, declined.after) == (1, 0)
    assert declined.better
    assert declined.beyond_noise


def test_measures_of_more_than_a_question_are_resampled_in_pairs(tmp_path: Path) -> None:
    def quoting(number: int, verbatim: int) -> Outcome:
        two = answer("Japan", citation(), citation(number=2))
        return outcome(asked(f"q{number}", "Japan"), two, verbatim=verbatim)

    found = compared(
        tmp_path, [quoting(n, 2) for n in range(20)], [quoting(n, 1 if n < 10 else 2) for n in range(20)]
    )
    quotes = found.differences["quotes_verbatim"]
    assert (quotes.before, quotes.after, quotes.probability) == (1, 0.75, None)
    assert quotes.interval is not None
    assert -0.4 < quotes.interval[0] < -0.25 < quotes.interval[1] < -0.1
    assert quotes.beyond_noise


def test_runs_without_a_question_in_common_do_not_differ(tmp_path: Path) -> None:
    found = compared(tmp_path, [right("a")], [])
    assert (found.pairs, found.turned, found.probability, found.differences) == ((), (0, 0), 1, {})
