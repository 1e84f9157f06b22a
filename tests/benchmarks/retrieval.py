"""Prints how well the product finds the passages of a public set, as one JSON object.

    python tests/benchmarks/retrieval.py BENCH/mtrag_govt [--corpus BENCH/OTHER] [--questions 200] [--data FOLDER]

The set has `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`. Its questions are asked by `Bot.search`; the last one of a
conversation with what was said before it, which the product completes by itself, without a chat model. With
`--corpus` they are asked over the passages of a parallel set, whose ids are the same.
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.chain import Bot
from bot.domain import Answer, Turn
from bot.errors import CommuniqueError, CorpusError
from bot.language.terms import language_of
from bot.settings import READING, load
from tests.benchmarks.bench import SEED, Ingested, asking, ingested, told
from tests.benchmarks.metrics import ndcg, recall, reciprocal_rank
from tests.benchmarks.sets import Query, judgements, queries

DEPTH = 100
"""Passages of the product that are ranked for a question; a long one of the benchmark is several of them."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="ask over the passages of this set")
    parser.add_argument("--questions", type=int, metavar="N", help="ask so many only, always the same")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep the index here for the next time")
    options = parser.parse_args()
    try:
        figures = measure(options.folder, options.corpus, options.questions, options.data)
    except CommuniqueError as error:
        raise SystemExit(str(error)) from None
    print(json.dumps(figures))


def measure(
    folder: Path, corpus: Path | None = None, count: int | None = None, data: Path | None = None
) -> dict[str, float | int]:
    """The figures, by name. Raises CorpusError where the folder is not of the form it needs."""
    judged = {
        question: grades
        for question, grades in judgements(folder).items()
        if any(grade > 0 for grade in grades.values())
    }
    asked = [query for query in queries(folder) if query.id in judged]
    if not asked:
        raise CorpusError(
            f"{folder}/qrels.tsv judges no question of queries.jsonl: name a folder where it does."
        )
    if count is not None and count < len(asked):
        asked = random.Random(SEED).sample(asked, max(1, count))
    with (
        ingested(corpus or folder, load().data_dir / "models", data) as made,
        closing(Bot(made.settings)) as bot,
    ):
        if not any(judged[query.id].keys() & made.article.keys() for query in asked):
            raise CorpusError(
                f"{corpus or folder} has no passage that {folder}/qrels.tsv judges: name the set it is of."
            )
        return _figures(folder.name, asked, judged, made, bot)


def _figures(
    name: str, asked: Sequence[Query], judged: dict[str, dict[str, float]], made: Ingested, bot: Bot
) -> dict[str, float | int]:
    rankings: list[tuple[list[str], dict[str, float]]] = []
    seconds = []
    tell = told(name, "questions asked")
    for query in asked:
        with asking(query.id):
            turns = turns_of(query.history, bot.standalone)
            started = time.perf_counter()
            found = bot.search(query.text, turns, DEPTH)
            seconds.append(time.perf_counter() - started)
        contexts = (made.context[item.passage.release_id] for item in found)
        rankings.append((list(dict.fromkeys(contexts)), judged[query.id]))
        tell(len(rankings), len(asked))

    def mean(metric: Callable[..., float], *depth: int) -> float:
        return round(statistics.mean(metric(*ranking, *depth) for ranking in rankings), 4)

    return {
        "recall@1": mean(recall, 1),
        "recall@5": mean(recall, 5),
        "recall@10": mean(recall, 10),
        "ndcg@5": mean(ndcg, 5),
        "ndcg@10": mean(ndcg, 10),
        "mrr": mean(reciprocal_rank),
        "questions": len(asked),
        "passages": len(made.article),
        "milliseconds_per_question": round(1000 * statistics.median(seconds), 1),
    }


def turns_of(
    history: Sequence[tuple[str, str]], standalone: Callable[[str, Sequence[Turn]], str]
) -> list[Turn]:
    """What was said, as turns: the user's questions, completed in order, and the agent's texts as their answers."""
    turns: list[Turn] = []
    for speaker, text in history:
        if speaker != "user":
            if turns:
                turns[-1] = replace(turns[-1], answer=replace(turns[-1].answer, text=text))
        elif text.strip():
            answer = Answer(
                id=str(len(turns)),
                question=text,
                standalone_question=standalone(text, turns),
                text="",
                declined=False,
                language=language_of(text, turns[-1].answer.language if turns else "en"),
                mode=READING,
            )
            turns.append(Turn(text, answer))
    return turns


if __name__ == "__main__":
    main()
