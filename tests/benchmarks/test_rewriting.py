"""The command that measures rewriting, on conversations whose figures can be foreseen."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import CorpusError
from tests.benchmarks.conftest import Make
from tests.benchmarks.rewriting import exact, measure, overlap, subsequence
from tests.conftest import ROOT

FIRST = {
    "id": "c#1",
    "title": "Leo Brandt",
    "history": [],
    "question": "Who directs the school?",
    "rewrite": "Who directs the school?",
}
SECOND = {
    "id": "c#2",
    "title": "Leo Brandt",
    "history": ["Who directs the school?", "Mr. Leo Brandt does."],
    "question": "Where was he born?",
    "rewrite": "Where was Leo Brandt born?",
}
THIRD = {
    "id": "c#3",
    "title": "Leo Brandt",
    "history": [*SECOND["history"], "Where was he born?", "In Varna."],
    "question": "Who paid for the bridge over the Ister?",
    "rewrite": "Who paid for the bridge over the Ister?",
}


def test_the_command_prints_one_json_object(make: Make, tmp_path: Path) -> None:
    folder = make("small", rewrites=[FIRST, SECOND, THIRD])
    command: list[str | Path] = [sys.executable, ROOT / "tests" / "benchmarks" / "rewriting.py", folder]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=100)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["f1"], figures["rouge_l"], figures["exact"]) == (1, 1, 1)
    assert (figures["as_it_is_f1"], figures["as_it_is_exact"]) == (round((6 / 9 + 1) / 2, 4), 0.5)
    assert (figures["standalone_untouched"], figures["human_rewrites_untouched"]) == (1, 1)
    assert (figures["standalone"], figures["turns"]) == (1, 2)


def test_a_part_of_the_turns_is_measured(make: Make) -> None:
    folder = make("small", rewrites=[FIRST, SECOND, THIRD])
    assert measure(folder, 2)["turns"] == 1
    assert measure(folder, skip=2)["turns"] == 1
    assert measure(folder, skip=2)["standalone"] == 1


def test_without_a_title_nobody_knows_whom_the_article_is_about(make: Make) -> None:
    row = {**SECOND, "history": ["What happened?", "There was a strike."]}
    folder = make("small", rewrites=[row])
    assert measure(folder)["exact"] == 1
    assert measure(folder, titles=False)["exact"] == 0


def test_a_set_without_conversations_is_named(make: Make) -> None:
    with pytest.raises(CorpusError, match="no question with a history"):
        measure(make("small", rewrites=[FIRST]))


@pytest.mark.parametrize(
    ("text", "wanted", "figures"),
    [
        ("a b c", "a b c", (1, 1, 1)),
        ("A, b; c?", "a b c", (1, 1, 1)),
        ("c b a", "a b c", (1, 1 / 3, 0)),
        ("a a", "a b", (1 / 2, 1 / 2, 0)),
        ("x", "y", (0, 0, 0)),
        ("", "", (1, 1, 1)),
        ("", "a", (0, 0, 0)),
    ],
)
def test_the_figures_of_a_text(text: str, wanted: str, figures: tuple[float, float, float]) -> None:
    assert (overlap(text, wanted), subsequence(text, wanted), exact(text, wanted)) == pytest.approx(figures)
