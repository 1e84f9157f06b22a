import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest

from bot.catalog import FILE, Catalog, Entry, Stamp
from bot.chain import Bot
from bot.domain import Answer, Citation, Release, Turn, Usage
from bot.errors import IndexDamagedError, QuestionError, StorageError
from bot.evaluation.command import run
from bot.evaluation.evaluate import evaluate
from bot.evaluation.sets.questions import Question

TEXT = "The programme was launched in 2019. It is funded by Japan and Hungary."
QUOTE = "It is funded by Japan and Hungary."
START = TEXT.index(QUOTE)


def text_of(release_id: str, revision: str) -> str | None:
    return TEXT if (release_id, revision) == ("djibouti", "r1") else None


def citation(quote: str = QUOTE, start: int = START) -> Citation:
    end = start + len(quote)
    return Citation(1, quote, "djibouti", "Title", date(2023, 6, 23), "en", "d.txt", start, end, "r1")


def answer(question: str, text: str = QUOTE, declined: bool = False, *citations: Citation) -> Answer:
    return Answer("random", question, question, text, declined, "en", "reading", citations)


class Scripted:
    """Answers from a script and remembers what it was asked, with how many turns before."""

    def __init__(self, **replies: Answer | Exception) -> None:
        self.replies = replies
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def __call__(self, question: str, turns: tuple[Turn, ...]) -> Answer:
        self.asked.append((question, tuple(turn.question for turn in turns)))
        reply = self.replies.get(question, answer(question))
        if isinstance(reply, Exception):
            raise reply
        return reply


class ScriptedBot(Bot):
    """A bot over a catalog that holds one release, answering from a script."""

    catalog: Catalog = None  # type: ignore[assignment]
    mode = "reading"

    def __init__(self, catalog: Catalog, ask: Scripted) -> None:
        self.catalog = catalog
        self._ask = ask

    def minimum_probability(self, language: str) -> float:
        return 0.2

    def account(self, question: str, turns: Sequence[Turn] = ()) -> Answer:  # type: ignore[override]
        return self._ask(question, tuple(turns))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / FILE, create=True) as opened:
        release = Release("djibouti", "/corpus", "d.txt", "r1", TEXT, "Title", "en")
        opened.apply([Entry(release, "mark", ())], [], stamp=Stamp("model", "1"), collection="c")
        yield opened


def lines(out_dir: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (out_dir / "answers.jsonl").read_text("utf-8").splitlines()]


def test_history_is_asked_first_in_the_same_conversation(tmp_path: Path) -> None:
    ask = Scripted()
    questions = [Question(id="a", question="c", history=("a", "b")), Question(id="b", question="d")]
    evaluate(questions, ask, tmp_path, text_of=text_of)
    assert ask.asked == [("a", ()), ("b", ("a",)), ("c", ("a", "b")), ("d", ())]


def test_turns_hold_the_answers_that_were_given(tmp_path: Path) -> None:
    seen: list[tuple[Turn, ...]] = []

    def ask(question: str, turns: tuple[Turn, ...]) -> Answer:
        seen.append(turns)
        return answer(question, f"reply to {question}")

    evaluate([Question(id="a", question="second", history=("first",))], ask, tmp_path, text_of=text_of)
    assert seen[1] == (Turn("first", answer("first", "reply to first")),)


def test_a_line_is_the_answer_with_the_questions_id_and_the_seconds(tmp_path: Path) -> None:
    given = answer("q", f"{QUOTE} [1]", False, citation())
    evaluate([Question(id="mine", question="q")], Scripted(q=given), tmp_path, text_of=text_of)
    (line,) = lines(tmp_path)
    seconds = line.pop("seconds")
    assert isinstance(seconds, float)
    assert 0 <= seconds < 5
    assert line.pop("answer_id") == "random"
    expected = {key: value for key, value in given.to_json().items() if key != "seconds"} | {"id": "mine"}
    assert line.items() >= expected.items()
    assert (line["quotes"], line["quotes_verbatim"]) == (1, 1)
    assert Answer.from_json({**line, "seconds": seconds}).citations == (citation(),)


def test_each_answer_is_on_disk_before_the_next_question_is_asked(tmp_path: Path) -> None:
    written: list[int] = []

    def ask(question: str, turns: tuple[Turn, ...]) -> Answer:
        written.append(len(lines(tmp_path)))
        return answer(question)

    evaluate([Question(id=str(n), question="q") for n in range(3)], ask, tmp_path, text_of=text_of)
    assert written == [0, 1, 2]


def test_progress_counts_the_questions_of_the_set(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    questions = [Question(id="a", question="q", history=("h",)), Question(id="b", question="q")]
    evaluate(questions, Scripted(), tmp_path, lambda done, total: told.append((done, total)), text_of=text_of)
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_a_question_that_fails_is_recorded_and_the_run_goes_on(tmp_path: Path) -> None:
    ask = Scripted(bad=IndexDamagedError("the catalog is damaged"), early=IndexDamagedError("gone"))
    questions = [
        Question(id="a", question="bad", facts=(("Japan",),)),
        Question(id="b", question="never asked", history=("first", "early"), facts=(("Japan",),)),
        Question(id="c", question="bad", answerable=False),
        Question(id="d", question="fine", facts=(("Japan",),)),
    ]
    scores = evaluate(questions, ask, tmp_path, text_of=text_of)
    assert [line.get("error") for line in lines(tmp_path)] == [
        "the catalog is damaged",
        "gone (asking 'early')",
        "the catalog is damaged",
        None,
    ]
    assert set(lines(tmp_path)[0]) == set(lines(tmp_path)[3]) | {"error"}
    assert "never asked" not in [question for question, _ in ask.asked]
    assert (scores.overall.accuracy.hits, scores.overall.accuracy.total) == (1, 3)
    assert (scores.overall.declines.hits, scores.overall.declines.total) == (0, 1)
    assert len(scores.errors) == 3


def test_a_bug_is_not_taken_for_a_wrong_answer(tmp_path: Path) -> None:
    (tmp_path / "scores.json").write_text("{}")
    with pytest.raises(ZeroDivisionError):
        evaluate(
            [Question(id="a", question="fine"), Question(id="b", question="q")],
            Scripted(q=ZeroDivisionError()),
            tmp_path,
            text_of=text_of,
        )
    assert [line["id"] for line in lines(tmp_path)] == ["a"]
    assert not (tmp_path / "scores.json").exists()


def test_quotes_are_checked_against_the_store_and_those_of_history_count(tmp_path: Path) -> None:
    ask = Scripted(
        h=answer("h", "x", False, citation()),
        q=answer("q", "x", False, citation(), citation(start=START + 1), citation("It is funded by Peru.")),
    )
    scores = evaluate([Question(id="a", question="q", history=("h",))], ask, tmp_path, text_of=text_of)
    assert (scores.quotes.hits, scores.quotes.total) == (2, 4)


def test_what_the_chat_model_was_asked_is_added_up_with_the_questions_before(tmp_path: Path) -> None:
    first, last = Usage(1, 100, 10, 0.5), Usage(2, 200, 20, 0.25)
    ask = Scripted(
        first=replace(answer("first"), usage=first),
        last=replace(answer("last"), usage=last),
        free=answer("free"),
    )
    questions = [
        Question(id="a", question="last", history=("first", "free")),
        Question(id="b", question="free"),
    ]
    scores = evaluate(questions, ask, tmp_path, text_of=text_of)
    assert scores.to_json()["usage"] == {"calls": 3, "tokens_in": 300, "tokens_out": 30, "cost": 0.75}
    assert [line["usage_before"] for line in lines(tmp_path)] == [asdict(first), None]
    again = evaluate(questions, Scripted(), tmp_path, text_of=text_of, resume=True)
    assert again.usage == scores.usage
    unpriced = Scripted(
        first=replace(answer("first"), usage=Usage(1, 1, 1)), last=replace(answer("l"), usage=last)
    )
    assert evaluate(questions, unpriced, tmp_path, text_of=text_of).usage == Usage(3, 201, 21, None)
    assert evaluate(questions[1:], ask, tmp_path, text_of=text_of).usage is None


def test_an_empty_set_gives_empty_scores(tmp_path: Path) -> None:
    scores = evaluate([], Scripted(), tmp_path / "new" / "folder", text_of=text_of)
    assert scores.overall.accuracy.value is None
    assert scores.seconds(0.5) is None
    assert (tmp_path / "new" / "folder" / "answers.jsonl").read_text() == ""
    assert json.loads((tmp_path / "new" / "folder" / "scores.json").read_text())["accuracy"]["share"] is None


def test_a_new_run_replaces_the_files_of_the_last(tmp_path: Path) -> None:
    evaluate(
        [Question(id="a", question="q"), Question(id="b", question="q")],
        Scripted(),
        tmp_path,
        text_of=text_of,
    )
    scores = evaluate([Question(id="c", question="q")], Scripted(), tmp_path, text_of=text_of)
    assert [line["id"] for line in lines(tmp_path)] == ["c"]
    assert json.loads((tmp_path / "scores.json").read_text("utf-8")) == json.loads(
        json.dumps(scores.to_json())
    )


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "taken"
    file.write_text("not a folder")
    for out_dir in (file, file / "below"):
        with pytest.raises(StorageError, match=r"taken.* cannot be written: .+--out"):
            evaluate([Question(id="a", question="q")], Scripted(), out_dir, text_of=text_of)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    (tmp_path / "answers.jsonl").symlink_to("/dev/full")
    with pytest.raises(StorageError, match=r"cannot be written: No space left"):
        evaluate([Question(id="a", question="q")], Scripted(), tmp_path, text_of=text_of)


def test_text_that_is_no_valid_unicode_reads_back_the_same(tmp_path: Path) -> None:
    broken = "half a pair \ud83d, a tab\t, a line\u2028separator, 👍"
    evaluate([Question(id="é", question="q")], Scripted(q=answer("q", broken)), tmp_path, text_of=text_of)
    (line,) = [json.loads(line) for line in (tmp_path / "answers.jsonl").read_bytes().split(b"\n")[:-1]]
    assert line["answer"] == broken
    assert line["id"] == "é"


SET = """
- {id: right, question: good, facts: [[Japan]]}
- {id: wrong, question: bad, facts: [[Peru]]}
- {id: failed, question: broken, facts: [[Peru]]}
"""


def test_a_file_is_asked_of_the_bot_and_the_scores_are_printed(
    tmp_path: Path, catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "set.yaml").write_text(SET)
    ask = Scripted(
        good=answer("good", QUOTE, False, citation(), citation("It is funded by Peru.")),
        bad=answer("bad", "Half a pair \ud83d"),
        broken=IndexDamagedError("the catalog is damaged"),
    )
    assert run([tmp_path / "set.yaml"], tmp_path / "out", lambda: ScriptedBot(catalog, ask)) == 0
    shown = capsys.readouterr()
    assert "1 of 3" in shown.out
    assert "1 of 2" in shown.out
    assert "Wrong: 2" in shown.out
    assert "1 of 3 questions failed; the first, failed: the catalog is damaged" in shown.err
    assert "answers.jsonl" in shown.err
    assert [line["id"] for line in lines(tmp_path / "out")] == ["right", "wrong", "failed"]


def test_json_scores_are_one_object_alone_on_standard_output(
    tmp_path: Path, catalog: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "set.yaml").write_text(SET)
    bot = ScriptedBot(catalog, Scripted())
    run([tmp_path / "set.yaml"], tmp_path / "out", lambda: bot, as_json=True)
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "out" / "scores.json").read_text("utf-8"))
    assert printed["questions"] == 3


def test_a_file_that_cannot_be_used_leaves_the_last_run_as_it_was(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "answers.jsonl").write_text("kept")
    (tmp_path / "set.yaml").write_text("words")
    with pytest.raises(QuestionError, match="holds no list"):
        run([tmp_path / "set.yaml"], tmp_path, lambda: ScriptedBot(catalog, Scripted()))
    assert (tmp_path / "answers.jsonl").read_text() == "kept"
