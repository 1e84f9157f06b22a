"""What hostile releases and models that obey them write does nothing in a real browser, unsanitised."""

import pytest
from playwright.sync_api import Page

from bot.domain import Citation, Release
from bot.web.cards import answer_html, card_html
from bot.web.markup import as_html
from bot.web.wording import ENGLISH
from tests.injection.cases import CASES, Case

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def drawn(case: Case) -> str:
    """What the model writes as an answer, and the whole release as a source card with the attack as its title."""
    release = Release(case.file, "/corpus", case.file, "0" * 64, case.text, case.attack, case.language)
    citation = Citation(
        1, case.text, release.id, release.title, None, case.language, case.file, 0, len(case.text), release.revision,
        case.issuer, case.obeyed,
    )  # fmt: skip
    said = case.obeyed.replace("MARKS", "[1]")
    return (
        f"{answer_html(said)}{answer_html(said, 'a', {1})}{card_html(citation, release, 'a', ENGLISH)}"
        f'<p title="{as_html(case.question)}">{as_html(case.question)}</p>'
    )


def test_nothing_that_an_attack_writes_is_done_by_the_page(page: Page, elsewhere: list[str]) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.set_content(f"<title>Communiqué</title><main>{''.join(map(drawn, CASES))}</main>")
    page.mouse.move(200, 200)
    page.wait_for_timeout(500)
    assert page.title() == "Communiqué"
    assert dialogs == elsewhere == []
    assert page.locator("article").count() == len(CASES)
    live = "main :is(img, script, iframe, svg, style, object, embed, form, input, button, meta, link, base)"
    assert page.locator(live).count() == 0
    targets = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert set(targets) <= {"#source-a-1"}
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
