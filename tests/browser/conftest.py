"""A real Chromium for the browser tests, kept on this machine like everything else."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.browser.chromium import find
from tests.offline.loopback_only import is_local

ARGUMENTS = [
    # Chromium refuses its sandbox to root, and a container's /dev/shm is often too small for it.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    # What Chromium itself would ask of other machines.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; skips its tests where there is none, which in CI is an error.

    It ends with the module: while it is open this thread has a running event loop, and `asyncio.run` fails.
    """
    path = find()
    if path is None:
        reason = "no Chromium on the PATH or from Playwright: tests/browser/install.sh tells how to get one"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def elsewhere() -> list[str]:
    """The addresses outside this machine that the page asked for; the test fails if there are any."""
    return []


@pytest.fixture
def page(browser: Browser, elsewhere: list[str]) -> Iterator[Page]:
    """A page in a fresh profile, 1280 x 800, in which nothing outside this machine can be reached."""

    def guard(route: Route) -> None:
        if is_local(urlsplit(route.request.url).hostname or ""):
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    def note(address: str) -> None:
        if not is_local(urlsplit(address).hostname or ""):
            elsewhere.append(address)

    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.route("**/*", guard)
        opened = context.new_page()
        opened.on("websocket", lambda socket: note(socket.url))
        yield opened
    assert not elsewhere, f"the page asked for {elsewhere}"
