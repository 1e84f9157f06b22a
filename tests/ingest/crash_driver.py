"""Runs an ingest that is killed at a chosen point, then a clean one, and prints what the index is then.

A process of its own, which forks before Chroma has threads: `python -m tests.ingest.crash_driver FOLDER`.
Standard output is one JSON object a point.
"""

import importlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import bot.catalog
import ingest.write
from bot.catalog import FILE, Catalog
from bot.settings import Settings
from bot.vectors import Vectors
from ingest.prepare import prepare
from ingest.scope import Source
from ingest.sync import sync_settings, verify_index
from tests.fakes import HashEmbeddings

POINTS: dict[str, tuple[Any, str, int, str, bool]] = {
    "before the first vectors": (Vectors, "upsert", 1, "before", False),
    "after vectors, before their commit": (Vectors, "upsert", 2, "after", False),
    "inside the first commit": (bot.catalog, "sign", 1, "before", False),
    "inside a later commit": (bot.catalog, "sign", 3, "after", False),
    "after a commit": (Catalog, "apply", 2, "after", False),
    "before removed releases leave": (Catalog, "apply", 5, "before", False),
    "after removed releases left, before their vectors do": (Vectors, "delete", 1, "before", False),
    "after the vectors left": (Vectors, "delete", 1, "after", False),
    "rebuild: with some vectors": (Vectors, "upsert", 3, "after", True),
    "rebuild: before the swap": (Catalog, "replace_all", 1, "before", True),
    "rebuild: inside the swap": (bot.catalog, "sign", 5, "after", True),
    "rebuild: after the swap": (Catalog, "replace_all", 1, "after", True),
    "rebuild: after the old vectors left": (Vectors, "drop_other_collections", 1, "after", True),
}
"""Which call of what to kill before or after, and whether in a rebuild."""


def main(folder: Path) -> None:
    for slow in (
        "chromadb.api.rust",
        "chromadb.api.models.Collection",
        "chromadb.config",
        "syntok.segmenter",
    ):
        importlib.import_module(slow)  # once, and not in every child
    ingest.write.COMMITTED_PASSAGES = ingest.write.EMBEDDED_PASSAGES = 4
    corpus = folder / "corpus"
    _write_releases(corpus)
    prepare(Source(str(corpus), "r00.md"), "r00", "", "", None)  # loads the language models once, too
    before = Settings(data_dir=folder / "before", corpus_dir=corpus)
    _in_child(lambda: _run(before, False))
    _change_releases(corpus)
    for number, name in enumerate(POINTS):
        settings = Settings(data_dir=folder / f"data{number}", corpus_dir=corpus)
        shutil.copytree(before.data_dir, settings.data_dir)
        ended = _in_child(partial(_killed, settings, name))
        result = _in_child(partial(_repaired, settings))
        print(json.dumps({"point": name, "ended": ended, **result}), flush=True)


def _write_releases(corpus: Path) -> None:
    corpus.mkdir()
    for number in range(12):
        (corpus / f"r{number:02}.md").write_text(f"# Release {number}\n\nThe old text.\n\n{'word ' * 180}.\n")


def _change_releases(corpus: Path) -> None:
    """Two leave, eight change, two stay."""
    for number in range(2):
        (corpus / f"r{number:02}.md").unlink()
    for number in range(4, 12):
        (corpus / f"r{number:02}.md").write_text(f"# Release {number}\n\nThe new text.\n\n{'term ' * 300}.\n")


def _repaired(settings: Settings) -> dict[str, Any]:
    """What a reader finds after the kill, and after a clean run; what a second run does then."""
    return {
        "after_kill": _state(settings),
        "report": _run(settings, False),
        "after_run": _state(settings),
        "second": _run(settings, False),
        "files": sorted(file.name for file in settings.data_dir.iterdir()),
    }


def _run(settings: Settings, rebuild: bool) -> Any:
    return sync_settings(settings, rebuild=rebuild, embeddings=HashEmbeddings()).to_json()


def _killed(settings: Settings, name: str) -> Any:
    owner, function, call, when, rebuild = POINTS[name]
    original: Callable[..., Any] = getattr(owner, function)
    calls = 0

    def killing(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **named)
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, function, killing)
    _run(settings, rebuild)
    return "ran to its end"


def _state(settings: Settings) -> Any:
    """What the index holds, as a reader finds it: each release is `old` or `new`."""
    with (
        Catalog.open(settings.data_dir / FILE, create=False) as catalog,
        Vectors.open(settings.data_dir) as vectors,
    ):
        stored = vectors.ids(catalog.collection or "")
        releases = [catalog.release(summary.id) for summary in catalog.releases()]
        return {
            "wrong": verify_index(catalog, vectors),
            "missing": len(catalog.vector_ids() - set(stored)),
            "releases": {each.id: "old" if "old text" in each.text else "new" for each in releases if each},
            "collections": len(list((settings.data_dir / "chroma").iterdir())),
        }


def _in_child(work: Callable[[], Any]) -> Any:
    """What `work` returns in a child process, or the signal that ended it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as out:
            json.dump(work(), out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    _, status = os.waitpid(child, 0)
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else json.loads(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
