"""Sentences: exact spans on ordinary, wrapped, listed and hostile text."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.sentences import sentences

HOSTILE = st.text(
    alphabet=st.sampled_from("aB .!?:;\n\r\t-*•1)(\"'«»…é\u0301\u200f\u202eשלום مرحبا 你好。🎉\x00\u00a0Mr"),
    max_size=300,
)


def _texts(text: str) -> list[str]:
    return [text[unit.start : unit.end] for unit in sentences(text)]


@given(HOSTILE)
def test_sentences_are_ordered_and_lose_only_white_space(text: str) -> None:
    units = sentences(text)
    assert all(unit.start < unit.end for unit in units)
    assert all(one.end <= two.start for one, two in pairwise(units))
    rest, place = [], 0
    for unit in units:
        rest.append(text[place : unit.start])
        place = unit.end
    assert not "".join([*rest, text[place:]]).strip()


def test_abbreviations_and_initials_end_no_sentence() -> None:
    text = "H.E. Mr. Ali met Ms. Alya Ahmed S. Al-Thani today. They agreed."
    assert _texts(text) == ["H.E. Mr. Ali met Ms. Alya Ahmed S. Al-Thani today.", "They agreed."]


def test_a_line_without_a_full_stop_is_a_heading() -> None:
    assert [unit.kind for unit in sentences("A Title Line\n\nIt happened.")] == ["heading", "sentence"]


def test_list_items_keep_the_sentence_that_introduces_them() -> None:
    text = "The sides agreed on:\n\n- Peace,\n- Trade."
    lead, *items = sentences(text)
    assert [(item.kind, item.lead) for item in items] == [("item", (lead.start, lead.end))] * 2


def test_a_list_without_a_lead_in_has_none() -> None:
    assert [unit.lead for unit in sentences("- Peace\n- Trade")] == [None, None]


def test_lines_broken_at_a_fixed_width_are_one_sentence() -> None:
    text = (
        "The Office held its fourth dialogue with the State of Qatar in\n"
        "Doha, and both sides agreed to continue their cooperation with\n"
        "Member States in all of the regions that the programme covers,\n"
        "as they had done before in each of the years of the programme."
    )
    assert len(sentences(text)) == 1


def test_paragraphs_on_single_lines_stay_apart() -> None:
    assert _texts("Première phrase.\nLa seconde suit.") == ["Première phrase.", "La seconde suit."]


def test_contact_lines_stay_apart() -> None:
    text = "Ms. Laurence, at l@un.org, Office (UNOCT)\nCT Travel, at ct@un.org, Office (UNOCT)"
    assert len(sentences(text)) == 2


@pytest.mark.parametrize("piece", ["a", "A. ", "word ", "([", "...", "- x\n", "\n", "Mr. "])
def test_ten_megabytes_on_one_line_take_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        started = time.process_time()  # what others do on this machine does not count
        sentences(piece * (size // len(piece)))
        return time.process_time() - started

    seconds(10_000)
    small, large = max(seconds(200_000), 0.02), seconds(2_000_000)
    assert large < 40 * small
