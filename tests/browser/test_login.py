"""Where a provider of identities is named, people log in, and each sees their own conversations alone."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from bot.catalog import FILE as CATALOG
from bot.catalog import Catalog
from bot.history import FILE, History
from tests.oidc_provider import CLIENT, SECRET, OIDCProvider
from tests.server.conftest import copied
from tests.server.problem import kind
from tests.server.serving import Serving, free_port, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

BASE = "/tools/communique"
QUESTION = "who funds CT Travel?"


@pytest.fixture(scope="module")
def members(
    tmp_path_factory: pytest.TempPathFactory, corpus_index: Path, corpus_dir: Path
) -> Iterator[Serving]:
    """A server below a path that only Ann and Ben may use."""
    data, port = copied(corpus_index, tmp_path_factory.mktemp("members") / "data"), free_port()
    with OIDCProvider(["Ann", "Ben"]) as provider:
        (data / ".streamlit").mkdir()
        (data / ".streamlit" / "secrets.toml").write_text(
            f"""[auth]
redirect_uri = "http://127.0.0.1:{port}{BASE}/oauth2callback"
cookie_secret = "{"of the test " * 4}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider.metadata}"
""",
            encoding="utf-8",
        )
        with serving(data, corpus_dir, port=port, communique_base_path=BASE) as server:
            yield server


def log_in(page: Page, server: Serving, person: str) -> None:
    page.goto(f"{server.address}/")
    come_in(page, person)
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled()


def come_in(page: Page, person: str) -> None:
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name=person).click()
    expect(page.locator(".st-key-person")).to_contain_text(person, timeout=60_000)


def test_each_sees_their_own_conversations_alone(page: Page, members: Serving) -> None:
    expect.set_options(timeout=60_000)
    page.set_default_timeout(60_000)
    page.goto(f"{members.address}/?c=anything")
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    expect(page.get_by_test_id("stChatInputTextArea")).to_have_count(0)

    log_in(page, members, "Ann")
    field = page.get_by_test_id("stChatInputTextArea")
    field.fill(QUESTION)
    field.press("Enter")
    expect(page.locator(".cq-answer")).to_contain_text("Hungary")
    expect(page).to_have_url(re.compile(r"[?&]c="))
    anns = page.url
    page.reload()
    expect(page.locator(".cq-answer")).to_contain_text("Hungary")

    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    page.goto(anns)
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    expect(page.locator(".cq-answer")).to_have_count(0)

    log_in(page, members, "Ben")
    page.goto(anns)
    expect(page.get_by_text("conversation is no longer here")).to_be_visible()
    expect(page.locator(".cq-answer")).to_have_count(0)
    expect(page.get_by_test_id("stSidebar").get_by_role("button", name=QUESTION)).to_have_count(0)
    with History.open(members.folder / FILE) as history:
        assert history.list() == ()  # nothing is kept that everyone would see


def test_a_link_to_a_release_is_followed_after_the_login(page: Page, members: Serving) -> None:
    page.set_default_timeout(60_000)
    with Catalog.open(members.folder / CATALOG, create=False) as catalog:
        release = catalog.releases()[0].id
    place = {"release": release, "start": "0", "end": "20"}
    page.goto(f"{members.address}/?{urlencode(place)}")
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=60_000)
    expect(page.locator("#quoted")).to_have_count(0)

    come_in(page, "Ann")
    expect(page.locator("#quoted")).to_be_visible(timeout=60_000)
    assert dict(parse_qsl(urlsplit(page.url).query)) == place


def test_an_embed_cannot_log_in_and_says_where_one_can(page: Page, members: Serving) -> None:
    page.goto(f"{members.address}/?embed=true")
    expect(page.get_by_text("Open this page in a window of its own to log in.")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Log in")).to_have_count(0)


def test_a_page_without_a_key_does_not_ask_past_the_login(members: Serving) -> None:
    own = {"Origin": f"http://127.0.0.1:{members.port}", "X-Forwarded-For": "198.51.100.7"}
    with members.client(headers=own) as client:
        refused = client.post("/ask", json={"question": QUESTION})
    assert (refused.status_code, kind(refused)) == (401, "key-needed")


def test_a_made_up_cookie_and_a_callback_out_of_the_blue_log_nobody_in(page: Page, members: Serving) -> None:
    back = httpx.get(
        f"{members.address}/oauth2callback?code=x&state=y", trust_env=False, follow_redirects=False
    )
    assert back.status_code == 302
    assert "_streamlit_user" not in back.headers.get("set-cookie", "")
    page.context.add_cookies(
        [{"name": "_streamlit_user", "value": "eyJzdWIiOiJhbm4ifQ==", "url": f"{members.address}/"}]
    )
    page.goto(f"{members.address}/")
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=60_000)
