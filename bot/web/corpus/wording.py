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
    state: str
    superseded: str
    current: str
    any_state: str
    superseded_by: str
    other_versions: str
    not_read: str
    not_read_note: str
    reason: str
    tried: str
    last_tried: str
    failure: str
    remove_file: str
    change: str
    key: str
    key_help: str
    key_none: str
    key_refused: str
    upload: str
    upload_help: str
    address: str
    address_help: str
    no_address: str
    replace: str
    replace_help: str
    add: str
    too_many: str
    read_again: str
    read_again_help: str
    starting: str
    done_of: str
    time_left: str
    stop: str
    stopping: str
    going_on: str
    added: str
    changed: str
    removed: str
    failed: str
    nothing_new: str
    and_more: str
    put_away: str
    remove: str
    confirm_removal: str
    confirm_many: str

    def count(self, number: int) -> str:
        """So many releases, in words."""
        return self.one_release if number == 1 else self.many_releases.format(count=f"{number:,}")
