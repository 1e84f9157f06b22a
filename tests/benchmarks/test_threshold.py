import json
from dataclasses import replace

import pytest

from bot.evaluation.thresholds import STEPS, THRESHOLDS, Trial
from tests.benchmarks.sets import Asked
from tests.benchmarks.threshold import ALL, figures, question_of

ASKED = Asked("a", "Who funds it?", ("p1",), ("Japan", "the Japanese", " . "), True)


def test_any_answer_of_the_set_is_the_fact() -> None:
    assert question_of(ASKED).facts == (("Japan", "the Japanese"),)


@pytest.mark.parametrize("each", [replace(ASKED, answerable=False), replace(ASKED, answers=())])
def test_what_has_no_answer_expects_no_fact(each: Asked) -> None:
    question = question_of(each)
    assert question.facts == ()
    assert question.answerable == each.answerable


def test_the_curve_of_all_sets_together_stands_beside_those_of_the_languages() -> None:
    shown = tuple(threshold <= 0.6 for threshold in THRESHOLDS)
    trials = [Trial(language, True, shown, (True,) * STEPS) for language in ("en", "fr", "fr")]
    found = json.loads(json.dumps(figures(trials, "risk", 0.5)))
    assert {name: curve["questions"] for name, curve in found.items()} == {ALL: 3, "fr": 2, "en": 1}
    assert [level["shown"] for level in found[ALL]["curve"]] == [3] * 13 + [0] * 7
