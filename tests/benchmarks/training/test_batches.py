"""The passages that a reader learns from, made of those it is given."""

from tests.benchmarks.training.batches import without_answer
from tests.benchmarks.training.examples import Read

TEXT = "The programme began in 2019. It assists sixty states. It is funded by two of them."
FIRST, SECOND, THIRD = (0, 28), (29, 53), (54, 82)


def _quotes(read: Read) -> list[str]:
    return [read.text[start:end] for start, end in read.units]


def test_the_sentences_that_answer_are_taken_out_and_the_others_stay_quotable() -> None:
    read = Read("", TEXT, [FIRST, SECOND, THIRD], answers=[(40, 45)], right=[1])

    cut = without_answer(read)

    assert cut is not None
    assert _quotes(cut) == ["The programme began in 2019.", "It is funded by two of them."]
    assert "sixty" not in cut.text
    assert not cut.right
    assert not cut.answers


def test_what_may_answer_too_is_taken_out_as_well() -> None:
    cut = without_answer(Read("", TEXT, [FIRST, SECOND, THIRD], right=[2], open=[0]))

    assert cut is not None
    assert _quotes(cut) == ["It assists sixty states."]


def test_a_list_leaves_with_its_item_that_answers() -> None:
    whole = (29, 82)
    cut = without_answer(Read("", TEXT, [FIRST, SECOND, THIRD, whole], right=[1]))

    assert cut is not None
    assert _quotes(cut) == ["The programme began in 2019.", "It is funded by two of them."]


def test_nothing_is_made_where_the_answer_stands_elsewhere_or_nothing_is_left() -> None:
    assert (
        without_answer(Read("", "It is red. All say it is red.", [(0, 10), (11, 29)], [(6, 9)], [0])) is None
    )
    assert without_answer(Read("", "It is red.", [(0, 10)], [(6, 9)], [0])) is None
    assert without_answer(Read("", TEXT, [FIRST, SECOND, THIRD])) is None
