"""Runs, spans and vectors as the bytes that the catalog stores, and back.

It does not know where the bytes are kept.
"""

import zlib
from array import array
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from bot.domain import Run

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Spans = list[tuple[int, int]]


def pack_numbers(numbers: Iterable[int]) -> bytes:
    """The numbers as compressed 64-bit integers."""
    return zlib.compress(array("q", numbers).tobytes())


def unpack_numbers(data: bytes) -> tuple[int, ...]:
    """What `pack_numbers` packed. Raises ValueError where the bytes are not its own."""
    return tuple(_integers(_decompressed(data), 1))


def pack_pages(starts: Sequence[int], recognised: Collection[int]) -> bytes:
    """Where pages begin; of those that were recognised, by number from 1, the complement: one list holds both."""
    return pack_numbers(~start if number in recognised else start for number, start in enumerate(starts, 1))


def unpack_pages(data: bytes) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What `pack_pages` packed. Raises ValueError where the bytes are not its own."""
    found = unpack_numbers(data)
    starts = tuple(max(number, ~number) for number in found)
    return starts, tuple(number for number, each in enumerate(found, 1) if each < 0)


def pack_runs(runs: Iterable[Run]) -> bytes:
    """The runs as compressed 64-bit integers, three a run."""
    return pack_numbers(n for run in runs for n in (run.start, run.source, run.length))


def unpack_runs(data: bytes) -> tuple[Run, ...]:
    """What `pack_runs` packed. Raises ValueError where the bytes are not its own."""
    numbers = _integers(_decompressed(data), 3)
    return tuple(Run(*numbers[place : place + 3]) for place in range(0, len(numbers), 3))


def pack_spans(spans: Iterable[tuple[int, int]]) -> bytes:
    """The spans as 64-bit integers, two a span."""
    return array("q", [n for span in spans for n in span]).tobytes()


def unpack_spans(data: bytes) -> Spans:
    """What `pack_spans` packed. Raises ValueError where the bytes are not its own."""
    numbers = _integers(data, 2)
    return [(numbers[place], numbers[place + 1]) for place in range(0, len(numbers), 2)]


def pack_vectors(vectors: "NDArray[np.float32]") -> bytes:
    """The rows in half precision: 2 bytes a dimension, cosine within 0.001 of the original."""
    import numpy as np

    return np.ascontiguousarray(vectors, dtype="<f2").tobytes()


def unpack_vectors(data: bytes, rows: int) -> "NDArray[np.float32]":
    """`rows` vectors that `pack_vectors` packed. Raises ValueError where the bytes are not so many."""
    import numpy as np

    return np.frombuffer(data, dtype="<f2").reshape(rows, -1).astype(np.float32)


def _integers(data: bytes, group: int) -> Sequence[int]:
    numbers = array("q")
    numbers.frombytes(data)
    if len(numbers) % group:
        raise ValueError(f"{len(numbers)} integers do not make groups of {group}")
    return numbers


def _decompressed(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        raise ValueError(str(error)) from error
