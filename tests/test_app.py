"""The chat page, run by Streamlit's own AppTest over the real bot and the project's five releases."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from bot.history import History
from bot.opened import watching
from bot.server.metrics import Metrics
from bot.settings import Settings
from bot.web.wording import ENGLISH, FRENCH
from tests.conftest import ROOT
from tests.openai_server import OpenAIServer

QUESTION = "Who funds CT Travel?"

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path, model_cache: Path) -> Iterator[Path]:
    """A data folder with the five releases in its index, which the tests of this file share."""
    from ingest.sync import sync_settings

    folder = tmp_path_factory.mktemp("index")
    (folder / "models").symlink_to(model_cache)
    sync_settings(Settings(data_dir=folder, corpus_dir=corpus_dir))
    yield folder
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def history_path(index: Path) -> Path:
    return index / "history.sqlite"


@pytest.fixture
def page(index: Path, history_path: Path, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens the page in a new session at an address, with an empty history at first."""
    for left in index.glob(f"{history_path.name}*"):
        left.unlink()
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(index))
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(corpus_dir))
    # How sure the reader must be is not what is tested here: the best quote is shown, however probable.
    monkeypatch.setenv("COMMUNIQUE_MINIMUM_PROBABILITY", "0")
    return open_page


def open_page(**address: str) -> AppTest:
    session = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    session.query_params.update(address)
    return checked(session.run())


def ask(session: AppTest, question: str) -> AppTest:
    return checked(session.chat_input[0].set_value(question).run())


def press(session: AppTest, key: str) -> AppTest:
    """Press the first button whose key begins so."""
    return checked(
        next(button for button in session.button if (button.key or "").startswith(key)).click().run()
    )


def checked(session: AppTest) -> AppTest:
    assert not session.exception, session.exception[0].message
    return session


def body(session: AppTest) -> str:
    """The HTML of the page beside the sidebar."""
    return "\n".join(
        element.proto.body
        for element in session.get("html")
        if element not in session.sidebar.get("html") and not element.proto.body.startswith("<style>")
    )


def side(session: AppTest) -> str:
    return "\n".join(element.proto.body for element in session.sidebar.get("html"))


def texts(session: AppTest, name: str) -> list[str]:
    """The texts of the elements of that class, in order."""
    found = re.findall(rf'<(\w+)[^>]*class="{name}"[^>]*>(.*?)</\1>', body(session), re.DOTALL)
    return [unescape(re.sub("<[^>]*>", "", content)) for _, content in found]


def labels(session: AppTest) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", button.label) for button in session.button]


def test_an_empty_index_is_filled_from_the_corpus_on_the_first_start(
    data_dir: Path, corpus_dir: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir.mkdir()
    (data_dir / "models").symlink_to(model_cache)
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(corpus_dir))
    session = open_page()

    assert "5 releases" in side(session)
    assert ENGLISH.greeting in body(session)
    assert not session.error


def test_a_missing_corpus_is_one_red_box_that_says_what_to_do(
    tmp_path: Path, model_cache: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir.mkdir()
    (data_dir / "models").symlink_to(model_cache)
    monkeypatch.setenv("COMMUNIQUE_CORPUS_DIR", str(tmp_path / "missing"))
    session = open_page()

    assert len(session.error) == 1
    assert "missing" in session.error[0].value


def test_a_setting_that_cannot_be_used_is_one_red_box(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_PASSAGES", "many")
    (error,) = page().error
    assert "COMMUNIQUE\\_PASSAGES" in error.value


def test_the_page_says_who_answers_and_from_what(page: Open) -> None:
    session = page()

    assert ENGLISH.reading_mode in side(session)
    assert "5 releases · newest 26 September 2024" in side(session)
    assert "5 releases · newest 26 September 2024" in texts(session, "cq-strip")[0]


def test_whoever_watches_the_process_is_told_of_answers_on_the_page(page: Open) -> None:
    metrics = Metrics()
    with watching([metrics]):
        ask(page(), QUESTION)
    name = 'communique_questions_total{language="en",mode="reading",outcome="answered"} 1.0'
    assert name in metrics.text().decode()


def test_with_a_chat_model_the_sign_names_it(page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_CHAT_MODEL", "openai:gpt-5-mini")
    assert "Written by gpt-5-mini, proven by quotes" in side(page())


def test_an_answer_that_a_chat_model_wrote_links_to_the_cards_it_rests_on(
    page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIServer(["The European Union is one of those who fund it [1]."]) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        session = ask(page(), QUESTION)

    assert texts(session, "cq-answer") == ["The European Union is one of those who fund it 1."]
    assert re.findall(r'<a class="cq-mark" href="#(source-\w+-1)">1</a>', body(session))
    assert body(session).count('<article class="cq-card"') == 1
    assert ENGLISH.written_mode.format(model="gpt-5-mini") in side(session)


def test_an_answer_has_a_card_for_each_source_with_the_quote_marked(page: Open) -> None:
    session = ask(page(), QUESTION)

    assert texts(session, "cq-question") == [QUESTION]
    assert "co-funded" in texts(session, "cq-answer")[0]
    cards = re.findall(r'<article class="cq-card".*?</article>', body(session), re.DOTALL)
    funders = [card for card in cards if "co-funded" in re.findall(r"<mark>(.*?)</mark>", card)[0]]
    assert len(funders) == 1
    assert "23 June 2023" in funders[0]
    assert labels(session).count(ENGLISH.open_release) == len(cards)


def test_a_conversation_is_found_again_by_its_address(page: Open) -> None:
    first = ask(page(), QUESTION)
    name = first.query_params["c"]
    name = name[0] if isinstance(name, list) else name
    again = open_page(c=name)

    assert texts(again, "cq-answer") == texts(first, "cq-answer")
    assert QUESTION in labels(again)


def test_a_follow_up_stands_under_the_first_answer(page: Open) -> None:
    session = ask(ask(page(), QUESTION), "And how many countries does it assist?")

    first, second = texts(session, "cq-question")
    assert first == QUESTION
    assert second.startswith("And how many countries does it assist?Understood as")
    assert "CT Travel" in second
    assert len(texts(session, "cq-answer")) == 2
    assert labels(session).count(QUESTION) == 1


def test_a_new_conversation_starts_empty_and_the_old_one_can_be_chosen(page: Open) -> None:
    session = press(ask(page(), QUESTION), "new_conversation")
    assert texts(session, "cq-question") == []
    assert ENGLISH.greeting in body(session)

    assert texts(press(session, "select-"), "cq-question") == [QUESTION]


def test_starter_questions_are_asked_by_a_press(page: Open) -> None:
    session = page()
    starters = [button for button in session.button if (button.key or "").startswith("starter-")]
    assert 1 <= len(starters) <= 4

    session = press(session, "starter-0")
    assert len(texts(session, "cq-question")) == 1
    assert texts(session, "cq-answer")


def test_a_source_opens_the_release_with_the_quote_marked_and_leads_back(page: Open) -> None:
    session = ask(page(), QUESTION)
    quote = re.findall(r"<mark>(.*?)</mark>", body(session), re.DOTALL)[0]
    session = press(session, "open-source-")
    shown = body(session)

    assert '<article class="cq-release"' in shown
    assert re.findall(r'<mark id="quoted">(.*?)</mark>', shown, re.DOTALL) == [quote]
    assert {"c", "release", "revision", "start", "end"} <= set(session.query_params)

    session = press(session, "close_release")
    assert texts(session, "cq-question") == [QUESTION]
    assert set(session.query_params) == {"c"}


def test_a_decline_looks_different_and_offers_the_closest_release(
    page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_MINIMUM_PROBABILITY", "1")
    session = ask(page(), "What is the boiling point of mercury?")

    assert '<div class="cq-decline">' in body(session)
    assert "cq-card" not in body(session)
    assert '<article class="cq-release"' in body(press(session, "closest-"))


@pytest.mark.parametrize(
    ("address", "notice"),
    [
        ({"release": "no/such/release"}, ENGLISH.missing_release),
        ({"release": "{known}", "revision": "0" * 64, "start": "3", "end": "9"}, ENGLISH.changed_release),
        ({"release": "{known}", "start": "5", "end": "99999999"}, ENGLISH.no_such_quote),
    ],
)
def test_a_link_to_what_is_not_there_says_so(page: Open, address: dict[str, str], notice: str) -> None:
    from bot.catalog import FILE, Catalog

    with Catalog.open(Settings().data_dir / FILE, create=False) as catalog:
        known = catalog.releases()[0].id
    session = page(**{name: value.replace("{known}", known) for name, value in address.items()})

    assert [warning.value for warning in session.warning] == [notice]
    assert "<mark" not in body(session)


def test_a_link_to_a_conversation_that_is_gone_says_so(page: Open) -> None:
    session = page(c="0" * 32)
    assert [info.value for info in session.info] == [ENGLISH.forgotten]

    session = ask(session, QUESTION)
    assert texts(session, "cq-question") == [QUESTION]
    assert session.query_params["c"] != ["0" * 32]


def test_a_question_that_is_too_long_is_explained_and_can_be_asked_again(
    page: Open, history_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMMUNIQUE_QUESTION_CHARACTERS", "20")
    session = ask(page(), "who funds " + "the programme " * 20)
    assert len(session.error) == 1
    assert "at most 20" in session.error[0].value
    assert ENGLISH.ask_again in labels(session)
    with History.open(history_path) as history:
        assert history.list() == ()

    session = ask(session, "who funds CT Travel?")
    assert not session.error
    assert texts(session, "cq-question") == ["who funds CT Travel?"]


def test_a_blank_question_is_not_asked(page: Open) -> None:
    session = ask(page(), "  \n ")
    assert texts(session, "cq-question") == []
    assert not session.error


def test_a_question_that_was_interrupted_is_kept_and_can_be_asked_again(page: Open) -> None:
    from bot.web.conversation import Asking

    session = page()
    session.session_state["asking"] = Asking(QUESTION)
    session.run()
    assert [info.value for info in session.info] == [ENGLISH.interrupted]
    assert texts(session, "cq-question") == [QUESTION]

    session = press(session, "ask_again")
    assert "co-funded" in texts(session, "cq-answer")[0]
    assert not session.info


def test_thumbs_and_the_reason_are_stored_and_shown_again(page: Open, history_path: Path) -> None:
    session = ask(page(), QUESTION)
    checked(session.feedback[0].set_value(0).run())
    checked(session.text_input[0].set_value("Two are missing").run())
    with History.open(history_path) as history:
        (given,) = history.feedback()
        (conversation,) = history.list()
    assert (given.thumbs, given.comment) == ("down", "Two are missing")

    again = open_page(c=conversation.id)
    assert again.feedback[0].value == 0
    assert again.text_input[0].value == "Two are missing"
    checked(again.feedback[0].set_value(1).run())
    with History.open(history_path) as history:
        (given,) = history.feedback()
    assert (given.thumbs, given.comment) == ("up", "")


def test_a_damaged_history_does_not_stop_the_chat(page: Open, history_path: Path) -> None:
    history_path.write_bytes(b"no database" * 1000)
    session = page()
    (warning,) = session.warning
    assert "Move the file aside" in re.sub(r"\\(.)", r"\1", warning.value)

    session = ask(session, QUESTION)
    assert "co-funded" in texts(session, "cq-answer")[0]

    history_path.rename(history_path.with_suffix(".aside"))
    session = ask(page(), QUESTION)
    assert not session.warning
    with History.open(history_path) as history:
        assert len(history.list()) == 1


def test_of_a_long_conversation_the_newest_turns_are_drawn_until_more_are_wanted(
    page: Open, history_path: Path
) -> None:
    from bot.domain import Answer, Turn

    with History.open(history_path) as history:
        conversation = history.create()
        for number in range(30):
            answer = Answer(f"a{number}", f"Question {number}", "", "No.", True, "en", "reading")
            history.add(conversation.id, Turn(f"Question {number}", answer))
    session = open_page(c=conversation.id)
    assert texts(session, "cq-question") == [f"Question {number}" for number in range(18, 30)]

    session = press(session, "all_turns_button")
    assert len(texts(session, "cq-question")) == 30


def test_the_interface_speaks_french_when_it_is_chosen(page: Open) -> None:
    session = page(lang="fr")
    assert FRENCH.greeting in body(session)
    assert "5 communiqués · le plus récent : 26 septembre 2024" in side(session)

    (choice,) = session.segmented_control
    session = checked(choice.set_value("en").run())
    assert ENGLISH.greeting in body(session)
    assert session.query_params["lang"] in ("en", ["en"])


def test_hostile_questions_and_titles_are_text(page: Open) -> None:
    hostile = "<script>alert(1)</script> $x$ :smile: **bold** [a](javascript:alert(1))"
    session = ask(page(), hostile)

    assert "<script>alert" not in body(session)
    assert texts(session, "cq-question") == [hostile]
    (title,) = [button.label for button in session.button if (button.key or "").startswith("select-")]
    assert "\\<script\\>" in title
    assert "\\$x\\$" in title
