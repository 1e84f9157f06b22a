"""A file becomes what the catalog stores of it: release, passages, terms and definitions.

It embeds nothing and writes nothing.
"""

from pathlib import Path

from bot.catalog import Entry
from bot.domain import Release
from bot.items import items
from bot.language.terms import terms
from ingest.clean import clean, moved
from ingest.describe import describe
from ingest.load import Kind, load
from ingest.metadata.definitions import definitions
from ingest.metadata.manifest import ManifestEntry
from ingest.scope import Source
from ingest.split import split

_UNREAD = " unread"


def prepare(
    source: Source,
    release_id: str,
    revision: str,
    fingerprint: str,
    described: ManifestEntry | None,
    content: Path | None = None,
    kind: Kind | None = None,
    ocr: str = "",
) -> Entry:
    """The entry of a source, without vectors; `content` is the file to read where that is another, of a known `kind`.

    The fingerprint of one with scanned pages says in which languages these were recognised, if any. Raises
    CorpusError where it cannot be made a release of.
    """
    loaded = load(content or source.path, source.named, kind, ocr)
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
        recognised=loaded.recognised,
        url=described.url if described else None,
    )
    if loaded.scanned:
        fingerprint = scanned(fingerprint, ocr) + _UNREAD * (loaded.scanned != loaded.recognised)
    return prepare_again(release, fingerprint)


def scanned(fingerprint: str, ocr: str) -> str:
    """The fingerprint of a release with scanned pages: only such a one is read anew where `ocr` changes."""
    return f"{fingerprint} ocr={ocr}"


def is_of(fingerprint: str, mark: str, ocr: str) -> bool:
    """Whether a release with this fingerprint is what a file of the fingerprint `mark` becomes again."""
    return fingerprint.removesuffix(_UNREAD) in (mark, scanned(mark, ocr))


def is_unread(fingerprint: str) -> bool:
    """Whether a release with this fingerprint has scanned pages without text."""
    return fingerprint.endswith(_UNREAD)


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
        items={each.id: len(items(each)) for each in passages},
    )
