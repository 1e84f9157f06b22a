"""The command that measures retrieval, on sets whose figures can be foreseen."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import CorpusError
from tests.benchmarks.conftest import CORPUS, FRENCH, Make
from tests.benchmarks.retrieval import measure, turns_of
from tests.conftest import ROOT

QUERIES = [
    {"id": "q1", "text": "Who built the lighthouse at Marlow?"},
    {"id": "q2", "text": "Which city paid for the bridge over the Ister?"},
]
QRELS = [("q1", "light", 1), ("q2", "bridge", 1)]
FIGURES = {
    *("recall@1", "recall@5", "recall@10", "ndcg@5", "ndcg@10", "mrr"),
    *("questions", "passages", "milliseconds_per_question"),
}


def test_the_command_prints_one_json_object(make: Make, tmp_path: Path) -> None:
    folder = make("small", QRELS, corpus=CORPUS, queries=QUERIES)
    command: list[str | Path] = [sys.executable, ROOT / "tests" / "benchmarks" / "retrieval.py", folder]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=100)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures.keys() == FIGURES
    assert figures["recall@1"] == figures["ndcg@10"] == figures["mrr"] == 1
    assert (figures["questions"], figures["passages"]) == (2, 4)
    assert figures["milliseconds_per_question"] > 0


def test_grades_and_wrong_judgements_show_in_the_figures(make: Make) -> None:
    qrels = [("q1", "light", 0), ("q1", "market", 2), ("q2", "bridge", 2), ("q2", "gone", 1)]
    figures = measure(make("small", qrels, corpus=CORPUS, queries=QUERIES))
    assert figures["recall@1"] == (0 + 1 / 2) / 2
    assert figures["recall@10"] == (1 + 1 / 2) / 2
    assert 0.5 < figures["mrr"] < 1
    assert 0 < figures["ndcg@5"] < 1


def test_the_last_question_of_a_conversation_is_asked_with_what_was_said(make: Make) -> None:
    history = [
        {"speaker": "user", "text": "Who is the director of the school of music?"},
        {"speaker": "agent", "text": "Leo Brandt directs it."},
    ]
    query = {"id": "q1", "text": "How many pupils does it have?", "history": history}
    folder = make("small", [("q1", "school", 1)], corpus=CORPUS, queries=[query])
    assert measure(folder)["recall@1"] == 1


def test_what_was_said_becomes_turns_with_questions_that_stand_alone() -> None:
    completed: list[tuple[str, int]] = []

    def standalone(question: str, turns: object) -> str:
        assert isinstance(turns, list)
        completed.append((question, len(turns)))
        return f"{question} (complete)"

    history = [
        ("agent", "Good morning."),
        ("user", "Who built it?"),
        ("agent", "Ada Finch did."),
        ("user", " "),
        ("user", "Quand a-t-elle été ouverte au public ?"),
    ]
    turns = turns_of(history, standalone)
    assert [turn.question for turn in turns] == ["Who built it?", "Quand a-t-elle été ouverte au public ?"]
    assert turns[0].answer.standalone_question == "Who built it? (complete)"
    assert [turn.answer.text for turn in turns] == ["Ada Finch did.", ""]
    assert [turn.answer.language for turn in turns] == ["en", "fr"]
    assert completed == [("Who built it?", 0), ("Quand a-t-elle été ouverte au public ?", 1)]


def test_questions_of_one_set_are_asked_over_the_passages_of_another(make: Make) -> None:
    folder = make("english", QRELS, corpus=CORPUS, queries=QUERIES)
    other = make("french", corpus=FRENCH)
    figures = measure(folder, other)
    assert figures["passages"] == 3
    assert figures["recall@1"] == 1


def test_an_index_that_is_kept_follows_the_set(make: Make, tmp_path: Path) -> None:
    folder = make("small", QRELS, corpus=CORPUS, queries=QUERIES)
    kept = tmp_path / "kept"
    first = measure(folder, data=kept)
    again = measure(folder, data=kept)
    assert {**first, "milliseconds_per_question": 0} == {**again, "milliseconds_per_question": 0}
    (folder / "corpus.jsonl").write_text(json.dumps(CORPUS[1]), encoding="utf-8")
    shrunk = measure(folder, data=kept)
    assert shrunk["passages"] == 1
    assert shrunk["recall@1"] == 1 / 2


def test_titles_are_searched_and_may_be_anything(make: Make) -> None:
    text = "The pupils sing every day, and their parents come to listen in the evening."
    titles = ["Qarvex_academy", "yes", '"*&: [x\x07', "2024", "Ünïcode – 🚀 #1"]
    corpus = [{"id": f"p{n}", "title": title, "text": f"{text} {n}"} for n, title in enumerate(titles)]
    queries = [{"id": "q1", "text": "What is there to say about Qarvex?"}]
    assert measure(make("small", [("q1", "p0", 1)], corpus=corpus, queries=queries))["recall@1"] == 1


def test_a_few_questions_are_the_same_each_time(make: Make) -> None:
    folder = make("small", QRELS, corpus=CORPUS, queries=QUERIES)
    assert measure(folder, count=1)["questions"] == 1


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_file_that_is_missing_is_named(make: Make, missing: str) -> None:
    folder = make("small", QRELS, corpus=CORPUS, queries=QUERIES)
    (folder / missing).unlink()
    with pytest.raises(CorpusError, match=missing):
        measure(folder)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("corpus.jsonl", "", "holds no passage"),
        ("corpus.jsonl", '{"id": "light"}', "line 1.*'text'"),
        ("corpus.jsonl", '{"id": "light", "text": "A"}\n\nnonsense', "line 3.*not JSON"),
        ("corpus.jsonl", '["light"]', "line 1.*no object"),
        ("queries.jsonl", '{"id": "q1", "text": "Who?", "history": [1]}', "history of q1"),
        ("queries.jsonl", '{"id": "q9", "text": "Who?"}', "judges no question"),
        ("qrels.tsv", "q1 light 1", "line 1.*tabs"),
        ("qrels.tsv", "q1\tlight\tyes", "line 1"),
        ("qrels.tsv", "q1\tlight\t0", "judges no question"),
        ("qrels.tsv", "q1\tnowhere\t1", "has no passage"),
    ],
)
def test_a_file_of_another_form_is_refused_by_file_and_line(
    make: Make, file: str, content: str, message: str
) -> None:
    folder = make("small", QRELS, corpus=CORPUS, queries=QUERIES)
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        measure(folder)


def test_the_command_says_on_stderr_what_is_wrong(make: Make, tmp_path: Path) -> None:
    folder = make("small", corpus=CORPUS)
    command: list[str | Path] = [sys.executable, ROOT / "tests" / "benchmarks" / "retrieval.py", folder]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=100)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{folder / 'qrels.tsv'} is missing")
    assert "Traceback" not in done.stderr
