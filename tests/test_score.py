"""A sentence is more likely an answer where it holds what is asked for, all else being equal.

What the weights are is fitted, and not looked at here.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Passage, PublicationDate, Release
from bot.language.terms import named_words, question_terms
from bot.score import OVERLAP, WEIGHTS, Candidate, Question, features, probabilities

TITLE = "An agreement on passenger data"
PUBLISHED = PublicationDate(date(2023, 6, 23), "stated", "23 June 2023")


def question(text: str, language: str = "en") -> Question:
    stems, words = question_terms(text, language)
    return Question(
        text=text,
        language=language,
        words=tuple(words),
        stems=tuple(stems),
        named=tuple(named_words(text, language)),
        frequency={},
        passages=20,
    )


def candidate(text: str, *, language: str = "en", is_heading: bool = False) -> Candidate:
    """A sentence alone in its passage, of which the reader thinks as of any other."""
    release = Release("r", "/corpus", "r.txt", "0" * 64, text, TITLE, language, PUBLISHED)
    return Candidate(
        release=release,
        passage=Passage("r@0#0", "r", release.revision, 0, 0, len(text), text, language),
        start=0,
        end=len(text),
        text=text,
        is_heading=is_heading,
        similarity=0.85,
        passage_similarity=0.85,
        answers=0.5,
        margin=-1.0,
        answer=(0, len(text)),
    )


def best(asked: str, texts: Sequence[str]) -> str:
    found = probabilities([(question(asked), [candidate(text) for text in texts])])
    return texts[int(found.argmax())]


@pytest.mark.parametrize(
    ("asked", "answer", "other"),
    [
        (
            "When is the second fair?",
            "The 2nd fair will be held on 3 May.",
            "The next forum will be held on 9 June.",
        ),
        ("In which city is the fair?", "The fair is in Lima, on 3 May.", "The fair is in Peru, on 3 May."),
        (
            "When was the fair in Cusco?",
            "The fair in Cusco was held on 3 May.",
            "The fair in Lima was held on 3 May.",
        ),
        (
            "Who signed it for Peru?",
            "Mr. Paul Roe and Ms. Ana Ruiz exchanged signatures.",
            "Mr. Paul Roe and Ms. Ana Ruiz met on the margins.",
        ),
        ("Who is the director of the hub?", "Ana Ruiz directs the hub.", "Paul Roe opened the hub."),
        (
            "Name the 66 states that it helps.",
            "It helps 66 states, as Peru, Chile and Cuba.",
            "It is paid for by states as Peru, Chile and Cuba.",
        ),
        ("When was it signed?", "It was signed on 3 May 2021.", "It was signed with great joy."),
        ("How many states joined?", "In all 66 states joined it.", "In all the states joined it."),
        ("Who signed it?", "It was signed by Ms. Diallo.", "It was signed by the minister."),
        ("Where was it signed?", "It was signed there in Geneva.", "It was signed there by many."),
        ("Which countries pay?", "Japan, Peru, Qatar and India pay.", "It is Japan alone who will pay."),
        ("Quand a-t-il été signé ?", "It was signed on 3 May 2021.", "It was signed with great joy."),
        (
            "What is the e-mail address?",
            "Write to press@example.org soon.",
            "Write to the press office soon.",
        ),
    ],
)
def test_a_sentence_with_what_is_asked_for_comes_before_one_without(
    asked: str, answer: str, other: str
) -> None:
    assert best(asked, [other, answer]) == answer
    assert best(asked, [answer, other]) == answer


def test_asked_how_many_a_list_that_the_reader_likes_is_no_count() -> None:
    counted = candidate("In all 66 countries get help by it.")
    listed = replace(candidate("The states of Japan, Peru and Qatar pay."), margin=3.0)
    first, second = probabilities([(question("How many states does it assist?"), [listed, counted])])
    assert second > first


def test_a_heading_comes_after_the_same_words_in_a_sentence() -> None:
    text = "Qatar funds the programme on passenger data"
    heading, sentence = probabilities(
        [(question("Who funds it?"), [candidate(text, is_heading=True), candidate(text)])]
    )
    assert sentence > heading


def test_what_writes_a_short_name_out_comes_before_what_uses_it() -> None:
    defining = candidate("The World Food Programme (WFP) came.")
    other = candidate("The Food Programme of WFP (Rome) came.")
    asked = question("What does WFP stand for?")
    first, second = probabilities([(asked, [other, replace(defining, defines=True)])])
    assert second > first
    assert probabilities([(asked, [other])])[0] < probabilities([(asked, [replace(other, defines=True)])])[0]


def test_over_another_language_shared_words_are_no_evidence() -> None:
    asked = question("Qui dirige le programme de Djibouti ?", "fr")
    one, other = features(
        asked,
        [
            candidate("The programme of Djibouti dirige.", language="en"),
            candidate("Somebody is heading this one here.", language="en"),
        ],
    )
    assert one[OVERLAP] == other[OVERLAP]


def test_over_another_language_a_sentence_is_not_hopeless_for_lack_of_shared_words() -> None:
    asked = question("Qui finance les données sur les voyageurs ?", "fr")
    near = replace(candidate("Japan and Hungary pay for it.", language="en"), similarity=0.9, answers=2.0)
    far = candidate("Les données sur les voyageurs sont variées.", language="fr")
    far = replace(far, similarity=0.8, answers=-2.0)
    found = probabilities([(asked, [near, far])])
    assert found[0] > found[1]


def test_the_wording_that_fits_best_counts() -> None:
    short, long = question("Who leads ITA?"), question("Who leads International Travel Aid?")
    near = replace(candidate("Ms. Diallo leads International Travel Aid."), answers=3.0, margin=4.0)
    far = candidate("Mr. Roy leads the other office.")
    unhelped = probabilities([(short, [far, far])])
    helped = probabilities([(short, [far, far]), (long, [far, near])])
    assert helped.argmax() == 1
    assert helped.max() > unhelped.max()


def test_a_part_of_a_question_asks_for_less_than_the_whole() -> None:
    whole = question("When was it opened and how many states pay?")
    opened = candidate("It was opened on 3 May 2021.")
    alone = probabilities([(whole, [opened])])
    part = replace(question("When was it opened?"), is_part=True)
    wording = replace(part, is_part=False)
    assert probabilities([(whole, [opened]), (part, [opened])])[0] > alone[0]
    assert probabilities([(whole, [opened]), (wording, [opened])])[0] == pytest.approx(alone[0])


def test_of_equal_sentences_none_comes_before_another() -> None:
    found = probabilities([(question("Who came?"), [candidate("Ms. Diallo came to Rabat.")] * 3)])
    assert len(set(found.tolist())) == 1


def test_what_is_said_twice_is_as_probable_as_what_is_said_once() -> None:
    said = candidate("Ms. Diallo came to Rabat.")
    once = probabilities([(question("Who came?"), [said])])
    twice = probabilities([(question("Who came?"), [said, said])])
    assert twice[0] == once[0]


def test_a_country_that_the_whole_release_lacks_makes_it_about_something_else() -> None:
    titled = candidate("The office opened its doors.")
    titled = replace(titled, release=replace(titled.release, title="An office for Peru"))
    other = candidate("The office opened its doors.")
    asked = question("When did the office in Peru open?")
    assert probabilities([(asked, [titled])])[0] > probabilities([(asked, [other])])[0]


def test_a_short_name_that_the_corpus_lacks_makes_the_question_about_something_else() -> None:
    said = candidate("The office assists 66 states.")
    asked = question("How many states does UNITAD assist?")
    known = replace(asked, frequency={"unitad": 1})
    assert probabilities([(known, [said])])[0] > probabilities([(asked, [said])])[0]
    loud = question("HOW MANY STATES DOES IT ASSIST?")
    assert not loud.unknown


def test_a_place_that_the_corpus_lacks_makes_the_question_about_something_else() -> None:
    said = candidate("The office was opened in Varna on 3 May.")
    asked = question("When was the office in Quillbury opened?")
    known = replace(asked, frequency={"quillbury": 1})
    assert probabilities([(known, [said])])[0] > probabilities([(asked, [said])])[0]


def test_a_question_that_leans_on_a_conversation_is_about_its_releases() -> None:
    said = candidate("The office was opened in Varna on 3 May.")
    alone, here, elsewhere = (
        replace(question("When was it opened?"), told_by=frozenset(told)) for told in ([], ["r"], ["other"])
    )
    likely = [float(probabilities([(asked, [said])])[0]) for asked in (alone, here, elsewhere)]
    assert likely[0] == likely[1] > likely[2]
    figure = replace(question("How many came?"), told_by=frozenset(["other"]))
    assert probabilities([(figure, [said])]) == probabilities([(question("How many came?"), [said])])


def test_no_candidates_have_no_probabilities() -> None:
    assert probabilities([]).shape == (0,)
    assert probabilities([(question("Who came?"), [])]).shape == (0,)


def test_there_is_a_feature_for_every_weight() -> None:
    rows = features(question("Who came?"), [candidate("Ms. Diallo came."), candidate("")])
    assert rows.shape == (2, len(WEIGHTS))
    assert np.isfinite(rows).all()


def test_a_rarer_word_weighs_more() -> None:
    counted = replace(question("Which agreement?"), frequency={"en_agreement": 18, "en_hub": 1})
    assert counted.rarity("en_never") > counted.rarity("en_hub") > counted.rarity("en_agreement") > 0


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.text(max_size=80), st.booleans(), st.booleans()), min_size=1, max_size=6),
    st.sampled_from(["en", "fr", "ar", "zh"]),
    st.floats(-20, 20),
)
def test_any_text_has_probabilities_between_0_and_1(
    asked: str, texts: list[tuple[str, bool, bool]], language: str, logit: float
) -> None:
    readings = [
        replace(
            candidate(text, language=language if own else "en", is_heading=is_heading),
            similarity=logit / 20,
            answers=logit,
            margin=-logit,
        )
        for text, own, is_heading in texts
    ]
    found = probabilities([(question(asked, language), readings)])
    assert found.shape == (len(texts),)
    assert ((found >= 0) & (found <= 1)).all()
