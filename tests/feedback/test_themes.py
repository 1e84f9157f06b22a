"""What was declined is grouped by theme: across languages, by count, in seconds, under names one can read."""

import csv
import io
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.e5 import EmbeddedE5
from bot.feedback.grouping import NEAR, ORDINARY, ORDINARY_WEIGHT, centred, grouped
from bot.feedback.themes import Theme, themes
from bot.feedback.words import WORDS, shared_words
from bot.history import History, StoredAnswer
from tests.fakes import HashEmbeddings
from tests.feedback.conftest import answered, declined

Command = Callable[..., int]


def at(*degrees: float) -> NDArray[np.float32]:
    """Vectors of length 1 that point in these directions."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def by_words(texts: list[str]) -> NDArray[np.float32]:
    return np.array(HashEmbeddings().embed_documents(texts), np.float32)


@pytest.fixture(scope="module")
def embed(model_cache: Path) -> Callable[[list[str]], NDArray[np.float32]]:
    model = EmbeddedE5(model_cache)
    return lambda texts: np.array(model.embed_documents(texts), np.float32)


def stored(history: History, *asked: tuple[str, str]) -> tuple[StoredAnswer, ...]:
    """These questions, each with its language, declined in a conversation of its own."""
    for question, language in asked:
        name = history.create().id
        history.add(name, declined(question, f"{len(history.declined()):08x}", language))
    return history.declined()


# grouping

WIDTH = float(np.degrees(np.arccos(NEAR)))
"""How far apart, in degrees, two vectors of a group may point: 66."""


@pytest.mark.parametrize(
    ("vectors", "askings", "expected"),
    [
        # Near each other or not, and just so.
        (at(0, 10, 180, 190), [1, 1, 1, 1], [{0, 1}, {2, 3}]),
        (at(0, WIDTH - 1), [1, 1], [{0, 1}]),
        (at(0, WIDTH + 1), [1, 1], [{0}, {1}]),
        # Not a chain: 60 is near to 0 and to 120, which are not near to each other; the centre takes both.
        (at(0, 60, 120), [1, 1, 1], [{0, 1, 2}]),
        # 60, asked most, takes 0 and 120; 180 is left, and 120 is as near to it, but was first in line for 60.
        (at(0, 60, 120, 181), [1, 5, 1, 1], [{0, 1, 2}, {3}]),
        # 0 has the most askings near it and takes -60 and 50; 90 is left, and 50 is nearer to that.
        (at(0, 50, 90, -60), [9, 1, 1, 5], [{0, 3}, {1, 2}]),
        # A vector of nothing is near to nothing but itself.
        (np.zeros((2, 2), np.float32), [1, 1], [{0}, {1}]),
        (at(42), [1], [{0}]),
    ],
)
def test_questions_go_to_the_nearest_of_the_centres_with_the_most_askings_around(
    vectors: NDArray[np.float32], askings: list[int], expected: list[set[int]]
) -> None:
    groups = grouped(vectors, askings)

    assert sorted((set(np.flatnonzero(groups == group)) for group in set(groups)), key=min) == expected


def test_every_question_is_near_to_the_centre_of_its_group() -> None:
    """As the definition says, over random vectors, more than are compared at once."""
    random = np.random.default_rng(7)
    vectors = random.normal(size=(600, 6)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    groups = grouped(vectors, list(random.integers(1, 9, 600)))

    near = vectors @ vectors.T >= NEAR - 1e-6
    assert 1 < len(set(groups)) < 600
    for group in set(groups):
        members = groups == group
        assert near[members][:, members].all(axis=1).any()


def test_what_a_language_has_in_common_is_taken_away() -> None:
    count = len(ORDINARY["en"])
    ordinary = np.array([[1, 0]] * count + [[0, 1]] * count, np.float32)
    vectors = np.array([[1, 0.5], [0.5, 1], [0.5, 0.5]], np.float32)

    found = centred(vectors, ["en", "fr", "ar"], ordinary)

    # Each is alone in its language: the mean is (ORDINARY_WEIGHT * ordinary + it) / (ORDINARY_WEIGHT + 1).
    assert ORDINARY_WEIGHT == 50
    assert found[0] == pytest.approx([0, 1])
    assert found[1] == pytest.approx([1, 0])
    assert found[2] == pytest.approx([0, 0])


QUESTIONS = 4_000


@pytest.mark.parametrize("alike", [True, False])
def test_thousands_of_questions_take_seconds(alike: bool) -> None:
    """The worst of both: all near each other, and none near any other."""
    random = np.random.default_rng(1)
    vectors = random.normal(size=(QUESTIONS, 384)).astype(np.float32)
    if alike:
        vectors[:, 0] += 100
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    started = time.process_time()
    groups = grouped(vectors, [1] * len(vectors))
    seconds = time.process_time() - started
    print(f"{QUESTIONS:,} questions in {len(set(groups))} groups: {seconds:.1f} s of processor time")
    assert len(set(groups)) == (1 if alike else QUESTIONS)
    assert seconds < 10


# themes


BUDGET = (
    ("What is the annual budget of the CT Travel programme?", "en"),
    ("How much does the CT Travel programme cost a year?", "en"),
    ("Quel est le budget annuel du programme CT Travel ?", "fr"),
    ("Combien coûte le programme CT Travel par an ?", "fr"),
)
JOBS = (
    ("How can I apply for a job at the office?", "en"),
    ("Are there any job vacancies in the office?", "en"),
    ("Comment postuler à un emploi au Bureau ?", "fr"),
)
GAZA = (
    ("Did the office comment on the war in Gaza?", "en"),
    ("Le Bureau a-t-il commenté la guerre à Gaza ?", "fr"),
)
WEATHER = (("Will it rain in New York tomorrow?", "en"),)


def test_questions_of_one_theme_come_together_in_english_and_french(
    history: History, embed: Callable[[list[str]], NDArray[np.float32]]
) -> None:
    found = themes(stored(history, *BUDGET, *JOBS, *GAZA, *WEATHER), embed)

    assert [{question.question for question in theme.questions} for theme in found] == [
        {question for question, _ in theme} for theme in (BUDGET, JOBS, GAZA, WEATHER)
    ]
    assert [theme.asked for theme in found] == [4, 3, 2, 1]
    assert {"Travel", "CT"} <= set(found[0].words)
    assert "Gaza" in found[2].words


def test_a_question_that_many_ask_counts_many(
    history: History, embed: Callable[[list[str]], NDArray[np.float32]]
) -> None:
    asked = [*BUDGET, *[WEATHER[0]] * 3, ("will it rain in  NEW YORK tomorrow", "en"), *[WEATHER[0]] * 2]
    answers = stored(history, *asked)
    same = history.create().id
    history.add(same, declined(WEATHER[0][0], "1"))
    history.add(same, declined(WEATHER[0][0], "2"))

    first, second = themes(history.declined(), embed)
    assert (first.asked, first.conversations, len(first.questions)) == (8, 7, 1)
    assert first.questions[0].question == WEATHER[0][0]
    assert first.newest == history.declined()[0].asked
    assert (second.asked, second.conversations) == (4, 4)
    assert len(answers) == 10


def test_a_follow_up_counts_as_the_question_that_it_stands_for(history: History) -> None:
    name = history.create().id
    history.add(name, answered("What is CT Travel?", "a1"))
    history.add(name, declined("And its budget?", "a2", alone="What is the budget of CT Travel?"))

    (theme,) = themes(history.declined(), by_words)
    assert theme.questions[0].question == "What is the budget of CT Travel?"


def test_there_are_no_themes_of_nothing() -> None:
    assert themes((), by_words) == ()


@pytest.mark.parametrize("question", ["?!", "🙂", "\ud800", "a" * 3000, "ما هي الميزانية؟", "预算是多少？"])
def test_a_question_in_any_writing_has_a_theme(
    history: History, embed: Callable[[list[str]], NDArray[np.float32]], question: str
) -> None:
    found = themes(stored(history, (question, "ar"), *GAZA), embed)

    assert sum(theme.asked for theme in found) == 3
    assert [theme for theme in found if theme.questions[0].question == question]


# names


def test_a_group_is_named_by_what_its_questions_share_and_others_do_not() -> None:
    questions = [
        ("What is the budget of the programme?", "en", 1),
        ("Who decides on the budgets of the programme?", "en", 1),
        ("Quel est le budget du programme ?", "fr", 1),
        ("Who leads the programme?", "en", 1),
        ("Who leads it now?", "en", 1),
    ]

    assert shared_words(questions, [[0, 1, 2], [3, 4]]) == [("budget", "programme"), ("leads",)]


def test_a_word_counts_by_the_askings_it_stands_in() -> None:
    questions = [("Which trains run?", "en", 1), ("Which planes fly?", "en", 5)]

    assert shared_words(questions, [[0, 1]]) == [("planes", "fly")]


def test_a_group_that_shares_no_word_is_named_by_its_first_question() -> None:
    questions = [
        ("Which trains run?", "en", 1),
        ("Which planes fly?", "en", 1),
        ("Which ships sink?", "en", 1),
    ]

    assert shared_words(questions, [[0, 1, 2]]) == [("trains", "run")]


def test_a_name_reads_in_the_order_of_the_questions() -> None:
    questions = [("When is the next Counter-Terrorism Week?", "en", 1), ("Who funds it?", "en", 9)]

    assert shared_words(questions, [[0], [1]])[0] == ("next", "Counter", "Terrorism", "Week")


def test_a_name_is_short_and_may_be_empty() -> None:
    long = "Alpha beta gamma delta epsilon zeta eta theta?"
    names = shared_words([(long, "en", 1), ("?", "en", 1)], [[0], [1]])

    assert len(names[0]) == WORDS
    assert names[1] == ()


# the command


@pytest.fixture
def embedded(data_dir: Path, model_cache: Path, history: History) -> History:
    """A history in a data folder that has the embedded model."""
    (data_dir / "models").symlink_to(model_cache)
    stored(history, *BUDGET, *JOBS, *[WEATHER[0]] * 7)
    return history


@pytest.mark.usefixtures("embedded")
def test_what_is_missing_is_listed_by_theme(feedback: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert feedback(missing=True) == 0

    captured = capsys.readouterr()
    assert captured.err == ""
    first, second, third = captured.out.strip().split("\n\n")
    today = f"{time.strftime('%Y-%m-%d', time.gmtime())}"
    head, question = first.splitlines()
    assert head.endswith(f": 7 times in 7 conversations, last on {today}")
    assert question.split(maxsplit=2) == ["7", "0000000d", WEATHER[0][0]]
    assert ": 4 times in 4 conversations" in second
    assert ": 3 times in 3 conversations" in third
    assert len(second.splitlines()) == 5


@pytest.mark.usefixtures("embedded")
def test_what_is_missing_is_exported(
    feedback: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feedback(missing=True, json=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["asked"] for line in lines] == [7, 4, 3]
    assert lines[0]["questions"][0]["ids"] == [f"{number:08x}" for number in range(13, 6, -1)]
    assert lines[0]["newest"] == lines[0]["questions"][0]["newest"]
    assert {question["language"] for question in lines[1]["questions"]} == {"en", "fr"}

    file = tmp_path / "missing.csv"
    feedback(missing=True, csv=file)
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert [row["times in theme"] for row in rows] == ["7", *["4"] * 4, *["3"] * 3]
    assert {row["question"] for row in rows} == {question for question, _ in (*BUDGET, *JOBS, *WEATHER)}


def test_what_is_missing_can_be_what_was_complained_of_or_asked_of_late(
    embedded: History, feedback: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    embedded.rate("00000004", "down", "it should know")

    feedback(missing=True, down=True, json=True)
    (theme,) = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [question["question"] for question in theme["questions"]] == [JOBS[0][0]]

    feedback(missing=True, since="9999-12-31")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "No declined question of that kind is stored.\n")


def test_a_theme_of_many_questions_shows_some_and_says_how_many_more(
    history: History, feedback: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(history, *[(f"What is the budget for {year}?", "en") for year in range(2000, 2012)])
    monkeypatch.setattr(
        "bot.feedback.command._embedding", lambda _: lambda texts: by_words(["x"] * len(texts))
    )

    feedback(missing=True)
    output = capsys.readouterr().out
    assert output.splitlines()[0].startswith("budget: 12 times in 12 conversations")
    assert "and 7 more" in output


def test_a_theme_without_words_goes_by_its_question() -> None:
    from bot.feedback.missing import name
    from bot.feedback.themes import Asked

    with History.in_memory() as history:
        (answer,) = stored(history, ("?!\x1b[2J", "en"))
    assert name(Theme((), (Asked((answer,)),))) == "?! [2J"
