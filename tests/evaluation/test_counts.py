"""What an outcome adds to each measure, counted by hand."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain import Usage
from bot.evaluation.counts import counts, gold_answers
from bot.evaluation.outcomes import Outcome, RankedEvidence
from tests.evaluation.examples import DECLINE, answer, asked, citation, evidence, outcome

TWO = answer(
    "It is funded by Japan. [1] It is funded by Hungary. [2]",
    citation("It is funded by Japan."),
    citation("It is funded by Hungary.", "rabat", 2),
)
ANSWERED = outcome(asked("a", "Japan", "Hungary", "Peru", releases=("djibouti", "doha")), TWO, verbatim=1)
DECLINED = outcome(asked("b", "Japan", releases=("djibouti",)), DECLINE)
UNANSWERABLE = outcome(asked("c", answerable=False), DECLINE)
INVENTED = outcome(asked("d", answerable=False, history=("h",)), TWO)
FAILED = outcome(asked("e", "Japan", releases=("djibouti",)), None, error="the catalog is damaged")


@pytest.mark.parametrize(
    ("given", "name", "expected"),
    [
        (ANSWERED, "accuracy", (0, 1)),
        (ANSWERED, "facts_found", (2, 3)),
        (ANSWERED, "quotes_verbatim", (1, 2)),
        (ANSWERED, "words_per_fact", (10, 2)),
        (ANSWERED, "right_release", (1, 1)),
        (ANSWERED, "citation_precision", (1, 2)),
        (ANSWERED, "citation_recall", (1, 2)),
        (ANSWERED, "false_declines", (0, 1)),
        (ANSWERED, "declines", None),
        (ANSWERED, "decline_precision", None),
        (ANSWERED, "follow_up_accuracy", None),
        (ANSWERED, "failed", (0, 1)),
        (DECLINED, "accuracy", (0, 1)),
        (DECLINED, "facts_found", (0, 1)),
        (DECLINED, "false_declines", (1, 1)),
        (DECLINED, "decline_precision", (0, 1)),
        (DECLINED, "right_release", None),
        (DECLINED, "citation_recall", None),
        (DECLINED, "words_per_fact", None),
        (UNANSWERABLE, "accuracy", None),
        (UNANSWERABLE, "facts_found", None),
        (UNANSWERABLE, "declines", (1, 1)),
        (UNANSWERABLE, "decline_precision", (1, 1)),
        (INVENTED, "declines", (0, 1)),
        (INVENTED, "follow_up_accuracy", (0, 1)),
        (FAILED, "accuracy", (0, 1)),
        (FAILED, "facts_found", (0, 1)),
        (FAILED, "false_declines", (0, 1)),
        (FAILED, "failed", (1, 1)),
        (FAILED, "answer_language", None),
        (FAILED, "citation_precision", None),
    ],
)
def test_an_outcome_adds_its_hits_and_of_how_many(
    given: Outcome, name: str, expected: tuple[float, float] | None
) -> None:
    assert counts(given).get(name) == expected


def test_a_decline_tells_no_fact_even_where_its_words_hold_one() -> None:
    decline = answer("The closest release is “Japan and Hungary”.", declined=True)
    assert counts(outcome(asked("a", "Japan"), decline))["facts_found"] == (0, 1)


@pytest.mark.parametrize(
    ("language", "given", "hit"),
    [
        ("en", answer("It is funded by Japan."), 1),
        ("en-GB", answer("It is funded by Japan."), 1),
        ("fr", answer("It is funded by Japan.", language="fr"), 1),  # quotes stay in the release's language
        ("fr", answer("It is funded by Japan."), 0),
        ("fr", answer("The releases do not answer this question.", language="fr", declined=True), 0),
        ("fr", answer("The programme is funded by Japan.", language="fr", mode="openai:x"), 0),
        ("fr", answer("Le programme est financé par le Japon.", language="fr", mode="openai:x"), 1),
        ("en", answer("42", mode="openai:x"), 1),  # too short to tell
    ],
)
def test_the_answer_is_in_the_language_of_the_question(language: str, given: Any, hit: int) -> None:
    assert counts(outcome(asked("a", language=language), given))["answer_language"] == (hit, 1)


def test_an_answer_to_a_question_without_a_language_is_in_none() -> None:
    assert "answer_language" not in counts(ANSWERED)


def test_a_release_is_ranked_by_its_best_sentence() -> None:
    ranked = outcome(
        asked("a", "x", releases=("doha",)),
        TWO,
        evidence=evidence("rabat", "rabat", "djibouti", "doha", "rabat"),
    )
    added = counts(ranked)
    assert added["release_recall_at_1"] == (0, 1)
    assert added["release_recall_at_5"] == (1, 1)
    assert added["release_mrr"] == (pytest.approx(1 / 3), 1)
    assert added["release_ndcg_at_10"] == (0.5, 1)  # 1 / log2(3 + 1)


@pytest.mark.parametrize(
    "unranked",
    [
        outcome(asked("a", "x", releases=("doha",)), TWO),
        outcome(asked("a", "x"), TWO, evidence=evidence("doha")),
        outcome(asked("a", answerable=False, releases=("doha",)), TWO, evidence=evidence("doha")),
    ],
)
def test_without_evidence_or_releases_nothing_is_ranked(unranked: Outcome) -> None:
    assert not [name for name in counts(unranked) if name.startswith("release_")]


def test_the_words_that_answer_are_compared_as_squad_does() -> None:
    marked = RankedEvidence("djibouti", "It is funded by Japan.", 0.9, "the Japan")
    other = RankedEvidence("rabat", "Another one.", 0.95, "Another")
    spanned = outcome(
        asked("a", answers=["Japan", "by Japan"]), answer("It … [1]", citation()), evidence=(other, marked)
    )
    assert counts(spanned)["answer_exact"] == (1, 1)
    assert counts(spanned)["answer_f1"] == (1, 1)
    whole = outcome(asked("a", answers=["Japan"]), answer("It is funded by Japan. [1]", citation()))
    assert counts(whole)["answer_exact"] == (0, 1)
    assert counts(whole)["answer_f1"] == (
        pytest.approx(2 / 6),
        1,
    )  # 1 word of 1 and of 5: the mark is no word
    assert counts(outcome(asked("a", answers=["Japan"]), DECLINE))["answer_f1"] == (0, 1)
    assert "answer_f1" not in counts(outcome(asked("a", answerable=False, answers=["Japan"]), DECLINE))


@pytest.mark.parametrize(
    ("kept", "texts"),
    [
        (["Japan", " "], ("Japan",)),
        ("Japan", ("Japan",)),
        ([{"text": "Japan", "answer_start": "3"}, {"answer_start": "4"}], ("Japan",)),
        ({"text": ["Japan"], "answer_start": ["3"]}, ("Japan",)),
        ([["Japan"]], ()),
        ({"x": "y"}, ()),
        (None, ()),
    ],
)
def test_the_answers_of_imported_sets_are_read_in_any_of_their_forms(kept: object, texts: object) -> None:
    assert gold_answers(asked("a", answers=kept)) == texts


def test_each_expected_quote_is_compared_with_the_nearest_that_is_shown() -> None:
    quoted = outcome(asked("a", quotes=("It is funded by Hungary.", "It is funded by Japan and Peru.")), TWO)
    assert counts(quoted)["quote_exact"] == (1 / 2, 1)
    assert counts(quoted)["quote_f1"] == (pytest.approx((1 + 2 * 5 / 12) / 2), 1)
    assert counts(outcome(asked("a", quotes=("x",)), DECLINE))["quote_f1"] == (0, 1)


def test_tokens_and_cost_count_where_they_are_known() -> None:
    priced = replace(TWO, usage=Usage(2, 1000, 200, 0.25))
    assert counts(outcome(asked("a"), priced))["tokens"] == (1200, 1)
    assert counts(outcome(asked("a"), priced))["cost"] == (0.25, 1)
    unpriced = outcome(asked("a"), priced, usage_before=Usage(1, 30, 4))
    assert counts(unpriced)["tokens"] == (1234, 1)
    assert "cost" not in counts(unpriced)
    assert not {"tokens", "cost"} & set(counts(ANSWERED))
