"""Addresses that a person gives, and what they lead to: pages and files are kept, feeds and sitemaps followed.

It knows no release: what is kept here is ingested as any other file is. An entry that a feed no longer lists stays,
for a feed shows only the newest; a page that is gone is told, and stays until somebody removes it.
"""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import urlsplit

from bot.errors import CorpusError, IndexBusyError
from ingest.fetch.client import Client
from ingest.fetch.kept import Kept, Known, suffix_of
from ingest.fetch.listing import LISTING_BYTES, Form, Item, form_of, read_listing
from ingest.fetch.request import FetchError, Response, checked, unpacked
from ingest.guard import Guard

DEPTH = 3
"""Listings within listings: an index of sitemaps, its sitemaps, and one more."""
PAGES = 50_000
"""Pages that one run follows at most."""
SAVED_EACH = 50
"""Pages after which what is known is written down: an interrupted run begins there again."""
_GONE = (404, 410)
_GZIP = b"\x1f\x8b"

Tell = Callable[[int, int, str], None]
"""Told how many of how many addresses were looked at, and which is next."""


@dataclass(slots=True)
class Outcome:
    """What a run found: how many files are `new` or changed, and what failed, by address."""

    new: int = 0
    unchanged: int = 0
    failed: dict[str, str] = field(default_factory=dict)


class Run:
    """One run over some addresses, in one thread."""

    def __init__(self, client: Client, kept: Kept, guard: Guard, tell: Tell) -> None:
        self._client = client
        self._kept = kept
        self._guard = guard
        self._tell = tell
        self._seen: set[str] = set()
        self._done = 0
        self._total = 0
        self.outcome = Outcome()

    def visit(self, url: str) -> None:
        """Look at an address that a person gave, and at all that it lists."""
        self._total += 1
        self._attempt(url, lambda: self._look(url, 0))
        self._kept.save()

    def _look(self, url: str, depth: int) -> None:
        known = self._kept.known.get(url) or Known()
        known.is_asked = known.is_asked or depth == 0
        response = self._client.get(
            url, _conditions(known, is_kept=known.form != "page" or self._kept.has(known))
        )
        if response.status == 304:
            self._kept.known[url] = known
            if known.form == "page":
                self.outcome.unchanged += 1
            else:
                self._again(url, known, depth)
            return
        content = self._content(url, response, known)
        form = form_of(content)
        if form is None:
            self._keep(url, known, response, content)
            return
        headers = response.headers
        items = self._guard.call(
            url, read_listing, content, form, response.url, headers.get("content-type", "")
        )
        _remember(known, response, form)
        self._kept.known[url] = known
        self._follow(url, form, items, depth)

    def _follow(self, url: str, form: Form, items: Sequence[Item], depth: int) -> None:
        if form != "feed":  # a sitemap speaks for its own site only
            hosts = {urlsplit(each).hostname for each in (url, self._kept.known[url].address)}
            items = [item for item in items if urlsplit(item.url).hostname in hosts]
        if form == "sitemaps":
            if depth >= DEPTH:
                raise FetchError(f"{url} lists sitemaps within sitemaps, too deep: name those that you want.")
            for item in items:
                self._listing(item.url, url, depth + 1)
            return
        fresh = [item for item in items if item.url not in self._seen][: PAGES - len(self._seen)]
        self._total += len(fresh)
        for number, item in enumerate(fresh):
            self._attempt(item.url, partial(self._item, item, url))
            if number % SAVED_EACH == SAVED_EACH - 1:
                self._kept.save()

    def _listing(self, url: str, source: str, depth: int) -> None:
        self._total += 1
        if url not in self._seen:
            self._kept.known.setdefault(url, Known(source=source))
            self._attempt(url, lambda: self._look(url, depth))

    def _again(self, url: str, known: Known, depth: int) -> None:
        """A listing that has not changed: the pages that it listed may have."""
        listed = [each for each, page in self._kept.known.items() if page.source == url]
        if known.form == "sitemaps":
            for each in listed:
                self._listing(each, url, depth + 1)
        else:
            items = [Item(each, modified=self._kept.known[each].modified) for each in listed]
            self._follow(url, "feed", items, depth)

    def _item(self, item: Item, source: str) -> None:
        """A page that a listing names: skipped where it cannot have changed, or somebody took its file away."""
        known = self._kept.known.get(item.url)
        if known and known.file and not self._kept.has(known):
            return
        is_same = known is not None and item.modified != "" and known.modified == item.modified
        if known and (is_same or known.is_carried) and self._kept.has(known) and not item.content:
            self.outcome.unchanged += 1
            return
        known = known or Known()
        known.is_carried = item.content != ""
        if item.content:
            known.address = item.url
            self._count(self._kept.write(item.url, known, ".html", _page_of(item)))
        else:
            response = self._client.get(item.url, _conditions(known, is_kept=self._kept.has(known)))
            if response.status == 304:
                self.outcome.unchanged += 1
            else:
                self._keep(item.url, known, response, self._content(item.url, response, known))
        known.source, known.modified = source, item.modified
        self._kept.known[item.url] = known

    def _keep(self, url: str, known: Known, response: Response, content: bytes) -> None:
        suffix = suffix_of(response.media_type, response.url)
        if suffix is None:
            raise FetchError(
                f"{url} is of the type {response.media_type[:60] or 'unknown'!r}, in which no release is kept: "
                "name a page or a document."
            )
        if not content:
            raise FetchError(f"{url} is empty: check it in a browser.")
        if suffix == ".html":
            content = _in_utf8(content, response.headers.get("content-type", ""))
        _remember(known, response, "page")
        self._kept.known[url] = known
        self._count(self._kept.write(url, known, suffix, content))

    def _content(self, url: str, response: Response, known: Known) -> bytes:
        """The body of a response that is a good one; raises FetchError for any other."""
        if response.status in _GONE:
            stays = (
                ": what was read of it stays until you remove it" if self._kept.has(known) else ": check it"
            )
            raise FetchError(f"{url} is not there any more (status {response.status}){stays}.")
        if response.status != 200:
            raise FetchError(
                f"{url} answered with status {response.status}: check it in a browser, or try later."
            )
        if response.content.startswith(_GZIP):
            return unpacked(url, response.content, LISTING_BYTES)
        return response.content

    def _attempt(self, url: str, action: Callable[[], None]) -> None:
        """Do it, or say why not; other addresses are looked at all the same."""
        self._seen.add(url)
        self._tell(self._done, self._total, url)
        try:
            action()
        except CorpusError as error:
            self.outcome.failed[url] = str(error)
        self._done += 1
        self._tell(self._done, self._total, url)

    def _count(self, is_new: bool) -> None:
        if is_new:
            self.outcome.new += 1
        else:
            self.outcome.unchanged += 1


def fetch(kept: Kept, client: Client, urls: Sequence[str], *, refresh: bool, tell: Tell) -> Outcome:
    """Look at `urls`, and with `refresh` at all that were given before; what they lead to is in `kept` afterwards.

    Raises CorpusError for what is no address, and IndexBusyError where another run is fetching.
    """
    from filelock import FileLock, Timeout

    asked = [checked(url) for url in urls]
    try:
        with FileLock(kept.folder / ".lock", timeout=0), Guard() as guard:
            if refresh:
                asked += [url for url, known in kept.known.items() if known.is_asked]
            run = Run(client, kept, guard, tell)
            try:
                for url in dict.fromkeys(asked):
                    run.visit(url)
            finally:
                kept.save()
            return run.outcome
    except Timeout:
        raise IndexBusyError("Another run is fetching already: wait until it is done, or stop it.") from None


def _conditions(known: Known, *, is_kept: bool) -> dict[str, str]:
    """What asks for the content only where it has changed."""
    if not is_kept:
        return {}
    told = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in told.items() if value}


def _remember(known: Known, response: Response, form: str) -> None:
    known.form = form
    known.address = response.url
    known.etag = response.headers.get("etag", "")
    known.last_modified = response.headers.get("last-modified", "")


def _page_of(item: Item) -> bytes:
    """The text that a feed carries as a page of its own, with what the feed says of it."""
    told = f'<meta property="article:published_time" content="{html.escape(item.published)}">'
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{html.escape(item.title)}</title>{told}</head>'
        f"<body><article><h1>{html.escape(item.title)}</h1>{item.content}</article></body></html>"
    ).encode(errors="replace")


def _in_utf8(content: bytes, content_type: str) -> bytes:
    """The page in UTF-8, with a mark, where only the response says in which encoding it is."""
    charset = content_type.lower().partition("charset=")[2].strip(" \"'").partition(";")[0]
    if not charset or charset in ("utf-8", "utf8"):
        return content
    try:
        return content.decode(charset).encode("utf-8-sig")
    except (LookupError, UnicodeDecodeError):
        return content
