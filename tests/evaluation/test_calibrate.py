"""`python -m bot calibrate` over a bot of the test's: what it fits, says and writes."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chain import Account, Bot
from bot.domain import Answer, Evidence, Release, Turn
from bot.errors import IndexDamagedError, QuestionError
from bot.evaluation.calibrate import run
from bot.evaluation.replay import trial
from bot.evaluation.sets.questions import Question
from bot.evaluation.thresholds import THRESHOLDS
from bot.lookup import Lookup
from bot.select import Selection, select
from bot.settings import Settings, load

QUOTES = ("It is funded by Japan.", "It is funded by Hungary.")
RELEASE = Release("djibouti", "/corpus", "d.txt", "r1", " ".join(QUOTES), "Title", "en")


def account(question: str, *probabilities: float, language: str = "en", mode: str = "reading") -> Account:
    """What a bot that declines nothing makes of its quotes, which are so probable."""
    starts = (0, len(QUOTES[0]) + 1)
    evidence = [
        Evidence(RELEASE, start, start + len(quote), probability)
        for start, quote, probability in zip(starts, QUOTES, probabilities, strict=False)
    ]
    chosen = select(question, evidence, 0.0)
    text = " ".join(item.quote for item in chosen.evidence)
    answer = Answer("a", question, question, text, not chosen.evidence, language, mode)
    best = evidence[0].probability if evidence else 0.0
    lookup = Lookup(question, language, (), 0, evidence)
    return Account(replace(answer, probability=best), lookup, chosen, None, {})


class Scripted(Bot):
    """Answers by a script and remembers what it was asked, with the questions before."""

    def __init__(self, reply: Callable[[str], Account]) -> None:
        self._reply = reply
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.closed = False

    def account(self, question: str, turns: Sequence[Turn] = ()) -> Account:
        self.asked.append((question, tuple(turn.question for turn in turns)))
        return self._reply(question)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, whose `.env` the settings are read from."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")
    return tmp_path


def written(folder: Path, *entries: dict[str, object]) -> list[Path]:
    (folder / "set.yaml").write_text(json.dumps(entries))
    return [folder / "set.yaml"]


def sets(folder: Path, right: int, wrong: int, language: str = "en") -> list[dict[str, object]]:
    """Questions whose answers hold the fact, at .8, and unanswerable ones, at .3."""
    return [
        *(
            {"id": f"{language}{n}", "question": f"{language} good {n}?", "facts": ["Japan"]}
            for n in range(right)
        ),
        *(
            {"id": f"{language}x{n}", "question": f"{language} bad {n}?", "answerable": False}
            for n in range(wrong)
        ),
    ]


def reply(question: str) -> Account:
    return account(question, 0.8 if "good" in question else 0.3, language=question[:2])


def test_the_threshold_of_each_language_is_written_to_the_settings(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".env").write_text("# ours\nCOMMUNIQUE_PASSAGES=5\nCOMMUNIQUE_MINIMUM_PROBABILITY=es=0.4\n")
    files = written(folder, *sets(folder, 130, 30), *sets(folder, 120, 0, "fr"), *sets(folder, 3, 1, "de"))
    bot = Scripted(reply)
    assert run(files, lambda: bot, {"es": 0.4}, most=0.05, write=True) == 0
    shown = capsys.readouterr()
    assert (folder / ".env").read_text() == (
        "# ours\nCOMMUNIQUE_PASSAGES=5\nCOMMUNIQUE_MINIMUM_PROBABILITY=es=0.4,en=0.35,fr=0\n"
    )
    assert load().minimum_probability == {"es": 0.4, "en": 0.35, "fr": 0.0}
    assert "English: decline below 0.35. Wrong: 0 of 130 answers" in " ".join(shown.out.split())
    assert "German: 4 questions are too few" in " ".join(shown.out.split())
    assert ".env says COMMUNIQUE_MINIMUM_PROBABILITY=es=0.4,en=0.35,fr=0 now." in shown.err
    assert bot.closed


def test_without_write_the_settings_stay_and_the_line_to_set_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = written(folder, *sets(folder, 130, 30))
    assert run(files, lambda: Scripted(reply), None, aim="false declines", most=0.1) == 0
    assert not (folder / ".env").exists()
    assert (
        "set COMMUNIQUE_MINIMUM_PROBABILITY=en=0.8, or run this again with --write" in capsys.readouterr().err
    )


def test_a_risk_that_cannot_be_reached_writes_nothing_and_fails(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = written(folder, *sets(folder, 20, 5))
    assert run(files, lambda: Scripted(reply), 0.2, most=0.05, write=True) == 1
    shown = capsys.readouterr()
    assert "25 questions are too few: it takes 117" in " ".join(shown.out.split())
    assert "No threshold was fitted: the settings stay as they are." in shown.err
    assert not (folder / ".env").exists()


def test_a_variable_of_the_environment_that_hides_the_file_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMMUNIQUE_MINIMUM_PROBABILITY", "0.2")
    files = written(folder, *sets(folder, 130, 0))
    assert run(files, lambda: Scripted(reply), 0.2, most=0.05, write=True) == 0
    said = capsys.readouterr().err
    assert "Until now it was 0.2 for every language" in said
    assert "COMMUNIQUE_MINIMUM_PROBABILITY is set in the environment too, and that counts" in said


def test_the_curves_as_json_are_one_object_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = written(folder, *sets(folder, 130, 30))
    assert run(files, lambda: Scripted(reply), None, most=0.05, as_json=True) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["aim"], data["most"], data["confidence"], data["questions_needed"]) == (
        "risk",
        0.05,
        0.95,
        117,
    )
    assert data["setting"] == {"en": 0.35}
    english = data["languages"]["en"]
    assert english["threshold"] == 0.35
    assert [level["threshold"] for level in english["curve"]] == list(THRESHOLDS)
    assert english["curve"][0]["wrong"] == 30
    assert english["curve"][7] | {"risk_bound": 0, "false_declines_bound": 0} == {
        "threshold": 0.35,
        "judged": 160,
        "shown": 130,
        "wrong": 0,
        "risk_bound": 0,
        "answerable": 130,
        "declined_falsely": 0,
        "false_declines_bound": 0,
        "unanswerable": 30,
        "declined": 30,
    }


def test_what_fails_and_what_cannot_be_judged_is_counted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(question: str) -> Account:
        if question == "broken?":
            raise IndexDamagedError("the catalog is damaged")
        return reply(question)

    more = [{"id": "b", "question": "broken?", "facts": ["x"]}, {"id": "n", "question": "en good x?"}]
    files = written(folder, *sets(folder, 130, 0), *more)
    assert run(files, lambda: Scripted(failing), None, most=0.05) == 0
    said = capsys.readouterr().err
    assert "1 of 132 questions failed; the first: b: the catalog is damaged" in said
    assert "1 questions state no facts" in said


def test_a_follow_up_is_asked_after_its_history(folder: Path) -> None:
    files = written(folder, {"id": "a", "question": "en good?", "history": ["en first?"], "facts": ["Japan"]})
    bot = Scripted(reply)
    run(files, lambda: bot, None, most=0.05)
    assert bot.asked == [("en first?", ()), ("en good?", ("en first?",))]


def test_a_set_that_cannot_be_used_is_refused_before_a_bot_is_opened(folder: Path) -> None:
    def opened() -> Bot:
        raise AssertionError

    with pytest.raises(QuestionError, match="cannot be read"):
        run([folder / "none.yaml"], opened, None, most=0.05)


# What would have been shown


BOTH = Question(id="a", question="q", facts=(("Japan",), ("Hungary",)))


def shown_and_right(question: Question, told: Account) -> list[tuple[bool, bool]]:
    found = trial(question, told)
    assert found.right is not None
    return list(zip(found.shown, found.right, strict=True))


def test_an_answer_is_shown_up_to_its_probability() -> None:
    found = shown_and_right(Question(id="a", question="q", facts=(("Japan",),)), account("q", 0.5))
    assert found == [(True, True)] * 11 + [(False, False)] * 9


def test_a_further_sentence_is_shown_as_long_as_the_best_one_is() -> None:
    found = shown_and_right(BOTH, account("q", 0.6, 0.3))
    assert found[:13] == [(True, True)] * 13
    assert not any(shown for shown, _ in found[13:])
    alone = shown_and_right(BOTH, account("q", 0.6, 0.1))
    assert alone[:13] == [(True, False)] * 13


def test_the_prose_of_a_chat_model_is_judged_as_it_was_written() -> None:
    assert shown_and_right(BOTH, account("q", 0.6, 0.3, mode="openai:x"))[7:13] == [(True, True)] * 6


def test_an_answer_to_what_nothing_answers_is_wrong_wherever_it_is_shown() -> None:
    unanswerable = Question(id="a", question="q", answerable=False)
    assert shown_and_right(unanswerable, account("q", 0.5))[:11] == [(True, False)] * 11
    assert not any(shown for shown, _ in shown_and_right(unanswerable, account("q")))


def test_what_the_proof_removed_is_shown_at_no_threshold() -> None:
    told = account("q", 0.9)
    removed = replace(
        told, answer=replace(told.answer, declined=True), chosen=Selection(told.chosen.evidence)
    )
    assert not any(trial(BOTH, removed).shown)


def test_without_facts_nothing_says_what_is_right() -> None:
    assert trial(Question(id="a", question="q"), account("q", 0.5)).right is None
