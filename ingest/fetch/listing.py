"""Feeds and sitemaps: what they list. RSS, Atom, sitemaps and indexes of sitemaps, told apart by what they are.

It fetches nothing; what it reads is not to be trusted.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Literal
from urllib.parse import urljoin

from bot.errors import CorpusError
from ingest.fetch.request import FetchError, checked

Form = Literal["feed", "sitemap", "sitemaps"]
ENTRIES = 50_000
"""Of one listing, the most that a sitemap may hold."""
WHOLE_CHARACTERS = 600
"""Of an entry's own text, from which on it is taken for the whole release, and the page behind it left alone."""
LISTING_BYTES = 16 * 1024 * 1024
_FORMS: dict[bytes, Form] = {
    b"rss": "feed",
    b"feed": "feed",
    b"rdf:rdf": "feed",
    b"urlset": "sitemap",
    b"sitemapindex": "sitemaps",
}
_ROOT = re.compile(rb"\A\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<([A-Za-z:]+)", re.DOTALL)
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_SNIFFED = 4_096


@dataclass(frozen=True, slots=True)
class Item:
    """What a listing says of one release: where it is, and what else it says.

    `content` is the whole text as HTML, where the feed carries it; `modified` changes when the release does.
    """

    url: str
    title: str = ""
    published: str = ""
    content: str = ""
    modified: str = ""


def form_of(content: bytes) -> Form | None:
    """What kind of listing it is, by its first element; None where it is none."""
    found = _ROOT.match(_plain(content[:_SNIFFED]))
    return _FORMS.get(found[1].lower()) if found else None


def read_listing(content: bytes, form: Form, url: str, content_type: str) -> list[Item]:
    """What it lists, addresses made whole; those that are no addresses of http or https are left out.

    Raises FetchError where it cannot be read.
    """
    if len(content) > LISTING_BYTES:
        raise FetchError(f"{url} lists more than {LISTING_BYTES >> 20} MiB: name parts of it instead.")
    # A feed has no use for entities of its own, and a bomb is made of them.
    if _ENTITY.search(_plain(content)):
        raise FetchError(f"{url} declares entities, which no feed or sitemap needs: it is not read.")
    found = _feed(content, url, content_type) if form == "feed" else _sitemap(content, url)
    return list({item.url: item for item in found[:ENTRIES]}.values())


def _feed(content: bytes, url: str, content_type: str) -> list[Item]:
    import feedparser

    headers = {"content-type": content_type or "application/xml", "content-location": url}
    parsed = feedparser.parse(BytesIO(content), response_headers=headers)
    if not parsed.entries and parsed.bozo:
        raise FetchError(f"{url} is no feed that can be read ({parsed.bozo_exception}): check the address.")
    items = []
    for entry in parsed.entries:
        place = _address(str(entry.get("link") or ""), url)
        if place is None:
            continue
        whole = max((str(each.get("value") or "") for each in entry.get("content", ())), key=len, default="")
        items.append(
            Item(
                place,
                _words(str(entry.get("title") or "")),
                str(entry.get("published") or entry.get("updated") or ""),
                whole if len(_words(whole)) >= WHOLE_CHARACTERS else "",
                str(entry.get("updated") or ""),
            )
        )
    return items


def _sitemap(content: bytes, url: str) -> list[Item]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise FetchError(f"{url} is no sitemap that can be read ({error}): check the address.") from None
    items = []
    for element in root:
        told = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in element}
        place = _address(told.get("loc", ""), url)
        if place is not None:
            items.append(Item(place, modified=told.get("lastmod", "")))
    return items


def _address(text: str, base: str) -> str | None:
    try:
        return checked(urljoin(base, text.strip())) if text.strip() else None
    except (FetchError, ValueError):
        return None


def _words(title: str) -> str:
    """A title without the markup that feeds put into it."""
    if "<" not in title and "&" not in title:
        return " ".join(title.split())
    from ingest.load.html import fragment_text

    try:
        return " ".join(fragment_text(title, "title").split())
    except CorpusError:
        return ""


def _plain(content: bytes) -> bytes:
    """The bytes in which ASCII can be looked for, in UTF-16 and UTF-32, too."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"")
