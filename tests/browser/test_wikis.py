"""The chat in a real MediaWiki and a real DokuWiki: asked by widget and by frame, followed, and its answers pasted."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from bot.domain import Answer, Citation, Turn
from bot.keys import FILE, Keys
from bot.server.export import CONTROL
from bot.server.wiki_text import DOKUWIKI, MEDIAWIKI, as_wiki_text
from tests.browser.wikis import Wiki, dokuwiki, free_port, mediawiki
from tests.injection.cases import CASES
from tests.server.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

QUESTION = "who funds CT Travel?"
TAGS = {
    "mediawiki": ("<communique />", '<communique view="frame" height="700" />', "wikitext"),
    "dokuwiki": ("{{communique>inline}}", "{{communique>frame&height=700}}", "dokuwiki"),
}
MARKUP = {"mediawiki": MEDIAWIKI, "dokuwiki": DOKUWIKI}
STARTERS = {"mediawiki": mediawiki, "dokuwiki": dokuwiki}


@dataclass(frozen=True)
class Both:
    """The wikis by name, which a server embeds its chat in."""

    wikis: dict[str, Wiki]
    server: str


@pytest.fixture(scope="module")
def both(
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
    corpus_index: Path,
    corpus_dir: Path,
) -> Iterator[Both]:
    unpacked = pytestconfig.cache.mkdir("wikis") / "unpacked"
    if not unpacked.is_dir() or shutil.which("php") is None:
        reason = "no wikis: tests/browser/wikis.sh tells how to get them"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("wikis")
    data = folder / "data"
    shutil.copytree(corpus_index, data, symlinks=True)
    key = Keys(data / FILE).create("wikis", ["ask"])[1]
    ports = {name: free_port() for name in STARTERS}
    origins = ",".join(f"http://localhost:{port}" for port in ports.values())
    with serving(data, corpus_dir, communique_allowed_origins=origins) as served, ExitStack() as stack:
        wikis = {
            name: stack.enter_context(start(unpacked, folder / name, ports[name], served.address, key))
            for name, start in STARTERS.items()
        }
        yield Both(wikis, served.address)


@pytest.fixture
def opened(page: Page) -> Page:
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    return page


@pytest.mark.parametrize("name", STARTERS)
def test_the_widget_answers_in_a_page_its_quote_is_followed_and_the_answer_pasted(
    name: str, both: Both, opened: Page
) -> None:
    wiki, (tag, _, form) = both.wikis[name], TAGS[name]
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    wiki.write("asked", f"Before.\n\n{tag}\n\nAfter.")
    opened.goto(wiki.address("asked"))
    opened.get_by_role("textbox", name="Your question").fill(QUESTION)
    opened.keyboard.press("Enter")
    expect(opened.locator("communique-chat .text")).to_contain_text("Hungary")
    with opened.context.expect_page() as release:
        opened.get_by_role("link", name="Open release").click()
    expect(release.value.locator("#quoted")).to_be_in_viewport()
    expect(release.value.locator("#quoted")).to_contain_text("co-funded")

    opened.get_by_role("button", name=re.compile("wikitext|for DokuWiki")).click()
    expect(opened.get_by_role("button", name="Copied")).to_be_visible()
    copied = opened.evaluate("navigator.clipboard.readText()")
    wiki.write("pasted", copied)
    opened.goto(wiki.address("pasted"))
    expect(content(opened)).to_contain_text("co-funded by strategic investments")
    reference = opened.locator(".references li, .footnotes .fn")
    expect(reference).to_contain_text("UNOCT AND DJIBOUTI SIGN AN AGREEMENT")
    target = reference.get_by_role("link", name="Open release").get_attribute("href")
    assert target is not None
    assert target.startswith(both.server)
    assert "start=3851" in target, form


@pytest.mark.parametrize("name", STARTERS)
def test_the_whole_chat_page_answers_in_a_frame_and_opens_the_release(
    name: str, both: Both, opened: Page
) -> None:
    wiki = both.wikis[name]
    wiki.write("framed", f"Before.\n\n{TAGS[name][1]}\n\nAfter.")
    opened.goto(wiki.address("framed"))
    frame: FrameLocator = opened.frame_locator("iframe[src*='embed=true']")
    field = frame.get_by_test_id("stChatInputTextArea")
    expect(field).to_be_enabled()
    field.fill(QUESTION)
    field.press("Enter")
    expect(frame.locator(".cq-answer")).to_contain_text("Hungary")
    # What is pressed while the page is still drawn is lost with the button that is drawn anew.
    expect(frame.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    frame.get_by_role("button", name="Open release").first.click()
    expect(frame.locator("#quoted")).to_contain_text("co-funded")


@pytest.mark.parametrize("name", STARTERS)
def test_what_an_editor_writes_into_the_tag_is_checked_and_escaped(
    name: str, both: Both, opened: Page
) -> None:
    wiki = both.wikis[name]
    hostile = '" autofocus onfocus="alert(1)" <img src=x onerror=alert(1) x="'
    written = {
        "mediawiki": f"<communique server='https://evil.example' view='x' lang='de' height='9999' title='{hostile}' "
        "onclick='alert(1)' token-url='//evil.example' />",
        "dokuwiki": f"{{{{communique>x&server=https://evil.example&lang=de&height=9999&title={hostile}"
        "&onclick=alert(1)&token-url=//evil.example}}",
    }
    dialogs: list[str] = []
    opened.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    wiki.write("hostile", written[name])
    opened.goto(wiki.address("hostile"))
    chat = opened.locator("communique-chat")
    expect(chat.get_by_role("heading", name=hostile)).to_be_visible()
    got: dict[str, str] = chat.evaluate(
        "e => Object.fromEntries([...e.attributes].map(a => [a.name, a.value]))"
    )
    assert got.pop("token-url").startswith("/")
    assert got == {
        "server": both.server, "mode": "inline", "title-text": hostile, "height": "600px", "copy": TAGS[name][2],
    }  # fmt: skip
    assert dialogs == []


@pytest.mark.parametrize("name", STARTERS)
def test_pasted_answers_hold_nothing_but_text_whatever_releases_models_and_people_write(
    name: str, both: Both, opened: Page
) -> None:
    turns = [_turn(case.attack, case.obeyed, number) for number, case in enumerate(CASES)]
    turns += [_turn(text, text, len(CASES) + number) for number, text in enumerate(WIKI_ATTACKS)]
    wiki = both.wikis[name]
    link = f"{both.server}/?release=r"
    wiki.write("attacks", as_wiki_text(MARKUP[name], turns, lambda _: link))
    dialogs: list[str] = []
    opened.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    opened.goto(wiki.address("attacks"))
    shown = content(opened)
    expect(shown).to_contain_text(WIKI_ATTACKS[-1])
    assert dialogs == []
    targets = shown.locator("a[href]:not([href^='#'])").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    ours = [target for target in targets if target.startswith(link)]
    assert len(ours) >= 100
    assert [each for each in targets if each not in ours and "action=edit" not in each] == []
    live = "script, img, iframe, svg, style, object, form, input, video, h1, h2, table, pre, ul, dl, hr"
    live = ", ".join(f"{each}:not(.references *)" for each in live.split(", "))
    assert shown.locator(live).evaluate_all("all => all.map(e => e.outerHTML.slice(0, 200))") == []
    text = " ".join(shown.inner_text().split())
    assert [each for each in WIKI_ATTACKS if " ".join(each.translate(CONTROL).split()) not in text] == []


def content(page: Page) -> Locator:
    """What the page's own text became."""
    return page.locator(".mw-parser-output, #dokuwiki__content .page")


def _turn(attack: str, said: str, number: int) -> Turn:
    said = said.replace("MARKS", "[1]")
    citation = Citation(1, attack, "r", attack, date(2024, 5, 4), "en", attack, 0, 9, "0" * 64, attack)
    answer = Answer(
        f"{number:032x}", attack, attack, f"{said} [1]", False, "en", "reading", (citation,), notice=said
    )
    return Turn(attack, answer)


WIKI_ATTACKS = (
    "</nowiki><script>alert(1)</script><nowiki>",
    "</NOWIKI ><img src=x onerror=alert(1)>",
    "</now</nowiki>iki><script>alert(1)</script>",
    "%%</nowiki>%%<html><script>alert(1)</script></html>",
    "<html><script>alert(1)</script></html> <HTML> <php>echo 1</php>",
    "{{subst:Main Page}} {{:Main Page}} {{{1|x}}} -{zh:a;en:b}-",
    "[[File:x.png]] [[javascript:alert(1)|x]] [javascript:alert(1) x] {{http://evil.example/x.png}}",
    "</ref><references /><ref>x</ref> ((x)) )) ((",
    "~~~~ ~~NOTOC~~ ~~NOCACHE~~ __TOC__ __NOINDEX__ #REDIRECT [[Main Page]]",
    "= h = == h == ====== h ======",
    "* a # b : c ; d ---- > e",
    "RFC 1234 ISBN 0-306-40615-2 PMID 1234 https://evil.example a@evil.example www.evil.example",
    "\x7f'\"`UNIQ-x-nowiki-00000001-QINU`\"'\x7f",
    "''italic'' '''bold''' **bold** //italic// __under__ <del>x</del>",
    "<communique view='frame' /> {{communique>frame}}",
    "&lt;script&gt; &#60;script&#62; &amp;lt;",
    "the last of them",
)
