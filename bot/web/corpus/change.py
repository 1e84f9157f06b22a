"""What changes the corpus on its page: files sent, the corpus read anew, a release removed.

The work is done by the ingest, a process of its own; how far that is, `bot.web.corpus.going` shows.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from bot.catalog import Summary
from bot.errors import CommuniqueError
from bot.upkeep.run import Runner
from bot.upkeep.uploads import UPLOAD_MEGABYTES, keep
from bot.web.corpus.wording import CorpusWording
from bot.web.markup import as_markdown

FILES = 100
"""Files that are taken at once."""
REFUSED = "corpus-refused"
"""Why something was not done, in the session, until the next try."""


def draw_uploads(runner: Runner, data_dir: Path, words: CorpusWording) -> None:
    """Draw the field for files, and the button that reads the whole corpus anew."""
    with st.container(key="corpus-changes", horizontal=True, gap="small"):
        # A field of another name is an empty one, in a popover that is closed again.
        number = st.session_state.setdefault("corpus-uploads", 0)
        with st.popover(words.upload, icon=":material/upload_file:", key=f"corpus-popover-{number}"):
            given = st.file_uploader(
                words.upload_help.format(megabytes=UPLOAD_MEGABYTES),
                accept_multiple_files=True,
                key=f"corpus-files-{number}",
                max_upload_size=UPLOAD_MEGABYTES,
            )
            address = st.text_input(
                words.address, key=f"corpus-address-{number}", placeholder="https://", help=words.address_help
            )
            st.checkbox(words.replace, key=f"corpus-replace-{number}", help=words.replace_help)
            st.button(
                words.add,
                key="corpus-add",
                type="primary",
                icon=":material/add:",
                disabled=not (given or address) or runner.is_busy,
                on_click=_take,
                args=(number, runner, data_dir, words),
            )
        st.button(
            words.read_again,
            key="corpus-read-again",
            icon=":material/sync:",
            help=words.read_again_help,
            disabled=runner.is_busy,
            on_click=_start,
            args=(runner, ("--refresh",)),
        )


def draw_removal(release: Summary, siblings: int, runner: Runner, words: CorpusWording) -> None:
    """Draw the button that asks, and then the one that removes; `siblings` are others of the same file."""
    file = release.container
    if st.session_state.get("corpus-removing") != release.id:
        st.button(
            words.remove,
            key="corpus-remove",
            icon=":material/delete:",
            disabled=runner.is_busy,
            on_click=lambda: st.session_state.update({"corpus-removing": release.id}),
        )
        return
    question = words.confirm_many if siblings else words.confirm_removal
    st.markdown(question.format(file=as_markdown(file), count=siblings))
    what = str(Path(release.root, file)) if siblings else release.id
    if st.button(words.remove, key="corpus-remove-really", type="primary", icon=":material/delete:"):
        _start(runner, [f"--remove={what}"])
        st.session_state.pop("corpus-removing", None)
        st.rerun()


def draw_file_removal(path: Path, runner: Runner, words: CorpusWording) -> None:
    """Draw the button that removes a file that could not be read."""
    if st.button(
        words.remove_file, key="corpus-remove-file", icon=":material/delete:", disabled=runner.is_busy
    ):
        _start(runner, [f"--remove={path}"])
        st.rerun()


def siblings_of(release: Summary, releases: Sequence[Summary]) -> int:
    """How many other releases came out of the same file."""
    if not release.member:
        return 0
    return sum(
        other.root == release.root and other.container == release.container and other.id != release.id
        for other in releases
    )


def _take(number: int, runner: Runner, data_dir: Path, words: CorpusWording) -> None:
    """Keep what was sent, and read it and what is at the address; what is refused is told, the rest is taken."""
    given = st.session_state.get(f"corpus-files-{number}") or []
    replaces = bool(st.session_state.get(f"corpus-replace-{number}"))
    refused, kept = [], []
    if len(given) > FILES:
        refused.append(words.too_many.format(count=FILES))
    for each in given[:FILES]:
        try:
            kept.append(keep(each.name, each.getvalue(), data_dir, replace=replaces).path)
        except CommuniqueError as error:
            refused.append(str(error))
    st.session_state["corpus-uploads"] = number + 1
    address = str(st.session_state.get(f"corpus-address-{number}") or "").strip()
    addresses = [address] if re.match(r"https?://", address) else []
    if address and not addresses:
        refused.append(words.no_address.format(address=address))
    if kept or addresses:
        _start(runner, [*(str(path.absolute()) for path in kept), *addresses])
    st.session_state[REFUSED] = [*refused, *st.session_state.get(REFUSED, [])]


def _start(runner: Runner, arguments: Sequence[str]) -> None:
    st.session_state[REFUSED] = []
    try:
        runner.start(arguments)
    except CommuniqueError as error:
        st.session_state[REFUSED] = [str(error)]
