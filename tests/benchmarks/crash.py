"""Kill a real ingest at random moments, then let one end: is anything lost or doubled?

    python tests/benchmarks/crash.py DIR [--releases 300] [--kills 10] [--seed 0]

DIR holds a `corpus.jsonl` with `title` and `text`. Its first releases become a corpus in a temporary folder,
`python -m ingest` runs over it with the product's own embeddings and is killed (SIGKILL) again and again; in
between, some releases change and some leave. Of every tenth there is a correction under another name, and some files
cannot be read. Prints one JSON object, with how many releases each kill found in the index (`indexed`); exit status 1
where the index is wrong, a release was to be seen in `half` after a kill, is `lost` or `doubled`, a correction does not
stand for its release (`unlinked`), or a failure is not listed (`unlisted`).
"""

import argparse
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

CORRECTED = 10
"""One release in so many is corrected under another name."""
CORRECTION = "-corrected.md"
EMPTY = 3
"""Files that cannot be read."""
SHORTEST_SECONDS = 1.0
"""A kill earlier than this mostly hits Python's imports."""


def main() -> int:
    options = _parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = crash(Path(folder), options.folder, options.releases, options.kills, options.seed)
    print(json.dumps(result))
    faults = ("wrong", "half", "lost", "doubled", "unlinked", "unlisted")
    return 1 if any(result[name] for name in faults) else 0


def crash(place: Path, source: Path, releases: int, kills: int, seed: int) -> dict[str, Any]:
    """What the index is after `kills` and a clean run; `place` is an empty folder."""
    from ingest.write import COMMITTED_PASSAGES

    dice = random.Random(seed)
    corpus = place / "corpus"
    corpus.mkdir()
    with (source / "corpus.jsonl").open() as lines:
        texts = {
            f"{entry['id']}.md": f"# {entry['title']}\n\n{entry['text']}\n"
            for entry in map(json.loads, itertools.islice(lines, releases))
        }
    texts |= {_corrected(name): _correction(text) for name, text in list(texts.items())[::CORRECTED]}
    for name, text in texts.items():
        (corpus / name).write_text(text)
    for number in range(EMPTY):
        (corpus / f"empty{number}.md").write_text(" ")
    environment = {
        **os.environ,
        "COMMUNIQUE_DATA_DIR": str(place / "data"),
        "COMMUNIQUE_CORPUS_DIR": str(corpus),
        "PYTHONPATH": str(ROOT),
    }
    _build_model(place)
    # At first about so long that the kills together see the whole ingest, and half of them come after a commit.
    start, whole, passages = _estimated(place, environment, texts)
    longest = start + whole * max(1.5 / kills, min(1.0, 2 * COMMITTED_PASSAGES / passages))
    moments: list[float] = []
    indexed: list[int] = []
    half: list[str] = []
    ended_first = 0
    started = time.perf_counter()
    while len(moments) < kills and ended_first < 3 * kills:
        moment = SHORTEST_SECONDS + dice.random() * longest
        if _killed(place, environment, moment):
            moments.append(round(moment, 2))
            whole_ones, halves = _visible(place / "data")
            indexed.append(whole_ones)
            half += halves
        else:
            ended_first += 1
            longest /= 2
        _change(corpus, texts, dice)
    report = _finished(place, environment)
    seconds = time.perf_counter() - started
    return {
        "releases": len(texts),
        "kills": len(moments),
        "moments": moments,
        "indexed": indexed,
        "half": sorted(set(half)),
        "ended_before_its_kill": ended_first,
        "report": report,
        "second_run": _finished(place, environment),
        "seconds": round(seconds, 1),
        **_examined(place / "data", texts),
    }


def _corrected(name: str) -> str:
    return name.replace(".md", CORRECTION)


def _correction(text: str) -> str:
    """The text of a release with a title that calls it a correction, and words that were not there."""
    title, rest = text.split("\n", 1)
    return f"{title} (corrected)\n{rest}\nA sentence was missing here.\n"


def _build_model(place: Path) -> None:
    """Once, so that the kills hit the ingest and not the building of the model."""
    from bot.embeddings import open_embeddings
    from bot.settings import EMBEDDED

    open_embeddings(EMBEDDED, place / "data" / "models").embed_query("builds the model")


def _estimated(place: Path, environment: dict[str, str], texts: dict[str, str]) -> tuple[float, float, float]:
    """The seconds until a process is at work and of the whole ingest, and its passages, from a tenth of it."""
    sample = place / "sample"
    sample.mkdir()
    (sample / "models").symlink_to(place / "data" / "models")
    names = list(texts)[: max(1, len(texts) // 10)]
    paths = [str(place / "corpus" / name) for name in names]
    started = time.perf_counter()
    report = _finished(place, {**environment, "COMMUNIQUE_DATA_DIR": str(sample)}, *paths)
    seconds, share = float(report["seconds"]), len(texts) / len(names)
    return time.perf_counter() - started - seconds, seconds * share, report["passages"] * share


def _change(corpus: Path, texts: dict[str, str], dice: random.Random) -> None:
    """One release in ten changes and one leaves, so that there is always work to be killed in.

    What is corrected stays and gets no other figures: it is to be found with its correction.
    """
    alone = [name for name in sorted(texts) if not {name, _corrected(name)} <= texts.keys()]
    alone = [name for name in alone if not name.endswith(CORRECTION)]
    for name in dice.sample(sorted(texts), max(1, len(texts) // 10)):
        change = f"Correction of {dice.randrange(10**6)}." if name in alone else "Once more."
        texts[name] += f"\n{change}\n"
        (corpus / name).write_text(texts[name])
    gone = dice.choice(alone)
    del texts[gone]
    (corpus / gone).unlink()


def _killed(place: Path, environment: dict[str, str], moment: float) -> bool:
    """Run and kill an ingest `moment` seconds after its start; returns whether it was still at work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest", "--json"],
        cwd=place,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def _visible(data: Path) -> tuple[int, list[str]]:
    """How many releases a question finds after a kill, and what is wrong with them; vectors may be left over."""
    from bot.catalog import FILE, Catalog
    from bot.vectors import Vectors
    from ingest.sync import UNNAMED, verify_index

    if not (data / FILE).exists():
        return 0, []
    with Catalog.open(data / FILE, create=True) as catalog, Vectors.open(data) as vectors:
        faults = [fault for fault in verify_index(catalog, vectors) if UNNAMED not in fault]
        return len(catalog.releases()), faults


def _finished(place: Path, environment: dict[str, str], *paths: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "ingest", "--json", *paths],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode and not done.stdout.startswith("{"):
        raise SystemExit(f"the clean run failed: {done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _examined(data: Path, texts: dict[str, str]) -> dict[str, Any]:
    """What is wrong with the index, and which releases it lacks or holds twice or in an earlier version."""
    import hashlib
    from collections import Counter

    from bot.catalog import FILE, Catalog
    from bot.vectors import Vectors
    from ingest.sync import verify_index

    with Catalog.open(data / FILE, create=False) as catalog, Vectors.open(data) as vectors:
        wrong = verify_index(catalog, vectors)
        vectors.check(catalog.collection or "")
        stored = [(summary.file, summary.revision) for summary in catalog.releases()]
        superseded = {id_: version.superseded_by for id_, version in catalog.versions().items()}
        listed = {failure.file for failure in catalog.failures()}
        passages = catalog.passage_count
    wanted = {(name, hashlib.sha256(text.encode()).hexdigest()) for name, text in texts.items()}
    corrected = {name: _corrected(name) for name in texts if _corrected(name) in texts}
    expected = {name[:-3]: new[:-3] for name, new in corrected.items()} | {
        new[:-3]: None for new in corrected.values()
    }
    times = Counter(name for name, _ in stored)
    return {
        "passages": passages,
        "corrections": len(corrected),
        "unlinked": sorted(id_ for id_, by in expected.items() if superseded.get(id_, "") != by),
        "linked_besides": sorted(superseded.keys() - expected.keys()),
        "unlisted": sorted({f"empty{number}.md" for number in range(EMPTY)} ^ listed),
        "wrong": wrong,
        "lost": sorted(name for name, _ in wanted - set(stored)),
        "doubled": sorted(name for name, number in times.items() if number > 1 or name not in texts),
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Kill a real ingest at random moments, then let one end.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder with corpus.jsonl")
    parser.add_argument("--releases", type=int, default=300, help="releases taken (300)")
    parser.add_argument("--kills", type=int, default=10, help="how often it is killed (10)")
    parser.add_argument("--seed", type=int, default=0, help="what the random moments come from (0)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
