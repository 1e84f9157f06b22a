"""The history keeps conversations across restarts, threads and processes, and says what to do otherwise."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain import Answer, Citation, Closest, Turn
from bot.errors import StorageError
from bot.history import TITLE_CHARACTERS, VERSION, History

QUOTE = "The Programme is co-funded by Qatar, Japan and Hungary."


def turn(question: str = "Who funds CT Travel?", answer_id: str = "a1") -> Turn:
    citation = Citation(
        1,
        QUOTE,
        "2023/djibouti",
        "Agreement",
        date(2023, 6, 23),
        "en",
        "2023/djibouti.txt",
        5,
        61,
        "f" * 64,
        None,
    )
    answer = Answer(
        answer_id, question, question, f"{QUOTE} [1]", False, "en", "reading", (citation,), 0.25, 0.9,
        Closest("2022/doha", "Doha", None), "Read-only index.",
    )  # fmt: skip
    return Turn(question, answer)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[History]:
    with History.open(path) as history:
        yield history


def test_a_turn_is_read_back_as_it_was_after_a_restart(path: Path) -> None:
    with History.open(path) as first:
        conversation = first.create()
        first.add(conversation.id, turn())

    with History.open(path) as second:
        assert second.turns(conversation.id) == (turn(),)


def test_turns_stay_in_the_order_they_were_added(history: History) -> None:
    conversation = history.create()
    for number in range(12):
        history.add(conversation.id, turn(f"Question {number}?", f"a{number}"))

    assert [t.question for t in history.turns(conversation.id)] == [f"Question {n}?" for n in range(12)]


def test_conversations_are_apart(history: History) -> None:
    one, other = history.create(), history.create()
    history.add(one.id, turn())

    assert history.turns(other.id) == ()
    assert history.turns("unknown") == ()


def test_ids_are_long_random_and_all_different(history: History) -> None:
    ids = {history.create().id for _ in range(50)}

    assert len(ids) == 50
    assert all(len(conversation_id) == 32 and int(conversation_id, 16) >= 0 for conversation_id in ids)


def test_the_conversation_with_the_newest_turn_comes_first(history: History) -> None:
    old, new = history.create("old"), history.create("new")
    assert [c.title for c in history.list()] == ["new", "old"]

    history.add(old.id, turn())
    assert [c.id for c in history.list()] == [old.id, new.id]


def test_times_are_in_utc(history: History) -> None:
    created = history.create()
    history.add(created.id, turn())

    (listed,) = history.list()
    assert listed.created == created.created
    assert listed.created.tzinfo == UTC
    assert timedelta(0) <= datetime.now(UTC) - listed.updated < timedelta(minutes=1)
    assert listed.updated >= listed.created


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Who funds CT Travel?", "Who funds CT Travel?"),
        ("  Who\n\tfunds\x00 CT Travel? ", "Who funds CT Travel?"),
        ("word " * 60, ("word " * 16).strip()[: TITLE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"),
        ("x" * 5000, "x" * (TITLE_CHARACTERS - 1) + "…"),
        ("\ud800 alone", "? alone"),
        ("مرحبا 🙂 é", "مرحبا 🙂 é"),
    ],
)
def test_the_first_question_becomes_the_title(history: History, question: str, title: str) -> None:
    conversation = history.create()
    history.add(conversation.id, turn(question))
    history.add(conversation.id, turn("And later?", "a2"))

    assert history.list()[0].title == title
    assert history.turns(conversation.id)[0].question == question


def test_a_given_title_is_kept_and_can_be_changed(history: History) -> None:
    conversation = history.create("Funding")
    history.add(conversation.id, turn())
    assert history.list()[0].title == "Funding"

    history.rename(conversation.id, "  Money  ")
    assert history.list()[0].title == "Money"
    history.rename(conversation.id, " \n ")
    assert history.list()[0].title == "Money"


def test_a_deleted_conversation_takes_turns_and_feedback_with_it(history: History) -> None:
    gone, kept = history.create(), history.create()
    history.add(gone.id, turn(answer_id="gone"))
    history.add(kept.id, turn(answer_id="kept"))
    history.rate("gone", "up", "")
    history.rate("kept", "down", "")

    history.delete(gone.id)
    history.delete(gone.id)

    assert [c.id for c in history.list()] == [kept.id]
    assert history.turns(gone.id) == ()
    assert [f.answer_id for f in history.feedback()] == ["kept"]


def test_a_deleted_conversation_takes_no_more_turns(history: History) -> None:
    conversation = history.create()
    history.delete(conversation.id)

    with pytest.raises(StorageError, match="no longer exists"):
        history.add(conversation.id, turn())
    with pytest.raises(StorageError, match="no longer exists"):
        history.rename(conversation.id, "Name")
    assert history.turns(conversation.id) == ()


def test_feedback_is_stored_replaced_and_withdrawn(history: History) -> None:
    history.rate("a1", "down", " wrong year ")
    history.rate("a2", "up", "")
    assert [(f.answer_id, f.thumbs, f.comment) for f in history.feedback()] == [
        ("a2", "up", ""),
        ("a1", "down", "wrong year"),
    ]

    history.rate("a1", "up", "")
    rating = history.rating("a1")
    assert rating is not None
    assert (rating.thumbs, rating.comment) == ("up", "")

    history.rate("a1", None, "")
    assert history.rating("a1") is None
    history.rate("a2", None, "kept words")
    assert [(f.thumbs, f.comment) for f in history.feedback()] == [(None, "kept words")]


def test_threads_share_one_history(history: History) -> None:
    conversation = history.create()

    def ask(number: int) -> None:
        history.add(conversation.id, turn(f"{number}", f"a{number}"))
        history.turns(conversation.id)
        history.rate(f"a{number}", "up", "")

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(ask, range(100)))

    assert sorted(int(t.question) for t in history.turns(conversation.id)) == list(range(100))
    assert len(history.feedback()) == 100


def test_processes_that_open_the_same_new_history_at_once_lose_nothing(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from bot.history import History\n"
        "with History.open(Path(sys.argv[1])) as history:\n"
        "    for number in range(20): history.create(f'{sys.argv[2]}-{number}')"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(path), str(n)], stderr=subprocess.PIPE)
        for n in range(4)
    ]
    errors = [process.communicate(timeout=60)[1].decode() for process in processes]

    assert errors == [""] * 4
    with History.open(path) as history:
        assert {c.title for c in history.list()} == {f"{p}-{n}" for p in range(4) for n in range(20)}


def test_a_new_history_is_opened_once_the_process_that_makes_it_has_done(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = threading.Timer(0.2, lambda: other.execute("COMMIT"))
        done.start()
        with History.open(path) as history:
            assert history.list() == ()
        done.join()


def test_a_new_history_that_stays_locked_is_told_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.history.BUSY_SECONDS", 0.05)
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="another process"):
            History.open(path)


def test_a_writer_that_waits_too_long_is_told_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.history.BUSY_SECONDS", 0.05)
    with History.open(path) as history, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="another process"):
            history.create()
        assert history.list() == ()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_named_with_what_to_do_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(StorageError, match=r"damaged.*Move the file aside") as caught:
        History.open(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


def test_a_page_torn_in_the_middle_is_found_when_it_is_opened(path: Path) -> None:
    with History.open(path) as history:
        conversation = history.create()
        for number in range(60):
            history.add(conversation.id, turn("long " * 200, f"a{number}"))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 8192] = b"\x5a" * 8192
    path.write_bytes(content)

    with pytest.raises(StorageError, match="Move the file aside"):
        History.open(path)


def test_a_history_knows_when_its_file_was_moved_aside(history: History, path: Path) -> None:
    assert history.is_current

    path.rename(path.with_suffix(".aside"))
    assert not history.is_current
    with History.open(path) as new:
        assert new.list() == ()
        assert new.is_current
    assert not history.is_current


def test_a_history_in_memory_has_no_file_to_lose() -> None:
    with History.in_memory() as history:
        assert history.is_current


def test_a_history_of_a_newer_version_is_refused(path: Path) -> None:
    History.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")

    with pytest.raises(StorageError, match="newer version"):
        History.open(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match="COMMUNIQUE_DATA_DIR"):
        History.open(tmp_path / "file" / "history.sqlite")
    with pytest.raises(StorageError, match="COMMUNIQUE_DATA_DIR"):
        History.open(tmp_path)


def test_a_turn_that_is_not_the_contract_is_named(history: History, path: Path) -> None:
    conversation = history.create()
    history.add(conversation.id, turn())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE turn SET content = '{}'")

    with pytest.raises(StorageError, match=conversation.id):
        history.turns(conversation.id)
    history.delete(conversation.id)
    assert history.list() == ()


def test_a_history_in_memory_works_from_another_thread_and_writes_no_file(tmp_path: Path) -> None:
    with History.in_memory() as history:
        conversation = history.create()
        thread = threading.Thread(target=history.add, args=(conversation.id, turn()))
        thread.start()
        thread.join()

        assert history.turns(conversation.id) == (turn(),)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(question=st.text(st.characters(exclude_categories=[])), text=st.text(), comment=st.text())
def test_any_text_comes_back_as_it_went_in(question: str, text: str, comment: str) -> None:
    answer = Answer("a", question, question, text, True, "fr", "reading")
    with History.in_memory() as history:
        conversation = history.create()
        history.add(conversation.id, Turn(question, answer))
        history.rate("a", "up", comment)

        assert history.turns(conversation.id) == (Turn(question, answer),)
        title = history.list()[0].title
        rating = history.rating("a")
    assert len(title) <= TITLE_CHARACTERS
    assert "\n" not in title
    assert rating is not None
    assert rating.comment == comment.strip()


OLD = """
PRAGMA journal_mode = WAL;
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS conversation (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conversation_updated ON conversation (updated);
CREATE TABLE IF NOT EXISTS turn (
    number INTEGER PRIMARY KEY,
    conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    answer_id TEXT NOT NULL,
    content TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS turn_conversation ON turn (conversation);
CREATE TABLE IF NOT EXISTS feedback (
    answer_id TEXT PRIMARY KEY,
    thumbs TEXT,
    comment TEXT NOT NULL,
    given TEXT NOT NULL
);
PRAGMA user_version = 1;
COMMIT;
"""
"""The first version's schema, word for word as it was."""
OLD_TURN = (
    '{"question": "Who funds it?", "answer": {"id": "%s", "question": "Who funds it?", '
    '"standalone_question": "Who funds CT Travel?", "answer": "Caf\\u00e9 [1]", "declined": %s, '
    '"language": "en", "mode": "reading", "citations": [{"number": 1, "quote": "Caf\\u00e9", '
    '"release_id": "r", "title": "T", "date": "2023-06-23", "language": "en", "file": "r.txt", "start": 0, '
    '"end": 4, "revision": "ff", "issuer": null}], "seconds": 0.25, "probability": 0.9, "closest": null, '
    '"notice": null}}'
)


@pytest.fixture
def old(path: Path) -> Path:
    """A history that the first version wrote: two conversations, three turns, one of them rated."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(OLD)
        connection.executemany(
            "INSERT INTO conversation VALUES (?, ?, ?, ?)",
            [
                ("c1", "First", "2026-01-01T10:00:00.000000+00:00", "2026-01-03T10:00:00.000000+00:00"),
                ("c2", "Second", "2026-01-02T10:00:00.000000+00:00", "2026-01-02T11:00:00.000000+00:00"),
            ],
        )
        connection.executemany(
            "INSERT INTO turn (conversation, answer_id, content) VALUES (?, ?, ?)",
            [
                ("c1", "a1", OLD_TURN % ("a1", "false")),
                ("c2", "b1", OLD_TURN % ("b1", "true")),
                ("c1", "a2", OLD_TURN % ("a2", "true")),
            ],
        )
        connection.execute(
            "INSERT INTO feedback VALUES ('a1', 'down', 'wrong', '2026-01-01T10:05:00.000000+00:00')"
        )
    return path


def test_a_history_of_the_first_version_keeps_opening_with_all_it_holds(old: Path) -> None:
    for _ in range(2):  # the second time it is of this version
        with History.open(old) as history:
            assert [(c.id, c.title) for c in history.list()] == [("c1", "First"), ("c2", "Second")]
            assert [t.answer.id for t in history.turns("c1")] == ["a1", "a2"]
            assert history.turns("c1")[0].answer.citations[0].quote == "Café"
            assert [(f.answer_id, f.comment) for f in history.feedback()] == [("a1", "wrong")]
            assert [(a.id, a.asked) for a in history.declined()] == [
                ("a2", datetime(2026, 1, 3, 10, tzinfo=UTC)),
                ("b1", datetime(2026, 1, 2, 11, tzinfo=UTC)),
            ]
            (rated,) = history.rated()
            assert (rated.id, rated.asked) == ("a1", datetime(2026, 1, 3, 10, tzinfo=UTC))
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_turns_of_the_first_version_keep_their_time_when_the_conversation_goes_on(old: Path) -> None:
    with History.open(old) as history:
        history.add("c2", turn(answer_id="b2"))

        assert [(a.id, a.asked) for a in history.declined()][-1] == (
            "b1",
            datetime(2026, 1, 2, 11, tzinfo=UTC),
        )


def test_a_process_of_the_first_version_that_is_still_running_loses_nothing(old: Path) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as first, History.open(old) as history:
        first.execute(
            "INSERT INTO turn (conversation, answer_id, content) VALUES ('c2', 'b2', ?)",
            (OLD_TURN % ("b2", "true"),),
        )
        first.execute(
            "INSERT OR REPLACE INTO feedback VALUES ('b2', 'up', '', '2026-01-04T10:00:00.000000+00:00')"
        )

        assert [t.answer.id for t in history.turns("c2")] == ["b1", "b2"]
        assert [(a.id, a.asked) for a in history.rated()] == [
            ("b2", datetime(2026, 1, 2, 11, tzinfo=UTC)),
            ("a1", datetime(2026, 1, 3, 10, tzinfo=UTC)),
        ]


def test_processes_that_bring_the_same_history_up_to_date_at_once_lose_nothing(old: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from bot.history import History\n"
        "with History.open(Path(sys.argv[1])) as history: print(len(history.turns('c1')))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(old)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]

    assert [process.communicate(timeout=60) for process in processes] == [(b"2\n", b"")] * 4


def test_a_history_that_cannot_be_brought_up_to_date_is_left_as_it_is(old: Path) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute("CREATE INDEX turn_answer ON conversation (title)")  # in the way of the last step

    with pytest.raises(StorageError, match="Move the file aside"):
        History.open(old)
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        columns = [row[1] for row in connection.execute("PRAGMA table_info(turn)")]
    assert columns == ["number", "conversation", "answer_id", "content"]


def declined(question: str, answer_id: str) -> Turn:
    answer = Answer(answer_id, question, f"{question} (alone)", "Not in the releases.", True, "en", "reading")
    return Turn(question, answer)


def test_a_rated_answer_comes_with_its_turn_and_the_questions_before_it(history: History) -> None:
    conversation, other = history.create(), history.create()
    history.add(conversation.id, turn("What is CT Travel?", "a1"))
    history.add(other.id, turn("Something else?", "x1"))
    history.add(conversation.id, turn("Who funds it?", "a2"))
    history.add(conversation.id, turn("Since when?", "a3"))
    history.rate("a2", "down", "wrong year")
    history.rate("x1", "up", "")

    newest, rated = history.rated()
    assert (newest.id, newest.history, newest.conversation) == ("x1", (), other.id)
    assert rated.turn == turn("Who funds it?", "a2")
    assert rated.history == ("What is CT Travel?",)
    assert rated.feedback == history.rating("a2")
    assert rated.asked is not None
    assert timedelta(0) <= datetime.now(UTC) - rated.asked < timedelta(minutes=1)
    assert rated.feedback is not None
    assert rated.when == rated.feedback.given >= rated.asked


def test_feedback_on_an_answer_that_is_not_stored_is_kept_without_it(history: History) -> None:
    history.rate("elsewhere", "down", "wrong")

    (rated,) = history.rated()
    assert (rated.id, rated.turn, rated.asked, rated.history) == ("elsewhere", None, None, ())
    assert rated.feedback is not None
    assert rated.when == rated.feedback.given
    assert history.begins("else") == ()


def test_declined_answers_are_known_without_feedback(history: History) -> None:
    conversation = history.create()
    history.add(conversation.id, turn("Who funds it?", "a1"))
    history.add(conversation.id, declined("What does it cost?", "a2"))
    history.add(conversation.id, declined("And in 2024?", "a3"))
    history.rate("a2", "down", "you should know")

    stored = {answer.id: answer for answer in history.declined()}
    assert set(stored) == {"a2", "a3"}
    assert stored["a3"].feedback is None
    assert stored["a3"].history == ("Who funds it?", "What does it cost?")
    assert stored["a3"].when == stored["a3"].asked
    assert stored["a2"].feedback == history.rating("a2")

    history.delete(conversation.id)
    assert history.declined() == history.rated() == ()


def test_what_a_declined_answer_says_about_declining_is_not_taken_for_it(history: History) -> None:
    conversation = history.create()
    history.add(conversation.id, turn('"declined": true', "a1"))

    assert history.declined() == ()


def test_answers_are_found_by_the_beginning_of_their_id(history: History) -> None:
    conversation = history.create()
    for answer_id in ("3fa1", "3fb2", "ab_1"):
        history.add(conversation.id, turn(answer_id=answer_id))

    assert [answer.id for answer in history.begins("3f")] == ["3fb2", "3fa1"]
    assert [answer.id for answer in history.begins("3fa1")] == ["3fa1"]
    assert history.begins("%") == history.begins("3_") == history.begins("\udcff") == ()


def test_a_rated_turn_that_is_not_the_contract_is_named(history: History, path: Path) -> None:
    conversation = history.create()
    history.add(conversation.id, turn())
    history.rate("a1", "down", "")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE turn SET content = 'no JSON'")

    with pytest.raises(StorageError, match=conversation.id):
        history.rated()
    assert history.declined() == ()
