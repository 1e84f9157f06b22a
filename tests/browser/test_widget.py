"""The widget in pages of another site, under the strictest policy that lets it load: asked, read, followed, refused."""

import gzip
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from bot.keys import FILE, Keys
from bot.web.widget import source
from tests.browser.accessibility import findings
from tests.browser.site import Site, site
from tests.server.serving import Serving, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

POLICY = (
    "default-src 'none'; img-src data:; script-src {server}; connect-src 'self' {server}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><link rel="icon" href="data:,">
<title>Wiki</title></head><body><main><h1>Wiki</h1><p>Texts of the team.</p>{body}</main></body></html>"""
QUESTION = "who funds CT Travel?"
ANYWHERE = {"Access-Control-Allow-Origin": "*"}


@pytest.fixture(scope="module")
def wiki() -> Iterator[Site]:
    with site() as opened:
        yield opened


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, corpus_index: Path, corpus_dir: Path, wiki: Site
) -> Iterator[Serving]:
    """A server with keys, below a path, that the wiki may embed; the wiki's own back end makes the tokens."""
    data = tmp_path_factory.mktemp("widget") / "data"
    shutil.copytree(corpus_index, data, symlinks=True)
    key = Keys(data / FILE).create("wiki", ["ask"])[1]
    with serving(
        data, corpus_dir, communique_base_path="/tools/communique", communique_allowed_origins=wiki.origin
    ) as served:

        def token(form: str, **terms: int) -> str:
            (visitor,) = parse_qs(form)["visitor"]
            body = {"origin": wiki.origin, "visitor": visitor, **terms}
            with served.client(headers={"Authorization": f"Bearer {key}"}) as client:
                return client.post("/tokens", json=body).raise_for_status().text

        script = f"{served.address}/widget.js"
        floating = f'<script src="{script}" data-token-url="/token" async></script>'
        inline = floating.replace(
            "async", f'data-mode="inline" data-questions="{QUESTION} | Qui est Tanja Pacifico ?"'
        )
        wiki.pages |= {
            "/": PAGE.format(lang="en", body=floating),
            "/fr": PAGE.format(lang="fr-CA", body=inline),
            "/none": PAGE.format(lang="en", body=f'<script src="{script}"></script>'),
            "/once": PAGE.format(lang="en", body=floating.replace("/token", "/once")),
        }
        wiki.posts |= {"/token": token, "/once": lambda form: token(form, questions=1)}
        wiki.policy = POLICY.format(server=served.address.removesuffix("/tools/communique"))
        yield served


@pytest.fixture
def chat(page: Page, wiki: Site, server: Serving) -> Iterator[Page]:
    """The wiki's first page, with the chat open; a complaint of the browser fails the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    page.goto(f"{wiki.origin}/")
    page.get_by_role("button", name="Ask the press releases").click()
    yield page
    assert [each for each in complaints if "Failed to load resource" not in each] == []


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("Your question|Votre question"))


def ask(page: Page, question: str) -> Locator:
    """Ask, and wait for what comes of it; returns that turn."""
    turn = page.locator("section.turn").nth(page.locator("section.turn").count())
    field(page).fill(question)
    field(page).press("Enter")
    expect(turn.locator(".actions, .problem")).to_be_visible()
    return turn


def test_the_headline_question_is_answered_in_a_page_and_its_quote_leads_to_the_release(chat: Page) -> None:
    turn = ask(chat, QUESTION)
    expect(turn.locator(".text")).to_contain_text("Hungary")
    expect(turn.locator(".card mark")).to_contain_text("co-funded")
    turn.get_by_role("button", name="Source 1").click()
    expect(turn.locator(".card")).to_be_focused()
    with chat.context.expect_page() as opened:
        turn.get_by_role("link", name="Open release").click()
    release = opened.value
    expect(release.locator("#quoted")).to_contain_text("co-funded")
    expect(release.locator("#quoted")).to_be_in_viewport()
    expect(release.locator("article")).to_contain_text("For more information")


def test_the_conversation_goes_on_after_a_page_load_until_another_is_begun(chat: Page) -> None:
    ask(chat, QUESTION)
    chat.reload()
    expect(chat.locator("section.turn")).to_have_count(1)
    expect(ask(chat, "And how many countries does it assist?").locator(".text")).to_contain_text("66")
    chat.get_by_role("button", name="New conversation").click()
    expect(chat.locator("section.turn")).to_have_count(0)
    chat.reload()
    expect(chat.locator(".welcome")).to_be_visible()
    expect(chat.locator("section.turn")).to_have_count(0)


def test_a_conversation_may_begin_with_a_question_that_is_offered(
    page: Page, wiki: Site, server: Serving
) -> None:
    page.goto(f"{wiki.origin}/fr")
    expect(page.locator(".starters button")).to_have_count(2)
    page.get_by_role("button", name=QUESTION).click()
    expect(page.locator("section.turn .text")).to_contain_text("Hungary")
    expect(field(page)).to_be_focused()


def test_keys_alone_open_ask_rate_and_close(chat: Page) -> None:
    expect(field(chat)).to_be_focused()
    chat.keyboard.press("Escape")
    expect(chat.get_by_role("dialog")).to_have_count(0)
    opener = chat.get_by_role("button", name="Ask the press releases")
    expect(opener).to_be_focused()
    chat.keyboard.press("Enter")
    chat.keyboard.type(QUESTION)
    chat.keyboard.press("Enter")
    expect(chat.get_by_role("status")).to_contain_text("Answer: The UN Countering Terrorist Travel Programme")
    thumb = chat.get_by_role("button", name="Bad answer")
    thumb.press("Enter")
    expect(thumb).to_have_attribute("aria-pressed", "true")
    chat.get_by_role("textbox", name="What was wrong?").fill("too long")
    chat.keyboard.press("Tab")
    chat.keyboard.press("Enter")
    expect(chat.locator("form.comment")).to_have_text("Thank you.")


def test_a_quote_from_a_scanned_page_says_so(chat: Page) -> None:
    def scanned(route: Route) -> None:
        response = route.fetch()
        body = re.sub(r'"page": ?null', '"page": 2', response.text())
        route.fulfill(response=response, body=re.sub(r'"recognised": ?false', '"recognised": true', body))

    expect(ask(chat, QUESTION).locator(".facts")).not_to_contain_text("page")
    chat.route("**/api/v1/ask", scanned)
    expect(ask(chat, QUESTION).locator(".facts")).to_contain_text("page 2, recognised from a scan")


def test_what_is_copied_names_every_source(chat: Page) -> None:
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(chat, QUESTION).get_by_role("button", name="Copy with sources").click()
    expect(chat.get_by_role("button", name="Copied")).to_be_visible()
    copied = chat.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{QUESTION}\n\nThe UN Countering")
    assert re.search(r"\[1\] “The UN .+” — UNOCT AND DJIBOUTI .+, 23 June 2023\nhttp://\S+#quoted$", copied)


def test_a_french_page_gets_french_words_in_its_place_and_nothing_seriously_wrong(
    page: Page, wiki: Site, server: Serving
) -> None:
    page.goto(f"{wiki.origin}/fr")
    expect(page.get_by_role("heading", name="Interroger les communiqués")).to_be_visible()
    expect(ask(page, "Qui est Tanja Pacifico ?").locator(".text")).to_contain_text("OIM")
    decline = ask(page, "Quel est le point d'ébullition du mercure ?")
    expect(decline.get_by_role("link", name="Ouvrir le communiqué le plus proche")).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_and_axe_finds_nothing_serious(chat: Page, scheme: str) -> None:
    chat.set_viewport_size({"width": 360, "height": 740})
    chat.evaluate("theme => document.querySelector('communique-chat').setAttribute('theme', theme)", scheme)
    chat.keyboard.press("Escape")
    chat.get_by_role("button", name="Ask the press releases").click()
    turn = ask(chat, QUESTION)
    panel = chat.get_by_role("dialog")
    assert panel.evaluate("e => getComputedStyle(e).colorScheme") == scheme
    panel.evaluate("e => Promise.all(e.getAnimations().map(moving => moving.finished)).then(() => true)")
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    assert turn.evaluate("e => e.parentElement.scrollWidth - e.parentElement.clientWidth") <= 0
    assert findings(chat) == []
    # The page behind is covered: the focus stays in the chat.
    for _ in range(25):
        chat.keyboard.press("Tab")
        assert chat.evaluate("document.activeElement.localName") == "communique-chat"
    with chat.context.expect_page() as opened:
        turn.get_by_role("link", name="Open release").click()
    opened.value.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    expect(opened.value.locator("#quoted")).to_be_in_viewport()
    assert findings(opened.value) == []


@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [
        (503, "busy", "Many people are asking just now. Ask again in 7 seconds."),
        (429, "too-many-requests", "many questions in a short time. Ask again in 7 seconds."),
        (403, "foreign-origin", "This page may not use the chat."),
        (401, "key-revoked", "This page may not use the chat."),
        (401, "token-expired", "Your access to the chat has run out."),
        (422, "invalid", "The question is too long."),
        (409, "conflict", "This conversation is full."),
        (500, "failed", "Something went wrong on the server."),
        (502, None, "Many people are asking just now."),
    ],
)
def test_each_refusal_has_its_own_words(chat: Page, status: int, kind: str | None, told: str) -> None:
    def refuse(route: Route) -> None:
        problem = json.dumps({"type": f"urn:communique:problem:{kind}"}) if kind else "<h1>Bad gateway</h1>"
        headers = {**ANYWHERE, "Access-Control-Expose-Headers": "Retry-After", "Retry-After": "7"}
        route.fulfill(status=status, body=problem, headers=headers)

    chat.route("**/api/v1/ask", refuse)
    turn = ask(chat, QUESTION)
    expect(turn.locator(".problem")).to_contain_text(told)
    expect(chat.get_by_role("status")).to_contain_text(told)
    chat.unroute("**/api/v1/ask")
    turn.get_by_role("button", name="Ask again").click()
    expect(chat.locator("section.turn .text").last).to_contain_text("Hungary")


def test_a_chat_that_cannot_be_reached_and_an_answer_cut_off_are_told(chat: Page, server: Serving) -> None:
    chat.context.set_offline(True)
    expect(ask(chat, QUESTION).locator(".problem")).to_contain_text("The chat cannot be reached.")
    chat.context.set_offline(False)
    cut = 'event: text\ndata: {"text": "The UN"}\n\n'
    headers = {**ANYWHERE, "Content-Type": "text/event-stream"}
    chat.route("**/api/v1/ask", lambda route: route.fulfill(body=cut, headers=headers))
    expect(ask(chat, QUESTION).locator(".problem")).to_contain_text("The connection was lost")


def test_a_used_token_is_exchanged_for_a_new_one_from_the_wikis_own_back_end(
    page: Page, wiki: Site, server: Serving
) -> None:
    once, given = wiki.posts["/once"], []
    wiki.posts["/once"] = lambda form: (given.append(once(form)), given[-1])[1]
    page.goto(f"{wiki.origin}/once")
    page.get_by_role("button", name="Ask the press releases").click()
    for question in (QUESTION, "And how many countries does it assist?"):
        expect(ask(page, question).locator(".actions")).to_be_visible()
    assert len(given) == len(set(given)) == 2
    expect(page.locator("section.turn").last.locator(".text")).to_contain_text("66")


def test_a_page_without_a_token_is_told_that_it_may_not(page: Page, wiki: Site, server: Serving) -> None:
    page.goto(f"{wiki.origin}/none")
    page.get_by_role("button", name="Ask the press releases").click()
    expect(ask(page, QUESTION).locator(".problem")).to_contain_text("This page may not use the chat.")


def test_a_script_of_the_page_may_provide_the_token(page: Page, wiki: Site, server: Serving) -> None:
    token = json.loads(wiki.posts["/token"]("visitor=somebody"))["token"]
    page.goto(f"{wiki.origin}/none")
    page.evaluate(
        "token => addEventListener('communique-token', e => e.detail.provide(Promise.resolve(token)))", token
    )
    page.get_by_role("button", name="Ask the press releases").click()
    expect(ask(page, QUESTION).locator(".text")).to_contain_text("Hungary")


def test_the_file_is_small_and_asked_for_again_only_when_it_has_changed(server: Serving) -> None:
    address = f"{server.address}/widget.js"
    first = httpx.get(address, trust_env=False)
    assert first.headers["content-type"].startswith("text/javascript")
    assert first.text == source()
    assert len(gzip.compress(source().encode())) < 60_000
    again = httpx.get(address, headers={"If-None-Match": first.headers["etag"]}, trust_env=False)
    assert (again.status_code, again.content) == (304, b"")
    plain = httpx.get(address, headers={"Accept-Encoding": "identity"}, trust_env=False)
    assert plain.text == first.text
    assert plain.headers["etag"] != first.headers["etag"]
