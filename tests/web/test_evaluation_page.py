"""The evaluation page, run by Streamlit's own AppTest over a scripted bot."""

import os
import re
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from bot.evaluation.runs import read_run
from bot.evaluation.sets.questions import read_questions
from bot.web.evaluation.english import ENGLISH
from bot.web.evaluation.french import FRENCH
from bot.web.evaluation.kept import FOLDER, begin, kept_runs
from bot.web.evaluation.start import LOCK
from tests.evaluation.examples import right, written, wrong
from tests.web.scripted_bot import ASSISTED, FUNDED, ScriptedBot

SET = """
- {id: who, question: Who funds it?, facts: [Japan], releases: [djibouti], language: en, tags: [donors]}
- {id: many, question: How many countries does it assist?, history: [Who funds it?], facts: ["66"], language: en}
- {id: when, question: When was it launched?, facts: ["2019"], language: en}
- {id: budget, question: What is the <b>budget</b>?, answerable: false, language: en}
- {id: broken, question: Does it fail?, facts: [x]}
"""


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedBot]:
    """A bot that knows who and how many, in a working folder with one set."""
    folder = tmp_path / "working"
    (folder / "questions").mkdir(parents=True)
    (folder / "questions" / "team.yaml").write_text(SET, encoding="utf-8")
    monkeypatch.chdir(folder)
    scripted = ScriptedBot(tmp_path / "data", who=FUNDED, how=ASSISTED)
    yield scripted
    scripted.gate.set()
    st.cache_resource.clear()
    st.cache_data.clear()
    scripted.close()


def script(bot: object, language: str) -> None:
    from bot.web.evaluation.page import draw_evaluation
    from bot.web.wording import wording

    draw_evaluation(bot, wording(language))


def catching(bot: object) -> None:
    """The page in a frame that shows what it raises, as that of the chat does."""
    import streamlit

    from bot.errors import StorageError
    from bot.web.evaluation.page import draw_evaluation
    from bot.web.wording import wording

    try:
        draw_evaluation(bot, wording("en"))
    except StorageError as error:
        streamlit.error(str(error))


def opened(bot: ScriptedBot, language: str = "en", **address: str) -> AppTest:
    session = AppTest.from_function(script, args=(bot, language), default_timeout=60)
    session.query_params.update(address)
    return checked(session.run())


def checked(session: AppTest) -> AppTest:
    assert not session.exception, session.exception[0].message
    return session


def press(session: AppTest, key: str) -> AppTest:
    return checked(next(button for button in session.button if button.key == key).click().run())


def body(session: AppTest) -> str:
    return "\n".join(element.proto.body for element in session.get("html"))


def text(session: AppTest) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", body(session))).split())


def address(session: AppTest, name: str) -> str:
    value = session.query_params[name]
    return str(value[0] if isinstance(value, list) else value)


def keys(session: AppTest) -> set[str]:
    return {button.key for button in session.button if button.key}


def until(session: AppTest, reached: Callable[[AppTest], bool]) -> AppTest:
    """Draw the page again and again, as its own clock does."""
    deadline = time.monotonic() + 90
    while not reached(session):
        assert time.monotonic() < deadline
        time.sleep(0.1)
        checked(session.run())
    return session


def ran(bot: ScriptedBot, **more: str) -> AppTest:
    """The page after a run over the set has ended."""
    return until(press(opened(bot, **more), "start"), lambda page: "cq-tiles" in body(page))


def test_a_set_is_run_and_its_scores_shown(bot: ScriptedBot) -> None:
    session = opened(bot)
    assert ENGLISH.no_runs in text(session)
    assert session.selectbox[0].options == ["questions/team.yaml"]
    assert [caption.value for caption in session.caption] == [
        "5 questions · English 4 · 1 that no release answers"
    ]

    session = until(press(session, "start"), lambda page: "cq-tiles" in body(page))
    assert "2 of the 4 questions that the releases answer are answered right." in text(session)
    assert "right answers, of the answerable 50.0% 2 of 4" in text(session)
    assert len(session.get("vega_lite_chart") or session.get("arrow_vega_lite_chart")) == 2
    assert address(session, "run") == kept_runs(bot.settings.data_dir)[0].name


def test_the_files_of_a_run_are_those_of_the_command(bot: ScriptedBot) -> None:
    ran(bot)
    (run,) = kept_runs(bot.settings.data_dir)
    assert {file.name for file in run.folder.iterdir()} >= {
        "answers.jsonl",
        "scores.json",
        "report.html",
        "report.md",
    }
    assert [result.right for result in read_run(run.folder).results.values()] == [
        True,
        True,
        False,
        True,
        False,
    ]


def test_a_set_that_is_chosen_and_run_in_one_breath_is_the_one_that_is_run(bot: ScriptedBot) -> None:
    Path("questions/a-other.yaml").write_text("- {id: other, question: Whose?, facts: [x]}", encoding="utf-8")
    session = opened(bot)
    assert session.selectbox[0].value == "questions/a-other.yaml"
    session.selectbox[0].set_value("questions/team.yaml")
    session = until(press(session, "start"), lambda page: "cq-tiles" in body(page))
    (run,) = kept_runs(bot.settings.data_dir)
    assert list(read_run(run.folder).results) == ["who", "many", "when", "budget", "broken"]


def test_a_run_that_goes_on_can_be_stopped_and_gone_on_with(
    bot: ScriptedBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)  # one question at a time
    bot.gate.clear()
    session = press(opened(bot), "start")
    assert "stop" in keys(session)
    assert "0 of 5 questions asked" in str([bar.proto for bar in session.get("progress")])
    (run,) = kept_runs(bot.settings.data_dir)

    assert bot.waits.wait(60)
    session = press(session, "stop")
    bot.gate.set()
    session = until(session, lambda page: "resume" in keys(page))
    assert session.info[0].value.startswith(ENGLISH.interrupted)
    assert bot.asked == ["Who funds it?"]

    session = until(press(session, "resume"), lambda page: "cq-tiles" in body(page))
    assert [each.name for each in kept_runs(bot.settings.data_dir)] == [run.name]
    assert bot.asked.count("When was it launched?") == 1
    assert len(read_run(run.folder).results) == 5


def test_another_visitor_sees_the_run_that_goes_on(bot: ScriptedBot) -> None:
    bot.gate.clear()
    press(opened(bot), "start")
    other = opened(bot)
    assert "stop" in keys(other)
    assert ENGLISH.running in other.selectbox[0].options[0]
    bot.gate.set()
    until(other, lambda page: "cq-tiles" in body(page))


def test_a_run_that_another_process_goes_on_with_is_left_to_it(bot: ScriptedBot) -> None:
    from filelock import FileLock

    questions = read_questions(Path("questions/team.yaml"))
    run = begin(questions, "team.yaml", "reading", bot.settings.data_dir)
    with FileLock(run.folder / LOCK):
        session = press(opened(bot), "resume")
        session = until(session, lambda page: bool(page.error))
    assert "Another process is asking" in session.error[0].value
    assert bot.asked == []


def test_questions_are_filtered_and_one_is_seen_beside_its_expectation(bot: ScriptedBot) -> None:
    ran(bot)
    session = opened(bot, view="questions")
    assert list(session.dataframe[0].value[ENGLISH.verdict]) == ["✓", "✓", "✗ ○", "✓ ○", "!"]

    session.pills[0].set_value(["false decline", "failed"])
    session = checked(session.run())
    assert list(session.dataframe[0].value[ENGLISH.id]) == ["when", "broken"]
    assert "2 of 5 questions" in text(session)

    session.query_params["q"] = "when"
    session = checked(session.run())
    shown = text(session)
    assert "1 of 2" in shown
    assert "When was it launched?" in shown
    assert ENGLISH.verdicts["false decline"] in shown
    assert f"{ENGLISH.expected} ✗ 2019" in shown
    assert "The programme" in shown

    session = press(session, "chevron_right")
    assert address(session, "q") == "broken"
    assert "The chat model <b>cannot</b> be called. Try again." in text(session)
    session = press(session, "close")
    assert list(session.dataframe[0].value[ENGLISH.id]) == ["when", "broken"]


def test_texts_of_a_set_are_text(bot: ScriptedBot) -> None:
    ran(bot)
    session = opened(bot, q="budget")
    assert "What is the &lt;b&gt;budget&lt;/b&gt;?" in body(session)
    assert "<b>budget" not in body(session)


def test_a_question_asked_again_shows_every_stage_and_changes_no_run(bot: ScriptedBot) -> None:
    ran(bot)
    (run,) = kept_runs(bot.settings.data_dir)
    before = (run.folder / "answers.jsonl").read_bytes()
    session = press(opened(bot, q="many"), "explain")

    assert "cq-steps" in body(session)
    assert bot.asked[-2:] == ["Who funds it?", "How many countries does it assist?"]
    assert (run.folder / "answers.jsonl").read_bytes() == before


def test_a_stage_leads_to_the_questions_that_were_lost_there(bot: ScriptedBot) -> None:
    session = ran(bot)
    (label,) = [button.label for button in session.button if button.key == "show-stage-1"]
    session = press(session, "show-stage-1")

    assert address(session, "view") == "questions"
    (stage,) = set(session.dataframe[0].value[ENGLISH.stage])
    assert label.startswith(stage)


def test_two_runs_are_set_side_by_side(bot: ScriptedBot) -> None:
    ran(bot)
    bot.replies = {"who": FUNDED, "when": "The programme was launched in 2019."}
    session = opened(bot)
    until(press(press(session, "new"), "start"), lambda page: "cq-tiles" in body(page))
    session = opened(bot, view="compare")

    assert "1 got better and 1 worse" in text(session)
    assert "How many countries does it assist?" in text(session)
    session = press(session, "open-worse-0")
    assert address(session, "q") == "many"


def test_a_single_run_has_nothing_to_stand_beside(bot: ScriptedBot) -> None:
    ran(bot)
    assert [info.value for info in opened(bot, view="compare").info] == [ENGLISH.one_run]


def test_runs_without_a_question_in_common_say_so(bot: ScriptedBot) -> None:
    for name, outcomes in (("a", [right("a")]), ("b", [wrong("b")])):
        written(bot.settings.data_dir / FOLDER / name, outcomes)
    session = opened(bot, view="compare", run="b", against="a")
    assert [info.value for info in session.info] == [ENGLISH.nothing_in_common]


def test_a_run_of_the_command_is_shown_and_its_answer_explained_as_far_as_known(bot: ScriptedBot) -> None:
    written(bot.settings.data_dir / FOLDER / "mine", [right("a"), wrong("b")])
    session = opened(bot)
    assert session.selectbox[0].options == ["mine"]
    assert "1 of the 2 questions" in text(session)


def test_a_run_is_deleted_only_after_a_second_press(bot: ScriptedBot) -> None:
    session = press(ran(bot), "delete")
    assert len(kept_runs(bot.settings.data_dir)) == 1
    session = press(session, "delete-really")
    assert kept_runs(bot.settings.data_dir) == ()
    assert ENGLISH.no_runs in text(session)


def test_a_damaged_run_is_explained(bot: ScriptedBot) -> None:
    folder = written(bot.settings.data_dir / FOLDER / "mine", [right("a")])
    (folder / "scores.json").write_text("{", encoding="utf-8")
    (error,) = checked(AppTest.from_function(catching, args=(bot,), default_timeout=60).run()).error
    assert error.value.startswith(f"{folder / 'scores.json'} is not JSON")


@pytest.mark.parametrize(
    ("path", "reason"),
    [("../secret.yaml", "is not below the folder"), ("questions/none.yaml", "cannot be read")],
)
def test_a_set_that_cannot_be_used_is_explained_and_not_run(bot: ScriptedBot, path: str, reason: str) -> None:
    session = opened(bot, set=path)
    (error,) = session.error
    assert reason in re.sub(r"\\(.)", r"\1", error.value)
    assert "start" not in keys(session)


def test_an_uploaded_table_becomes_the_chosen_set(bot: ScriptedBot) -> None:
    session = opened(bot)
    table = "Question;Réponse\nWho funds it?;Japan\n;x\n"
    session.get("file_uploader")[0].set_value(("team.csv", table.encode(), "text/csv"))
    session = checked(session.run())

    assert session.success[0].value.startswith("1 question kept as team")
    assert "Not used: 1" in session.warning[0].value
    assert session.selectbox[0].value.endswith("sets/team.yaml")
    session = until(press(session, "start"), lambda page: "cq-tiles" in body(page))
    assert "1 of the 1 questions" in text(session)


def test_the_page_speaks_french(bot: ScriptedBot) -> None:
    session = ran(bot, language="fr")
    assert FRENCH.scores_view in session.segmented_control[0].options
    assert "réponses justes, parmi celles qui en ont une 50,0\u00a0% 2 sur 4" in text(session).replace(
        "50,0 %", "50,0\u00a0%"
    )
