"""Asking while another process ingests: a small run of the benchmark."""

import json
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.benchmarks.asking import measure

SLOWER = 10
"""A machine that runs other tests meanwhile may be slower by so much: the benchmark holds it to 2."""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_answer_fails_or_cites_what_is_not_current_while_another_process_ingests(
    tmp_path: Path, model_cache: Path
) -> None:
    topics = "borders sport aviation parliaments victims prisons finance passengers".split()
    rows = [
        {
            "id": f"release{number}",
            "title": f"Meeting number {number} on {topics[number % len(topics)]}",
            "text": f"The office met partner {number} about {topics[number % len(topics)]}.\n\n"
            f"It trained {100 + number} officers, and {number + 3} states took part in the course.\n",
        }
        for number in range(40)
    ]
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models").symlink_to(model_cache)
    settings = Settings(data_dir=tmp_path / "data", corpus_dir=tmp_path / "corpus", chat_model="none")
    figures = measure(settings, rows[:10], rows[10:], 5)
    wrong = {name: figures[name] for name in ("failed", "stale", "unproven", "half", "lost")}
    assert not any(wrong.values()), json.dumps(figures)
    assert figures["ingest"] == {"seconds": figures["ingest"]["seconds"], "failed": 0, "changed": 1}
    assert figures["citations"]
    assert figures["slower"] < SLOWER
