"""What a person decided about drafted questions is kept, and the accepted ones become a set."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QuestionError, StorageError
from bot.evaluation.sets.questions import Question
from bot.web.evaluation.decisions import (
    Review,
    Status,
    Typed,
    as_drafted,
    decide,
    journal_of,
    read_review,
    worded,
)
from bot.web.evaluation.draft_save import proposed, save, standing
from tests.evaluation.examples import asked

FIRST = asked("a", "Japan", tags=("draft", "who"), quotes=("It is funded by Japan.",), origin="rules")
SECOND = asked("b", "66", tags=("draft",))
FILE = Path("press-draft.yaml")


def review(data: Path, *questions: Question) -> Review:
    return read_review(questions or (FIRST, SECOND), FILE, data)


def drafted(entry: Question, **changes: object) -> Typed:
    return as_drafted(entry).model_copy(update=changes)


def test_what_was_decided_is_there_again_and_the_last_decision_counts(tmp_path: Path) -> None:
    decide(FIRST, "accepted", as_drafted(FIRST), FILE, tmp_path)
    decide(SECOND, "accepted", as_drafted(SECOND), FILE, tmp_path)
    decide(SECOND, "dropped", as_drafted(SECOND), FILE, tmp_path)
    found = review(tmp_path)

    assert [found.status(each) for each in found.questions] == ["accepted", "dropped"]
    assert not found.changed(FIRST)
    assert [question.id for question in found.accepted()] == ["a"]


def test_an_accepted_question_keeps_everything_but_the_tag_of_a_draft(tmp_path: Path) -> None:
    changed = drafted(FIRST, question="Who pays?", facts="Japan | Japon\nHungary")
    decide(FIRST, "accepted", changed, FILE, tmp_path)
    (accepted,) = review(tmp_path).accepted()

    assert (accepted.question, accepted.facts) == ("Who pays?", (("Japan", "Japon"), ("Hungary",)))
    assert (accepted.tags, accepted.quotes) == (("who",), FIRST.quotes)
    assert accepted.model_extra == {"origin": "rules"}


def test_a_question_can_be_made_unanswerable_and_keeps_its_facts(tmp_path: Path) -> None:
    decide(FIRST, "accepted", drafted(FIRST, answerable=False), FILE, tmp_path)
    (accepted,) = review(tmp_path).accepted()
    assert (accepted.answerable, accepted.facts) == (False, FIRST.facts)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"question": "  "}, "question"), ({"facts": "Japan\n…"}, "no word or number")],
)
def test_words_that_cannot_be_used_are_kept_but_not_accepted(
    changes: dict[str, str], reason: str, tmp_path: Path
) -> None:
    with pytest.raises(QuestionError, match=reason):
        decide(FIRST, "accepted", drafted(FIRST, **changes), FILE, tmp_path)
    decide(FIRST, "open", drafted(FIRST, **changes), FILE, tmp_path)
    found = review(tmp_path)
    assert (found.status(FIRST), found.typed(FIRST)) == ("open", drafted(FIRST, **changes))


def test_a_question_that_was_drafted_anew_is_decided_anew(tmp_path: Path) -> None:
    decide(FIRST, "accepted", as_drafted(FIRST), FILE, tmp_path)
    again = FIRST.model_copy(update={"facts": (("Hungary",),)})
    assert review(tmp_path, again).status(again) == "open"


def test_two_sets_of_one_name_are_decided_apart(tmp_path: Path) -> None:
    decide(FIRST, "dropped", as_drafted(FIRST), Path("one/draft.yaml"), tmp_path)
    other = read_review((FIRST,), Path("two/draft.yaml"), tmp_path)
    assert other.status(FIRST) == "open"


def test_a_decision_that_a_crash_cut_short_spoils_no_other(tmp_path: Path) -> None:
    decide(FIRST, "accepted", as_drafted(FIRST), FILE, tmp_path)
    journal = journal_of(FILE, tmp_path)
    with journal.open("ab") as opened:
        opened.write(b'{"id": "b", "of"')
    assert review(tmp_path).status(FIRST) == "accepted"

    decide(SECOND, "dropped", as_drafted(SECOND), FILE, tmp_path)
    found = review(tmp_path)
    assert [found.status(each) for each in found.questions] == ["accepted", "dropped"]


def test_a_damaged_file_of_decisions_is_named_with_its_line(tmp_path: Path) -> None:
    decide(FIRST, "accepted", as_drafted(FIRST), FILE, tmp_path)
    with journal_of(FILE, tmp_path).open("ab") as opened:
        opened.write(b"not json\n")
    with pytest.raises(StorageError, match="line 2 is no decision"):
        review(tmp_path)


def test_facts_that_were_not_touched_stay_as_they_are() -> None:
    odd = asked("a", facts=(("one | two", "three\nfour"),))
    assert worded(odd, drafted(odd, question="Other?")).facts == odd.facts


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=30)


@given(
    statuses=st.lists(st.sampled_from(("open", "dropped")), max_size=5),
    question=_TEXT,
    facts=st.lists(_TEXT, max_size=4).map("\n".join),
    answerable=st.booleans(),
)
def test_whatever_is_typed_is_kept_as_it_is(
    statuses: list[Status],
    question: str,
    facts: str,
    answerable: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    data = tmp_path_factory.mktemp("decisions")
    typed = Typed(question=question, facts=facts, answerable=answerable)
    for status in [*statuses, "dropped"]:
        decide(FIRST, status, typed, FILE, data)
    found = review(data)
    assert (found.status(FIRST), found.typed(FIRST)) == ("dropped", typed)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE).write_text("- id: a\n  question: Who?\n", encoding="utf-8")
    return tmp_path


def test_a_set_is_saved_and_replaced_only_as_it_was_seen(here: Path) -> None:
    saved = save([SECOND], "new/team.yaml", FILE, here, None)
    assert standing("new/team.yaml", FILE, here) == [SECOND]

    with pytest.raises(StorageError, match="changed meanwhile"):
        save([FIRST], "new/team.yaml", FILE, here, None)
    save([FIRST], "new/team.yaml", FILE, here, [SECOND])
    assert standing(saved.as_posix(), FILE, here) == [FIRST]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("press-draft.yaml", "the draft itself"),
        ("./new/../press-draft.yaml", "the draft itself"),
        ("compose.yaml", "no question set"),
        ("../team.yaml", "not below the folder"),
        ("team.txt", "must end in"),
    ],
)
def test_the_draft_and_what_is_no_set_are_never_written_over(path: str, reason: str, here: Path) -> None:
    (here / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    with pytest.raises(QuestionError, match=reason):
        save([FIRST], path, FILE, here, None)
    assert (here / FILE).read_text("utf-8").startswith("- id: a")
    assert (here / "compose.yaml").read_text("utf-8") == "services: {}\n"


def test_a_name_is_proposed_that_is_not_taken(here: Path) -> None:
    assert proposed(FILE) == Path("press-accepted.yaml")
    (here / "press-accepted.yaml").touch()
    assert proposed(FILE) == Path("press-accepted-2.yaml")
    assert proposed(Path("draft.yaml")) == Path("questions-accepted.yaml")
