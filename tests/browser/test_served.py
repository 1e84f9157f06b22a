"""The served page under its safety headers: it works, and a page of another origin gets nothing of it."""

import http.server
import shutil
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.history import FILE as HISTORY
from bot.history import History
from tests.browser.accessibility import findings
from tests.openai_server import Fault, OpenAIServer
from tests.server.serving import Serving, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ELSEWHERE = """<!doctype html><title>elsewhere</title><iframe id="frame" src="{address}/"></iframe>
<script src="{address}/widget.js"></script><script>
const told = {{}};
const asked = [
  fetch("{address}/api/v1/releases").then(() => "answered", () => "refused").then((end) => told.fetch = end),
  fetch("{address}/api/v1/ask", {{method: "POST", mode: "no-cors", body: "{{}}"}})
    .then((answer) => answer.type, () => "refused").then((end) => told.blind = end),
  new Promise((resolve) => {{
    const socket = new WebSocket("{address}/_stcore/stream".replace("http", "ws"));
    socket.onopen = () => resolve(told.socket = "open");
    socket.onerror = () => resolve(told.socket = "refused");
  }}),
];
Promise.all(asked).then(() => window.told = told);
</script>"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, corpus_index: Path, corpus_dir: Path) -> Iterator[Serving]:
    data = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(corpus_index, data, symlinks=True)
    with serving(data, corpus_dir, communique_base_path="/tools/communique") as server:
        yield server


@pytest.fixture
def elsewhere_page(own: Serving, tmp_path: Path) -> Iterator[str]:
    """The address of a page of another origin: the same machine, another port."""
    (tmp_path / "index.html").write_text(ELSEWHERE.format(address=own.address), encoding="utf-8")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_the_chat_works_under_its_policy_and_below_a_path(page: Page, own: Serving) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    expect.set_options(timeout=60_000)
    page.set_default_timeout(60_000)
    page.goto(f"{own.address}/")
    field = page.get_by_test_id("stChatInputTextArea")
    expect(field).to_be_enabled()
    field.fill("who funds CT Travel?")
    field.press("Enter")
    expect(page.locator(".cq-answer")).to_contain_text("Hungary")
    expect(page.locator(".cq-seconds")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Open release").first.click()
    expect(page.locator("#quoted")).to_be_in_viewport()
    assert findings(page) == []
    assert complaints == []


def test_a_page_of_another_origin_gets_no_frame_no_answer_and_no_websocket(
    page: Page, own: Serving, elsewhere_page: str
) -> None:
    page.goto(elsewhere_page)
    page.wait_for_function("window.told", timeout=60_000)
    told = page.evaluate("window.told")
    assert told == {"fetch": "refused", "blind": "refused", "socket": "refused"}
    page.wait_for_timeout(1000)
    frame = page.frames[-1]
    assert own.address not in frame.url
    assert frame.locator("[data-testid=stApp]").count() == 0
    page.get_by_role("button", name="Ask the press releases").click()
    page.get_by_role("textbox", name="Your question").fill("who funds CT Travel?")
    page.keyboard.press("Enter")
    expect(page.locator("communique-chat .problem")).to_contain_text("This page may not use the chat.")
    with own.client() as client:
        assert client.get("/conversations").json()["items"] == []


def test_a_stop_waits_for_the_answer_that_the_chat_page_draws(
    page: Page, corpus_index: Path, corpus_dir: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(corpus_index, data, symlinks=True)
    with (
        OpenAIServer([Fault("The Programme is co-funded by Qatar [1].", seconds=0.4)]) as model,
        serving(
            data,
            corpus_dir,
            openai_base_url=model.base_url,
            communique_chat_model="openai:scripted",
            openai_api_key="none",
        ) as server,
    ):
        page.set_default_timeout(60_000)
        page.goto(f"{server.address}/")
        field = page.get_by_test_id("stChatInputTextArea")
        expect(field).to_be_enabled(timeout=60_000)
        field.fill("who funds CT Travel?")
        field.press("Enter")
        until = time.monotonic() + 60
        while not any(request.path.endswith("completions") for request in model.requests):
            assert time.monotonic() < until
            page.wait_for_timeout(50)
        server.stop()
        assert server.process.wait(60) == 0
    with History.open(data / HISTORY) as history:
        (conversation,) = history.list()
        (turn,) = history.turns(conversation.id)
    assert "Qatar" in turn.answer.text
