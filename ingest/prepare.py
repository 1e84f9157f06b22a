"""A file becomes what the catalog stores of it: release, passages, terms and definitions.

It embeds nothing and writes nothing.
"""

from pathlib import Path

from bot.catalog import Entry
from bot.domain import Release
from bot.terms import terms
from ingest.clean import clean, moved
from ingest.definitions import definitions
from ingest.describe import describe
from ingest.load import Kind, load
from ingest.manifest import ManifestEntry
from ingest.scope import Source
from ingest.split import split


def prepare(
    source: Source,
    release_id: str,
    revision: str,
    fingerprint: str,
    described: ManifestEntry | None,
    content: Path | None = None,
    kind: Kind | None = None,
) -> Entry:
    """The entry of a source, without vectors; `content` is the file to read where that is another, of a known `kind`.

    Raises CorpusError where it cannot be made a release of.
    """
    loaded = load(content or source.path, source.named, kind)
    text, origin = clean(loaded.text)
    description = describe(text, source.file, described, loaded.said, loaded.hints)
    release = Release(
        id=release_id,
        root=source.root,
        file=source.file,
        revision=revision,
        text=text,
        title=description.title,
        language=description.language,
        published=description.published,
        place=description.place,
        issuer=description.issuer,
        origin=origin,
        member=source.member,
        pages=moved(loaded.pages, origin),
        url=described.url if described else None,
    )
    return prepare_again(release, fingerprint)


def prepare_again(release: Release, fingerprint: str) -> Entry:
    """The entry of a release as it is stored, where its file can no longer be read."""
    passages = split(release.id, release.revision, release.text, release.language)
    return Entry(
        release=release,
        fingerprint=fingerprint,
        passages=passages,
        title_terms=terms(release.title, release.language),
        terms={each.id: terms(each.text, each.language) for each in passages if each.kind != "boilerplate"},
        definitions=definitions(release.id, release.text),
    )
