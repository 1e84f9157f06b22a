"""Saves the accepted questions as a question set; what is there already is replaced only where a person says so.

It decides nothing about a question.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from bot.errors import CommuniqueError, QuestionError, StorageError
from bot.evaluation.sets.importing.sources import SETS
from bot.evaluation.sets.questions import Question, read_questions
from bot.evaluation.sets.writing import write_questions
from bot.web.evaluation.choose import found_sets
from bot.web.evaluation.decisions import Review
from bot.web.evaluation.sets import placed
from bot.web.evaluation.wording import TeamWording
from bot.web.markup import as_html, as_markdown

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage


def draw_save(
    review: Review, file: Path, data_dir: Path, evaluation: "StreamlitPage", words: TeamWording
) -> None:
    """Draw where to save, and the button; `evaluation` is the page where the saved set can be run."""
    st.html(f'<h2 class="cq-section">{as_html(words.save_title)}</h2>')
    if not review.of_status("accepted"):
        st.html(f'<p class="cq-note">{as_html(words.nothing_accepted)}</p>')
        return
    key = f"save-to-{file.as_posix()}"
    path = st.text_input(
        words.save_to,
        proposed(file).as_posix(),
        key=key,
        help=words.set_help,
        persist_state="session",
    )
    try:
        accepted = review.accepted()
        held = standing(path, file, data_dir)
    except CommuniqueError as error:
        st.error(as_markdown(str(error)), icon=":material/error:")
        return
    counted = words.questions(len(accepted))
    if held == accepted:
        told = words.saved.format(path=as_markdown(path), questions=counted)
        st.success(told, icon=":material/check:")
        language = {"lang": st.query_params["lang"]} if "lang" in st.query_params else {}
        st.page_link(
            evaluation,
            label=words.evaluate_it,
            icon=":material/play_arrow:",
            query_params={"set": path, **language},
        )
        return
    if held is not None:
        told = words.will_replace.format(path=as_markdown(path), questions=words.questions(len(held)))
        st.warning(told, icon=":material/warning:")
    st.button(
        (words.save if held is None else words.replace).format(questions=counted),
        key="save",
        type="primary",
        icon=":material/save:",
        on_click=_save,
        args=(review, key, file, data_dir, held),
    )


def save(
    questions: Sequence[Question],
    path: str,
    draft: Path,
    data_dir: Path,
    replacing: Sequence[Question] | None,
) -> Path:
    """Writes the questions to the path and returns its file; `replacing` is what a person saw standing there.

    Raises QuestionError for a path that may not be written, and StorageError where what stands there is not what
    was seen, or where it cannot be written.
    """
    file = placed(path, data_dir, SETS)
    if standing(path, draft, data_dir) != replacing:
        raise StorageError(f"{path} was changed meanwhile. Look at what it holds now, and save again.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{file.parent} cannot be made: {error.strerror or error}. Give another path."
        ) from None
    write_questions(questions, file)
    return file


def proposed(draft: Path) -> Path:
    """A name for the accepted set that is not there yet, beside the draft."""
    stem = draft.stem.removesuffix("draft").rstrip("-_. ") or draft.parent.name or "questions"
    file = draft.with_name(f"{stem}-accepted.yaml")
    number = 2
    while file.exists():
        file = draft.with_name(f"{stem}-accepted-{number}.yaml")
        number += 1
    return file


def standing(path: str, draft: Path, data_dir: Path) -> list[Question] | None:
    """The questions that stand in the file already; None where there is none.

    Raises QuestionError where nothing may be written: over the draft itself, or over what is no question set.
    """
    file = placed(path, data_dir, SETS)
    if file.resolve() == draft.resolve():
        raise QuestionError(f"{path} is the draft itself, and stays as it is. Give another name.")
    if not file.exists():
        return None
    try:
        return list(read_questions(file))
    except QuestionError:
        raise QuestionError(f"{path} is there already and is no question set. Give another name.") from None


def _save(review: Review, key: str, draft: Path, data_dir: Path, held: list[Question] | None) -> None:
    # The path as it stands in the field now: the press may come before it was drawn.
    try:
        save(review.accepted(), st.session_state[key], draft, data_dir, held)
    except CommuniqueError as error:
        st.toast(as_markdown(str(error)), icon=":material/error:")
    else:
        found_sets.clear()
