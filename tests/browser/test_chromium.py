"""The browser of these tests shows pages of this machine, and no others."""

from collections.abc import Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A page on this machine that wants a picture from another."""
    (tmp_path / "index.html").write_text(
        "<title>Releases</title><h1>Rabat</h1><img src='http://192.0.2.1/logo.png'>", encoding="utf-8"
    )
    with HTTPServer(("127.0.0.1", 0), partial(Silent, directory=tmp_path)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_page_of_this_machine_is_shown_and_what_it_asks_of_another_is_refused(
    site: str, page: Page, elsewhere: list[str]
) -> None:
    page.goto(site)
    expect(page.get_by_role("heading")).to_have_text("Rabat")
    assert elsewhere == ["http://192.0.2.1/logo.png"]
    elsewhere.clear()
