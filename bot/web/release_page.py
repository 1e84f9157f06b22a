"""A release as a page of its own: the text with a quote marked, in HTML that needs no script.

Links of the widget and of wikis lead to it. It opens no store and knows no request.
"""

from functools import cache
from pathlib import Path
from urllib.parse import quote

from bot.domain import Release
from bot.web.markup import as_html
from bot.web.release import Place, header_html, superseded, text_html
from bot.web.wording import Wording


def release_page(
    release: Release | None, place: Place, home: str, words: Wording, successor: Release | None = None
) -> str:
    """The whole page; `release` is the revision that was asked for, or the current one in its stead, or None.

    `home` is the address of the chat, `successor` what answers in the place of the release.
    """
    notes = []
    if release is None:
        notes.append(words.missing_release)
    elif place.revision not in (None, release.revision):
        notes.append(words.changed_release)
        place = Place(release.id)
    elif place.end > len(release.text):
        notes.append(words.no_such_quote)
    told = "".join(f'<p class="note" role="status">{as_html(note)}</p>' for note in notes)
    if successor:
        address = f"{home}releases/{quote(successor.id)}?lang={words.language}"
        told += (
            f'<p class="note" role="status">{as_html(superseded(successor, words))} '
            f'<a href="{as_html(address)}">{as_html(words.open_newest)}</a></p>'
        )
    body = (
        f"{header_html(release, words)}{text_html(release, place.start, place.end, words)}" if release else ""
    )
    title = release.title if release else words.missing_release
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        f"<title>{as_html(title)} · Communiqué</title><style>{style()}</style></head>"
        f'<body><nav><a href="{as_html(home)}">Communiqué</a><span>{as_html(words.tagline)}</span></nav>'
        f"<main>{told}{body}</main></body></html>"
    )


@cache
def style() -> str:
    """Its style sheet, always the same, so that the server can allow it by its hash and no other."""
    return (Path(__file__).parent / "release.css").read_text(encoding="utf-8")
