"""The release view: the whole text with the quote marked, and what is known about the release.

The view is named by the page's address (`release`, `revision`, `start`, `end`), so that it can be linked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from bot.domain import Release
from bot.prompts import day
from bot.web.markup import as_html, as_markdown, link_html
from bot.web.wording import Wording, language_name

if TYPE_CHECKING:
    from bot.catalog import Catalog

SHOWN_CHARACTERS = 60_000
"""How much of a release is shown at once, around the quote: browsers are slow with more."""
QUOTE_ID = "quoted"
_NAMES = ("release", "revision", "start", "end")
"""What of the page's address names a place."""
_LINE = re.compile(r"[^\n]+")
_ITEM = re.compile(r"\s*(?:[-*•‣◦–]|\(?(?:\d{1,3}|[a-zA-Z])[.)])\s")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a release; without `revision` the current one, and without an end the whole."""

    release_id: str
    revision: str | None = None
    start: int = 0
    end: int = 0

    @staticmethod
    def of(parameters: Mapping[str, str]) -> "Place | None":
        """The place that the page's address names; numbers that make no sense name no quote."""
        if not parameters.get("release"):
            return None
        start, end = (_number(parameters.get(name)) for name in ("start", "end"))
        return Place(parameters["release"], parameters.get("revision") or None, start, end)

    @property
    def parameters(self) -> dict[str, str]:
        """What `of` reads."""
        named = {"release": self.release_id, "revision": self.revision or ""}
        if self.end > self.start:
            named |= {"start": str(self.start), "end": str(self.end)}
        return {name: value for name, value in named.items() if value}


def draw_release(place: Place, catalog: "Catalog", words: Wording) -> None:
    """Draw the release with the quote marked, and say so where either is not there any more."""
    import streamlit as st

    release = catalog.release(place.release_id, place.revision)
    current = release or catalog.release(place.release_id)
    if current is None:
        st.warning(words.missing_release)
        return
    if release is None:
        st.warning(words.changed_release)
        place = Place(current.id)
    elif not _marks(place, current) and place.end > 0:
        st.warning(words.no_such_quote)
    _draw_versions(current, catalog, words)
    st.html(header_html(current, words))
    st.html(text_html(current, place.start, place.end, words))
    st.download_button(
        words.download,
        current.text,
        file_name=f"{current.id.rpartition('/')[2]}.txt",
        icon=":material/download:",
        type="tertiary",
    )


def _draw_versions(release: Release, catalog: "Catalog", words: Wording) -> None:
    """Say what answers in the place of the release, and lead to the other versions of it."""
    import streamlit as st

    successor = catalog.successor(release)
    if successor:
        with st.container(key="superseded"):  # stays in sight, for the page opens at the quote
            st.warning(as_markdown(superseded(successor, words)))
            _draw_link(words.open_newest, successor.id)
    for version in catalog.versions([release.id]).values():
        if version.release_id in (release.id, successor and successor.id):
            continue
        label = words.earlier_version if version.superseded_by else words.other_version
        language = language_name(version.language, words.language)
        _draw_link(label.format(language=language, title=version.title), version.release_id)


def superseded(successor: Release, words: Wording) -> str:
    """That a release is an earlier version, and what answers in its place."""
    known = day(successor.date, words.language) if successor.date else words.no_date
    return words.superseded.format(title=successor.title, day=known)


def _draw_link(label: str, release_id: str) -> None:
    import streamlit as st

    st.button(
        as_markdown(label),
        key=f"version-{release_id}",
        on_click=_open,
        args=(Place(release_id),),
        icon=":material/article:",
        type="tertiary",
    )


def _open(place: Place) -> None:
    """Let the page's address name this place instead."""
    import streamlit as st

    kept = {name: value for name, value in st.query_params.items() if name not in _NAMES}
    st.query_params.from_dict(kept | place.parameters)


def header_html(release: Release, words: Wording) -> str:
    """Title, a line of facts, and how each is known."""
    rows = {
        words.published: _published(release, words),
        words.place: release.place,
        words.issuer: release.issuer,
        words.release_language: language_name(release.language, words.language),
        words.file: release.file,
        words.recognised_pages: release.recognised and f"p. {_ranges(release.recognised)}",
    }
    shown = "".join(
        f'<div><dt>{as_html(name)}</dt><dd dir="auto">{as_html(value)}</dd></div>'
        for name, value in rows.items()
        if value
    )
    link = link_html(release.url, release.url or "")
    original = f"<div><dt>{as_html(words.original)}</dt><dd>{link}</dd></div>" if link else ""
    return (
        f'<header class="cq-release-header"><h1 dir="auto" lang="{as_html(release.language)}">'
        f"{as_html(release.title)}</h1><dl>{shown}{original}</dl></header>"
    )


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers in order as `1–3, 5`."""
    groups = groupby(enumerate(numbers), key=lambda each: each[1] - each[0])
    spans = [[number for _, number in group] for _, group in groups]
    return ", ".join(f"{span[0]}–{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans)


def text_html(release: Release, start: int, end: int, words: Wording) -> str:
    """The text in its paragraphs and list items, with ``text[start:end]`` marked.

    Of a long release the SHOWN_CHARACTERS around the quote, and how much stands before and after.
    """
    text = release.text
    marked = _marks(Place(release.id, None, start, end), release)
    middle = (start + end) // 2 if marked else 0
    first = max(0, min(middle - SHOWN_CHARACTERS // 2, len(text) - SHOWN_CHARACTERS))
    last = min(len(text), first + SHOWN_CHARACTERS)
    if first:
        first = text.find("\n", first, max(first, start)) + 1 or first
    blocks = []
    named = False
    for line in _LINE.finditer(text, first, last):
        if not line.group().strip():
            continue
        low, high = (min(max(edge, line.start()), line.end()) for edge in (start, end)) if marked else (0, 0)
        shown = as_html(line.group())
        if low < high:
            name = "" if named else f' id="{QUOTE_ID}"'
            named = True
            shown = (
                f"{as_html(text[line.start() : low])}<mark{name}>{as_html(text[low:high])}</mark>"
                f"{as_html(text[high : line.end()])}"
            )
        kind = ' class="cq-item"' if _ITEM.match(line.group()) else ""
        blocks.append(f'<p{kind} dir="auto">{shown}</p>')
    before = _omitted(words.earlier_text, first)
    after = _omitted(words.later_text, len(text) - last)
    body = before + "".join(blocks) + after
    return f'<article class="cq-release" lang="{as_html(release.language)}">{body}</article>'


def _published(release: Release, words: Wording) -> str:
    known = release.published
    if known is None:
        return words.no_date
    when = f"{day(known.value, words.language)}, " if known.exact else ""
    return f"{when}{words.date_known[known.basis].format(words=known.words)}"


def _marks(place: Place, release: Release) -> bool:
    return 0 <= place.start < place.end <= len(release.text)


def _omitted(phrase: str, count: int) -> str:
    return f'<p class="cq-note">{as_html(phrase.format(count=f"{count:,}"))}</p>' if count else ""


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else 0
