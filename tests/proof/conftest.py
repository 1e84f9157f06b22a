"""What the tests of the proof share: a release with its quotes, and the embedded model."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain import Evidence, PublicationDate, Release
from bot.e5 import EmbeddedE5


@pytest.fixture(scope="session")
def embeddings(model_cache: Path) -> EmbeddedE5:
    return EmbeddedE5(model_cache)


def release(text: str, title: str = "A title", language: str = "en", day: date | None = None) -> Release:
    published = PublicationDate(day, "stated", "") if day else None
    return Release(f"{title} {day}", "/corpus", "r.txt", "0" * 64, text, title, language, published)


def quote(of: Release, words: str | None = None) -> Evidence:
    """The words as evidence, or the whole release."""
    start = of.text.index(words) if words else 0
    return Evidence(of, start, start + len(words or of.text), 0.9)
