"""A file becomes what the catalog stores of it: release, passages, terms and definitions.

It embeds nothing and writes nothing.
"""

from collections.abc import Sequence

from bot.catalog import Entry
from bot.domain import Definition, Passage, Release
from bot.terms import language_of, terms
from ingest.clean import clean
from ingest.load import load
from ingest.scope import Source

SPLITTER = "0"


def fingerprint(source: Source, revision: str) -> str:
    """Changes with everything that a release is made from: the file's bytes and its manifest entry."""
    return revision


def prepare(source: Source, release_id: str, revision: str, mark: str) -> Entry:
    """The entry of a file, without vectors. Raises CorpusError where it cannot be made a release of."""
    text, origin = clean(load(source.path))
    release = Release(
        id=release_id,
        root=source.root,
        file=source.file,
        revision=revision,
        text=text,
        title=text.strip().split("\n")[0][:200],
        language=language_of(text, "en"),
        origin=origin,
    )
    return prepare_again(release, mark)


def prepare_again(release: Release, mark: str) -> Entry:
    """The entry of a release as it is stored, for a file that can no longer be read."""
    passages = _split(release)
    return Entry(
        release=release,
        fingerprint=mark,
        passages=passages,
        title_terms=terms(release.title, release.language),
        terms={each.id: terms(each.text, each.language) for each in passages if each.kind != "boilerplate"},
        definitions=_definitions(release),
    )


def _split(release: Release) -> Sequence[Passage]:
    size = 800
    return [
        Passage(
            f"{release.id}@{release.revision[:12]}#{n}",
            release.id,
            release.revision,
            n,
            at,
            min(at + size, len(release.text)),
            release.text[at : at + size],
            release.language,
        )
        for n, at in enumerate(range(0, len(release.text), size))
    ]


def _definitions(release: Release) -> Sequence[Definition]:
    return ()
