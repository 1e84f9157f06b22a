"""Prints how long answers take over a large index, as one JSON object.

    python tests/benchmarks/answers.py INDEX [--passages 100000 --data FOLDER] [--questions 40]

INDEX holds `data`, as `grow.py --data` leaves it. With `--passages` its releases are copied until there are so many,
each copy with names of its own: every capitalised word has other letters, the same word the same ones within a copy.
Nothing is embedded for that: a copy's passage has the vector of its original, turned a little (`many.py`), so that a
search meets as many different neighbours as in a corpus of that size, and its sentences have those of the original.

The questions ask for what titles of releases tell. Each is asked once before, and then measured alone, in one thread:
by the clock, and in seconds of the processors, which do not depend on what else the machine does.
"""

import argparse
import json
import os
import random
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from bot.catalog import FILE, Catalog, Entry
from bot.chain import Bot
from bot.e5 import EmbeddedE5
from bot.language.terms import terms
from bot.retrieve import retrieve
from bot.settings import Settings
from bot.vectors import Vectors
from tests.benchmarks.bench import SEED, told
from tests.benchmarks.many import turned

COMMITTED_RELEASES = 200
_NAME = re.compile(r"\b[A-Z][a-z]{2,}\b")
_VOWELS, _CONSONANTS = "aeiou", "bcdfghklmnprstvw"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path, metavar="INDEX", help="a folder with data/, made by grow.py")
    parser.add_argument("--passages", type=int, metavar="N", help="ask over so many, copies among them")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="keep the copies here")
    parser.add_argument("--questions", type=int, default=40, metavar="N", help="how many (40)")
    options = parser.parse_args()
    data = options.index.resolve() / "data"
    with TemporaryDirectory() as temporary:
        if options.passages:
            copied = (options.data or Path(temporary)).resolve()
            if not (copied / FILE).exists():
                copy(data, options.passages, copied)
            data = copied
        print(json.dumps(asked(data, options.questions)))


def copy(source: Path, passages: int, target: Path) -> None:
    """An index in `target` of so many passages: the releases of `source`, and copies of them."""
    target.mkdir(parents=True, exist_ok=True)
    (target / "models").symlink_to((source / "models").resolve())
    staged = target / "staged.sqlite"
    dice = np.random.default_rng(SEED)
    tell = told("copies", "passages")
    with (
        Catalog.open(source / FILE, create=False) as known,
        Vectors.open(source) as stored,
        Catalog.open(staged, create=True) as catalog,
        Vectors.open(target) as vectors,
    ):
        stamp, collection = known.stamp, known.collection
        assert stamp
        assert collection
        vectors.create(collection)
        done, number = 0, 0
        while done < passages:
            summaries = known.releases()
            for start in range(0, len(summaries), COMMITTED_RELEASES):
                entries = [
                    copy_of(known, each.id, each.fingerprint, number)
                    for each in summaries[start : start + COMMITTED_RELEASES]
                ]
                mark = f"+{number}" if number else ""
                wanted = [each.removesuffix(mark) for entry in entries for each in entry.terms]
                originals, rows = stored.stored(collection, wanted)
                found = [f"{each}{mark}" for each in originals]
                vectors.upsert(collection, found, turned(rows, dice) if number else rows)
                catalog.apply(entries, (), stamp=stamp, collection=collection)
                done += len(found)
                tell(done, passages)
                if done >= passages:
                    break
            number += 1
    staged.rename(target / FILE)


def copy_of(known: Catalog, release_id: str, fingerprint: str, number: int) -> Entry:
    """The `number`th copy of a release as the catalog takes it; 0 is the release itself."""
    release = known.release(release_id)
    assert release
    mark = f"+{number}" if number else ""
    text = renamed(release.text, number)
    new = replace(
        release,
        id=f"{release.id}{mark}",
        file=f"{release.file}{mark}",
        text=text,
        title=renamed(release.title, number),
    )
    passages = [
        replace(each, id=f"{each.id}{mark}", release_id=new.id, text=text[each.start : each.end])
        for each in known.passages_of(release_id)
    ]
    found = known.sentence_vectors([each.id.removesuffix(mark) for each in passages])
    return Entry(
        release=new,
        fingerprint=fingerprint,
        passages=passages,
        title_terms=terms(new.title, new.language),
        terms={each.id: terms(each.text, each.language) for each in passages if each.kind != "boilerplate"},
        sentences={f"{each}{mark}": vectors for each, vectors in found.items()},
    )


def renamed(text: str, number: int) -> str:
    """The text with other letters in every capitalised word, as many as before; with 0 as it is."""
    return _NAME.sub(lambda match: _other(match[0], number), text) if number else text


def _other(name: str, number: int) -> str:
    dice = random.Random(f"{name} {number}")
    letters = (dice.choice(_VOWELS if each in _VOWELS else _CONSONANTS) for each in name.lower())
    return "".join(letters).capitalize()


def asked(data: Path, count: int) -> dict[str, Any]:
    """The figures of so many questions over the index in `data`."""
    settings = Settings(data_dir=data, chroma_url=None, chat_model="none")
    bot = Bot(settings)
    try:
        releases = bot.catalog.releases()
        chosen = random.Random(SEED).sample(releases, min(count, len(releases)))
        questions = [f"What is known of this: {each.title}?" for each in chosen]
        model = EmbeddedE5(data / "models")
        with Vectors.open(data) as vectors:
            for question in questions:  # the first call opens what the next ones use
                _measured(bot, model, vectors, question)
            taken = [_measured(bot, model, vectors, question) for question in questions]
        found = sum(
            any(item.passage.release_id == each.id for item in bot.search(question, limit=12))
            for each, question in zip(chosen, questions, strict=True)
        )
        passages = bot.catalog.passage_count
    finally:
        bot.close()
    stages = {stage for each in taken for stage in each if stage.startswith("stage_")}
    return {
        "releases": len(releases),
        "passages": passages,
        "questions": len(questions),
        "own_release_found": found,
        "answer_seconds": _spread([each["seconds"] for each in taken]),
        "answer_cpu_seconds": _spread([each["cpu"] for each in taken]),
        "retrieval_seconds": _spread([each["retrieval"] for each in taken]),
        "retrieval_cpu_seconds": _spread([each["retrieval_cpu"] for each in taken]),
        "stages_median": {
            stage.removeprefix("stage_"): round(median(each.get(stage, 0.0) for each in taken), 4)
            for stage in stages
        },
        "load": round(os.getloadavg()[0], 1),
    }


def _measured(bot: Bot, model: EmbeddedE5, vectors: Vectors, question: str) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    account = bot.account(question)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    cpu = time.process_time()
    vector = np.asarray(model.embed_query(question), np.float32)
    retrieve(question, "en", vector, bot.catalog, vectors, bot.settings.passages)
    return {
        "seconds": seconds,
        "cpu": cpu_seconds,
        "retrieval": account.seconds["retrieve"],
        "retrieval_cpu": time.process_time() - cpu,
        **{f"stage_{stage}": spent for stage, spent in account.seconds.items()},
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": round(median(values), 4), "p95": round(quantiles(values, n=20)[-1], 4)}


if __name__ == "__main__":
    main()
