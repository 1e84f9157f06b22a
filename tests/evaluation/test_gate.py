"""The gate holds a run to what was claimed: in both directions, and no more tightly than chance allows."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.evaluation.compare import compare
from bot.evaluation.gate import Verdict, judge
from bot.evaluation.gate_file import read_gate
from bot.evaluation.outcomes import Outcome
from bot.evaluation.runs import read_run
from bot.evaluation.scores import Scores
from tests.evaluation.examples import DECLINE, asked, outcome, right, written, wrong


def run_of(rights: int, wrongs: int) -> list[Outcome]:
    return [right(f"q{number}") for number in range(rights)] + [
        wrong(f"q{number}") for number in range(rights, rights + wrongs)
    ]


def judged(tmp_path: Path, gate: str, after: list[Outcome], before: list[Outcome] | None = None) -> Verdict:
    (tmp_path / "gate.yaml").write_text(gate, encoding="utf-8")
    comparison = None
    if before is not None:
        runs = [written(tmp_path / name, outcomes) for name, outcomes in (("b", before), ("a", after))]
        comparison = compare(*map(read_run, runs))
    return judge(read_gate(tmp_path / "gate.yaml"), Scores(tuple(after)).measured, comparison)


@pytest.mark.parametrize(
    "gate",
    ["accuracy: 0.8", "accuracy: 0.8004", "accuracy: {claimed: 0.8}", "accuracy: {least: 0.8, most: 0.8}"],
)
def test_what_is_claimed_passes(tmp_path: Path, gate: str) -> None:
    assert judged(tmp_path, gate, run_of(80, 20)).passed


def test_a_fall_within_the_noise_passes_and_one_beyond_it_fails(tmp_path: Path) -> None:
    assert judged(tmp_path, "accuracy: 0.8", run_of(75, 25)).passed
    verdict = judged(tmp_path, "accuracy: 0.8", run_of(60, 40))
    assert len(verdict.failures) == 1
    assert verdict.failures[0].startswith(
        "accuracy is 0.600 (60 of 100): worse than before and beyond the noise"
    )
    assert "0.800 was claimed (gate.yaml, line 1)" in verdict.failures[0]


def test_a_rise_that_nobody_claims_fails_and_says_which_line_to_change(tmp_path: Path) -> None:
    gate = "# the last run\ndeclines: {most: 1}\naccuracy: {least: 0.5, claimed: 0.6}   # of 100\n"
    after = [*run_of(80, 20), outcome(asked("none", answerable=False), DECLINE)]
    (failure,) = judged(tmp_path, gate, after).failures
    assert "better than is claimed and beyond the noise" in failure
    assert failure.endswith(
        "change line 3 of gate.yaml to: accuracy: {least: 0.5, claimed: 0.800}   # of 100"
    )


def test_the_line_as_told_makes_the_gate_pass(tmp_path: Path) -> None:
    (failure,) = judged(tmp_path, "accuracy: 0.6", run_of(83, 17)).failures
    assert judged(tmp_path, failure.rpartition(" to: ")[2], run_of(83, 17)).passed


def test_a_baseline_sees_a_fall_that_an_interval_does_not(tmp_path: Path) -> None:
    before, after = run_of(80, 20), run_of(74, 26)
    assert judged(tmp_path, "accuracy: 0.8", after).passed
    (failure,) = judged(tmp_path, "accuracy: 0.8", after, before).failures
    assert (
        "from 0.800 in the baseline over the same questions: McNemar's exact test gives p = 0.031" in failure
    )
    assert judged(tmp_path, "accuracy: 0.74", after, before).passed  # it is claimed as it is


def test_a_baseline_sees_a_rise_that_an_interval_does_not(tmp_path: Path) -> None:
    before, after = run_of(74, 26), run_of(80, 20)
    assert judged(tmp_path, "accuracy: 0.74", after).passed
    (failure,) = judged(tmp_path, "accuracy: 0.74", after, before).failures
    assert failure.endswith("change line 1 of gate.yaml to: accuracy: 0.800")
    assert judged(tmp_path, "accuracy: 0.8", after, before).passed
    assert judged(tmp_path, "accuracy: 0.82", after, before).passed  # better than before, short of the claim


def test_a_baseline_does_not_hide_a_fall_from_the_claim(tmp_path: Path) -> None:
    assert not judged(tmp_path, "accuracy: 0.8", run_of(50, 50), run_of(50, 50)).passed


def test_of_a_measure_of_which_less_is_better_a_rise_is_a_fall(tmp_path: Path) -> None:
    declined = [outcome(asked(f"d{number}", "Japan"), DECLINE) for number in range(30)]
    (worse,) = judged(tmp_path, "false_declines: 0.0", [*run_of(20, 0), *declined]).failures
    assert worse.startswith("false_declines is 0.600 (30 of 50): worse than before")
    (better,) = judged(tmp_path, "false_declines: 0.9", [*run_of(20, 0), *declined]).failures
    assert "better than is claimed" in better


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ("accuracy: {least: 0.81}", "less than the least that is accepted, 0.81 (gate.yaml, line 1)"),
        (
            "accuracy: {claimed: 0.8, most: 0.8}\nfailed: {least: 0.5}",
            "failed is 0.000 (0 of 100): less than",
        ),
        ("accuracy: {most: 0.5}", "more than the most that is accepted, 0.5"),
        ("seconds_p95: {most: 0.01}", "seconds_p95 is 0.100: more than"),
        (
            "tags.list.accuracy: 0.5",
            "tags.list.accuracy has no figure: nothing in this run counts for it (gate.yaml, line 1)",
        ),
    ],
)
def test_the_least_and_the_most_hold_whatever_the_noise(tmp_path: Path, gate: str, expected: str) -> None:
    verdict = judged(tmp_path, gate, run_of(80, 20))
    assert len(verdict.failures) == 1
    assert expected in verdict.failures[0]


def test_twenty_right_of_twenty_do_not_prove_a_rise(tmp_path: Path) -> None:
    assert judged(tmp_path, "accuracy: 0.95", run_of(20, 0)).passed


def test_all_failures_are_told(tmp_path: Path) -> None:
    verdict = judged(tmp_path, "accuracy: 0.1\nfacts_found: 0.1\nfailed: 0", run_of(20, 0))
    assert (len(verdict.failures), verdict.demands, verdict.passed) == (2, 3, False)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "names no measure"),
        ("# nothing\n", "names no measure"),
        ("{}", "names no measure"),
        ("accuracy", "line 1: this is not a measure with what is claimed of it"),
        ("- accuracy: 0.5", "line 1: this is not a measure with what is claimed of it"),
        ("\naccurate: 0.5", "line 2: 'accurate' is no measure. There are accuracy, facts_found"),
        ("[accuracy]: 0.5", "is no measure"),
        ("accuracy: 0.5\naccuracy: 0.6", "line 2: accuracy stands on line 1 already"),
        ("accuracy:", "line 1: accuracy: claimed: '' is not a number"),
        ("accuracy: high", "line 1: accuracy: claimed: 'high' is not a number"),
        ("accuracy: .nan", "'.nan' is not a number"),
        ("accuracy: 1e999", "'1e999' is not a number"),
        (
            "accuracy: 74.5",
            "line 1: accuracy: claimed: it lies between 0 and 1: write 0.745 for 74.5 %, not 74.5",
        ),
        ("accuracy: [0.5]", "line 1: accuracy: write a line for each measure"),
        ("accuracy: {}", "line 1: accuracy: give claimed, least or most"),
        ("accuracy:\n  claimed: 0.5\n  lest: 0.4", "line 3: accuracy: 'lest' is not known"),
        ("accuracy:\n  least: [0.4]", "line 2: accuracy: least: this is not a number"),
        ("accuracy: {least: 0.4, least: 0.5}", "accuracy: least is given twice"),
        ("accuracy: {least: 0.6, most: 0.5}", "accuracy: least is 0.6, above most, 0.5"),
        ("accuracy: {least: 0.6, claimed: 0.5}", "claimed is 0.5, which least and most do not accept"),
        ("seconds_p95: 2", "seconds_p95: claimed: a time depends on the machine. Give most instead"),
        ("accuracy: {claimed: 0.5", "is not YAML: line 1"),
        ("accuracy: 0.5\n---\naccuracy: 0.5", "is not YAML: line 2"),
        ("accuracy: !!python/name:os.system x", "is not a number"),
        ("accuracy: &a [*a]", "accuracy: write a line for each measure"),
        ("[" * 100_000, "is nested too deeply"),
        (b"\x89PNG\x00\xff", "is not YAML"),
        (b"x" * 1_000_001, "too many for a gate file"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_a_gate_that_cannot_be_used_says_what_is_wrong_and_where(
    tmp_path: Path, content: str | bytes, expected: str
) -> None:
    file = tmp_path / "gate.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError) as raised:
        read_gate(file)
    assert str(raised.value).startswith(str(file))
    assert expected in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_gate_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"gate.yaml cannot be read: No such file"):
        read_gate(tmp_path / "gate.yaml")


def test_a_gate_in_any_unicode_encoding_keeps_its_line(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (tmp_path / "gate.yaml").write_bytes("tags.été.accuracy: {claimed: 0.5}  # été\r\n".encode(encoding))
        (demand,) = read_gate(tmp_path / "gate.yaml").demands
        assert demand.line_claiming(2 / 3) == "tags.été.accuracy: {claimed: 0.667}  # été"


@given(
    st.text(max_size=80)
    | st.from_regex(r"(accuracy|tags\.x\.accuracy): ?\{?(claimed|least|most)?:? ?[-\d.eE]{0,6}\}?\n?")
    | st.binary(max_size=40)
)
def test_any_content_is_a_gate_or_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, content: str | bytes
) -> None:
    file = tmp_path_factory.mktemp("gate") / "gate.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    message = ""
    try:
        lines = [demand.line for demand in read_gate(file).demands]
    except SettingsError as error:
        lines, message = [], str(error)
    assert (min(lines, default=0) >= 1) != message.startswith(str(file))
