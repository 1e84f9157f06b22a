"""Mutants of real files of every format, for as long as there is time: read, refused, or a defect.

    python tests/benchmarks/fuzz.py --seconds 60 [--format pdf] [--seed 1] [--keep FOLDER]

Prints one JSON object: for each format how many mutants were read and refused, the exceptions of libraries that
became reasons, the slowest mutant in seconds, and the mutants that ended, hung or swelled the process that read them,
which are kept in FOLDER. Exit status 1 where there is one.
"""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.formats.conftest import RELEASES  # noqa: E402
from tests.formats.fuzzing import MEMORY, fuzz, peak_memory, seeds  # noqa: E402
from tests.formats.writers import office_documents, soffice  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="for each format")
    parser.add_argument("--format", action="append", help="such as pdf; every one without it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the mutants that did harm")
    options = parser.parse_args()
    release = ROOT / "corpus" / RELEASES["en"]
    found, harm = {}, False
    with tempfile.TemporaryDirectory() as made:
        folder = options.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        office = office_documents(release.read_text(encoding="utf-8"), Path(made)) if soffice() else {}
        for suffix, pool in seeds(folder, release, office).items():
            if options.format and suffix[1:] not in options.format:
                continue
            tally = fuzz(
                suffix, pool, folder, random.Random(f"{options.seed}{suffix}"), seconds=options.seconds
            )
            harm = harm or bool(tally.crashes)
            found[suffix[1:]] = {
                "mutants": tally.outcomes.total(),
                **dict(tally.outcomes),
                "faults": dict(tally.faults),
                "slowest_s": round(tally.slowest, 2),
                "harm": tally.crashes,
            }
            print(suffix, json.dumps(found[suffix[1:]]), file=sys.stderr, flush=True)
    memory = peak_memory()
    print(json.dumps({"formats": found, "peak_memory_mib": memory >> 20}))
    return 1 if harm or memory >= MEMORY else 0


if __name__ == "__main__":
    sys.exit(main())
