"""`python -m bot calibrate`: asks question sets with nothing declined and fits the threshold below which to decline.

The fit itself is in `bot.evaluation.thresholds`, its drawing in `bot.evaluation.curve`.
"""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain import Turn
from bot.errors import CommuniqueError
from bot.evaluation.dotenv import write_setting
from bot.evaluation.evaluate import in_order
from bot.evaluation.replay import trial
from bot.evaluation.sets.importing.sources import open_all
from bot.evaluation.sets.questions import Question
from bot.evaluation.thresholds import CONFIDENCE, Aim, Fit, Trial, fits, questions_needed
from bot.settings import load, variables

if TYPE_CHECKING:
    from rich.console import Console

    from bot.chain import Bot

VARIABLE = variables()["minimum_probability"]
ENV_FILE = Path(".env")
"""In the working folder, where the settings are read."""


def run(
    files: Sequence[Path],
    open_bot: Callable[[], "Bot"],
    given: float | dict[str, float] | None,
    *,
    aim: Aim = "risk",
    most: float,
    write: bool = False,
    as_json: bool = False,
) -> int:
    """Prints the curve of each language and its threshold for an `aim` of no more than `most`; returns the exit status.

    That is 1 where no language has one. `open_bot` opens a bot that declines nothing; `given` is what the settings say
    now, which languages keep that are not fitted. With `write` the thresholds go into `.env`. Raises QuestionError,
    SettingsError or StorageError for what cannot be used or written.
    """
    from rich.console import Console

    from bot.evaluation.curve import show

    questions = open_all(files)
    notes = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    with closing(open_bot()) as bot:
        trials, errors = _tried(questions, bot, notes)
    languages = fits(trials, aim, most)
    fitted = {each.language: each.chosen.threshold for each in languages if each.chosen}
    kept = given if isinstance(given, dict) else {}
    setting = {**kept, **fitted} if fitted else None
    if as_json:
        print(json.dumps(_json(languages, aim, most, setting, len(errors))))
    else:
        for each in languages:
            show(each, aim, most)
    if errors:
        notes.print(f"{len(errors)} of {len(questions)} questions failed; the first: {errors[0]}")
    if unjudged := sum(each.right is None for each in trials):
        notes.print(f"{unjudged} questions state no facts: they count for false declines alone.")
    if setting is None:
        notes.print("No threshold was fitted: the settings stay as they are.")
        return 1
    text = ",".join(f"{language}={threshold:g}" for language, threshold in setting.items())
    if not write:
        notes.print(f"To use it, set {VARIABLE}={text}, or run this again with --write.")
        return 0
    write_setting(ENV_FILE, VARIABLE, text)
    notes.print(f"{ENV_FILE} says {VARIABLE}={text} now.")
    if isinstance(given, float):
        notes.print(f"Until now it was {given:g} for every language; others have the fitted default again.")
    if load().minimum_probability != setting:
        notes.print(f"{VARIABLE} is set in the environment too, and that counts: take it out there.")
    return 0


def _tried(questions: Sequence[Question], bot: "Bot", notes: "Console") -> tuple[list[Trial], list[str]]:
    """What came of each question, and why the others could not be asked."""
    from rich.progress import Progress

    trials, errors = [], []
    with Progress(console=notes, transient=True, disable=not notes.is_terminal) as bar:
        asking = bar.add_task("Asking", total=len(questions))
        with closing(in_order(partial(_trial, bot=bot), questions, os.cpu_count() or 1)) as coming:
            for came in coming:
                if isinstance(came, Trial):
                    trials.append(came)
                else:
                    errors.append(came)
                bar.advance(asking)
    return trials, errors


def _trial(question: Question, bot: "Bot") -> Trial | str:
    """What came of the question after its history; or why it could not be asked."""
    turns: tuple[Turn, ...] = ()
    try:
        for asked in question.history:
            turns += (Turn(asked, bot.ask(asked, turns)),)
        account = bot.account(question.question, turns)
    except CommuniqueError as error:
        return f"{question.id}: {error}"
    return trial(question, account)


def _json(
    languages: Sequence[Fit], aim: Aim, most: float, setting: dict[str, float] | None, failed: int
) -> dict[str, Any]:
    return {
        "aim": aim,
        "most": most,
        "confidence": CONFIDENCE,
        "questions_needed": questions_needed(most),
        "setting": setting,
        "failed": failed,
        "languages": {each.language: each.to_json() for each in languages},
    }
