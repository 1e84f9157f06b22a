"""The team's pages beside the chat: linked from it, reached by their address, and absent from an embed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from bot.history import FILE, History
from bot.web.wording import FRENCH
from tests.conftest import ROOT


@pytest.fixture(scope="module", autouse=True)
def one_bot_for_all() -> Iterator[None]:
    yield
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture(autouse=True)
def index(corpus_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(corpus_index))


def opened(**address: str) -> AppTest:
    session = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60)
    session.query_params.update(address)
    session.run()
    assert not session.exception, session.exception[0].message
    return session


def links(session: AppTest) -> list[tuple[str, str]]:
    return [(link.proto.page, link.proto.label) for link in session.sidebar.get("page_link")]


def test_the_chat_is_the_first_page_and_leads_to_the_teams() -> None:
    session = opened(lang="fr")
    assert FRENCH.greeting in "".join(element.proto.body for element in session.get("html"))
    assert [page for page, _ in links(session)] == ["corpus", "evaluation", "drafts"]
    assert "lang=fr" in session.sidebar.get("page_link")[0].proto.query_string


def test_an_embed_has_the_chat_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContextProxy, "is_embedded", property(lambda context: True))
    session = opened(lang="fr")
    assert FRENCH.greeting in "".join(element.proto.body for element in session.get("html"))
    assert links(session) == []


@pytest.mark.parametrize("embedded", [False, True])
def test_an_embed_lists_no_conversations_of_others(
    tmp_path: Path, corpus_index: Path, monkeypatch: pytest.MonkeyPatch, embedded: bool
) -> None:
    shutil.copytree(corpus_index, tmp_path / "data", symlinks=True)
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(ContextProxy, "is_embedded", property(lambda context: embedded))
    with History.open(tmp_path / "data" / FILE) as history:
        history.create("What somebody else asked")
    listed = [button.label for button in opened(lang="en").sidebar.button]
    assert ("What somebody else asked" in listed) is not embedded


def test_a_setting_takes_the_teams_pages_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMUNIQUE_TEAM_PAGES", "false")
    assert links(opened(lang="fr")) == []
