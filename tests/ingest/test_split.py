"""Passages tile the text, respect paragraphs and lists, and keep the page's own words apart."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Passage
from ingest.clean import clean
from ingest.split import MAXIMUM, SPLITTER_VERSION, TARGET, split

REVISION = "0123456789abcdef" * 4
HOSTILE = st.one_of(
    st.text(max_size=3000),
    st.lists(
        st.sampled_from(
            [
                "One sentence here. ",
                "- item\n",
                "\n\n",
                "\r\n",
                "\r",
                "🙂",
                "e\u0301",
                "مرحبا ",
                "x" * 1300,
                "a: ",
            ]
        ),
        max_size=60,
    ).map("".join),
)


def passages(text: str, language: str = "en") -> list[Passage]:
    return split("2023/a", REVISION, text, language)


def sentences(count: int, words: int = 12) -> str:
    return " ".join(f"Sentence {number} has {'many ' * words}words." for number in range(count))


@given(HOSTILE)
def test_passages_tile_the_text_and_are_no_longer_than_the_maximum(text: str) -> None:
    found = passages(text)
    assert "".join(passage.text for passage in found) == text
    place = 0
    for number, passage in enumerate(found):
        assert (passage.start, passage.number) == (place, number)
        assert text[passage.start : passage.end] == passage.text != ""
        assert len(passage.text) <= MAXIMUM
        place = passage.end
    assert place == len(text)


def test_identity_comes_from_release_revision_and_number() -> None:
    (passage,) = passages("One short text.")
    assert passage.id == "2023/a@0123456789ab#0"
    assert (passage.release_id, passage.revision) == ("2023/a", REVISION)
    assert SPLITTER_VERSION


def test_the_empty_text_has_no_passages_and_blank_ones_answer_nothing() -> None:
    assert passages("") == []
    assert [passage.kind for passage in passages(" \n\n ")] == ["boilerplate"]


def test_headlines_stand_with_the_first_paragraph() -> None:
    text = f"PRESS RELEASE\n\nThe headline of the day\n\n{sentences(5)}\n\n{sentences(6)}"
    first, second = passages(text)
    assert first.text.startswith("PRESS RELEASE\n\nThe headline of the day\n\nSentence 0")
    assert second.text.startswith("Sentence 0")


def test_a_heading_stands_with_what_it_heads() -> None:
    text = f"{sentences(7)}\n\nBackground\n\n{sentences(6)}"
    assert [passage.text[:10] for passage in passages(text)] == ["Sentence 0", "Background"]


def test_small_paragraphs_are_joined_up_to_the_target() -> None:
    text = "\n\n".join(sentences(2) for _ in range(12))
    found = passages(text)
    assert len(found) < 12
    assert all(len(passage.text) <= TARGET for passage in found)
    assert all(passage.text.endswith("\n\n") for passage in found[:-1])


def test_white_space_between_blocks_belongs_to_the_passage_before() -> None:
    found = passages(f"{sentences(8)}\n\n\n{sentences(8)}\n")
    assert [passage.text[:8] for passage in found] == ["Sentence", "Sentence"]
    assert found[0].text.endswith("words.\n\n\n")


def test_a_long_paragraph_is_cut_between_sentences_into_parts_of_like_size() -> None:
    found = passages(sentences(40))
    assert len(found) > 2
    assert all(
        passage.text.startswith("Sentence") and passage.text.rstrip().endswith(".") for passage in found
    )
    assert min(len(passage.text) for passage in found) > TARGET / 2


def test_a_list_stays_with_its_lead_in_and_is_cut_between_items() -> None:
    items = "\n".join(f"- item {number} about {'a matter ' * 6}" for number in range(10))
    (whole,) = passages(f"The parties agreed on:\n\n{items}")
    assert whole.text.startswith("The parties agreed on:")
    long = "\n".join(f"- item {number} about {'a matter ' * 6}" for number in range(40))
    parts = passages(f"The parties agreed on:\n\n{long}")
    assert parts[0].text.startswith("The parties agreed on:\n\n- item 0")
    assert all(part.text.startswith("- item") for part in parts[1:])


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    line = "This line of a wrapped paragraph was broken because the page was full and goes"
    text = "\n".join([line] * 8) + " on.\n\n" + sentences(8)
    assert passages(text)[0].text == "\n".join([line] * 8) + " on.\n\n"


def test_an_unbreakable_token_is_cut_hard_but_not_within_a_character() -> None:
    found = passages("x" * 3000)
    assert [len(passage.text) for passage in found] == [MAXIMUM, MAXIMUM, 600]
    for passage in passages("e\u0301" * 2000)[1:]:
        assert passage.text[0] == "e"


def test_a_sentence_that_is_too_long_is_cut_after_a_clause_or_a_word() -> None:
    found = passages("Yes, " + "very long, " * 300 + "indeed.")
    assert all(passage.text.endswith(", ") for passage in found[:-1])
    assert all(passage.text.endswith("word ") for passage in passages("word " * 900)[:-1])


@pytest.mark.parametrize(
    "contact",
    [
        "For more information, please contact:\n\nJane Roe, at jroe@un.org, The Office\nTravel, ct@un.org",
        "Please contact Ms. Jane Roe, The Office, New York, jroe@un.org for more information.",
        "Media contact: Jane Roe, +1 (212) 555-0100",
        "Pour plus d’informations, veuillez contacter : Jean Roe, presse@iom.int, 01 23 45 67 89",
        "Contacts\n\nJean Roe\npresse@iom.int",
    ],
)
def test_whom_to_contact_is_a_passage_of_its_own(contact: str) -> None:
    found = passages(f"{sentences(3)}\n\n{contact}")
    assert [passage.kind for passage in found] == ["body", "contact"]
    assert found[1].text == contact


@pytest.mark.parametrize(
    "line",
    [
        "Previous Post Next Post",
        "Share on Facebook | Tweet | Print",
        "Skip to main content",
        "Article précédent / Article suivant",
        "Page 3 of 7",
        "- 3 -",
        "12",
        "© 2023 United Nations. All rights reserved.",
        "We use cookies to give you the best experience. Accept all",
        "Nous utilisons des cookies pour mesurer l'audience.",
    ],
)
def test_what_the_page_put_around_the_release_is_boilerplate(line: str) -> None:
    kinds = [
        (passage.kind, passage.text) for passage in passages(f"{sentences(3)}\n\n{line}\n\n{sentences(3)}")
    ]
    assert kinds[1] == ("boilerplate", f"{line}\n\n")
    assert (kinds[0][0], kinds[2][0]) == ("body", "body")


@pytest.mark.parametrize(
    "line",
    [
        "The contact group met in Rabat on 3 May.",
        "Next steps",
        "Home Secretary visits Rabat",
        "66 Member States",
        "The authority fined the company over cookies placed without consent.",
        "Copyright law is reformed",
        "- Print",
        "Comments by the Minister",
    ],
)
def test_prose_that_sounds_like_a_page_stays_prose(line: str) -> None:
    assert {passage.kind for passage in passages(f"{sentences(3)}\n\n{line}\n\n{sentences(3)}")} == {"body"}


def test_a_passage_in_another_language_says_so() -> None:
    english = sentences(8)
    french = "Le ministre a reçu les ambassadeurs de la région, qui ont salué les efforts de son pays. " * 6
    assert [passage.language for passage in passages(f"{english}\n\n{french}")] == ["en", "fr"]
    assert [passage.language for passage in passages("Rabat, Fes", "fr")] == ["fr"]


def test_the_releases_of_the_corpus_split_at_their_paragraphs(corpus_dir: Path) -> None:
    for path in corpus_dir.glob("*.txt"):
        text, _ = clean(path.read_bytes().decode())
        found = split(path.stem, REVISION, text, "fr" if "atelier" in path.name else "en")
        assert all(passage.text.endswith("\n") for passage in found[:-1]), "cut within a paragraph"
        assert [passage.kind for passage in found[:-1]] == ["body"] * (len(found) - 1)
        assert {passage.language for passage in found} == {"fr" if "atelier" in path.name else "en"}
    djibouti = next(corpus_dir.glob("2023-06-23*"))
    text, _ = clean(djibouti.read_bytes().decode())
    assert split("a", REVISION, text, "en")[-1].kind == "contact"


@pytest.mark.parametrize(
    "piece", ["a", "word ", "The cat sat down. ", "\n", "- a\n", "a\n\n", "[", "e\u0301", " "]
)
def test_time_grows_with_the_length_and_not_with_its_square(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        start = time.process_time()
        passages(text)
        return time.process_time() - start

    seconds(20_000)
    short = min(seconds(50_000) for _ in range(2))
    assert seconds(400_000) < 40 * short + 0.3  # eight times the length; its square would be sixty-four
