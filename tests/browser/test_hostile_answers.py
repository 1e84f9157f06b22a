"""What hostile releases and models that obey them write does nothing in a real browser, unsanitised."""

import json

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Page, Route, expect

from bot.domain import Answer, Citation, Closest, Release, Turn
from bot.server.export import as_document
from bot.web.cards import answer_html, card_html
from bot.web.markup import as_html
from bot.web.release import Place
from bot.web.release_page import release_page
from bot.web.widget import source
from bot.web.wording import ENGLISH
from tests.injection.cases import CASES, Case

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


LIVE = "img, script, iframe, object, embed, form, input, button, meta, link, base, svg, style"
SERVER = "http://127.0.0.1:9/"
"""Where nothing listens: the browser answers in its stead."""


def release_of(case: Case) -> Release:
    return Release(case.file, "/corpus", case.file, "0" * 64, case.text, case.attack, case.language)


def citation_of(case: Case, number: int = 1) -> Citation:
    release = release_of(case)
    return Citation(
        number, case.text, release.id, release.title, None, case.language, case.file, 0, len(case.text),
        release.revision, case.issuer, case.obeyed,
    )  # fmt: skip


def drawn(case: Case) -> str:
    """What the model writes as an answer, and the whole release as a source card with the attack as its title."""
    said = case.obeyed.replace("MARKS", "[1]")
    return (
        f"{answer_html(said)}{answer_html(said, 'a', {1})}"
        f"{card_html(citation_of(case), release_of(case), 'a', ENGLISH)}"
        f'<p title="{as_html(case.question)}">{as_html(case.question)}</p>'
    )


@pytest.fixture
def dialogs(page: Page) -> list[str]:
    """What the page's scripts asked the person."""
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    return asked


def test_nothing_that_an_attack_writes_is_done_by_the_page(
    page: Page, elsewhere: list[str], dialogs: list[str]
) -> None:
    page.set_content(f"<title>Communiqué</title><main>{''.join(map(drawn, CASES))}</main>")
    page.mouse.move(200, 200)
    page.wait_for_timeout(500)
    assert page.title() == "Communiqué"
    assert dialogs == elsewhere == []
    assert page.locator("article").count() == len(CASES)
    assert page.locator(f"main :is({LIVE})").count() == 0
    targets = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert set(targets) <= {"#source-a-1"}
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0


def test_nor_by_the_widget(page: Page, elsewhere: list[str], dialogs: list[str]) -> None:
    asked = "\n".join(case.question for case in CASES)
    said = "\n\n".join(case.obeyed.replace("MARKS", f"[{n}]") for n, case in enumerate(CASES, 1))
    citations = tuple(citation_of(case, number) for number, case in enumerate(CASES, 1))
    last = CASES[-1]
    answer = Answer(
        "a" * 32, asked, said, said, True, "en", "reading", citations, closest=Closest(last.file, last.attack, None),
        notice=said,
    )  # fmt: skip
    events = {
        "text": {"text": said},
        "conversation": {"id": "c" * 32},
        "answer": answer.to_json(),
    }

    files = {
        "": "<!doctype html><title>Wiki</title><body><script src='/widget.js' data-mode='none'></script>",
        "widget.js": source(),
        "api/v1/ask": "".join(
            f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events.items()
        ),
    }

    def reply(route: Route) -> None:
        path = route.request.url.removeprefix(SERVER)
        kind = "text/javascript" if path else "text/html"
        route.fulfill(body=files.get(path, ""), content_type=f"{kind}; charset=utf-8")

    page.route(f"{SERVER}**", reply)
    page.goto(SERVER)
    page.evaluate(
        """([server, text]) => {
            const chat = document.createElement("communique-chat");
            for (const [name, value] of Object.entries({ server, mode: "inline", questions: text, "title-text": text }))
                chat.setAttribute(name, value);
            document.body.append(chat);
            chat.ask(text);
        }""",
        [SERVER, asked],
    )
    expect(page.locator("communique-chat .card")).to_have_count(len(CASES))
    page.wait_for_timeout(300)
    assert page.title() == "Wiki"
    assert dialogs == elsewhere == []
    # Ours are the buttons, the form of the question, that of a comment, and the drawings in them.
    foreign = LIVE.replace("form, ", "").replace("button, ", "").replace("svg, ", "")
    assert page.locator(f"communique-chat :is({foreign}, form form, svg *:not(path))").count() == 0
    links = page.locator("communique-chat a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) == len(CASES) + 1
    assert [link for link in links if not link.startswith(f"{SERVER}releases/")] == []


def test_nor_by_the_page_of_a_release_nor_by_an_export(
    page: Page, elsewhere: list[str], dialogs: list[str]
) -> None:
    pages = [
        release_page(release_of(case), Place(case.file, None, 0, len(case.text)), "/", ENGLISH)
        for case in CASES
    ]
    turns = [
        Turn(
            case.question,
            Answer("a", "", case.obeyed, case.obeyed, False, "en", "reading", (citation_of(case),)),
        )
        for case in CASES
    ]
    exported = MarkdownIt("commonmark").render(as_document(CASES[0].attack, turns))
    page.set_content(f"{''.join(pages)}<main>{exported}</main>")
    page.wait_for_timeout(300)
    assert dialogs == elsewhere == []
    assert page.locator("article").count() == len(CASES)
    assert page.locator(f"main :is({LIVE})").count() == 0
    targets = page.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert set(targets) == {"/"}
