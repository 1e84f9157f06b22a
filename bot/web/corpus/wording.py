"""The words of the corpus page, as `bot.web.wording` holds those of the chat: one field a phrase.

It holds no text of a release, and draws nothing.
"""

from dataclasses import dataclass

from bot.web.wording import InterfaceLanguage


@dataclass(frozen=True, slots=True)
class CorpusWording:
    """One language's words; `{…}` is filled in where a phrase is used."""

    language: InterfaceLanguage
    corpus: str
    empty: str
    releases: str
    one_release: str
    many_releases: str
    releases_of: str
    undated: str
    languages: str
    days: str
    no_days: str
    timeline: str
    timeline_told: str
    other_languages: str
    search: str
    any_language: str
    any_issuer: str
    since: str
    until: str
    open_row: str
    release: str
    release_language: str
    title: str
    date: str
    issuer: str
    file: str
    length: str
    open_release: str

    def count(self, number: int) -> str:
        """So many releases, in words."""
        return self.one_release if number == 1 else self.many_releases.format(count=f"{number:,}")


def corpus_wording(language: InterfaceLanguage) -> CorpusWording:
    """The words in the language of the interface."""
    from bot.web.corpus.english import ENGLISH
    from bot.web.corpus.french import FRENCH

    return FRENCH if language == "fr" else ENGLISH
