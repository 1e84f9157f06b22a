"""Words of a question find their like in a passage, in its language or another, with the real model."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import closeness as module
from bot.closeness import AskedWords, WordStates, closeness
from bot.e5 import EmbeddedE5

FUNDED = "The programme is co-funded by Japan and Hungary."
WEATHER = "It rained in the mountains throughout the weekend."
HOSTILE = ["", " \n", "?!…", "\0", "🚀🚀", "مكافحة الإرهاب", "反恐", "e\u0301\u0301\u0301", "word " * 700]


@pytest.fixture(scope="module")
def embeddings(model_cache: Path) -> EmbeddedE5:
    return EmbeddedE5(model_cache)


@pytest.fixture
def words(embeddings: EmbeddedE5) -> WordStates:
    return WordStates(embeddings)


def total(words: WordStates, question: str, text: str) -> float:
    (read,) = words.passages([text])
    return float(closeness(words.question(question), read, 0, len(text)).sum())


@pytest.mark.parametrize(
    "question", ["Who finances the programme?", "Qui finance le programme ?", "من يمول البرنامج؟"]
)
def test_a_question_is_closer_to_what_it_is_about_in_whatever_language(
    words: WordStates, question: str
) -> None:
    assert total(words, question, FUNDED) > total(words, question, WEATHER)


@pytest.mark.parametrize(
    ("question", "word", "like", "unlike"),
    [
        ("Qui finance le programme ?", "finance", "funded", "Hungary"),
        ("Qui finance le programme ?", "programme", "programme", "Japan"),
        ("Quand la Hongrie a-t-elle payé ?", "Hongrie", "Hungary", "funded"),
    ],
)
def test_a_french_word_finds_its_english_counterpart(
    words: WordStates, question: str, word: str, like: str, unlike: str
) -> None:
    asked = words.question(question)
    place = asked.words.index(word)
    alone = AskedWords((word,), asked.vectors[place : place + 1])
    (read,) = words.passages([FUNDED])

    def match(text: str) -> float:
        start = FUNDED.index(text)
        return float(closeness(alone, read, start, start + len(text)).sum())

    assert match(like) > match(unlike)


def test_the_words_of_a_passage_have_their_spans_and_vectors_of_length_one(words: WordStates) -> None:
    (read,) = words.passages([FUNDED])
    assert [FUNDED[start:end] for start, end in read.spans.tolist()] == (
        ["The", "programme", "is", "co", "funded", "by", "Japan", "and", "Hungary"]
    )
    assert np.allclose(np.linalg.norm(read.vectors, axis=1), 1, atol=1e-5)


def test_the_words_of_a_question_share_one(words: WordStates) -> None:
    asked = words.question("Who finances the programme?")
    assert asked.words == ("Who", "finances", "the", "programme")
    assert asked.shares.sum() == pytest.approx(1, abs=1e-5)


def test_remembered_words_are_the_fresh_ones(words: WordStates, embeddings: EmbeddedE5) -> None:
    texts = [FUNDED, WEATHER, FUNDED, ""]
    for read in (words.passages(texts), words.passages(texts)):
        fresh = WordStates(embeddings).passages(texts)
        for one, other in zip(read, fresh, strict=True):
            assert np.array_equal(one.spans, other.spans)
            assert np.array_equal(one.vectors, other.vectors)


def test_a_remembered_passage_is_not_read_again(
    words: WordStates, embeddings: EmbeddedE5, monkeypatch: pytest.MonkeyPatch
) -> None:
    words.passages([FUNDED])
    read: list[str] = []
    monkeypatch.setattr(embeddings, "hidden", lambda texts: read.extend(texts) or [])
    words.passages([FUNDED, FUNDED])
    assert read == []


def test_what_is_forgotten_is_read_again(words: WordStates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 2)
    texts = [f"Passage number {number}." for number in range(5)]
    first, again = words.passages(texts), words.passages(texts)
    assert len(words._known) == 2
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.vectors, other.vectors)


def test_threads_read_the_same(words: WordStates) -> None:
    texts = [f"The programme assists {number} states." for number in range(6)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: words.passages(texts), range(8)))
    for read in found[1:]:
        for one, other in zip(found[0], read, strict=True):
            assert np.array_equal(one.vectors, other.vectors)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_texts_have_as_many_vectors_as_words(words: WordStates, text: str) -> None:
    (read,) = words.passages([text])
    assert len(read.spans) == len(read.vectors) == len(module._WORD.findall(text))
    assert np.isfinite(read.vectors).all()
    asked = words.question(text)
    assert np.isfinite(asked.vectors).all()
    assert len(asked.words) == len(asked.vectors) == len(read.spans)


def test_no_passages_have_no_words(words: WordStates) -> None:
    assert words.passages([]) == []


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 3), (5, 7), (400, 500)])
def test_a_span_without_a_whole_word_is_close_to_nothing(words: WordStates, start: int, end: int) -> None:
    (read,) = words.passages([FUNDED])
    found = closeness(words.question("Who finances it?"), read, start, end)
    assert found.tolist() == [0, 0, 0]


@settings(max_examples=20)
@given(st.text(max_size=40), st.text(max_size=80))
def test_no_word_is_closer_than_its_share(embeddings: EmbeddedE5, question: str, text: str) -> None:
    words = WordStates(embeddings)
    asked = words.question(question)
    (read,) = words.passages([text])
    found = closeness(asked, read, 0, len(text))
    assert found.shape == (len(asked.words),)
    assert (np.abs(found) <= asked.shares + 1e-5).all()
