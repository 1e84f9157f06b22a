"""What axe finds wrong with a page for those who hear it, or use it by keys alone."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

SERIOUS = ("serious", "critical")


def findings(page: Page) -> list[str]:
    """What axe finds serious, in the whole page and its shadow trees: the rule, and the first element of each.

    Streamlit dims what it is about to draw again: that is waited for.
    """
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["impact"] in SERIOUS]
