"""Items of lists have vectors of their own, whose ids and texts are made of their passage."""

import pytest

from bot.domain import Passage, PassageKind
from bot.items import SHORTEST, Near, items, led_in, nearest, passage_of, vector_ids

TEXT = (
    "The two sides met in Varna.\n\nThey agreed to support States in:\n\n"
    "- Guarding harbours and inland waterways 🚀,\n- Counting votes, and\n- Hearing witnesses who live abroad.\n\n"
    "They will meet again in May."
)
LONG = ["- Guarding harbours and inland waterways 🚀,", "- Hearing witnesses who live abroad."]


def passage(text: str, kind: PassageKind = "body") -> Passage:
    return Passage("a@0#0", "a", "0", 0, 0, len(text), text, "en", kind)


def test_items_that_are_long_enough_are_told_with_what_leads_them_in() -> None:
    found = items(passage(TEXT))
    assert [TEXT[each.start : each.end] for each in found] == LONG
    assert [led_in(TEXT, each) for each in found] == [
        f"They agreed to support States in:\n{item}" for item in LONG
    ]
    assert all(len(item) >= SHORTEST for item in LONG)


@pytest.mark.parametrize(
    "text", ["", "No list at all.", "- An item that nothing leads in, though it is long enough."]
)
def test_without_a_list_that_is_led_in_there_are_none(text: str) -> None:
    assert items(passage(text)) == []
    assert items(passage(TEXT, "contact")) == []


@pytest.mark.parametrize("passage", ["2024/a.b@0123abcd#12", "odd\nname #1.2@000#0", "left"])
def test_a_vector_is_of_the_passage_whose_id_it_holds(passage: str) -> None:
    ids = vector_ids(passage, 2)
    assert ids[0] == passage
    assert len({*ids}) == 3
    if "#" in passage:
        assert {passage_of(each) for each in ids} == {passage}


def test_a_passage_is_as_near_as_its_nearest_vector_and_items_count_that_are_nearer_than_it() -> None:
    found = [
        ("a@0#1.2", 0.9),
        ("a@0#1.1", 0.85),
        ("b@0#0", 0.8),
        ("a@0#1", 0.7),
        ("b@0#0.0", 0.7),
        ("a@0#1.0", 0.6),
    ]
    assert nearest(found) == {"a@0#1": Near(0.9, ((2, 0.9), (1, 0.85))), "b@0#0": Near(0.8)}
    assert list(nearest(found)) == ["a@0#1", "b@0#0"]
    assert nearest([]) == {}
