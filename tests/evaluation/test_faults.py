"""Faults put into the real product: each makes the gate fail, and the report names the stage that is at fault."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bot import chain, lookup
from bot.chain import Bot
from bot.domain import Citation
from bot.evaluation.command import run
from bot.evaluation.report.phrases import stage_words
from bot.retrieve import Found, retrieve
from bot.settings import Settings
from ingest.sync import sync_settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # each answers the set anew

DJIBOUTI = "2023-06-23-unoct-djibouti-ct-travel-agreement"
SET = f"""
- {{id: funders, question: Who funds CT Travel?, facts: [[Hungary], [Qatar]], releases: [{DJIBOUTI}], language: en}}
- {{id: launched, question: When was CT Travel launched?, facts: [["2019"]], releases: [{DJIBOUTI}], language: en}}
- {{id: finance, question: Qui finance CT Travel ?, facts: [[Hungary]], releases: [{DJIBOUTI}], language: fr}}
- {{id: states, question: How many Member States benefit from the CT Travel Programme?, facts: [["66"]],
   releases: [{DJIBOUTI}], language: en}}
- {{id: signed, question: When did Djibouti and UNOCT sign the memorandum?, facts: [[23 June 2023]],
   releases: [{DJIBOUTI}], language: en}}
- {{id: mercury, question: What is the boiling point of mercury?, answerable: false, language: en}}
- {{id: jupiter, question: Combien de lunes Jupiter a-t-elle ?, answerable: false, language: fr}}
"""
MEASURES = ("accuracy", "declines", "false_declines", "quotes_verbatim", "answer_language")

Patch = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def sound(corpus_index: Path, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the set, a run without a fault, and a gate that claims what it reached."""
    folder = tmp_path_factory.mktemp("sound")
    (folder / "set.yaml").write_text(SET, encoding="utf-8")
    settings = Settings(data_dir=corpus_index, corpus_dir=corpus_dir)
    assert run([folder / "set.yaml"], folder / "run", lambda: Bot(settings)) == 0
    measures = json.loads((folder / "run" / "scores.json").read_text("utf-8"))["measures"]
    assert all(measures[name]["value"] == (name != "false_declines") for name in MEASURES)
    lines = [
        f"{name}: {{claimed: {measures[name]['value']}, least: {measures[name]['value']}}}"
        for name in MEASURES
    ]
    lines[MEASURES.index("false_declines")] = "false_declines: {claimed: 0, most: 0}"
    (folder / "gate.yaml").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def without_the_release(corpus_dir: Path, tmp_path: Path, model_cache: Path) -> Settings:
    shutil.copytree(corpus_dir, tmp_path / "corpus", ignore=shutil.ignore_patterns(f"{DJIBOUTI}*"))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(model_cache)
    settings = Settings(data_dir=tmp_path / "data", corpus_dir=tmp_path / "corpus")
    sync_settings(settings)
    return settings


def worst_first(
    question: str, language: str, vector: Any, catalog: Any, vectors: Any, limit: int, *more: Any
) -> Sequence[Found]:
    return retrieve(question, language, vector, catalog, vectors, 100, *more)[::-1][:limit]


def one_off(
    quoted: Callable[..., tuple[str, tuple[Citation, ...]]],
) -> Callable[..., tuple[str, tuple[Citation, ...]]]:
    def quoting(*given: Any) -> tuple[str, tuple[Citation, ...]]:
        text, citations = quoted(*given)
        return text, tuple(replace(each, start=each.start + 1, end=each.end + 1) for each in citations)

    return quoting


def stages_of(out: Path) -> set[str]:
    return set(json.loads((out / "scores.json").read_text("utf-8"))["lost_at"])


def test_a_sound_run_passes_its_gate_and_a_resumed_one_too(
    sound: Path, corpus_index: Path, corpus_dir: Path, tmp_path: Path
) -> None:
    settings = Settings(data_dir=corpus_index, corpus_dir=corpus_dir)
    answers = (sound / "run" / "answers.jsonl").read_bytes()
    (tmp_path / "answers.jsonl").write_bytes(answers[: len(answers) // 2])
    status = run(
        [sound / "set.yaml"],
        tmp_path,
        lambda: Bot(settings),
        resume=True,
        gate=sound / "gate.yaml",
        baseline=sound / "run",
    )
    assert status == 0
    kept, new = (
        [json.loads(line) for line in content.splitlines()]
        for content in (answers, (tmp_path / "answers.jsonl").read_bytes())
    )
    assert [line["id"] for line in new] == [line["id"] for line in kept]
    assert [line["answer"] for line in new] == [line["answer"] for line in kept]
    assert (
        sum(one == other for one, other in zip(kept, new, strict=True))
        == len(answers[: len(answers) // 2].splitlines()) - 1
    )


@pytest.mark.parametrize(
    ("fault", "stage"),
    [
        ("release removed", "not ingested"),
        ("retriever shuffled", "not retrieved"),
        ("threshold at 0", "answered what nothing answers"),
        ("threshold at 1", "declined"),
        ("quotes off by one", "quoted what does not stand there"),
        ("wrong language", "answered in another language"),
    ],
)
def test_a_fault_fails_the_gate_and_the_report_names_its_stage(
    fault: str,
    stage: str,
    sound: Path,
    corpus_index: Path,
    corpus_dir: Path,
    tmp_path: Path,
    monkeypatch: Patch,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = Settings(data_dir=corpus_index, corpus_dir=corpus_dir)
    if fault == "release removed":
        settings = request.getfixturevalue("without_the_release")
    elif fault == "retriever shuffled":
        monkeypatch.setattr(lookup, "retrieve", worst_first)
    elif fault.startswith("threshold"):
        settings = settings.model_copy(update={"minimum_probability": float(fault[-1])})
    elif fault == "quotes off by one":
        monkeypatch.setattr(chain, "quoted", one_off(chain.quoted))
    else:
        monkeypatch.setattr(lookup, "_language", lambda question, turns: "es")
    status = run([sound / "set.yaml"], tmp_path / "out", lambda: Bot(settings), gate=sound / "gate.yaml")
    assert status == 1
    assert "fails" in capsys.readouterr().err
    assert stage in stages_of(tmp_path / "out")
    for report in ("report.md", "report.html"):
        assert stage_words(stage) in unescape((tmp_path / "out" / report).read_text("utf-8"))
