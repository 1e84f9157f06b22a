"""The team's pages in a real browser: a set is run and looked at, a draft decided and saved, on a phone too."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.evaluation.sets.questions import read_questions
from tests.browser.page_server import page_server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

SET = """
- id: donors
  question: Who funds CT Travel?
  facts: [[Hungary, Hongrie]]
  releases: [2023-06-23-unoct-djibouti-ct-travel-agreement]
  language: en
- id: budget
  question: What is the boiling point of <img src=x onerror="window.hacked=1"> mercury?
  answerable: false
  language: en
"""
DRAFT = """
- id: who
  question: Who funds it?
  facts: [[Hungary]]
  releases: [2023-06-23-unoct-djibouti-ct-travel-agreement]
  quotes: ["The UN Countering Terrorist Travel Programme is co-funded"]
  tags: [draft]
- {id: many, question: "How many <script>window.hacked=1</script> countries?", facts: ["66"], tags: [draft]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, corpus_index: Path) -> Path:
    """A working folder with a set and a draft, and a data folder with the five releases."""
    top = tmp_path_factory.mktemp("team")
    shutil.copytree(corpus_index, top / "data", symlinks=True)
    (top / "questions").mkdir()
    (top / "questions" / "team.yaml").write_text(SET, encoding="utf-8")
    (top / "press-draft.yaml").write_text(DRAFT, encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The pages as `streamlit run` serves them from that folder."""
    settings = {"COMMUNIQUE_DATA_DIR": str(folder / "data"), "COMMUNIQUE_CORPUS_DIR": str(folder / "corpus")}
    with page_server(folder, settings) as address:
        yield address


@pytest.fixture(autouse=True)
def patience(page: Page) -> None:
    page.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)


def is_narrow_enough(page: Page) -> bool:
    """Whether the page is not wider than its window, or no longer a moment after that was made narrower."""
    for _ in range(50):
        wider: int = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
        if wider <= 0:
            return True
        page.wait_for_timeout(100)
    return False


def test_a_set_is_run_and_an_answer_looked_at(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Evaluation").click()
    expect(page.get_by_role("heading", name="Evaluation")).to_be_visible(timeout=120_000)
    page.get_by_role("combobox", name="Question set").click()
    page.get_by_role("option", name="questions/team.yaml").click()
    page.get_by_role("button", name="Run this set").click()
    expect(page.locator(".cq-tiles li")).not_to_have_count(0, timeout=240_000)
    expect(page.locator(".cq-tiles")).to_contain_text("100.0%")
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    run = page.url

    page.get_by_text("Questions", exact=True).click()
    expect(page).to_have_url(re.compile("view=questions"))
    table = page.get_by_test_id("stDataFrame").bounding_box()
    assert table is not None
    page.mouse.click(table["x"] + 18, table["y"] + 54)
    expect(page).to_have_url(re.compile("q=donors"))
    expect(page.get_by_role("img", name="told")).to_be_visible()
    expect(page.locator(".cq-evidence mark").first).not_to_be_empty()
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#asked h2")).to_contain_text('<img src=x onerror="window.hacked=1">')
    assert page.evaluate("window.hacked") is None

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(run)
    expect(page.locator(".cq-tiles li").first).to_be_visible()
    assert is_narrow_enough(page)


def test_a_quote_of_an_answer_opens_in_its_release(page: Page, address: str, browser: Browser) -> None:
    page.goto(f"{address}evaluation?q=donors")
    link = page.locator(".cq-cited a").first
    expect(link).to_be_visible(timeout=120_000)
    with page.context.expect_page() as opening:
        link.click()
    expect(opening.value.locator("#quoted")).to_contain_text("Hungary")


def test_a_run_is_deleted_only_after_a_second_press(page: Page, address: str, folder: Path) -> None:
    shutil.copytree(
        next((folder / "data" / "evaluations").iterdir()), folder / "data" / "evaluations" / "old"
    )
    page.goto(f"{address}evaluation?run=old")
    page.get_by_role("button", name="Delete this run").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delete the run old")
    dialog.get_by_role("button", name="Delete this run").click()
    expect(page).not_to_have_url(re.compile("run=old"))
    assert not (folder / "data" / "evaluations" / "old").exists()


def test_a_draft_is_changed_accepted_and_saved_and_a_reload_loses_nothing(
    page: Page, address: str, folder: Path
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}drafts")
    question = page.get_by_role("textbox", name="Question", exact=True)
    expect(question).to_have_value("Who funds it?", timeout=120_000)
    expect(page.locator(".cq-source mark")).to_contain_text("co-funded")
    question.fill("Who funds CT Travel?")
    # The press that leaves the field: what was typed counts.
    page.get_by_role("button", name="Accept").click()
    expect(question).to_have_value("How many <script>window.hacked=1</script> countries?")
    assert page.evaluate("window.hacked") is None
    assert is_narrow_enough(page)

    page.reload()
    expect(page.get_by_test_id("stProgress")).to_contain_text("1 accepted · 0 dropped · 1 left")
    page.get_by_role("button", name="Save 1 question").click()
    expect(page.get_by_text("1 question saved in")).to_be_visible()
    (saved,) = read_questions(folder / "press-accepted.yaml")
    assert (saved.question, saved.tags) == ("Who funds CT Travel?", ())

    page.get_by_role("link", name="Run this set").click()
    expect(page.get_by_role("combobox", name="Question set")).to_have_value("press-accepted.yaml")


def press_row(page: Page, table: Locator) -> None:
    """Press the first row of a table, which is drawn on a canvas."""
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 54)


def test_a_release_is_sent_read_found_and_removed_after_asking(
    page: Page, address: str, folder: Path
) -> None:
    (folder / "geneva.txt").write_text(
        "Geneva, 3 May 2031 – The office opened <img src=x onerror='window.hacked=1'> a branch, funded by Atlantis."
    )
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    page.goto(f"{address}corpus")
    expect(page.get_by_role("heading", name="Corpus")).to_be_visible(timeout=120_000)
    page.get_by_role("button", name="Add releases").click()
    page.locator("input[type=file]").set_input_files([folder / "geneva.txt", folder / "photo.png"])
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("1 added · 1 not read")).to_be_visible(timeout=120_000)
    expect(page.get_by_test_id("stAlert").last).to_contain_text("photo.png")
    expect(page.get_by_text("Not read: 1")).to_be_visible()
    expect(page.locator(".cq-tiles")).to_contain_text("3 May 2031")
    assert is_narrow_enough(page)

    press_row(page, page.get_by_test_id("stDataFrame").last)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("File: geneva.txt")
    dialog.get_by_role("button", name="Remove").click()
    expect(dialog).to_contain_text("Its file geneva.txt moves to the folder of removed files")
    # A click in the very moment of drawing anew is lost.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    dialog.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("1 removed")).to_be_visible(timeout=120_000)
    expect(page.locator(".cq-tiles")).not_to_contain_text("3 May 2031")
    assert not (folder / "data" / "uploads" / "geneva.txt").exists()
    assert page.evaluate("window.hacked") is None
    page.set_viewport_size({"width": 390, "height": 844})
    assert is_narrow_enough(page)


def test_an_embed_has_none_of_these_pages(page: Page, address: str) -> None:
    page.goto(f"{address}?embed=true")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled(timeout=120_000)
    assert page.get_by_role("link", name="Evaluation").count() == 0
    page.goto(f"{address}evaluation?embed=true")
    expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled()
