"""One request: GET, over http or https, to an address that may be connected to, bounded in time and size.

It follows no redirect and tries once.
"""

import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urldefrag, urlsplit

import httpcore
import httpx

from bot.errors import CorpusError
from ingest.fetch.connect import CONNECT_SECONDS, READ_SECONDS, Backend, RefusedError

AGENT = "Communique"
"""The name by which a robots.txt may speak of us."""
USER_AGENT = f"{AGENT}/0.1 (indexes press releases; obeys robots.txt)"
RESPONSE_BYTES = 32 * 1024 * 1024
"""Of a body, unpacked: the largest that is taken."""
RESPONSE_SECONDS = 90.0
"""For connection, headers and body together."""
ADDRESS_CHARACTERS = 2_000
_HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/pdf,*/*;q=0.5",
    "Accept-Encoding": "gzip",
}


class FetchError(CorpusError):
    """An address of which nothing usable comes; `again` where it may be otherwise in a moment."""

    def __init__(self, message: str, *, again: bool = False) -> None:
        super().__init__(message)
        self.again = again


@dataclass(frozen=True, slots=True)
class Response:
    """What came back of `url`; header names are in small letters."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def checked(url: str) -> str:
    """The address without its fragment, in its plain form. Raises FetchError where it is none that is fetched."""
    shown = url[:200]
    try:
        parsed = httpx.URL(urldefrag(url.strip())[0])
        port = urlsplit(str(parsed)).port
    except (httpx.InvalidURL, ValueError, UnicodeError, TypeError):
        raise FetchError(f"{shown!r} is no address: give one as https://example.org/news.") from None
    if any(letter.isspace() or not letter.isprintable() for letter in url.strip()):
        raise FetchError(f"{shown!r} is no address: give one as https://example.org/news.")
    if parsed.scheme not in ("http", "https") or not parsed.host or port == 0:
        raise FetchError(f"{shown!r} is no address of http or https: only these are fetched.")
    if parsed.userinfo:
        raise FetchError(
            f"The address at {parsed.host} holds a name or password: it would be kept. Leave it out."
        )
    if len(str(parsed)) > ADDRESS_CHARACTERS:
        raise FetchError(f"{shown!r}… has more than {ADDRESS_CHARACTERS} characters: give a shorter address.")
    return str(parsed)


class Requests:
    """Connections to be used again, of one thread."""

    def __init__(self, *, allow_private: bool, seconds: float = RESPONSE_SECONDS) -> None:
        self._backend = Backend(allow_private)
        self._seconds = seconds
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=8,
            keepalive_expiry=READ_SECONDS,
            network_backend=self._backend,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def get(self, url: str, headers: Mapping[str, str], most_bytes: int = RESPONSE_BYTES) -> Response:
        """The response, unpacked. Raises FetchError where there is none, or it is too large or too slow."""
        self._backend.until = time.monotonic() + self._seconds
        timeouts = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": 1.0}
        sent = [(name, value) for name, value in {**_HEADERS, **headers}.items()]
        try:
            with self._pool.stream("GET", url, headers=sent, extensions={"timeout": timeouts}) as answer:
                found = {
                    name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers
                }
                content = b"" if answer.status == 304 else _body(url, answer.iter_stream(), found, most_bytes)
        except RefusedError as error:
            raise FetchError(f"{url} is not fetched: {error}") from None
        except httpcore.TimeoutException as error:
            raise FetchError(
                f"{url} did not come within {self._seconds:g} seconds ({error}): try again later.", again=True
            ) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise FetchError(
                f"{url} cannot be reached ({error}): check the address, or try again later.", again=True
            ) from None
        return Response(url, answer.status, found, content)


def unpacked(url: str, content: bytes, most_bytes: int = RESPONSE_BYTES) -> bytes:
    """The content of a gzip file. Raises FetchError where it is damaged, or larger than is taken."""
    return _body(url, [content], {"content-encoding": "gzip"}, most_bytes)


def _body(url: str, chunks: Iterable[bytes], headers: Mapping[str, str], most_bytes: int) -> bytes:
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchError(f"{url} is packed as {encoding[:40]!r}, which was not asked for: it cannot be read.")
    unpacking = zlib.decompressobj(wbits=47) if encoding not in ("", "identity") else None  # 47: gzip or zlib
    content = bytearray()
    try:
        for chunk in chunks:
            room = most_bytes - len(content) + 1
            content += unpacking.decompress(chunk, room) if unpacking else chunk
            if len(content) > most_bytes:
                raise FetchError(
                    f"{url} is larger than {most_bytes >> 20} MiB, the most that is fetched: get it by hand."
                )
        if unpacking and not unpacking.eof and content:
            raise FetchError(f"{url} ended in the middle: try again later.", again=True)
    except zlib.error:
        raise FetchError(f"{url} is packed in a way that cannot be read.") from None
    return bytes(content)
