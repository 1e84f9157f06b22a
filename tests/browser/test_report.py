"""The report of a run in a real browser, from disk: it asks for nothing, fits a phone, and its charts are labelled."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.evaluation.compare import compare
from bot.evaluation.gate import Verdict
from bot.evaluation.outcomes import RankedEvidence
from bot.evaluation.report import write_report
from bot.evaluation.runs import read_run
from bot.evaluation.scores import Scores
from tests.evaluation.examples import DECLINE, answer, asked, citation, outcome, right, written, wrong

pytestmark = pytest.mark.browser

LONG = "Zusammenarbeitsvereinbarungsunterzeichnungszeremonie" * 8
TAKE = "document.title='taken'"
HOSTILE = f'<script>{TAKE}</script><img src="http://192.0.2.1/x.png" onerror="{TAKE}">'
CHARTS = (
    "Where wrong answers were lost",
    "Right by language",
    "Right by tag",
    "Risk and coverage",
    "Calibration",
    "Time by stage",
)


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A report with everything in it: a gate, a comparison, charts, long words, hostile text."""
    before = [right("a"), wrong("b"), *(right(f"kept{number}") for number in range(5)), right("h")]
    after = [
        replace(wrong("a", language="en", tags=("list", LONG[:60])), stage="not retrieved", reason=LONG),
        right("b", language="fr", tags=("date",)),
        *(
            replace(
                right(f"kept{number}", language="en", tags=("list",)),
                stage_seconds={"retrieve": 0.1, "read": 0.4},
            )
            for number in range(5)
        ),
        outcome(
            asked("h", HOSTILE, question=HOSTILE + LONG, releases=(LONG,)),
            answer(HOSTILE + LONG, citation(LONG, HOSTILE)),
            stage="not chosen",
            reason=HOSTILE,
            evidence=(RankedEvidence(LONG, LONG, 0.9, LONG[:20]), RankedEvidence("x", HOSTILE, 0.2)),
        ),
        outcome(asked("none", answerable=False, question="ما هي الميزانية؟"), DECLINE),
    ]
    runs = [read_run(written(tmp_path / name, each)) for name, each in (("before", before), ("after", after))]
    write_report(
        Scores(tuple(after)),
        tmp_path,
        about={"Question set": LONG},
        comparison=compare(*runs),
        verdict=Verdict(1, (f"accuracy is 0.5: worse. {LONG}",)),
    )
    return (tmp_path / "report.html").as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_report_fits_the_screen_and_asks_for_nothing(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    requests: list[str] = []
    complaints: list[str] = []
    with browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
        offline=True,
    ) as context:
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"the page is {wide} pixels wide"
        assert page.title() == "Evaluation report"
        assert page.locator("script, img, iframe").count() == 0
        for chart in CHARTS:
            drawing = page.get_by_role("img", name=re.compile(chart, re.IGNORECASE))
            assert drawing.count() == 1, chart
            assert drawing.get_attribute("aria-labelledby")
            assert len(drawing.locator("desc").text_content() or "") > 20
            assert all(size >= 11 for size in drawing.evaluate(_SIZES)), (
                f"{chart} has letters too small to read"
            )
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 24, 31)"
        assert dark == (scheme == "dark")
    assert requests == [address]
    assert complaints == []


_SIZES = """drawing => {
    const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
    return [...drawing.querySelectorAll('text')].map(text => parseFloat(getComputedStyle(text).fontSize) * scale);
}"""
