"""The chat page: opens the bot and the history, reads the page's address, and draws.

It answers nothing itself. The address names what is shown: `c` a conversation, `release` a place in a
release, `lang` the language of the interface. Beside it stand the team's pages, /corpus, /evaluation and
/drafts.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from bot.domain import Turn
from bot.errors import CommuniqueError
from bot.history import History
from bot.settings import Settings, load
from bot.web import conversation, login, sidebar
from bot.web.conversation import Asking
from bot.web.markup import as_html, as_markdown
from bot.web.page import draw_script, draw_style
from bot.web.release import QUOTE_ID, Place, draw_release
from bot.web.sidebar import Corpus
from bot.web.wording import Wording, wording

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

    from bot.chain import Bot
    from ingest.progress import Progress

HISTORY = "history.sqlite"
STARTERS = 4
WEB = Path(__file__).parent / "bot" / "web"


def main() -> None:
    """Draw the page for this session: the chat, or one of the team's pages, which an embed has not."""
    st.set_page_config("Communiqué", str(WEB / "icon.png"), layout="centered")
    st.logo(WEB / "icon.png", size="large")
    draw_style()
    words = wording(st.session_state.get("language") or st.query_params.get("lang") or st.context.locale)
    with st.sidebar:
        sidebar.draw_brand(words)
    try:
        page = st.navigation(_pages(words), position="hidden")
        if login.lets_in(words):
            page.run()
    except CommuniqueError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")


def _pages(words: Wording) -> "list[StreamlitPage]":
    """The chat, which is the first page, and those for the team."""

    def draw_chat() -> None:
        _draw_chat_page(team, words)

    def draw_corpus() -> None:
        from bot.web.corpus.page import draw_corpus

        draw_corpus(_draw_frame([chat, *team], words), chat, words)

    def draw_evaluation() -> None:
        from bot.web.evaluation.page import draw_evaluation

        draw_evaluation(_draw_frame([chat, *team], words), words)

    def draw_drafts() -> None:
        from bot.web.evaluation.drafts import draw_drafts

        draw_drafts(_draw_frame([chat, *team], words), evaluation, words)

    chat = st.Page(draw_chat, title=words.chat, icon=":material/forum:", default=True)
    corpus = st.Page(draw_corpus, title=words.corpus, icon=":material/library_books:", url_path="corpus")
    evaluation = st.Page(
        draw_evaluation, title=words.evaluation, icon=":material/monitoring:", url_path="evaluation"
    )
    drafts = st.Page(draw_drafts, title=words.drafts, icon=":material/rule:", url_path="drafts")
    team = [corpus, evaluation, drafts] if load().team_pages and not st.context.is_embedded else []
    return [chat, *team]


def _draw_frame(pages: "list[StreamlitPage]", words: Wording) -> "Bot":
    """Draw the sidebar of the team's pages; returns the bot."""
    bot = _bot(load(), words)
    with st.sidebar:
        sidebar.draw_pages(pages, words)
        with st.container(key="foot"):
            sidebar.draw_signs(bot.mode, _corpus(bot), words)
            login.draw_person(words)
            sidebar.draw_language(words)
    return bot


def _draw_chat_page(team: "list[StreamlitPage]", words: Wording) -> None:
    settings = load()
    bot = _bot(settings, words)
    history, trouble = _history(settings)
    with st.sidebar:
        sidebar.draw_conversations(history, login.person(), st.query_params.get("c"), _select, words)
        with st.container(key="foot"):
            sidebar.draw_pages(team, words)
            sidebar.draw_signs(bot.mode, _corpus(bot), words)
            login.draw_person(words)
            sidebar.draw_language(words)
    if trouble:
        st.warning(f"{as_markdown(trouble)} {words.memory_only}", icon=":material/history_toggle_off:")
    place = Place.of(st.query_params)
    if place:
        _draw_release(place, bot, words)
    else:
        _draw_chat(bot, history, words)


def _draw_release(place: Place, bot: "Bot", words: Wording) -> None:
    st.button(
        words.back, "close_release", on_click=_close_release, type="tertiary", icon=":material/arrow_back:"
    )
    draw_release(place, bot.catalog, words)
    draw_script(QUOTE_ID, repr(place))


def _draw_chat(bot: "Bot", history: History, words: Wording) -> None:
    name = st.query_params.get("c", "")
    turns = history.turns(name) if _is_own(name, history) else ()
    asked = st.chat_input(words.ask, key="question", submit_mode="disable")
    with st.bottom:
        sidebar.draw_strip(bot.mode, _corpus(bot), words)
    question = (asked or st.session_state.pop("asked", "")).strip()
    if name and not turns and not question:
        st.info(words.forgotten)
    conversation.draw_turns(turns, bot, history, _open_release, words)
    if question:
        _ask(question, name, turns, bot, history, words)
    waiting: Asking | None = st.session_state.get("asking")
    if waiting:
        conversation.draw_failed(waiting, _ask_later, words)
    elif not turns:
        _draw_welcome(bot, words)
    newest = (conversation.question_id(turns[-1].answer), name) if turns else ("", "")
    draw_script(*st.session_state.get("show", newest))


def _ask(
    question: str, name: str, turns: tuple[Turn, ...], bot: "Bot", history: History, words: Wording
) -> None:
    """Ask and store; the page is drawn anew with the answer in its place.

    Until there is an answer the session holds the question, so that a stop or an error does not lose it.
    """
    st.session_state["asking"] = Asking(question)
    try:
        answer = conversation.draw_asking(bot, question, turns, words)
        if not turns:
            name = history.create(owner=login.person()).id
        history.add(name, Turn(question, answer))
    except CommuniqueError as error:
        st.session_state["asking"] = Asking(question, str(error))
    else:
        del st.session_state["asking"]
        st.session_state["show"] = (conversation.question_id(answer), answer.id)
        st.query_params["c"] = name
    st.rerun()


def _draw_welcome(bot: "Bot", words: Wording) -> None:
    st.html(
        f'<div class="cq-welcome"><h1>{as_html(words.greeting)}</h1><p>{as_html(words.invitation)}</p></div>'
    )
    columns = st.columns(2)
    starters = _starters(bot, bot.settings.data_dir, bot.catalog.generation, words.language)
    for number, starter in enumerate(starters):
        columns[number % 2].button(
            as_markdown(starter),
            key=f"starter-{number}",
            on_click=_ask_later,
            args=(starter,),
            width="stretch",
        )


def _is_own(name: str, history: History) -> bool:
    """Whether the visitor may see the conversation: where people log in, it must be theirs."""
    person = login.person()
    found = history.find(name) if person else None
    return not person or (found is not None and found.owner == person)


def _select(name: str | None) -> None:
    for key in ("asking", "asked", "all_turns", "show"):
        st.session_state.pop(key, None)
    _keep({"c": name} if name else {})


def _ask_later(question: str) -> None:
    st.session_state["asked"] = question


def _open_release(place: Place, came_from: str) -> None:
    st.session_state["show"] = (came_from, f"back from {time.monotonic_ns()}")
    st.query_params.update(place.parameters)


def _close_release() -> None:
    _keep({"c": st.query_params["c"]} if "c" in st.query_params else {})


def _keep(parameters: dict[str, str]) -> None:
    """Leave only these in the page's address, beside the language."""
    language = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
    st.query_params.from_dict(parameters | language)


def _bot(settings: Settings, words: Wording) -> "Bot":
    from bot.lookup import is_empty

    if "ready" not in st.session_state:
        if is_empty(settings):
            _index(settings, words)
        st.session_state["ready"] = True
    with st.spinner(words.loading):
        return _open_bot(settings)


@st.cache_resource(show_spinner=False, hash_funcs={Settings: repr}, on_release=lambda bot: bot.close())
def _open_bot(settings: Settings) -> "Bot":
    from bot.opened import opened

    return opened(settings)


def _corpus(bot: "Bot") -> Corpus:
    return _counted(bot, bot.settings.data_dir, bot.catalog.generation)


@st.cache_data(show_spinner=False, max_entries=32)
def _counted(_bot: "Bot", data_dir: Path, generation: int) -> Corpus:
    releases = _bot.catalog.releases()
    return Corpus(len(releases), max((release.date for release in releases if release.date), default=None))


@st.cache_data(show_spinner=False, max_entries=32)
def _starters(_bot: "Bot", data_dir: Path, generation: int, language: str) -> list[str]:
    return _bot.starters(language, STARTERS)


def _still_there(history: History) -> bool:
    """Whether its file is in its place. One that is not is closed here: Streamlit only forgets it."""
    if not history.is_current:
        history.close()
        return False
    return True


@st.cache_resource(show_spinner=False, validate=_still_there, on_release=History.close)
def _open_history(path: Path) -> History:
    return History.open(path)


@st.cache_resource(show_spinner=False, on_release=History.close)
def _passing_history(path: Path) -> History:
    return History.in_memory()


def _history(settings: Settings) -> tuple[History, str | None]:
    """The history; one in memory, and the reason, where the file cannot be used."""
    path = settings.data_dir / HISTORY
    try:
        return _open_history(path), None
    except CommuniqueError as error:
        return _passing_history(path), str(error)


def _index(settings: Settings, words: Wording) -> None:
    """First use: read the corpus into the index, showing how far it is; what cannot be read is named."""
    from ingest.sync import sync_settings

    place = st.empty()
    with place.container(), st.status(words.indexing, expanded=True):
        bar = st.progress(0.0)

        def tell(now: "Progress") -> None:
            bar.progress(min(1.0, now.fraction), as_markdown(now.file))

        report = sync_settings(settings, progress=tell)
    place.empty()
    if report.failed:
        failed = "".join(f"\n- {as_markdown(f'{file}: {reason}')}" for file, reason in report.failed)
        st.warning(f"{words.not_indexed}{failed}", icon=":material/draft:")


if __name__ == "__main__":
    main()
