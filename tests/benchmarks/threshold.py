"""Prints what declining below each probability does on public sets, as one JSON object: the default is checked by it.

    python tests/benchmarks/threshold.py BENCH/squad2_dev BENCH/piaf_fr BENCH/nomiracl_en --risk 0.3
        [--false-declines 0.15] [--questions 200] [--data FOLDER]

Asked are only questions about articles on which nothing is ever trained, over all passages of their set; an answer is
right where it holds one of the set's answers. The curves and the bounds are those of `python -m bot calibrate`: by
language, and of all sets together under `all`. `MINIMUM_PROBABILITY` in bot/select.py is one of these thresholds;
tests/benchmarks/LOG.md says which, and why.
"""

import argparse
import json
import random
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.chain import Bot
from bot.errors import CommuniqueError, CorpusError
from bot.evaluation.replay import trial
from bot.evaluation.sets.questions import Question
from bot.evaluation.thresholds import Aim, Trial, fits
from bot.facts.folding import folded
from bot.settings import load
from tests.benchmarks.bench import SEED, asking, ingested, set_aside, told
from tests.benchmarks.sets import Asked, asked

ALL = "all"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR")
    aim = parser.add_mutually_exclusive_group(required=True)
    aim.add_argument("--risk", type=float, metavar="SHARE", help="at most this share of the answers wrong")
    aim.add_argument(
        "--false-declines", type=float, metavar="SHARE", help="at most this share of the answerable declined"
    )
    parser.add_argument("--questions", type=int, metavar="N", help="so many of each set, always the same")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep the indexes here for the next time")
    options = parser.parse_args()
    try:
        trials = [
            each for folder in options.folders for each in tried(folder, options.questions, options.data)
        ]
    except CommuniqueError as error:
        raise SystemExit(str(error)) from None
    if options.risk is not None:
        print(json.dumps(figures(trials, "risk", options.risk)))
    else:
        print(json.dumps(figures(trials, "false declines", options.false_declines)))


def figures(trials: Sequence[Trial], aim: Aim, most: float) -> dict[str, Any]:
    """The curves, by language and of all together."""
    together = [replace(each, language=ALL) for each in trials]
    return {fit.language: fit.to_json() for fit in (*fits(together, aim, most), *fits(trials, aim, most))}


def tried(folder: Path, count: int | None, data: Path | None) -> list[Trial]:
    """What came of the set's questions about articles set aside, with nothing declined.

    Raises CorpusError where the folder is not of the form it needs.
    """
    with ingested(folder, load().data_dir / "models", data) as made:
        kept = set_aside(made.article.values())
        questions = [each for each in asked(folder) if made.article.get(each.contexts[0]) in kept]
        if not questions:
            raise CorpusError(f"{folder} asks nothing about the articles set aside: name a larger set.")
        if count is not None and count < len(questions):
            questions = random.Random(SEED).sample(questions, count)
        tell = told(folder.name, "questions asked")
        trials = []
        with closing(Bot(made.settings.model_copy(update={"minimum_probability": 0.0}))) as bot:
            for each in questions:
                with asking(each.id):
                    trials.append(trial(question_of(each), bot.account(each.question)))
                tell(len(trials), len(questions))
    return trials


def question_of(each: Asked) -> Question:
    """The question as one of a question set, whose one fact is any of the answers."""
    answers = tuple(answer for answer in each.answers if folded(answer).strip())
    facts = (answers,) if each.answerable and answers else ()
    return Question(id=each.id, question=each.question, facts=facts, answerable=each.answerable)


if __name__ == "__main__":
    main()
