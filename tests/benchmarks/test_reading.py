"""The command that measures reading, on sets whose figures can be foreseen."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.domain import Evidence
from bot.errors import CommuniqueError
from tests.benchmarks import reading
from tests.benchmarks.bench import set_aside
from tests.benchmarks.conftest import CORPUS, FRENCH, Make
from tests.benchmarks.reading import measure
from tests.conftest import ROOT

QA: list[dict[str, Any]] = [
    {
        "id": "1",
        "context_id": "light",
        "question": "Who built the lighthouse at Marlow?",
        "answers": ["Ada Finch"],
    },
    {
        "id": "2",
        "context_id": "bridge",
        "question": "Which city paid for the bridge?",
        "answers": ["Varna", "the city of Varna"],
    },
    {
        "id": "3",
        "context_id": "market",
        "question": "When are fish and salt sold at the market?",
        "answers": ["every Thursday"],
    },
]
UNANSWERABLE = [
    {
        "id": "4",
        "context_id": "school",
        "question": "Which rocket did the astronauts fly to the moon?",
        "answers": [],
        "answerable": False,
    },
    {
        "id": "5",
        "context_id": "market",
        "question": "Who discovered penicillin?",
        "answers": [],
        "answerable": False,
    },
]
FIGURES = {
    *("sentence_recall@1", "sentence_in_passage", "em", "f1", "answerability_auroc"),
    *("answerability_auroc_missing", "calibration_error", "declines_at_10%_false", "threshold_at_10%_false"),
    *("curve", "questions", "milliseconds_per_question"),
}


def test_the_command_prints_one_json_object(make: Make, tmp_path: Path) -> None:
    folder = make("small", corpus=CORPUS, qa=QA)
    command: list[str | Path] = [sys.executable, ROOT / "tests" / "benchmarks" / "reading.py", folder]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=100)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures.keys() == FIGURES
    assert figures["sentence_recall@1"] == figures["sentence_in_passage"] == 1
    assert figures["answerability_auroc"] is None  # every question of the set has an answer
    assert figures["answerability_auroc_missing"] > 0.5
    assert 0 <= figures["calibration_error"] <= 1
    assert figures["questions"] == 3
    assert figures["milliseconds_per_question"] > 0


def test_unanswerable_questions_are_read_over_their_own_passage(make: Make) -> None:
    figures = measure(make("small", corpus=CORPUS, qa=[*QA, *UNANSWERABLE]))
    assert figures["questions"] == 5
    assert figures["answerability_auroc"] == 1
    assert figures["declines_at_10%_false"] == 1
    assert 0 < figures["threshold_at_10%_false"] < 1
    assert figures["sentence_in_passage"] == 1
    false, declines = zip(*figures["curve"], strict=True)
    assert list(false) == sorted(false)
    assert list(declines) == sorted(declines)
    assert figures["curve"][-1] == [1, 1]


def test_the_best_sentence_of_another_passage_is_not_right(make: Make) -> None:
    elsewhere = [{**QA[0], "context_id": "school", "answers": ["cello"]}]
    figures = measure(make("small", corpus=CORPUS, qa=elsewhere))
    assert figures["sentence_recall@1"] == 0


def test_an_answer_of_several_sentences_is_met_by_one_of_them(make: Make) -> None:
    long = [{**QA[1], "answers": [CORPUS[1]["text"]]}]
    figures = measure(make("small", corpus=CORPUS, qa=long))
    assert figures["sentence_recall@1"] == figures["sentence_in_passage"] == 1


def test_marks_that_ingestion_takes_away_do_not_hide_an_answer(make: Make) -> None:
    corpus = [{**CORPUS[0], "text": "The **lighthouse** was  built\r\n by *Ada\u200b Finch*. It is white."}]
    qa = [{**QA[0], "answers": ["*Ada\u200b  Finch*"]}]
    assert measure(make("small", corpus=corpus, qa=qa))["sentence_in_passage"] == 1


def test_over_a_parallel_set_its_own_answers_count(make: Make) -> None:
    french = [
        {**QA[0], "question": "Qui a construit le phare ?"},
        {**QA[2], "question": "Quand vend-on du poisson ?", "answers": ["chaque jeudi"]},
    ]
    folder = make("english", corpus=CORPUS, qa=QA)
    figures = measure(folder, make("french", corpus=FRENCH, qa=french))
    assert figures["questions"] == 2
    assert figures["sentence_in_passage"] == 1


def test_only_articles_set_aside_are_asked_about_where_that_is_wanted(make: Make) -> None:
    corpus = [
        {"id": f"p{n}", "title": f"Article {n}", "text": f"The tower of town {n} was built by Ada Finch."}
        for n in range(20)
    ]
    qa = [
        {**QA[0], "id": str(n), "context_id": f"p{n}", "question": f"Who built the tower of town {n}?"}
        for n in range(20)
    ]
    assert len(set_aside(f"article {n}" for n in range(20))) == 2
    figures = measure(make("small", corpus=corpus, qa=qa), aside_only=True)
    assert figures["questions"] == 2


def test_sections_with_marked_sentences_are_a_set(make: Make) -> None:
    sections = [text["text"].split(". ") for text in CORPUS[:2]]
    rows = [
        {
            "id": f"s{place}",
            "title": "Marlow",
            "question": question,
            "sentences": [f"{each.rstrip('.')}." for each in sections[place]],
            "answers": [answer],
        }
        for place, question, answer in [
            (0, "Who built the lighthouse?", 0),
            (1, "Which city paid for it?", 1),
        ]
    ]
    figures = measure(make("sections", sentences=rows))
    assert figures["sentence_in_passage"] == 1
    assert figures["em"] is None  # the set does not say which words of a sentence answer
    assert figures["questions"] == 2


def test_a_pool_of_passages_is_read_alone(make: Make) -> None:
    queries = [
        {
            **row,
            "text": row["question"],
            "context_ids": ["light", "bridge", "market"],
            "answerable": answerable,
        }
        for rows, answerable in ((QA, True), (UNANSWERABLE, False))
        for row in rows
    ]
    figures = measure(make("pools", corpus=CORPUS, queries=queries))
    assert figures["answerability_auroc"] == 1
    assert figures["declines_at_10%_false"] == 1
    assert figures["questions"] == 5
    for name in (
        "sentence_recall@1",
        "sentence_in_passage",
        "answerability_auroc_missing",
        "calibration_error",
    ):
        assert figures[name] is None, name


def test_words_that_the_reader_marks_are_compared_with_the_answers(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = {
        "Who built the lighthouse at Marlow?": "Ada",
        "Which city paid for the bridge?": "the city of Varna",
    }

    def span(evidence: list[Evidence]) -> str | None:
        return next((words for words in marked.values() if words in evidence[0].quote), None)

    monkeypatch.setattr(reading, "_span", span)
    figures = measure(make("small", corpus=CORPUS, qa=QA))
    assert figures["em"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["f1"] == pytest.approx((2 / 3 + 1 + 0) / 3, abs=1e-4)


def test_without_marked_words_there_is_nothing_to_compare(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_span", lambda evidence: None)
    figures = measure(make("small", corpus=CORPUS, qa=QA[:1]))
    assert figures["em"] is None
    assert figures["f1"] is None


def test_questions_about_passages_that_are_not_there_are_left_out(
    make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = measure(make("small", corpus=CORPUS, qa=[*QA, {**QA[0], "context_id": "gone"}]))
    assert figures["questions"] == 3
    assert "1 questions name a passage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"corpus": CORPUS}, "of no question"),
        ({"corpus": CORPUS, "queries": [{"id": "1", "text": "Who?"}]}, "of no question"),
        ({"qa": QA}, r"corpus\.jsonl is missing"),
        ({"corpus": CORPUS, "qa": [{"question": "Who?"}]}, "line 1.*'context_id'"),
        ({"corpus": CORPUS, "qa": [{**QA[0], "context_id": "gone"}]}, "has no passage"),
        ({"sentences": [{"question": "Who?", "sentences": ["A man."], "answers": [3]}]}, "no place"),
        ({"corpus": CORPUS, "qa": [{**QA[0], "question": " "}]}, "Question 1: The question is empty"),
    ],
)
def test_a_folder_of_another_form_is_refused(make: Make, files: dict[str, Any], message: str) -> None:
    with pytest.raises(CommuniqueError, match=message):
        measure(make("small", **files))
