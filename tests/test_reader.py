"""The trained reader says which sentence of a passage answers, in which words, however long the passage is."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.e5 import EmbeddedE5
from bot.errors import EmbeddingsError
from bot.language.sentences import sentences
from bot.reader import Reader, Text, model
from bot.reader.memory import Memory

HARBOUR = (
    "The new harbour of Tadjourah was opened by the Minister of Transport, Ms. Halima Aden. "
    "Building it took four years. It cost 61 million dollars, of which Finland paid a third. "
    "Ferries to the islands leave twice a day."
)
PORT = (
    "Le nouveau port de Tadjourah a été inauguré par la ministre des Transports, Mme Halima Aden. "
    "Sa construction a duré quatre ans. Il a coûté 61 millions de dollars, dont un tiers payé par la Finlande. "
    "Les ferries pour les îles partent deux fois par jour."
)


@pytest.fixture(scope="module")
def reader(model_cache: Path) -> Reader:
    return Reader(EmbeddedE5(model_cache))


def text(passage: str, title: str = "") -> Text:
    return Text(title, passage, tuple((unit.start, unit.end) for unit in sentences(passage)))


def best(reader: Reader, question: str, passage: str) -> tuple[str, str]:
    """The sentence that answers best, and the words of it that do."""
    (reading,) = reader.read(question, [text(passage)])
    place = int(reading.answers.argmax())
    start, end = text(passage).units[place]
    return passage[start:end], passage[slice(*reading.spans[place])]


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("Who opened the harbour?", "opened by", "Halima Aden"),
        ("How long was it under construction?", "four years", "four years"),
        ("How much money did the harbour cost?", "61 million", "61 million"),
        ("How often do ferries leave?", "twice a day", "twice a day"),
        ("Qui a inauguré le port ?", "opened by", "Halima Aden"),
        ("Combien de temps la construction a-t-elle duré ?", "four years", "four years"),
    ],
)
def test_the_sentence_that_answers_is_read_in_either_language(
    reader: Reader, question: str, sentence: str, words: str
) -> None:
    found, answer = best(reader, question, HARBOUR)
    assert sentence in found
    assert words in answer


@pytest.mark.parametrize(
    ("question", "sentence"),
    [("Qui a inauguré le port ?", "inauguré par"), ("How many years did it take to build?", "quatre ans")],
)
def test_french_passages_are_read_as_well(reader: Reader, question: str, sentence: str) -> None:
    assert sentence in best(reader, question, PORT)[0]


def test_a_passage_that_answers_says_so_louder_than_one_that_does_not(reader: Reader) -> None:
    other = "The library of Obock lends books on Mondays. Its reading room holds forty readers."
    here, there = reader.read("Who opened the harbour of Tadjourah?", [text(HARBOUR), text(other)])
    assert here.answers.max() > 0 > there.answers.max()
    assert here.margins[int(here.answers.argmax())] > there.margins.max()


def test_a_text_is_read_the_same_alone_and_among_others(reader: Reader) -> None:
    question = "How much did the harbour cost?"
    (alone,) = reader.read(question, [text(HARBOUR)])
    among = reader.read(question, [text(PORT), text(HARBOUR), text("A. B.")])[1]
    assert np.array_equal(alone.answers, among.answers)
    assert alone.spans == among.spans


def test_texts_are_read_each_with_its_own_question_however_long_they_are(reader: Reader) -> None:
    pairs = [("Qui a inauguré le port ?", text("A. B.")), ("Who opened it?", text(HARBOUR)), ("", text(PORT))]
    for (question, each), among in zip(pairs, reader.read_each(pairs), strict=True):
        (alone,) = reader.read(question, [each])
        assert np.array_equal(alone.answers, among.answers)
        assert alone.spans == among.spans


def test_an_answer_far_down_a_long_passage_is_found(reader: Reader) -> None:
    filling = " ".join(
        f"Section {number} of the report deals with roads and bridges." for number in range(120)
    )
    found, _ = best(reader, "Who opened the harbour of Tadjourah?", f"{filling} {HARBOUR}")
    assert "opened by" in found


def test_what_stands_before_a_passage_tells_what_it_is_about(reader: Reader) -> None:
    question = "How many ports does the Harbour Fund assist?"
    passage = "The Fund assists 66 ports. It meets twice a year in Obock."
    before = "The Harbour Fund was founded by Finland to pay for ferries. "
    told, untold = (reader.read(question, [replace(text(passage), before=each)])[0] for each in (before, ""))
    assert told.margins[0] > untold.margins[0]
    assert told.margins.argmax() == 0
    assert passage[slice(*told.spans[0])].startswith("66")


def test_what_stands_before_a_passage_is_left_out_where_both_are_too_long(reader: Reader) -> None:
    question = "Who opened the harbour of Tadjourah?"
    (alone,) = reader.read(question, [text(HARBOUR)])
    (far,) = reader.read(question, [replace(text(HARBOUR), before="Roads and bridges. " * 200)])
    assert np.array_equal(far.margins, alone.margins)
    assert far.spans == alone.spans


def test_nothing_to_read_is_nothing_read(reader: Reader) -> None:
    assert reader.read("Who?", []) == []
    (empty,) = reader.read("Who?", [Text("", "", ())])
    assert len(empty.answers) == 0
    (blank,) = reader.read("", [Text("", " \n ", ((0, 3),))])
    assert np.isfinite(blank.answers).all()


@settings(max_examples=25, deadline=None)
@given(
    st.text(max_size=400),
    st.text(max_size=60),
    st.lists(st.integers(min_value=0, max_value=400), min_size=2, max_size=8),
    st.text(max_size=100),
)
def test_answers_lie_inside_what_was_asked_about(
    reader: Reader, passage: str, question: str, edges: list[int], before: str
) -> None:
    places = sorted({min(edge, len(passage)) for edge in edges})
    units = tuple(pairwise(places))
    (reading,) = reader.read(question, [Text("A title", passage, units, before)])
    assert len(reading.answers) == len(reading.margins) == len(reading.spans) == len(units)
    assert np.isfinite(reading.answers).all()
    assert np.isfinite(reading.margins).all()
    for start, end in reading.spans:
        assert 0 <= start <= end <= len(passage)


def test_a_reader_that_is_missing_or_damaged_is_named(
    model_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "NETWORK", tmp_path / "reader.onnx")
    with pytest.raises(EmbeddingsError, match=r"reader\.onnx cannot be read"):
        Reader(EmbeddedE5(model_cache)).read("Who?", [text(HARBOUR)])
    (tmp_path / "reader.onnx").write_bytes(b"no network")
    with pytest.raises(EmbeddingsError, match="cannot load the reader"):
        Reader(EmbeddedE5(model_cache)).read("Who?", [text(HARBOUR)])


def test_the_network_is_small_enough_to_ship() -> None:
    assert model.NETWORK.stat().st_size < 30_000_000
    assert model.NETWORK.with_name("MODEL_CARD.md").exists()


def test_what_was_read_is_remembered_and_not_read_again() -> None:
    memory: Memory[tuple[str, str], str] = Memory(3)
    read: list[tuple[str, str]] = []

    def reading(pairs: Sequence[tuple[str, str]]) -> list[str]:
        read.extend(pairs)
        return [text.upper() for _, text in pairs]

    assert memory.recall([("q", "a"), ("q", "b"), ("q", "a")], reading) == ["A", "B", "A"]
    assert memory.recall([("q", "b"), ("q", "c")], reading) == ["B", "C"]
    assert memory.recall([("other", "a")], reading) == [
        "A"
    ]  # and what was used longest ago, q over a, is forgotten
    assert memory.recall([("q", "b"), ("q", "a")], reading) == ["B", "A"]
    assert read == [("q", "a"), ("q", "b"), ("q", "c"), ("other", "a"), ("q", "a")]


def test_without_room_nothing_is_remembered() -> None:
    memory: Memory[str, str] = Memory(0)
    read: list[str] = []
    for _ in range(2):
        memory.recall(["a"], lambda texts: read.extend(texts) or texts)  # type: ignore[func-returns-value]
    assert read == ["a", "a"]
