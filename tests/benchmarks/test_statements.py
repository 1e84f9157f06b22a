"""Questions and answers become statements, and true statements become faulty ones that differ in one thing."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.faults import HARD, KINDS, TRUE, cases, sample
from tests.benchmarks.statements import statement


@pytest.mark.parametrize(
    ("question", "answer", "language", "made"),
    [
        ("Who proclaimed the oil embargo?", "OAPEC", "en", "OAPEC proclaimed the oil embargo."),
        ("What is the capital of Chad?", "N'Djamena", "en", "The capital of Chad is N'Djamena."),
        ("When was the bridge built?", "1932", "en", "The bridge was built in 1932."),
        ("How many countries fund it?", "nine", "en", "Nine countries fund it."),
        ("How many dogs are there in town?", "12", "en", "There are 12 dogs in town."),
        ("Quel est le métier de Jean ?", "gardien", "fr", "Le métier de Jean est gardien."),
        ("Qui est le maire ?", "Paul", "fr", "Paul est le maire."),
        ("Quand le pont a-t-il été construit ?", "1932", "fr", "Le pont a été construit en 1932."),
        ("Why did it rain?", "clouds", "en", None),
        ("What did he say?", "no", "en", None),
        ("What is it?", "", "en", None),
    ],
)
def test_an_answer_makes_a_statement_of_its_question(
    question: str, answer: str, language: str, made: str | None
) -> None:
    assert statement(question, answer, language) == made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = (
        "The Bridge of Basel was built by Anna Meier in 1932. Its towers of stone are 66 metres high. "
        "Peter Keller opened it for the city of Basel. It was sold to Carl Huber."
    )
    asked = [
        ("Who built the bridge?", "Anna Meier"),
        ("When was the Bridge of Basel built?", "1932"),
        ("Who opened the Bridge of Basel?", "Peter Keller"),
    ]
    (tmp_path / "corpus.jsonl").write_text(
        json.dumps({"id": "b#0", "title": "Bridge of Basel", "text": text})
    )
    (tmp_path / "qa.jsonl").write_text(
        "\n".join(
            json.dumps({"id": str(number), "context_id": "b#0", "question": question, "answers": [answer]})
            for number, (question, answer) in enumerate(asked)
        )
    )
    return tmp_path


def test_faults_differ_from_what_is_true_in_the_thing_they_are_named_after(folder: Path) -> None:
    made = cases([folder], None, 1)
    by_kind = {kind: [case for case in made if case.kind == kind] for kind in (TRUE, *KINDS, *HARD)}
    true = {case.claim for case in by_kind[TRUE]}
    assert "The Bridge of Basel was built in 1932." in true
    assert all("1932" in case.evidence.quote or "opened" in case.evidence.quote for case in by_kind[TRUE])
    assert all("1932" not in case.claim for case in by_kind["altered date"])
    assert all(" not " in case.claim or " never " in case.claim for case in by_kind["negated"])
    assert {case.claim for case in by_kind["misattributed"]} <= true
    assert not true & {case.claim for kind in KINDS if kind != "misattributed" for case in by_kind[kind]}
    assert cases([folder], None, 1) == made


def test_a_sample_has_no_more_of_each_kind_than_asked_for(folder: Path) -> None:
    chosen = sample(cases([folder], None, 1), 1, 1)
    kinds = [case.kind for case in chosen]
    assert len(kinds) == len(set(kinds)) > 3
