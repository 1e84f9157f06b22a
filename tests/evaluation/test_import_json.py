"""SQuAD files and benchmark folders become question sets, with all that stands beside the questions."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QuestionError
from bot.evaluation.sets.importing.drafts import Imported
from bot.evaluation.sets.importing.sources import import_questions
from bot.evaluation.sets.questions import Question

CONTEXT = "The programme was launched in 2019 and assists 66 Member States."
SQUAD = {
    "version": "v2.0",
    "data": [
        {
            "title": "CT Travel",
            "id": 7,
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "a",
                            "question": "How many states does it assist?",
                            "answers": [
                                {"text": "66", "answer_start": 47},
                                {"text": "66 Member States", "answer_start": 47},
                                {"text": "66", "answer_start": 47},
                            ],
                            "is_impossible": False,
                        },
                        {
                            "id": "b",
                            "question": "What does it cost?",
                            "answers": [],
                            "plausible_answers": [{"text": "66", "answer_start": 47}],
                            "is_impossible": True,
                        },
                    ],
                }
            ],
        }
    ],
}


def squad(folder: Path, content: Any) -> Imported:
    file = folder / "train.json"
    file.write_text(json.dumps(content), "utf-8")
    return import_questions(file)


def bench(folder: Path, **files: list[Any] | str) -> Imported:
    for name, content in files.items():
        if isinstance(content, list):
            content = "".join(json.dumps(record) + "\n" for record in content)
        (folder / f"{name}.{'tsv' if name in ('qrels', 'pool') else 'jsonl'}").write_text(content, "utf-8")
    return import_questions(folder)


def test_squad_keeps_answers_context_and_what_is_impossible(tmp_path: Path) -> None:
    imported = squad(tmp_path, SQUAD)
    spans = [("66", "47"), ("66 Member States", "47"), ("66", "47")]
    around = {"context": CONTEXT, "title": "CT Travel", "article id": "7"}
    assert imported.questions == (
        Question(
            id="a",
            question="How many states does it assist?",
            facts=(("66", "66 Member States"),),
            answers=[{"text": text, "answer_start": start} for text, start in spans],
            **{"is_impossible": "false", **around},
        ),
        Question(
            id="b",
            question="What does it cost?",
            answerable=False,
            answers=[],
            plausible_answers=[{"text": "66", "answer_start": "47"}],
            **{"is_impossible": "true", **around},
        ),
    )
    assert imported.refused == ()
    assert imported.notes == ("'version' of the file is 'v2.0'; it is left out.",)


def test_squad_of_the_first_version_says_nothing_of_what_is_impossible(tmp_path: Path) -> None:
    asked = {"id": "a", "question": "Who?", "answers": [{"text": "Japan", "answer_start": 0}]}
    content = {"data": [{"title": "t", "paragraphs": [{"context": "Japan", "qas": [asked]}]}]}
    (question,) = squad(tmp_path, content).questions
    assert (question.answerable, question.facts) == (True, (("Japan",),))


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("words", "it is not a question with its answers"),
        ({"id": "a"}, "has no question"),
        ({"id": "a", "question": "  "}, "question: String should have at least 1 character"),
        ({"id": "a", "question": "Who?", "answers": "Japan"}, "its answers are no list of texts"),
        ({"id": "a", "question": "Who?", "answers": [{"text": 5}, {}]}, "one of its answers has no text"),
        ({"id": "a", "question": "Who \ud800?"}, "holds half a character"),
    ],
)
def test_an_item_of_squad_that_is_no_question_is_named_by_its_place(
    tmp_path: Path, asked: Any, reason: str
) -> None:
    good = {"id": "b", "question": "Why?"}
    content = {"data": [{"paragraphs": [{"context": "c", "qas": [good, asked]}]}]}
    imported = squad(tmp_path, content)
    assert [question.id for question in imported.questions] == ["b"]
    (refused,) = imported.refused
    assert refused.place == "data[0].paragraphs[0].qas[1]"
    assert reason in refused.reason


@pytest.mark.parametrize(
    "article", [5, {}, {"paragraphs": 5}, {"paragraphs": [5]}, {"paragraphs": [{"qas": {}}]}]
)
def test_an_article_without_questions_is_named(tmp_path: Path, article: Any) -> None:
    imported = squad(tmp_path, {"data": [article]})
    assert imported.questions == ()
    assert imported.refused[0].place.startswith("data[0]")


def test_deep_values_and_numbers_are_kept_as_text(tmp_path: Path) -> None:
    deep: Any = "bottom"
    for _ in range(100):
        deep = [deep]
    content = json.dumps(
        {"data": [{"paragraphs": [{"qas": [{"id": 1.10, "question": "Who?", "deep": deep}]}]}]}
    )
    file = tmp_path / "a.json"
    file.write_text(content.replace("1.1", "1.10"), "utf-8")
    (question,) = import_questions(file).questions
    assert question.id == "1.10"
    assert "bottom" in str((question.model_extra or {})["deep"])


def test_a_benchmark_of_answers_is_read(tmp_path: Path) -> None:
    imported = bench(
        tmp_path,
        qa=[
            {"id": "a", "context_id": "p1", "question": "Who?", "answers": ["Japan", "Nippon", "Japan"]},
            {"id": "b", "context_id": "p1", "question": "Why?", "answers": [], "answerable": False},
        ],
        queries=[{"id": "a", "text": "Who ?", "rewrite": "Who pays?"}],
        queries_unanswerable=[{"id": "b", "text": "Why?", "context_id": "p1"}],
        qrels="a\tp1\t1\na\tp2\t2\na\tp3\t0\n",
        corpus=[{"id": "p1", "text": "Japan"}],
    )
    assert imported.refused == ()
    assert imported.notes == ("Not questions, and left where they are: corpus.jsonl.",)
    assert imported.questions == (
        Question(
            id="a",
            question="Who?",
            facts=(("Japan", "Nippon"),),
            releases=("p1", "p2"),
            context_id="p1",
            answers=["Japan", "Nippon", "Japan"],
            rewrite="Who pays?",
            relevance={"p2": "2", "p3": "0"},
            **{"queries question": "Who ?"},
        ),
        Question(id="b", question="Why?", answerable=False, context_id="p1", answers=[]),
    )


def test_a_benchmark_of_conversations_keeps_what_was_answered(tmp_path: Path) -> None:
    history = [{"speaker": "user", "text": "Who?"}, {"speaker": "agent", "text": "Japan."}]
    imported = bench(
        tmp_path,
        queries=[
            {"id": "a", "text": "Why?", "history": history, "turn": 2},
            {"id": "c", "text": "c", "history": []},
        ],
        queries_unanswerable=[{"id": "b", "text": "When?", "answerability": "CONVERSATIONAL"}],
    )
    assert imported.questions == (
        Question(id="a", question="Why?", history=("Who?",), conversation=history, turn="2"),
        Question(id="c", question="c"),
        Question(id="b", question="When?", answerable=False, answerability="CONVERSATIONAL"),
    )


def test_a_benchmark_of_sentences_is_read(tmp_path: Path) -> None:
    held = ["Japan pays.", "Why not?"]
    imported = bench(
        tmp_path,
        sentences=[
            {"id": "a", "question": "Who?", "sentences": held, "answers": [0]},
            {"id": "b", "question": "Who else?", "sentences": held, "answers": []},
            {"id": "c", "question": "Who?", "sentences": held, "answers": [2]},
        ],
    )
    first, second = imported.questions
    assert (first.quotes, first.answerable) == (("Japan pays.",), True)
    assert (second.quotes, second.answerable) == ((), False)
    assert first.model_extra == {"sentences": held, "answers": ["0"]}
    assert imported.refused[0].place == "sentences.jsonl, line 3"
    assert "are not places among its 2 sentences" in imported.refused[0].reason


def test_lines_of_a_benchmark_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    imported = bench(
        tmp_path,
        qa='{"id": "a", "question": "Who?"}\nwords\n[1]\n\n{"id": "d"}\n{"id": "a", "question": "Who now?"}\n',
        queries=[{"id": "z", "text": "Why?"}],
        queries_unanswerable=[{"id": "z", "text": "Another?"}],
        qrels="query-id\tcorpus-id\tscore\na\t0\tp1\t1\nnobody\tp1\t1\nwords\n",
    )
    assert [(question.id, question.releases) for question in imported.questions] == [
        ("a", ("p1",)),
        ("a~2", ()),
    ]
    assert [refused.place for refused in imported.refused] == [
        "qa.jsonl, line 5",
        "queries.jsonl, line 1",
        "qa.jsonl, line 2",
        "qa.jsonl, line 3",
        "qrels.tsv, line 3",
        "qrels.tsv, line 4",
    ]


@pytest.mark.parametrize("name", ["corpus.jsonl", "words.txt"])
def test_a_folder_without_questions_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("{}")
    with pytest.raises(QuestionError, match="holds no questions"):
        import_questions(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "id question text answers history answerable releases facts seed sentences".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_read_or_refused_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, content: Any
) -> None:
    folder = tmp_path_factory.mktemp("bench")
    for name in ("qa", "queries", "sentences"):
        imported = bench(folder, **{name: [content]})
        assert len(imported.questions) + len(imported.refused) >= 1
    asked = squad(folder, {"data": [{"paragraphs": [{"qas": [content]}]}]})
    assert len(asked.questions) + len(asked.refused) == 1
