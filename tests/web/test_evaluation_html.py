"""What the team's pages draw of runs: every text of a set, a release or a model is text."""

import re
from html import unescape
from pathlib import Path

from bot.catalog import FILE, Catalog, Entry, Stamp
from bot.evaluation.compare import compare
from bot.evaluation.outcomes import RankedEvidence
from bot.evaluation.results import result_of
from bot.evaluation.runs import read_run
from bot.web.evaluation import answer, comparison, curves, overview
from bot.web.evaluation.draft_entry import sources_html
from bot.web.evaluation.english import ENGLISH
from bot.web.evaluation.french import FRENCH
from bot.web.evaluation.kept import open_run
from bot.web.evaluation.stages import account_html
from bot.web.wording import ENGLISH as WORDS
from tests.evaluation.examples import DECLINE, asked, citation, outcome, right, written, wrong
from tests.evaluation.examples import answer as replied
from tests.web.scripted_bot import FUNDED, RELEASE, ScriptedBot

HOSTILE = "<script>alert(1)</script>\" onmouseover='x' $a$ &amp;"


def text(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def test_each_fact_says_whether_it_was_told() -> None:
    came = outcome(
        asked("a", facts=(("Japan", "Japon"), ("Hungary",)), releases=("djibouti",)),
        replied("It is funded by Japan. [1]", citation()),
    )
    html = answer.beside_html(came, ENGLISH)

    assert re.findall(r'aria-label="(\w+)">.</b><div dir="auto">(\w+)', html) == [
        ("told", "Japan"),
        ("missing", "Hungary"),
    ]
    assert "or Japon" in text(html)
    assert "djibouti" in text(html)


def test_an_answer_shows_its_quotes_with_a_link_to_their_place() -> None:
    html = answer.came_html(right("a"), ENGLISH)
    assert "It is funded by Japan." in text(html)
    assert 'href="./?release=djibouti&amp;revision=r1&amp;end=22"' not in html
    assert 'href="./?release=djibouti&amp;revision=r1&amp;start=0&amp;end=22"' in html


def test_a_decline_that_was_expected_and_a_failure_say_so() -> None:
    declined = outcome(asked("a", answerable=False), DECLINE)
    assert ENGLISH.expected_decline in text(answer.beside_html(declined, ENGLISH))
    failed = outcome(asked("a", "Japan"), None, error=HOSTILE)
    assert HOSTILE in unescape(answer.came_html(failed, ENGLISH))


def test_hostile_texts_are_text_wherever_they_stand() -> None:
    came = outcome(
        asked(
            "a",
            question=HOSTILE,
            history=(HOSTILE,),
            facts=((HOSTILE, HOSTILE),),
            releases=(HOSTILE,),
            quotes=(HOSTILE,),
            tags=(HOSTILE,),
            language=HOSTILE,
            note=HOSTILE,
        ),
        replied(HOSTILE, citation(HOSTILE, HOSTILE)),
        stage=HOSTILE,
        reason=HOSTILE,
        evidence=(RankedEvidence(HOSTILE, HOSTILE, 0.5, HOSTILE[:8]),),
        stage_seconds={HOSTILE: 1.0},
    )
    drawn = (
        answer.head_html(result_of(came), ENGLISH)
        + answer.reason_html(came)
        + answer.beside_html(came, FRENCH)
        + answer.evidence_html(came.evidence, ENGLISH)
        + answer.times_html(came, ENGLISH)
    )
    assert "<script" not in drawn
    assert not re.search(r"<[^>]*\sonmouseover=", drawn)
    assert text(drawn).count("alert(1)") >= 12


def test_evidence_is_numbered_with_its_probability_and_the_words_that_answer() -> None:
    html = answer.evidence_html(
        [RankedEvidence("djibouti", FUNDED, 0.93, "Japan and Hungary"), RankedEvidence("d", "Other.", 1.2)],
        ENGLISH,
    )
    assert "<mark>Japan and Hungary</mark>" in html
    assert text(html).startswith("1 0.93 It is funded by Japan and Hungary .")
    assert "width:100%" in html


def test_the_summary_and_the_tiles_tell_the_scores(tmp_path: Path) -> None:
    run = open_run(
        written(
            tmp_path,
            [right("a"), right("b"), wrong("c"), outcome(asked("d", answerable=False), DECLINE)],
        )
    )
    assert overview.summary(run.results, ENGLISH) == (
        "2 of the 3 questions that the releases answer are answered right. Of the others, 0 are declined. "
        "Of 1 that nothing answers, 1 are declined."
    )
    tiles = text(overview.tiles_html(run, ENGLISH))
    assert "right answers, of the answerable 66.7% 2 of 3 0.0% to 100.0%" in tiles


def test_measures_are_a_table_and_groups_are_called_by_their_names(tmp_path: Path) -> None:
    run = open_run(written(tmp_path, [right("a", language="fr", tags=(HOSTILE,)), wrong("b", language="en")]))
    html = overview.measures_html(list(run.measured.values()), FRENCH)
    assert "langue : français 100,0 % 1 sur 1" in re.sub(
        r" \S+ % à \S+ %", "", text(html).replace("\u00a0", " ")
    )
    assert "<script" not in html


def test_two_runs_say_what_moved_and_whether_beyond_the_noise(tmp_path: Path) -> None:
    before = [wrong(f"w{number}") for number in range(12)] + [right("r")]
    after = [right(f"w{number}") for number in range(12)] + [wrong("r"), right("new")]
    runs = [read_run(written(tmp_path / name, each)) for name, each in (("before", before), ("after", after))]
    found = compare(*runs)

    assert comparison.told(found, ENGLISH) == (
        "Of 13 questions in both runs, 12 got better and 1 worse. 12 went from wrong to right, 1 from right to "
        "wrong; by chance alone as uneven a change has p = 0.003 (McNemar’s exact test)."
    )
    table = text(comparison.differences_html(found, ENGLISH))
    assert "right answers, of the answerable 7.7% 92.3% + 84.6 points beyond the noise" in table.replace(
        "+", "+ "
    )
    (worse,) = found.of_kind("worse")
    pair = text(comparison.pair_html(worse, ENGLISH))
    assert pair.index("Before Right It is funded by Japan.") < pair.index("Now Wrong It is not known.")


def test_runs_that_are_alike_moved_nothing(tmp_path: Path) -> None:
    run = read_run(written(tmp_path, [right("a"), wrong("b")]))
    assert text(comparison.differences_html(compare(run, run), ENGLISH)) == ENGLISH.nothing_moved


def test_the_curves_have_labelled_axes_and_the_points_of_the_run() -> None:
    results = [result_of(each) for each in (right("a"), right("b"), wrong("c"))]
    points, bins = curves.points_of(results), curves.bins_of(results)
    assert [(point.coverage, round(point.risk, 2)) for point in points] == [(2 / 3, 0.0), (1.0, 0.33)]
    assert [(each.count, each.right) for each in bins] == [(1, 0), (2, 2)]

    for chart, titles in (
        (curves.risk_coverage_chart(points, ENGLISH), {ENGLISH.coverage_axis, ENGLISH.risk_axis}),
        (curves.calibration_chart(bins, FRENCH), {FRENCH.probability_axis, FRENCH.right_axis}),
    ):
        layers = chart.to_dict()["layer"]
        assert {layers[0]["encoding"][axis]["title"] for axis in "xy"} == titles


def test_no_curve_is_drawn_of_answers_that_nothing_judges() -> None:
    results = [result_of(outcome(asked("a"), replied("It is so.")))]
    assert curves.points_of(results) == []
    assert curves.bins_of(results) == []


def test_every_stage_of_an_account_is_told_with_its_scores(tmp_path: Path) -> None:
    bot = ScriptedBot(tmp_path, who=FUNDED)
    html = account_html(bot.account("who funds it?"), 0.2, ENGLISH)
    bot.close()

    told = text(html)
    for phrase in ("who funds it?", "Found: 1 passages, of which 1 were read", "0.500", "0.600", "0.900"):
        assert phrase in told
    assert f"{ENGLISH.stage_verify} {FUNDED} [1]" in told


def test_a_drafted_quote_stands_in_its_place_or_is_said_not_to(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / FILE, create=True) as catalog:
        catalog.apply([Entry(RELEASE, "mark", ())], [], stamp=Stamp("model", "1"), collection="c")
        found = asked("a", quotes=(FUNDED, HOSTILE), releases=("djibouti", "gone"))
        html = sources_html(found, catalog, WORDS, ENGLISH)
        bare = sources_html(asked("b", releases=("djibouti",)), catalog, WORDS, ENGLISH)
        assert sources_html(asked("c"), catalog, WORDS, ENGLISH) == ""

    assert f"<mark>{FUNDED}</mark>" in html
    assert "It assists 66 countries." in text(html)
    assert ENGLISH.quote_not_found in text(html)
    assert WORDS.missing_release in text(html)
    assert "Funding &lt;b&gt;of" in bare
    assert "<script" not in html
