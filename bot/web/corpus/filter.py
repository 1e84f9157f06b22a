"""Which releases are asked for: by words, language, issuer, day, and whether another has taken their place.

It draws nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.catalog import Summary
from bot.language.terms import fold


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; None asks for nothing. A release without a day is in no range of days."""

    text: str = ""
    language: str | None = None
    issuer: str | None = None
    since: date | None = None
    until: date | None = None
    is_superseded: bool | None = None

    def matching(self, releases: Sequence[Summary], superseded: Collection[str] = ()) -> list[Summary]:
        """Those that meet all of it, in their order; `superseded` are the ids of those that were replaced."""
        words = fold(self.text).split()
        return [
            release
            for release in releases
            if self._meets(release)
            and self.is_superseded in (None, release.id in superseded)
            and _has(release, words)
        ]

    def _meets(self, release: Summary) -> bool:
        day = release.date
        return (
            (self.language is None or release.language == self.language)
            and (self.issuer is None or release.issuer == self.issuer)
            and (self.since is None or (day is not None and day >= self.since))
            and (self.until is None or (day is not None and day <= self.until))
        )


def newest_first(releases: Sequence[Summary]) -> tuple[Summary, ...]:
    """By day of publication, those without one last."""
    return tuple(sorted(releases, key=lambda each: (each.date or date.min, each.id), reverse=True))


def _has(release: Summary, words: Sequence[str]) -> bool:
    if not words:
        return True
    searched = fold(" ".join((release.title, release.file, release.place or "", release.issuer or "")))
    return all(word in searched for word in words)
