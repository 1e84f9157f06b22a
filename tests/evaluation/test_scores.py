import io
import json

from rich.console import Console

from bot.domain import Answer, Citation
from bot.evaluation.metrics import Share
from bot.evaluation.outcomes import Outcome, outcome_of
from bot.evaluation.report import table, wrong
from bot.evaluation.scores import Group, Scores
from bot.evaluation.sets.questions import Question


def answer(text: str, declined: bool = False, release: str = "djibouti") -> Answer:
    citation = Citation(1, "x", release, "Title", None, "en", "d.txt", 0, 1, "r1")
    return Answer("id", "q", "q", text, declined, "en", "reading", () if declined else (citation,))


def asked(
    identity: str,
    facts: tuple[tuple[str, ...], ...] = (),
    answerable: bool = True,
    language: str | None = "en",
    tags: tuple[str, ...] = (),
    history: tuple[str, ...] = (),
    releases: tuple[str, ...] = (),
) -> Question:
    return Question(
        id=identity,
        question=f"Question {identity}?",
        facts=facts,
        answerable=answerable,
        language=language,
        tags=tags,
        history=history,
        releases=releases,
    )


RIGHT = outcome_of(
    asked("right", (("66",),), tags=("number",), releases=("djibouti", "other")),
    answer("66 states [1]"),
    0.1,
    1,
    1,
)
PARTLY = outcome_of(
    asked("partly", (("Japan",), ("Peru", "Pérou")), tags=("list",), releases=("rabat",)),
    answer("Japan"),
    0.2,
    2,
    1,
)
FALSE_DECLINE = outcome_of(
    asked("false", (("66",),), language="fr", tags=("number",), history=("h",), releases=("rabat",)),
    answer("Not 66 that I know", declined=True),
    0.3,
)
FOLLOW_UP = outcome_of(
    asked("follow", (("Doha",),), language="fr", history=("h",)), answer("in doha"), 0.4, 1, 1
)
DECLINED = outcome_of(asked("none", answerable=False), answer("No release says.", declined=True), 0.5)
INVENTED = outcome_of(asked("invented", answerable=False, language=None), answer("42"), 0.6, 1, 1)
FAILED = Outcome(asked("failed", (("x",),)), None, 9.0, error="the catalog is damaged", missing=(("x",),))
UNSCORED = outcome_of(asked("unscored"), answer("something"), 0.7, 1, 1)
SCORES = Scores((RIGHT, PARTLY, FALSE_DECLINE, FOLLOW_UP, DECLINED, INVENTED, FAILED, UNSCORED))


def drawn(scores: Scores) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(table(scores))
    console.print(wrong(scores))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_an_answer_is_right_when_every_group_is_told_and_it_did_not_decline() -> None:
    judged = {outcome.question.id: outcome.right for outcome in SCORES.outcomes}
    assert judged == {
        "right": True,
        "partly": False,
        "false": False,
        "follow": True,
        "none": True,
        "invented": False,
        "failed": False,
        "unscored": None,
    }
    assert PARTLY.missing == (("Peru", "Pérou"),)


def test_the_main_shares_are_those_counted_by_hand() -> None:
    assert SCORES.overall == Group(accuracy=Share(2, 5), declines=Share(1, 2), false_declines=Share(1, 6))
    assert SCORES.unscored == 1


def test_two_right_of_two_are_not_shown_as_sure() -> None:
    (line,) = [
        line for line in drawn(Scores((RIGHT, FOLLOW_UP))).splitlines() if "of the answerable" in line
    ][:1]
    assert "34.2% to 100.0%" in line  # Wilson's interval of two in two


def test_follow_ups_languages_and_tags_are_scored_apart() -> None:
    nothing = Share(0, 0)
    assert SCORES.follow_ups == Group(Share(1, 2), nothing, Share(1, 2))
    assert SCORES.languages == {
        "en": Group(Share(1, 3), Share(1, 1), Share(0, 4)),
        "fr": Group(Share(1, 2), nothing, Share(1, 2)),
        "unstated": Group(nothing, Share(0, 1), nothing),
    }
    assert SCORES.tags == {
        "list": Group(Share(0, 1), nothing, Share(0, 1)),
        "number": Group(Share(1, 2), nothing, Share(1, 2)),
    }


def test_a_tag_given_twice_counts_once() -> None:
    outcome = outcome_of(asked("a", (("x",),), tags=("list", "list")), answer("x"), 0.1)
    assert Scores((outcome,)).tags["list"].accuracy == Share(1, 1)


def test_quotes_and_right_releases_are_counted_over_what_was_given() -> None:
    assert SCORES.quotes == Share(5, 6)
    assert SCORES.releases == Share(1, 2)


def test_seconds_leave_out_what_failed() -> None:
    # Of 0.1, 0.2 .. 0.7 the middle is 0.4; 95 % of the way lies at position 5.7 of 6.
    assert SCORES.seconds(0.5) == 0.4
    assert abs((SCORES.seconds(0.95) or 0) - 0.67) < 1e-9


def test_json_holds_every_measure_and_what_went_wrong() -> None:
    data = json.loads(json.dumps(SCORES.to_json()))
    assert (data["questions"], data["errors"], data["unscored"]) == (8, 1, 1)
    assert data["accuracy"]["share"] == 0.4
    assert data["accuracy"]["interval"][0] < 0.4 < data["accuracy"]["interval"][1]
    assert data["quotes_verbatim"] == {"hits": 5, "total": 6, "share": 5 / 6}
    assert data["seconds"]["median"] == 0.4
    assert {entry["id"]: (entry["expected"], entry["came"]) for entry in data["wrong"]} == {
        "partly": ("Peru", "Japan"),
        "false": ("66", "declined"),
        "invented": ("a decline", "42"),
        "failed": ("x", "error: the catalog is damaged"),
    }


def test_the_tables_show_the_measures_and_the_wrong_ones() -> None:
    shown = drawn(SCORES)
    assert "40.0%" in shown
    assert "2 of 5" in shown
    assert "Wrong: 4" in shown
    assert "h > Question false?" in shown
    assert "Peru" in shown
    assert "Question right?" not in shown


def test_the_tables_of_no_questions_are_drawn() -> None:
    shown = drawn(Scores(()))
    assert "0 of 0" in shown
    assert "Wrong: 0" in shown


def test_markup_and_control_characters_are_shown_not_obeyed() -> None:
    hostile = outcome_of(
        asked("a", (("x",),)), answer("[/red] [bold]no[/bold] \x1b[2J\ud83d" + "y" * 1000), 0.1
    )
    shown = drawn(Scores((hostile,)))
    assert "[/red] [bold]no[/bold]" in shown
    assert "\x1b" not in shown
    assert shown.encode("utf-8")
    assert "…" in shown
