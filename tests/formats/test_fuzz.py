"""Mutants of real files are read or refused: none ends, hangs or swells the process that reads it."""

import random
from pathlib import Path

import pytest

from tests.formats.fuzzing import MEMORY, fuzz, peak_memory, seeds

MUTANTS = 40
"""Of each format; `tests/benchmarks/fuzz.py` makes as many as there is time."""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_mutants_of_every_format_are_read_or_refused(english: Path, tmp_path: Path) -> None:
    for suffix, pool in seeds(tmp_path, english, {}).items():
        tally = fuzz(suffix, pool, tmp_path, random.Random(suffix), most=MUTANTS)
        assert tally.crashes == []
        assert tally.outcomes.total() == MUTANTS
    assert peak_memory() < MEMORY
