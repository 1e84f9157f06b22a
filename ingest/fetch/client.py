"""Requests as a polite visitor makes them: one site at a time, as its robots.txt allows, with redirects and retries.

It does not know what is fetched.
"""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

from ingest.fetch.request import AGENT, RESPONSE_BYTES, FetchError, Requests, Response, checked
from ingest.fetch.robots import Robots, read_robots

REDIRECTS = 5
RETRIES = 2
RETRY_SECONDS = 2.0
"""Before the first retry; twice as long before the second."""
SECONDS_BETWEEN = 1.0
"""Between two requests to one host, unless its robots.txt asks for more."""
LONGEST_PAUSE = 30.0
"""The longest pause that a site can ask for."""
_AGAIN = (429, 502, 503, 504)
_MOVED = (301, 302, 303, 307, 308)
ROBOTS_BYTES = 512 * 1024


class Client:
    """Fetches for one run, in one thread."""

    def __init__(
        self,
        *,
        allow_private: bool,
        seconds_between: float = SECONDS_BETWEEN,
        pause: Callable[[float], None] = time.sleep,
        requests: Requests | None = None,
    ) -> None:
        self._requests = requests or Requests(allow_private=allow_private)
        self._between = seconds_between
        self._pause = pause
        self._next: dict[str, float] = {}
        self._robots: dict[str, Robots] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._requests.__exit__(kind, error, trace)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Response:
        """The response after all redirects, whatever its status; its `url` is the last address.

        Raises FetchError where an address on the way may not be fetched, or nothing usable comes.
        """
        place = checked(url)
        for _ in range(REDIRECTS + 1):
            robots = self._robots_of(place)
            if not robots.allows(place):
                raise FetchError(f"{place} is not fetched: the robots.txt of its site asks not to.")
            response = self._tried(place, headers or {}, RESPONSE_BYTES, robots.delay)
            if response.status not in _MOVED or "location" not in response.headers:
                return response
            place = checked(urljoin(place, response.headers["location"]))
        raise FetchError(f"{url} leads from one address to the next, more than {REDIRECTS} times: check it.")

    def _tried(self, url: str, headers: Mapping[str, str], most_bytes: int, delay: float) -> Response:
        """One address without its redirects, tried again where that may help."""
        for attempt in range(RETRIES + 1):
            self._wait(url, delay)
            last = attempt == RETRIES
            wait = RETRY_SECONDS * 2**attempt
            try:
                response = self._requests.get(url, headers, most_bytes)
            except FetchError as error:
                if last or not error.again:
                    raise
            else:
                if last or response.status not in _AGAIN:
                    return response
                asked = response.headers.get("retry-after", "")
                wait = max(
                    wait, float(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0.0
                )
                if wait > LONGEST_PAUSE:
                    return response
            self._pause(wait)
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, url: str, delay: float) -> None:
        host, now = urlsplit(url).netloc, time.monotonic()
        until = self._next.get(host, now)
        if until > now:
            self._pause(until - now)
        self._next[host] = max(now, until) + max(self._between, min(delay, LONGEST_PAUSE))

    def _robots_of(self, url: str) -> Robots:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._asked_robots(origin)
        return self._robots[origin]

    def _asked_robots(self, origin: str) -> Robots:
        """What a site allows; where it has no robots.txt everything, and nothing where that cannot be known."""
        place = f"{origin}/robots.txt"
        for _ in range(REDIRECTS + 1):
            response = self._tried(place, {}, ROBOTS_BYTES, 0.0)
            if response.status in _MOVED and "location" in response.headers:
                place = checked(urljoin(place, response.headers["location"]))
                continue
            if response.status >= 500 or response.status == 429:
                raise FetchError(
                    f"{origin} is not fetched: its robots.txt cannot be read now (status {response.status}). "
                    "Try again later."
                )
            return read_robots(response.content if response.status == 200 else b"", AGENT)
        return read_robots(b"", AGENT)
