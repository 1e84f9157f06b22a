from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.many import copies
from tests.benchmarks.peer import NEAREST, OVERLAP_CHARACTERS, PIECE_CHARACTERS, Peer, pieces
from tests.benchmarks.speed import _asked


@given(st.text(alphabet="ab \n", max_size=5000))
def test_the_pieces_are_of_bounded_length_overlap_and_leave_nothing_out(text: str) -> None:
    found = pieces(text)
    assert all(len(piece) <= PIECE_CHARACTERS for piece in found)
    joined = found[0] if found else ""
    for piece in found[1:]:
        assert joined.endswith(piece[:OVERLAP_CHARACTERS])
        joined += piece[OVERLAP_CHARACTERS:]
    assert joined == text


def test_copies_repeat_the_texts_with_vectors_of_their_own() -> None:
    texts, vectors = copies(["a", "b"], np.eye(2, 384, dtype=np.float32), 5)
    assert texts == ["a", "b", "a", "b", "a"]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert len(np.unique(vectors, axis=0)) == 5
    assert (vectors @ vectors.T)[0, 2] > 0.8 > 0.3 > abs((vectors @ vectors.T)[0, 1])


def test_figures_are_quantiles_whole_and_by_stage() -> None:
    figures = _asked(1.234, [{"all": 0.1, "read": 0.05}, {"all": 0.3, "read": 0.25}])
    assert (figures["cold_start_seconds"], figures["questions"], figures["p50"], figures["p95"]) == (
        *(1.23, 2),
        *(0.2, 0.29),
    )
    assert figures["stages"] == {"read": {"p50": 0.15, "p95": 0.24}}
    assert figures["memory_mb"] > 10


@pytest.mark.slow
def test_the_peer_finds_the_piece_that_answers(tmp_path: Path) -> None:
    peer = Peer(tmp_path)
    texts = [
        "The programme is funded by Japan.",
        *(f"Report number {number} on fishing." for number in range(9)),
    ]
    assert peer.ingest(texts) == 10
    found, seconds = peer.ask("Who funds the programme?")
    assert len(found) == NEAREST
    assert found[0] == texts[0]
    assert set(seconds) == {"embed", "search"}
