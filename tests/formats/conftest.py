"""The releases that are written in every format, and LibreOffice's versions of one, made once."""

import os
from pathlib import Path

import pytest

from tests.formats.writers import office_documents, soffice

RELEASES = {
    "en": "2022-03-27-unoct-qatar-strategic-dialogue.txt",
    "fr": "2023-unsigned-djibouti-atelier-gouvernance-des-frontieres.txt",
}
"""With headings, emphasis, a list and a contact; and with accents, and lines in place of paragraphs."""


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest, corpus_dir: Path) -> Path:
    return corpus_dir / RELEASES[request.param]


@pytest.fixture(scope="session")
def english(corpus_dir: Path) -> Path:
    return corpus_dir / RELEASES["en"]


@pytest.fixture(scope="session")
def office(english: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The English release as LibreOffice writes it, by suffix; skips where there is none, which in CI is an error."""
    if soffice() is None:
        reason = "no LibreOffice: tests/formats/install.sh tells how to get one"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return office_documents(english.read_text(encoding="utf-8"), tmp_path_factory.mktemp("office"))
