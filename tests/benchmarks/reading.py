"""Prints how well the product reads the passages of a public set, as one JSON object.

    python tests/benchmarks/reading.py BENCH/squad2_dev [--set-aside-only] [--questions 200]
        [--corpus BENCH/OTHER] [--data FOLDER]

The set has `corpus.jsonl` and `qa.jsonl`; or `sentences.jsonl`, sections with the sentences that answer marked; or
`corpus.jsonl` and a `queries.jsonl` that gives each question its passages (`context_ids`) and whether they answer it.
Its questions are asked by `Bot.read`: over all passages, over their own alone, and over those that are found without
their own. With `--corpus` they are asked over the passages of a parallel set, whose ids are the same, and its answers
count. A figure for which the set has no data, or the reader no words that answer, is null.
"""

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.chain import Bot
from bot.domain import Evidence, Passage
from bot.errors import CommuniqueError, CorpusError
from bot.settings import load
from ingest.clean import clean
from tests.benchmarks.bench import SEED, Ingested, asking, ingested, set_aside, told
from tests.benchmarks.sets import Asked, asked
from tests.benchmarks.tally import Tally


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR", help="ask over the passages of this parallel set"
    )
    parser.add_argument("--questions", type=int, metavar="N", help="ask so many only, always the same")
    parser.add_argument(
        "--set-aside-only",
        action="store_true",
        help="ask only about articles on which nothing is ever trained",
    )
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep the index here for the next time")
    options = parser.parse_args()
    try:
        figures = measure(
            options.folder, options.corpus, options.questions, options.data, options.set_aside_only
        )
    except CommuniqueError as error:
        raise SystemExit(str(error)) from None
    print(json.dumps(figures))


def measure(
    folder: Path,
    corpus: Path | None = None,
    count: int | None = None,
    data: Path | None = None,
    aside_only: bool = False,
) -> dict[str, Any]:
    """The figures, by name. Raises CorpusError where the folder is not of the form it needs."""
    questions = asked(folder)
    if corpus:
        answers = {question.id: question.answers for question in asked(corpus)}
        questions = [
            replace(question, answers=answers[question.id])
            for question in questions
            if question.id in answers
        ]
    with (
        ingested(corpus or folder, load().data_dir / "models", data) as made,
        closing(Bot(made.settings)) as bot,
    ):
        kept = set_aside(made.article.values()) if aside_only else set(made.article.values())
        known = [question for question in questions if made.article.keys() >= set(question.contexts)]
        if len(known) < len(questions):
            print(
                f"{folder.name}: {len(questions) - len(known)} questions name a passage that the corpus lacks",
                file=sys.stderr,
            )
        known = [question for question in known if made.article[question.contexts[0]] in kept]
        if not known:
            raise CorpusError(
                f"{corpus or folder} has no passage that the questions of {folder} are about: name the set it is of."
            )
        if count is not None and count < len(known):
            known = random.Random(SEED).sample(known, max(1, count))
        return _read(folder.name, known, made, bot).figures()


def _read(name: str, questions: Sequence[Asked], made: Ingested, bot: Bot) -> Tally:
    tally = Tally()
    tell = told(name, "questions read")
    releases = {context: release for release, context in made.context.items()}
    for number, question in enumerate(questions, 1):
        passages = [
            passage for context in question.contexts for passage in bot.catalog.passages_of(releases[context])
        ]
        with asking(question.id):
            _read_own(question, passages, bot, tally)
            if question.answerable and question.answers:
                _read_all(question, passages, made, bot, tally)
        tell(number, len(questions))
    return tally


def _read_own(question: Asked, passages: Sequence[Passage], bot: Bot, tally: Tally) -> None:
    """The question over its own passages alone."""
    started = time.perf_counter()
    own = bot.read(question.question, passages=passages).evidence
    tally.own_seconds.append(time.perf_counter() - started)
    (tally.own if question.answerable else tally.unanswerable).append(_probability(own))
    if question.answerable and question.answers:
        tally.inside.append(_answers(own, question))
        if question.in_words:
            tally.spans.append((_span(own), question.answers))


def _read_all(question: Asked, passages: Sequence[Passage], made: Ingested, bot: Bot, tally: Tally) -> None:
    """The question over all passages, and over those that are found but for its own."""
    started = time.perf_counter()
    reading = bot.read(question.question)
    tally.seconds.append(time.perf_counter() - started)
    best = reading.evidence
    tally.anywhere.append(_probability(best))
    tally.right.append(
        bool(best) and made.context[best[0].release.id] in question.contexts and _answers(best, question)
    )
    own = {passage.id for passage in passages}
    others = [item.passage for item in reading.found if item.passage.id not in own]
    tally.missing.append(_probability(bot.read(question.question, passages=others).evidence))


def _probability(evidence: Sequence[Evidence]) -> float:
    return evidence[0].probability if evidence else 0.0


def _answers(evidence: Sequence[Evidence], question: Asked) -> bool:
    """Whether the best evidence holds an answer, or stands in one that is longer."""
    if not evidence:
        return False
    best = evidence[0]
    return any(
        (best.start <= match.start() and match.end() <= best.end)
        or (match.start() <= best.start and best.end <= match.end())
        for answer in question.answers
        for match in _pattern(answer).finditer(best.release.text)
    )


@lru_cache(maxsize=1024)
def _pattern(answer: str) -> re.Pattern[str]:
    """Finds the answer in the text of a release, which ingestion cleaned."""
    words = clean(answer)[0].split()
    return re.compile(r"\s+".join(map(re.escape, words)) if words else r"(?!)")


def _span(evidence: Sequence[Evidence]) -> str | None:
    """The words of the best evidence that answer, where the reader marks them."""
    return evidence[0].words if evidence else None


if __name__ == "__main__":
    main()
