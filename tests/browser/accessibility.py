"""What axe finds wrong with a page for those who hear it, or use it by keys alone."""

import time

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

SERIOUS = ("serious", "critical")
SETTLED_SECONDS = 10
"""After which a page no longer changes; loading dims and fades what it draws."""
STILL = """() => document.getAnimations().every(
    (each) => each.playState !== "running" || each.effect.getComputedTiming().endTime === Infinity
)"""
"""Whether nothing fades or moves but what does so for ever."""


def findings(page: Page) -> list[str]:
    """What axe finds serious, in the whole page and its shadow trees: the rule, and the first element of each.

    Streamlit dims what it is about to draw again, and lets what it drew fade in. That is waited for, and what axe
    still finds then has to stay: a page that moves on while axe looks has other colours than those it is read in.
    """
    until = time.monotonic() + SETTLED_SECONDS
    while True:
        expect(page.locator("[data-stale=true]")).to_have_count(0)
        page.wait_for_function(STILL)
        violations = Axe().run(page).response["violations"]
        found = [
            f"{each['id']}: {each['nodes'][0]['html']}" for each in violations if each["impact"] in SERIOUS
        ]
        if not found or time.monotonic() > until:
            return found
        page.wait_for_timeout(500)
