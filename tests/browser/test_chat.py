"""The real chat in a real browser: ask, open the source, go back, reload; nothing leaves this machine."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.page_server import page_server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

QUESTION = "who funds CT Travel?"
HOSTILE = """PRESS RELEASE

Zembla and UNOCT open an <b>observatory</b> <script>window.hacked = 1</script>

Zembla, 3 May 2021 – The Zemblan observatory was opened by Ms. Ada Quell <img src=x onerror="window.hacked=1">
for $5 and $6 :smile: with **two** [links](javascript:window.hacked=1) </mark></blockquote><h1>a heading</h1>.

The observatory watches the skies of Zembla.
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, corpus_dir: Path, model_cache: Path) -> Iterator[str]:
    """The chat as `streamlit run` serves it, with no index yet and a hostile release in the corpus."""
    folder = tmp_path_factory.mktemp("chat")
    shutil.copytree(corpus_dir, folder / "corpus")
    (folder / "corpus" / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "models").symlink_to(model_cache)
    settings = {"COMMUNIQUE_DATA_DIR": str(folder / "data"), "COMMUNIQUE_CORPUS_DIR": str(folder / "corpus")}
    with page_server(folder, settings) as address:
        yield address


@pytest.fixture
def chat(page: Page, address: str) -> Page:
    """The chat, opened; what goes wrong in its scripts fails the test."""
    page.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    page.goto(address)
    # The first test waits here for the model and the index to be made.
    expect(field(page)).to_be_enabled(timeout=120_000)
    return page


RELEASE = re.compile(r"[?&]release=")
"""The address once it names the release: a moment after the page shows it."""


def field(page: Page) -> Locator:
    return page.get_by_test_id("stChatInputTextArea")


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the answer stands on the page with its actions under it."""
    answered = page.locator(".cq-seconds")
    before = answered.count()
    field(page).fill(question)
    field(page).press("Enter")
    expect(answered).to_have_count(before + 1)


def in_view(page: Page, element: Locator) -> bool:
    """Whether the element is in view, once the page has scrolled: at most ten seconds later."""
    return any(_is_in_view(page, element) or page.wait_for_timeout(500) for _ in range(20))


def _is_in_view(page: Page, element: Locator) -> bool:
    box = element.bounding_box()
    assert box is not None
    assert page.viewport_size is not None
    return box["y"] >= 0 and box["y"] + min(box["height"], 100) <= page.viewport_size["height"]


def test_the_headline_question_is_answered_with_a_source_that_opens_at_its_quote(chat: Page) -> None:
    ask(chat, QUESTION)
    expect(chat.locator(".cq-answer")).to_contain_text("Hungary")
    expect(chat.locator(".cq-card mark").first).to_contain_text("co-funded")
    expect(chat.locator(".cq-card").first).to_contain_text("23 June 2023")

    chat.get_by_role("button", name="Open release").first.click()
    quote = chat.locator("#quoted")
    expect(quote).to_contain_text("co-funded")
    expect(chat.locator(".cq-release")).to_contain_text("For more information")
    chat.wait_for_timeout(300)
    assert in_view(chat, quote)

    chat.get_by_role("button", name="Back to the conversation").click()
    expect(chat.locator(".cq-question")).to_have_text(QUESTION)
    expect(chat).to_have_url(re.compile(r"\?c=[0-9a-f]{32}$"))


def test_a_reload_and_a_new_browser_find_the_conversation_and_a_follow_up_goes_on(
    chat: Page, browser: Browser
) -> None:
    ask(chat, QUESTION)
    chat.reload()
    expect(chat.locator(".cq-question")).to_have_text(QUESTION)

    ask(chat, "And how many countries does it assist?")
    expect(chat.locator(".cq-question")).to_have_count(2)
    expect(chat.locator(".cq-answer").nth(1)).to_contain_text("66")

    with browser.new_context() as other:
        another = other.new_page()
        another.goto(chat.url)
        expect(another.locator(".cq-question")).to_have_count(2)


def test_the_answer_is_in_view_and_a_mark_leads_to_its_card(chat: Page) -> None:
    for question in (QUESTION, "When was the office in Rabat inaugurated?"):
        ask(chat, question)
        chat.wait_for_timeout(2000)
        assert in_view(chat, chat.locator(".cq-question").last)

    chat.locator("a.cq-mark").first.click()
    chat.wait_for_timeout(1000)
    assert in_view(chat, chat.locator(".cq-card").first)


def test_the_browsers_own_back_and_forward_work(chat: Page) -> None:
    ask(chat, QUESTION)
    chat.get_by_role("button", name="Open release").first.click()
    expect(chat.locator("#quoted")).to_be_visible()
    expect(chat).to_have_url(RELEASE)

    chat.go_back()
    expect(chat.locator(".cq-question")).to_have_text(QUESTION)
    chat.go_forward()
    expect(chat.locator("#quoted")).to_be_visible()


def test_a_link_to_a_quote_opens_it_in_another_browser(chat: Page, browser: Browser) -> None:
    ask(chat, QUESTION)
    chat.get_by_role("button", name="Open release").first.click()
    expect(chat.locator("#quoted")).to_be_visible()
    expect(chat).to_have_url(RELEASE)

    with browser.new_context() as other:
        another = other.new_page()
        another.goto(chat.url)
        expect(another.locator("#quoted")).to_contain_text("co-funded")


def test_a_decline_looks_different_from_an_answer(chat: Page) -> None:
    ask(chat, QUESTION)
    ask(chat, "What is the boiling point of mercury?")

    decline = chat.locator('[class*="st-key-decline-"]')
    expect(decline).to_have_count(1)
    assert decline.evaluate("e => getComputedStyle(e).borderStyle") == "dashed"
    colours = chat.locator(".cq-answer").evaluate_all("all => all.map(e => getComputedStyle(e).color)")
    assert colours[0] != colours[1]
    decline.get_by_role("button").click()
    expect(chat.locator(".cq-release")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_without_scrolling_sideways(chat: Page, scheme: str) -> None:
    chat.set_viewport_size({"width": 390, "height": 844})
    chat.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    chat.reload()
    expect(chat.locator(".cq-strip")).to_be_visible()
    ask(chat, QUESTION)
    assert overflow(chat) <= 0

    chat.get_by_role("button", name="Open release").first.click()
    expect(chat.locator("#quoted")).to_be_visible()
    assert overflow(chat) <= 0
    assert contrast(chat, "#quoted") >= 4.5


def overflow(page: Page) -> int:
    """How many pixels the page, or anything that scrolls in it, is wider than what is seen of it."""
    width: int = page.evaluate(
        "Math.max(...[document.documentElement, ...document.querySelectorAll('.stMain, .stMain *')]"
        ".filter(e => e.clientWidth > 0 && getComputedStyle(e).overflowX !== 'visible'"
        " && getComputedStyle(e).overflowX !== 'hidden').map(e => e.scrollWidth - e.clientWidth))"
    )
    return width


def contrast(page: Page, selector: str) -> float:
    """The contrast of an element's text on its own background, as WCAG 2.2 defines it (1 to 21)."""
    ratio: float = page.evaluate(
        """selector => {
            const context = document.createElement("canvas").getContext("2d");
            const luminance = (colour) => {
                context.fillStyle = colour;
                context.fillRect(0, 0, 1, 1);
                const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
                    const part = value / 255;
                    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const style = getComputedStyle(document.querySelector(selector));
            const [ink, paper] = [luminance(style.color), luminance(style.backgroundColor)];
            return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
        }""",
        selector,
    )
    return ratio


def test_nothing_in_a_hostile_release_is_executed(chat: Page) -> None:
    ask(chat, "Who opened the Zemblan observatory?")
    expect(chat.locator(".cq-card mark").first).to_contain_text("Ada Quell")
    chat.get_by_role("button", name="Open release").first.click()
    expect(chat.locator("#quoted").first).to_contain_text("Ada Quell")
    expect(chat.locator(".cq-release")).to_contain_text("$5 and $6 :smile:")

    assert chat.evaluate("window.hacked") is None
    assert chat.locator(".cq-release h1, .cq-release img, .cq-release a, .cq-release script").count() == 0


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=window.hacked=1> funds $a$ and $b$?",
        ":smile: :material/home: :material_home: :streamlit: :red[red]",
        "a -> b <-> c -- d >= e ~= f",
        "**bold** _it_ `code` [link](javascript:window.hacked=1) ~~no~~",
    ],
)
def test_the_title_of_a_conversation_shows_what_was_asked_to_the_letter(chat: Page, text: str) -> None:
    ask(chat, text)
    expect(chat.locator(".cq-question p")).to_have_text(text)
    title = chat.locator('[class*="st-key-current-"] [class*="st-key-select-"] p')
    expect(title).to_have_count(1)  # while the page is drawn anew, the row before may stand beside it
    expect(title).to_be_visible()

    assert (title.text_content() or "").replace("\u2060", "") == text
    assert title.locator("*").count() == 0
    assert chat.evaluate("window.hacked") is None


def test_a_conversation_is_renamed_and_deleted_only_when_that_is_confirmed(chat: Page) -> None:
    ask(chat, QUESTION)
    choose(chat, "Rename")
    chat.get_by_label("Title").fill("Funding of CT Travel")
    chat.get_by_role("button", name="Save").click()
    row = chat.locator('[class*="st-key-current-"]')
    expect(row).to_contain_text("Funding of CT Travel")

    choose(chat, "Delete")
    expect(chat.get_by_role("dialog")).to_contain_text("Funding of CT Travel")
    chat.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(chat.get_by_role("dialog")).to_have_count(0)
    expect(row).to_have_count(1)

    choose(chat, "Delete")
    chat.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    expect(chat.locator(".cq-welcome")).to_be_visible()
    expect(chat.get_by_text("Funding of CT Travel")).to_have_count(0)


def choose(page: Page, action: str) -> None:
    row = page.locator('[class*="st-key-current-"]')
    row.hover()
    row.get_by_role("button", name="Rename or delete").click()
    page.get_by_role("menuitem", name=action).click()


def test_an_answer_is_copied_with_its_sources(chat: Page) -> None:
    ask(chat, QUESTION)
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.locator(".cq-copy").click()
    expect(chat.locator(".cq-copy")).to_have_text(re.compile("Copied"))

    copied = chat.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(QUESTION)
    assert "[1]" in copied
    assert "23 June 2023" in copied


def test_the_language_of_the_interface_is_the_browsers_until_another_is_chosen(
    chat: Page, browser: Browser, address: str
) -> None:
    with browser.new_context(locale="fr-FR") as french:
        page = french.new_page()
        page.goto(address)
        expect(page.get_by_text("Que souhaitez-vous savoir ?")).to_be_visible()
        page.get_by_role("radio", name="English").or_(
            page.get_by_role("button", name="English")
        ).first.click()
        expect(page.get_by_text("What would you like to know?")).to_be_visible()
        page.reload()
        expect(page.get_by_text("What would you like to know?")).to_be_visible()
