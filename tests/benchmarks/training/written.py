"""Writes the questions of `written.jsonl` as a set in the form of the public ones, for `examples.py`.

    python tests/benchmarks/training/written.py BENCH/press_doj --out FOLDER/written [--unread]

With `--unread` only those that the shipped reader has not learned from: `fit_score.py` weighs what it says by them.
Each line of `written.jsonl` is a passage with what is asked about it: of an invented release, or of one of press_doj,
of which it holds the place only. It knows both forms and nothing of the product.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import dropwhile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.benchmarks.sets import Text, rows, texts, write_rows

WRITTEN = Path(__file__).with_name("written.jsonl")
UNREAD = "w1221"
"""The first passage of which the shipped reader has learned nothing, nor of those after it."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("press", type=Path, metavar="PRESS_DOJ")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    parser.add_argument("--unread", action="store_true", help="those that the reader has not learned from")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    written = rows(WRITTEN)
    if options.unread:
        written = list(dropwhile(lambda row: row["id"] != UNREAD, written))
    press = {text.id: text for text in texts(options.press)}
    write_rows(options.out / "corpus.jsonl", (passage(row, press) for row in written))
    write_rows(options.out / "qa.jsonl", (question for row in written for question in questions(row)))


def passage(row: dict[str, Any], press: dict[str, Text]) -> dict[str, str]:
    """Its id, title and text; `press` are the releases of press_doj by id."""
    if "text" in row:
        return {"id": row["id"], "title": row["title"], "text": row["text"]}
    release = press[row["id"]]
    text = release.text[row["start"] : row["end"]]
    return {"id": row["id"], "title": release.title, "text": " ".join(text.split())}


def questions(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What is asked about a passage, each with the words that answer, or with none where it does not."""
    for language, question, answer in row["questions"]:
        yield {
            "context_id": row["id"],
            "language": language,
            "question": question,
            "answers": [answer] if answer else [],
            "answerable": answer is not None,
        }


if __name__ == "__main__":
    main()
