"""`python -m bot feedback`: what people said about answers, listed, exported, or made into a question.

It reads no release and answers nothing; a model is opened only to group what was declined.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import QuestionError, StorageError
from bot.feedback import listing
from bot.history import FILE, History, StoredAnswer

if TYPE_CHECKING:
    from bot.feedback.themes import Embed
    from bot.settings import Settings

AT_ONCE = 64
"""Questions embedded between two steps of the progress bar."""


def run(options: argparse.Namespace) -> int:
    """Does what the options of the command ask for; returns its exit status.

    Raises QuestionError for options and question sets that cannot be used, StorageError for the files.
    """
    from bot.settings import load

    _check(options)
    settings = load()
    answers = _chosen(settings.data_dir / FILE, options)
    if options.to:
        return _add(answers[0], options.to)
    if options.missing:
        return _print_missing(answers, settings, options)
    if not answers:
        _tell("Nothing of that kind is stored.")
    if options.csv:
        return _write(options.csv, listing.COLUMNS, [listing.as_row(answer) for answer in answers])
    for answer in answers:
        print(listing.json_line(listing.as_json(answer)) if options.json else listing.as_text(answer) + "\n")
    return 0


def _check(options: argparse.Namespace) -> None:
    if options.to and not options.answer_id:
        raise QuestionError("--to needs the id of an answer before it: `python -m bot feedback` lists them.")
    if options.answer_id and (
        options.missing or options.declined or options.up or options.down or options.since
    ):
        raise QuestionError("Give either the id of one answer, or what to choose answers by.")


def _chosen(file: Path, options: argparse.Namespace) -> Sequence[StoredAnswer]:
    """The answers that the options choose, newest first."""
    since = _moment(options.since) if options.since else None
    thumbs = "up" if options.up else "down" if options.down else None
    answers: Sequence[StoredAnswer] = ()
    if file.exists():  # a look must not make one
        with History.open(file) as history:
            if options.answer_id:
                return [_one(history.begins(options.answer_id), options.answer_id)]
            answers = history.declined() if options.declined or options.missing else history.rated()
    elif options.answer_id:
        _one((), options.answer_id)
    return [
        answer
        for answer in answers
        if (since is None or ((options.missing and answer.asked) or answer.when) >= since)
        and (thumbs is None or (answer.feedback is not None and answer.feedback.thumbs == thumbs))
    ]


def _one(found: Sequence[StoredAnswer], beginning: str) -> StoredAnswer:
    whole = [answer for answer in found if answer.id == beginning] or found
    if not whole:
        raise QuestionError(
            f"No stored answer has an id that begins with {beginning!r}: `python -m bot feedback` lists them."
        )
    if len({answer.id for answer in whole}) > 1:
        some = ", ".join(dict.fromkeys(listing.one_line(answer.id) for answer in whole[:3]))
        raise QuestionError(
            f"{len(whole)} stored answers have an id that begins with {beginning!r}, such as {some}: give more of it."
        )
    return whole[0]


def _moment(day: str) -> datetime:
    """The start of the day, in UTC as the store's times."""
    try:
        return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    except ValueError:
        raise QuestionError(f"--since {day!r} is not a day: write it as 2023-06-23.") from None


def _add(answer: StoredAnswer, file: Path) -> int:
    from bot.feedback.append import append, entries_in
    from bot.feedback.entry import entry_of, is_of

    entries = entries_in(file)
    if there := next((entry for entry in entries if is_of(entry, answer)), None):
        print(f"{file} has it already: {there.get('id')}.")
        return 0
    entry = entry_of(answer)
    name, number = entry["id"], 2
    while entry["id"] in {each.get("id") for each in entries}:
        entry["id"] = f"{name}-{number}"
        number += 1
    append(entry, file)
    print(
        f"Added {entry['id']} to {file}. Write in its facts what a right answer holds, or answerable: false."
    )
    return 0


def _print_missing(answers: Sequence[StoredAnswer], settings: "Settings", options: argparse.Namespace) -> int:
    from bot.feedback import missing
    from bot.feedback.themes import themes

    found = themes(answers, _embedding(settings)) if answers else ()
    if not found:
        _tell("No declined question of that kind is stored.")
    if options.csv:
        rows = [row for theme in found for row in missing.as_rows(theme)]
        return _write(options.csv, missing.COLUMNS, rows)
    for theme in found:
        print(listing.json_line(missing.as_json(theme)) if options.json else missing.as_text(theme) + "\n")
    return 0


def _embedding(settings: "Settings") -> "Embed":
    """Embeds with the model of the settings, showing how far it is."""
    import numpy as np
    from numpy.typing import NDArray
    from rich.console import Console
    from rich.progress import Progress

    from bot.embeddings import open_embeddings

    key = settings.openai_api_key
    model = open_embeddings(
        settings.embeddings,
        settings.data_dir / "models",
        api_key=key.get_secret_value() if key else None,
        base_url=settings.openai_base_url,
    )
    notes = Console(stderr=True)

    def embed(texts: list[str]) -> NDArray[np.float32]:
        vectors: list[list[float]] = []
        with Progress(console=notes, transient=True, disable=not notes.is_terminal) as bar:
            reading = bar.add_task("Embedding the questions", total=len(texts))
            for start in range(0, len(texts), AT_ONCE):
                vectors += model.embed_documents(texts[start : start + AT_ONCE])
                bar.update(reading, completed=len(vectors))
        return np.array(vectors, np.float32)

    return embed


def _write(file: Path, columns: Sequence[str], rows: Sequence[dict[str, str]]) -> int:
    try:
        file.write_bytes(listing.table(columns, rows))
    except OSError as error:
        raise StorageError(
            f"{file} cannot be written: {error.strerror or error}. Give another file with --csv."
        ) from error
    _tell(f"{len(rows)} rows are in {file}.")
    return 0


def _tell(text: str) -> None:
    print(text, file=sys.stderr)
