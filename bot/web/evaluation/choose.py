"""The choice of a question set: one that was found, a path, or an upload; with what of it could not be used.

It does not know what the set is wanted for.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import streamlit as st

from bot.errors import CommuniqueError
from bot.evaluation.sets.importing.drafts import Imported
from bot.evaluation.sets.importing.sources import SETS
from bot.evaluation.sets.questions import Question
from bot.web.evaluation.sets import TABLES, SetFile, find_sets, keep_upload, open_set, placed
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_markdown
from bot.web.wording import language_name

UPLOAD_MEGABYTES = 20
REMARKS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Chosen:
    """A question set that was chosen, by the path that names it."""

    path: str
    file: Path
    questions: tuple[Question, ...]


def draw_choice(
    sets: Sequence[SetFile],
    key: str,
    data_dir: Path,
    words: TeamWording,
    suffixes: Sequence[str] = (*SETS, *TABLES),
) -> Chosen | None:
    """Draw the choice; None while nothing is chosen that can be used, which is said.

    `set` in the page's address chooses once; `key` is the choice in the session.
    """
    if named := st.query_params.get("set"):
        st.session_state[key] = named
        del st.query_params["set"]
    path = st.selectbox(
        words.set,
        [each.path for each in sets],
        index=0 if sets else None,
        key=key,
        placeholder=words.set_placeholder,
        help=words.set_help,
        accept_new_options=True,
        persist_state="session",
    )
    _draw_upload(key, data_dir, words)
    if not path:
        return None
    try:
        file = placed(path, data_dir, suffixes)
        imported = _opened(file, _stamp(file))
    except CommuniqueError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return None
    st.caption(as_markdown(described(imported.questions, words)))
    _draw_remarks(imported, words)
    return Chosen(path, file, imported.questions)


def described(questions: Sequence[Question], words: TeamWording) -> str:
    """A set in one line: how many questions, of which kinds and languages."""
    languages = Counter(question.language for question in questions if question.language)
    unscored = sum(question.answerable and not question.facts for question in questions)
    unanswerable = sum(not question.answerable for question in questions)
    parts = [words.questions(len(questions))]
    parts += [f"{language_name(code, words.language)} {count}" for code, count in languages.most_common(6)]
    parts += [words.unanswerable_in_set.format(count=unanswerable)] if unanswerable else []
    parts += [words.unscored_in_set.format(count=unscored)] if unscored else []
    return " · ".join(parts)


@st.cache_data(show_spinner=False, ttl=5, max_entries=8)
def found_sets(data_dir: Path) -> tuple[SetFile, ...]:
    """The sets that can be chosen, looked for again after a few seconds."""
    return find_sets(data_dir)


def _draw_upload(key: str, data_dir: Path, words: TeamWording) -> None:
    """Draw the field that takes a file: its questions become a set of the data folder, and that is chosen."""
    # A field of another name is an empty one, in a popover that is closed again.
    field = f"{key}-upload-{st.session_state.setdefault('uploads', 0)}"
    with st.popover(words.upload, icon=":material/upload_file:", key=f"popover-{field}"):
        st.file_uploader(
            words.upload_help,
            [suffix.removeprefix(".") for suffix in (*SETS, *TABLES)],
            key=field,
            on_change=_take_upload,
            args=(field, key, data_dir),
            max_upload_size=UPLOAD_MEGABYTES,
        )
    news = st.session_state.get("upload_news")
    if isinstance(news, str):
        st.error(as_markdown(news), icon=":material/error:")
    elif isinstance(news, tuple):
        path, imported = news
        st.success(
            words.uploaded.format(
                questions=words.questions(len(imported.questions)), name=as_markdown(PurePath(path).name)
            ),
            icon=":material/check:",
        )
        _draw_remarks(imported, words)


def _draw_remarks(imported: Imported, words: TeamWording) -> None:
    """Say what of a file could not be used, and what a person should know of the rest."""
    lines = [*(f"{each.place}: {each.reason}" for each in imported.refused), *imported.notes]
    if not lines:
        return
    more = len(lines) - REMARKS_SHOWN
    shown = [f"\n- {as_markdown(line)}" for line in lines[:REMARKS_SHOWN]]
    shown += [f"\n- {words.and_more.format(count=more)}"] if more > 0 else []
    title = words.refused.format(count=len(imported.refused)) if imported.refused else words.remarks
    st.warning(f"{title}{''.join(shown)}", icon=":material/rule:")


def _take_upload(field: str, key: str, data_dir: Path) -> None:
    given = st.session_state.get(field)
    if given is None:
        return
    try:
        path, imported = keep_upload(given.name, given.getvalue(), data_dir)
    except CommuniqueError as error:
        st.session_state["upload_news"] = str(error)
    else:
        st.session_state["upload_news"] = (path.as_posix(), imported)
        st.session_state[key] = path.as_posix()
        found_sets.clear()
    st.session_state["uploads"] += 1


@st.cache_data(show_spinner=False, max_entries=8)
def _opened(file: Path, stamp: int) -> Imported:
    """The questions of a file as it was at that time."""
    return open_set(file)


def _stamp(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0  # reading it says what is wrong
