"""What a report shows, and that nothing in it is anything but text."""

import html.parser
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StorageError
from bot.evaluation.compare import compare
from bot.evaluation.gate import Verdict
from bot.evaluation.outcomes import Outcome, RankedEvidence
from bot.evaluation.report import write_report
from bot.evaluation.report.phrases import clipped, marked, probability, stage_words, summary
from bot.evaluation.runs import read_run
from bot.evaluation.scores import Scores
from tests.evaluation.examples import DECLINE, answer, asked, citation, outcome, right, written, wrong

HOSTILE = (
    '<script>alert(1)</script> </title></style><img src="https://example.org/x" onerror=alert(1)> '
    "{{ 7 * 7 }} {% raw %} &amp; ' \" \x1b[2J \x00 \u202e [a](javascript:x) **b** `c` | ~~d~~ ![e](http://f)"
)
# What a page may not do: ask for anything, run anything, or leave itself.
ASKS = {
    "script",
    "img",
    "iframe",
    "object",
    "embed",
    "form",
    "base",
    "audio",
    "video",
    "source",
    "image",
    "use",
}


class Page(html.parser.HTMLParser):
    """Every element of a page with its attributes, and the text that a reader sees."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.shown = ""
        self._style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.shown += data


def hostile(text: str) -> Outcome:
    """A wrong outcome in which everything that others write is `text`."""
    question = asked(
        text or "x",
        "Japan",
        text,
        question=text or "x",
        history=(text or "x",),
        language=text or None,
        tags=(text or "x",),
        releases=(text or "x",),
    )
    cited = replace(citation(text, text), title=text, language=text, issuer=text)
    given_ = replace(answer(text, cited), language=text, mode=text)
    return outcome(
        question,
        given_,
        stage=text or None,
        reason=text,
        evidence=(RankedEvidence(text, f"before {text} after", 0.3, text or None),),
        stage_seconds={text: 0.1},
    )


def reports(folder: Path, *outcomes: Outcome, **more: object) -> tuple[Page, str]:
    write_report(Scores(outcomes), folder, **more)  # type: ignore[arg-type]
    page = (folder / "report.html").read_text(encoding="utf-8")
    return Page(page), (folder / "report.md").read_text(encoding="utf-8")


def harmless(page: Page) -> bool:
    return not any(
        tag in ASKS
        or any(name.startswith("on") for name in attributes)
        or any(
            value and not value.startswith(("#", "data:,"))
            for name, value in attributes.items()
            if name in ("href", "src", "srcset", "xlink:href", "action")
        )
        for tag, attributes in page.elements
    )


def test_a_wrong_answer_shows_what_was_expected_what_came_and_why(tmp_path: Path) -> None:
    given_ = outcome(
        asked(
            "funders", "Japan", "Peru", history=("What is CT Travel?",), tags=("list",), releases=("rabat",)
        ),
        answer("It is funded by Japan. [1]", citation()),
        stage="not chosen",
        reason="The sentence that holds “Peru” came as number 4, with 0.21.",
        evidence=(RankedEvidence("rabat", "Peru gives as well.", 0.21, "Peru"),),
    )
    page, text = reports(tmp_path, given_, about={"Question set": "set.yaml"})
    for shown in (
        "What is CT Travel?",
        "Question funders?",
        "Peru",
        "It is funded by Japan. [1]",
        "Read, but not chosen",
        "The sentence that holds “Peru” came as number 4, with 0.21.",
        "0.21",
        "rabat",
        "set.yaml",
    ):
        assert shown in page.shown
        assert shown in text.replace("\\", "")
    facts = re.findall(r"(✓|✗) (\w+) (told|missing)", " ".join(page.shown.split()))
    assert facts == [("✓", "Japan", "told"), ("✗", "Peru", "missing")]
    assert ("mark", {}) in page.elements


def test_a_right_answer_is_listed_but_not_among_the_wrong(tmp_path: Path) -> None:
    page, text = reports(tmp_path, right("good"), wrong("bad"))
    ids = [attributes["id"] for tag, attributes in page.elements if tag == "article"]
    assert ids == ["case-2"]
    assert "Question good?" in page.shown
    assert "Question good?" not in text


def test_a_failure_and_a_false_answer_say_so(tmp_path: Path) -> None:
    failed = outcome(asked("a", "Japan"), None, error="the catalog is damaged")
    invented = outcome(asked("b", answerable=False), answer("42", citation()))
    page, text = reports(tmp_path, failed, invented)
    for shown in ("Failed with an error", "the catalog is damaged", "A decline: no release answers this."):
        assert shown in page.shown
    assert "error: the catalog is damaged" in text
    assert "Lost at a stage that is not known" in page.shown


@pytest.mark.parametrize(
    "outcomes",
    [
        (),
        (right("a"),),
        (outcome(asked("a"), answer("something")),),
        (outcome(asked("a", "x"), None, error="gone"),),
        (outcome(asked("a", answerable=False), DECLINE),),
    ],
)
def test_a_run_of_little_has_a_report_too(tmp_path: Path, outcomes: tuple[Outcome, ...]) -> None:
    page, text = reports(tmp_path, *outcomes, verdict=Verdict(1, ()))
    assert "The gate is passed." in page.shown
    assert text.startswith("# Evaluation report")
    assert "nan" not in page.shown.lower().split()


def test_every_chart_has_a_name_a_reading_and_its_numbers(tmp_path: Path) -> None:
    outcomes = [
        right("a", language="en", tags=("list",)),
        replace(wrong("b", language="fr", tags=("date",)), stage="declined", stage_seconds={"read": 0.2}),
    ]
    page, text = reports(tmp_path, *outcomes)
    drawings = [attributes for tag, attributes in page.elements if tag == "svg"]
    labels = {
        attributes["id"] for tag, attributes in page.elements if tag in ("title", "desc") and attributes
    }
    assert len(drawings) == 6
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert set((drawing["aria-labelledby"] or "").split()) <= labels
    titles = ("Where wrong answers were lost", "Right by language", "Right by tag")
    for title in (*titles, "Risk and coverage", "Calibration", "Time by stage"):
        assert title in page.shown
        assert f"### {title}" in text


def test_the_gate_and_the_comparison_are_told(tmp_path: Path) -> None:
    before = [right("kept"), right("down"), wrong("up"), right("gone")]
    after = [right("kept"), wrong("down"), right("up"), right("new")]
    runs = [read_run(written(tmp_path / name, each)) for name, each in (("b", before), ("a", after))]
    verdict = Verdict(2, ("accuracy is 0.5: worse than before.",))
    page, text = reports(tmp_path, *after, comparison=compare(*runs), verdict=verdict)
    shown = " ".join(page.shown.split())
    assert "The gate is not passed. accuracy is 0.5: worse than before." in shown
    assert "Of 3 questions that both runs were asked, 1 got better, 1 got worse, 0 changed" in shown
    for title in ("Worse (1)", "Better (1)", "Appeared (1)", "Disappeared (1)"):
        assert title in shown
    assert "1 better, 1 worse, 0 changed in words only, 1 the same" in text
    assert "**Failed:**" in text


def test_a_hostile_question_is_shown_and_does_nothing(tmp_path: Path) -> None:
    half = hostile(HOSTILE)
    half = replace(half, answer=replace(half.answer or DECLINE, text=f"{HOSTILE} \ud83d"))
    page, text = reports(tmp_path, half, about={HOSTILE: HOSTILE}, verdict=Verdict(1, (HOSTILE,)))
    assert harmless(page)
    assert "<script>alert(1)</script>" in page.shown
    assert "{{ 7 * 7 }}" in page.shown
    assert not set("\x1b\x00\u202e\ud83d") & set(page.shown + text)
    assert not re.search(r"(?<!\\)<", text)
    assert not re.search(r"(?<!\\)\[a(?<!\\)\]", text)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A report in which nothing is hostile."""
    return reports(tmp_path_factory.mktemp("plain"), hostile("plain x"))[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


@given(st.text(min_size=1, max_size=30))
def test_any_text_leaves_the_page_as_it_is(folder: Path, plain: Page, text: str) -> None:
    page, _ = reports(folder, hostile(f"{text} x"))
    assert harmless(page)
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in plain.elements}
    assert {name for _, each in page.elements for name in each} <= {
        name for _, each in plain.elements for name in each
    }


def test_a_long_text_is_cut_and_says_so(tmp_path: Path) -> None:
    long = outcome(asked("a", "Japan", question="q" * 100_000), answer("y" * 1_000_000))
    page, text = reports(tmp_path, long)
    assert "(998,000 more characters)" in page.shown
    assert len(page.shown) < 20_000
    assert len(text) < 20_000


def test_a_thousand_questions_make_a_report_that_opens(tmp_path: Path) -> None:
    outcomes = [
        (right if number % 3 else wrong)(f"q{number}", tags=(f"tag{number % 50}",)) for number in range(1000)
    ]
    page, _ = reports(tmp_path, *outcomes)
    assert (tmp_path / "report.html").stat().st_size < 3_000_000
    assert "Shown are the 24 with the most questions, of 50." in page.shown


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"report.html cannot be written: .+--out"):
        write_report(Scores(()), tmp_path / "missing")


def test_the_run_is_told_in_a_few_sentences() -> None:
    unanswerable = outcome(asked("u", answerable=False), DECLINE)
    assert summary(Scores((right("a"), wrong("b"), unanswerable))) == (
        "Of 2 questions that the releases answer, 1 was answered right and 0 were declined. Of 1 question that they "
        "do not answer, 1 was declined. All quotes, 1 in number, stand word for word in the releases."
    )
    assert summary(Scores(())) == ""


def test_words_of_a_report() -> None:
    assert stage_words("not read") == "Found, but not read"
    assert stage_words("lost at sea") == "Lost at sea"
    assert (probability(0.0002), probability(0.03125), probability(1)) == (
        "p < 0.001",
        "p = 0.031",
        "p = 1.000",
    )
    assert marked("a b c", "b") == ("a ", "b", " c")
    assert marked("a b c", "d") == marked("a b c", None) == ("a b c", "", "")
    assert clipped("abc", 3) == "abc"
    assert clipped("abcde", 3) == "abc… (2 more characters)"
