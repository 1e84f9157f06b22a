"""A wrong answer is traced to the first stage at which what was expected was no longer there."""

from collections.abc import Sequence

import pytest

from bot.chain import Account
from bot.domain import Answer, Evidence, Passage, Release
from bot.evaluation.loss import loss
from bot.evaluation.sets.questions import Question
from bot.lookup import Lookup
from bot.retrieve import Found
from bot.select import Selection

SENTENCES = ("The hub opened in 2019.", "It is funded by Japan.", "Officers were trained in Rabat.")
TEXT = " ".join(SENTENCES)
RELEASE = Release("hub", "/corpus", "hub.txt", "0" * 64, TEXT, "The hub", "en")
MINIMUM = 0.3


def asked(*facts: str, **more: object) -> Question:
    entry = {"id": "q", "question": "Who funds it?", "facts": [[fact] for fact in facts]}
    return Question.model_validate({**entry, **more})


def passage(number: int) -> Found:
    start = TEXT.index(SENTENCES[number])
    text = SENTENCES[number]
    return Found(
        Passage(f"hub#{number}", "hub", "0" * 64, number, start, start + len(text), text, "en"), 0.9, 0.9
    )


def evidence(number: int, probability: float) -> Evidence:
    start = TEXT.index(SENTENCES[number])
    return Evidence(RELEASE, start, start + len(SENTENCES[number]), probability)


def account(
    text: str = "",
    found: Sequence[int] = (0, 1, 2),
    read: int = 3,
    ranked: Sequence[tuple[int, float]] = (),
    chosen: Sequence[int] = (),
    written: str | None = None,
) -> Account:
    sentences = [evidence(number, probability) for number, probability in ranked]
    best = sentences[0].probability if sentences else 0.0
    answer = Answer("a", "Who funds it?", "Who funds it?", text, not text, "en", "reading", probability=best)
    lookup = Lookup("Who funds it?", "en", [passage(number) for number in found], read, sentences)
    shown = tuple(item for item in sentences if item.start in {evidence(n, 0).start for n in chosen})
    return Account(answer, lookup, Selection(shown), written, {})


def stage_of(question: Question, came: Account) -> str | None:
    lost = loss(question, came, MINIMUM, lambda ids: [("hub", TEXT)])
    return lost.stage if lost else None


RANKED = [(1, 0.8), (0, 0.2), (2, 0.1)]


def test_a_right_answer_is_lost_nowhere() -> None:
    assert stage_of(asked("Japan"), account("It is funded by Japan.", ranked=RANKED, chosen=[1])) is None
    assert stage_of(asked(), account("Anything.", ranked=RANKED, chosen=[1])) is None
    assert stage_of(asked(answerable=False), account(ranked=RANKED)) is None


@pytest.mark.parametrize(
    ("question", "came", "stage"),
    [
        (asked("Peru"), account(ranked=RANKED), "not ingested"),
        (asked("Japan", releases=["other"]), account(ranked=RANKED), "not ingested"),
        (asked("Japan"), account(found=[0, 2], ranked=[(0, 0.1)]), "not retrieved"),
        (asked("Japan"), account(found=[0, 1], read=1, ranked=[(0, 0.1)]), "not read"),
        (asked("Japan"), account(ranked=[(1, 0.2), (0, 0.1)]), "declined"),
        (asked("Japan"), account("In 2019.", ranked=[(0, 0.8), (1, 0.1)], chosen=[0]), "not chosen"),
        (
            asked("Japan"),
            account("A state.", ranked=RANKED, chosen=[1], written="A state funds it [1]."),
            "not written",
        ),
        (
            asked("Japan"),
            account("It opened.", ranked=RANKED, chosen=[1], written="Japan funds 7 of it [1]."),
            "removed by the proof",
        ),
        (
            asked(answerable=False),
            account("It is funded by Japan.", ranked=RANKED, chosen=[1]),
            "answered what nothing answers",
        ),
    ],
)
def test_what_went_missing_is_named_with_its_stage(question: Question, came: Account, stage: str) -> None:
    assert stage_of(question, came) == stage


def test_the_reason_says_how_far_it_came() -> None:
    lost = loss(asked("Japan"), account(ranked=[(0, 0.25), (1, 0.12)]), MINIMUM, lambda ids: [("hub", TEXT)])
    assert lost
    assert "“Japan” came as number 2, with 0.12" in lost.reason
    assert "the best one has 0.25, and below 0.30 it declines" in lost.reason


def test_of_several_facts_the_missing_one_is_traced() -> None:
    came = account("The hub opened in 2019.", ranked=[(0, 0.8), (1, 0.1)], chosen=[0])
    lost = loss(asked("2019", "Japan"), came, MINIMUM, lambda ids: [("hub", TEXT)])
    assert lost
    assert lost.stage == "not chosen"
    assert "2019" not in lost.reason


@pytest.mark.parametrize(("releases", "read"), [(("hub",), [("hub",)]), ((), [()])])
def test_only_the_releases_that_are_named_are_read_and_all_where_none_is(
    releases: tuple[str, ...], read: list[tuple[str, ...]]
) -> None:
    asked_for: list[tuple[str, ...]] = []

    def texts(ids: Sequence[str]) -> list[tuple[str, str]]:
        asked_for.append(tuple(ids))
        return [("hub", TEXT)]

    lost = loss(
        asked("Peru").model_copy(update={"releases": releases}), account(ranked=RANKED), MINIMUM, texts
    )
    assert lost is not None
    assert lost.stage == "not ingested"
    assert asked_for == read


def test_no_release_is_read_for_what_a_found_passage_holds() -> None:
    def texts(ids: Sequence[str]) -> list[tuple[str, str]]:
        raise AssertionError

    lost = loss(asked("2019").model_copy(update={"releases": ()}), account(ranked=RANKED), MINIMUM, texts)
    assert lost is not None
    assert lost.stage == "declined"
