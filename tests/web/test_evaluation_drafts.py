"""The page of drafted questions, run by Streamlit's own AppTest over a scripted bot."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from bot.evaluation.sets.questions import read_questions
from bot.web.evaluation.english import ENGLISH
from tests.web.scripted_bot import FUNDED, ScriptedBot

SET = f"""
- id: who
  question: Who funds it?
  facts: [[Japan], [Hungary]]
  releases: [djibouti]
  quotes: ["{FUNDED}"]
  tags: [draft, donors]
- {{id: many, question: How many?, facts: ["66"], tags: [draft]}}
- {{id: budget, question: What is the <b>budget</b>?, answerable: false, tags: [draft]}}
"""


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedBot]:
    folder = tmp_path / "working"
    folder.mkdir()
    (folder / "press-draft.yaml").write_text(SET, encoding="utf-8")
    (folder / "accepted.yaml").write_text("- {id: a, question: Who?}\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    scripted = ScriptedBot(tmp_path / "data")
    yield scripted
    st.cache_resource.clear()
    st.cache_data.clear()
    scripted.close()


def script(bot: object) -> None:
    import streamlit

    from bot.web.evaluation.drafts import draw_drafts
    from bot.web.wording import wording

    evaluation = streamlit.Page(lambda: None, title="Evaluation", url_path="evaluation")
    drafts = streamlit.Page(
        lambda: draw_drafts(bot, evaluation, wording("en")), title="Drafts", url_path="drafts", default=True
    )
    streamlit.navigation([drafts, evaluation], position="hidden").run()


def opened(bot: ScriptedBot, **address: str) -> AppTest:
    session = AppTest.from_function(script, args=(bot,), default_timeout=60)
    session.query_params.update(address)
    return checked(session.run())


def checked(session: AppTest) -> AppTest:
    assert not session.exception, session.exception[0].message
    return session


def press(session: AppTest, key: str) -> AppTest:
    return checked(next(button for button in session.button if button.key == key).click().run())


def text(session: AppTest) -> str:
    bodies = " ".join(element.proto.body for element in session.get("html"))
    return " ".join(unescape(re.sub("<[^>]*>", " ", bodies)).split())


def progress(session: AppTest) -> str:
    return str(session.get("progress")[0].proto.text)


def question(session: AppTest) -> str:
    return str(session.text_area[0].value)


def test_the_draft_is_offered_first_and_its_first_question_stands_with_its_quote(bot: ScriptedBot) -> None:
    session = opened(bot)
    assert session.selectbox[0].value == "press-draft.yaml"
    assert progress(session) == "0 accepted · 0 dropped · 3 left"
    assert question(session) == "Who funds it?"
    assert session.text_area[1].value == "Japan\nHungary"
    assert FUNDED in text(session)
    assert ENGLISH.nothing_accepted in text(session)


def test_decisions_are_there_after_a_reload_and_the_next_question_follows(bot: ScriptedBot) -> None:
    session = press(opened(bot), "settle-accepted")
    assert question(session) == "How many?"
    session = press(session, "settle-dropped")
    assert question(session) == "What is the <b>budget</b>?"

    again = opened(bot)
    assert progress(again) == "1 accepted · 1 dropped · 1 left"
    assert question(again) == "What is the <b>budget</b>?"


def test_what_is_typed_is_kept_before_anything_is_decided(bot: ScriptedBot) -> None:
    session = opened(bot)
    session.text_area[0].set_value("Who pays for it?")
    checked(session.run())

    again = opened(bot)
    assert question(again) == "Who pays for it?"
    assert ENGLISH.changed in text(again)
    assert progress(again) == "0 accepted · 0 dropped · 3 left"


def test_what_is_typed_and_accepted_in_one_breath_is_accepted_as_typed(bot: ScriptedBot) -> None:
    session = opened(bot)
    session.text_area[0].set_value("Who pays for it?")
    session = press(session, "settle-accepted")
    assert progress(session) == "1 accepted · 0 dropped · 2 left"
    assert question(opened(bot, q="who")) == "Who pays for it?"


def test_words_that_cannot_be_used_are_explained_and_not_accepted(bot: ScriptedBot) -> None:
    session = opened(bot)
    session.text_area[1].set_value("…")
    session = press(session, "settle-accepted")

    assert progress(session) == "0 accepted · 0 dropped · 3 left"
    assert "no word or number" in session.warning[0].value
    assert session.text_area[1].value == "…"


def test_a_question_can_be_made_unanswerable_and_decided_again(bot: ScriptedBot) -> None:
    session = opened(bot)
    session.toggle[0].set_value(False)
    session = checked(session.run())
    assert len(session.text_area) == 1

    session = press(press(session, "settle-dropped"), "chevron_left")
    assert ENGLISH.statuses["dropped"] in text(session)
    session = press(session, "settle-open")
    assert progress(session) == "0 accepted · 0 dropped · 3 left"
    assert session.toggle[0].value is False


def test_accepted_questions_are_saved_and_the_draft_stays(bot: ScriptedBot) -> None:
    session = opened(bot)
    session.text_area[0].set_value("Who pays for it?")
    session = press(press(press(session, "settle-accepted"), "settle-dropped"), "settle-accepted")
    assert [success.value for success in session.success] == [ENGLISH.all_decided]

    session = press(session, "save")
    saved = read_questions(Path("press-accepted.yaml"))
    assert [(each.question, each.tags) for each in saved] == [
        ("Who pays for it?", ("donors",)),
        ("What is the <b>budget</b>?", ()),
    ]
    assert Path("press-draft.yaml").read_text("utf-8") == SET
    assert "2 questions saved in" in session.success[-1].value
    assert len(session.get("page_link")) == 1


def test_a_file_that_is_there_is_replaced_only_where_that_is_said(bot: ScriptedBot) -> None:
    session = press(opened(bot), "settle-accepted")
    session.text_input[0].set_value("accepted.yaml")
    session = checked(session.run())
    assert "is there already, with 1 question" in re.sub(r"\\(.)", r"\1", session.warning[0].value)
    (save,) = [button for button in session.button if button.key == "save"]
    assert save.label == "Replace it by 1 question"
    assert read_questions(Path("accepted.yaml"))[0].id == "a"

    press(session, "save")
    assert read_questions(Path("accepted.yaml"))[0].id == "who"


def test_a_name_that_is_typed_and_saved_in_one_breath_is_the_one_that_is_written(bot: ScriptedBot) -> None:
    session = press(opened(bot), "settle-accepted")
    session.text_input[0].set_value("mine.yaml")
    press(session, "save")
    assert read_questions(Path("mine.yaml"))[0].id == "who"
    assert not Path("press-accepted.yaml").exists()


def test_a_file_that_changed_since_it_was_seen_is_not_replaced(bot: ScriptedBot) -> None:
    session = press(opened(bot), "settle-accepted")
    Path("press-accepted.yaml").write_text("- {id: other, question: Whose?}\n", encoding="utf-8")
    session = press(session, "save")
    assert read_questions(Path("press-accepted.yaml"))[0].id == "other"
    assert "changed meanwhile" in session.toast[0].value


def test_the_draft_itself_is_never_written_over(bot: ScriptedBot) -> None:
    session = press(opened(bot), "settle-accepted")
    session.text_input[0].set_value("press-draft.yaml")
    session = checked(session.run())
    assert "the draft itself" in session.error[0].value
    assert "save" not in {button.key for button in session.button}


def test_the_table_shows_all_with_what_was_decided(bot: ScriptedBot) -> None:
    session = press(opened(bot), "settle-accepted")
    session.segmented_control[0].set_value("table")
    session = checked(session.run())
    table = session.dataframe[0].value

    assert list(table[ENGLISH.status]) == ["✓", "", ""]
    assert list(table[ENGLISH.question]) == ["Who funds it?", "How many?", "What is the <b>budget</b>?"]
    assert list(table[ENGLISH.facts_head]) == ["Japan; Hungary", "66", ENGLISH.expected_decline]
    assert next(button for button in session.button if button.key == "all-accepted").disabled
