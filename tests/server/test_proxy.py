"""Behind a reverse proxy and below a path the server is what it is without: pages, answers, streams, WebSockets."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.server.conftest import BASE, keys
from tests.server.problem import kind
from tests.server.reverse_proxy import reverse_proxy
from tests.server.serving import Serving
from tests.server.test_api import DJIBOUTI, QUESTION, events

pytestmark = pytest.mark.slow

NAME = "chat.example.org"
OUTSIDE = f"https://{NAME}{BASE}"
"""How the world calls it."""


@pytest.fixture(scope="module")
def port(shared: Serving) -> Iterator[int]:
    with reverse_proxy(shared.port) as opened:
        yield opened


@pytest.fixture
def proxied(port: int, key: str) -> Iterator[httpx.Client]:
    """A program outside, which the proxy serves under the server's name in the world."""
    headers = {"Host": NAME, "Authorization": f"Bearer {key}"}
    address = f"http://127.0.0.1:{port}{BASE}"
    with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as client:
        yield client


def test_page_health_and_documents_are_below_the_path(proxied: httpx.Client) -> None:
    assert proxied.get("/healthz").json() == {"status": "alive"}
    assert proxied.get("/readyz").json()["status"] == "ready"
    assert "text/html" in proxied.get("/").headers["content-type"]
    assert proxied.get("/_stcore/health").text == "ok"
    for place in ("/api", "/v1"):
        assert proxied.get(f"{place}/openapi.json").json()["servers"] == [{"url": f"{BASE}{place}"}]


def test_a_stream_comes_in_pieces_and_its_page_may_call(proxied: httpx.Client) -> None:
    page = {"Accept": "text/event-stream", "Origin": f"https://{NAME}"}
    with proxied.stream("POST", "/api/v1/ask", json={"question": QUESTION}, headers=page) as response:
        assert response.headers["x-accel-buffering"] == "no"
        assert [name for name, _ in events(response)] == ["text", "citations", "conversation", "answer"]
    assert kind(proxied.get("/api/v1/releases", headers={"Origin": f"http://{NAME}"})) == "foreign-origin"


def test_links_lead_to_the_name_and_scheme_of_the_world(proxied: httpx.Client) -> None:
    body = {"model": "communique", "messages": [{"role": "user", "content": QUESTION}]}
    message = proxied.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]
    assert message["annotations"][0]["url_citation"]["url"].startswith(f"{OUTSIDE}/?release={DJIBOUTI}")
    call = {"name": "ask", "arguments": {"question": QUESTION}}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    accept = {"Accept": "application/json, text/event-stream"}
    assert f"{OUTSIDE}/?release={DJIBOUTI}" in proxied.post("/mcp", json=asked, headers=accept).text


def test_a_websocket_passes_for_its_own_page_only(port: int) -> None:
    def opened(origin: str) -> ClientConnection:
        through = socket.create_connection(("127.0.0.1", port))
        address = f"ws://{NAME}{BASE}/_stcore/stream"
        return connect(address, sock=through, origin=origin, proxy=None)  # type: ignore[arg-type]

    with opened(f"https://{NAME}") as open_:
        assert open_.protocol.state.name == "OPEN"
    with pytest.raises(InvalidStatus) as refused:
        opened("https://evil.example")
    assert refused.value.response.status_code == 403


def test_whom_the_proxy_serves_is_no_program_of_this_machine(proxied: httpx.Client, shared: Serving) -> None:
    del proxied.headers["Authorization"]
    claimed = {"X-Forwarded-For": "127.0.0.1"}
    assert kind(proxied.get("/api/v1/releases", headers=claimed)) == "key-needed"
    assert keys(shared.folder).exist()
