"""Folders of benchmark data small enough to be seen whole, for the commands that measure on them."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., Path]

CORPUS = [
    {
        "id": "light",
        "title": "Marlow_lighthouse",
        "text": "The lighthouse at Marlow was built by Ada Finch. It was opened on 3 May 1887. "
        "Its lamp was made in Rouen.",
    },
    {
        "id": "bridge",
        "title": "Marlow bridge",
        "text": "The bridge over the Ister carries two railway tracks. It was paid for by the city of Varna.",
    },
    {
        "id": "market",
        "title": "",
        "text": "Fish and salt are sold at the market every Thursday. Traders come from eleven villages.",
    },
    {
        "id": "school",
        "title": "School",
        "text": "The school of music has ninety pupils. Its director is Leo Brandt, who plays the cello.",
    },
]
FRENCH = [
    {
        "id": "light",
        "title": "Phare de Marlow",
        "text": "Le phare de Marlow a été construit par Ada Finch. Il a été ouvert le 3 mai 1887.",
    },
    {
        "id": "bridge",
        "title": "Pont de Marlow",
        "text": "Le pont sur l'Ister porte deux voies ferrées. Il a été payé par la ville de Varna.",
    },
    {
        "id": "market",
        "title": "",
        "text": "Du poisson et du sel sont vendus au marché chaque jeudi.",
    },
]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a set: a JSON Lines file for each list of objects, `qrels` as lines of a table."""

    def write(
        name: str,
        qrels: Sequence[tuple[str, str, object]] | None = None,
        **files: Sequence[Mapping[str, Any]],
    ) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for file, rows in files.items():
            lines = [json.dumps(row, ensure_ascii=False) for row in rows]
            (folder / f"{file}.jsonl").write_text("\n".join([*lines, ""]), encoding="utf-8")
        if qrels is not None:
            table = "".join("\t".join(map(str, line)) + "\n" for line in qrels)
            (folder / "qrels.tsv").write_text(table, encoding="utf-8")
        return folder

    return write


@pytest.fixture(autouse=True)
def models(data_dir: Path, model_cache: Path) -> None:
    """The embedding model where the commands look for it, in the data folder of the settings."""
    data_dir.mkdir()
    (data_dir / "models").symlink_to(model_cache)
