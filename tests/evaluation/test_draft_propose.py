"""A drafted set: proven, each question once, in several forms, and the same at every run."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.catalog import Catalog, Entry
from bot.domain import PublicationDate, Release
from bot.evaluation.draft import LIMIT, TAG, propose
from bot.evaluation.draft.absence import unanswered
from bot.evaluation.draft.countries import country_in, is_country
from bot.evaluation.draft.stored import Stored
from bot.evaluation.draft.unanswerable import Doubtful
from bot.evaluation.metrics import facts_found
from bot.evaluation.sets.questions import Question, read_questions
from bot.evaluation.sets.writing import write_questions
from ingest.metadata.definitions import definitions

FORUM = (
    "The Lagos Fisheries Forum was held in Abuja on 3 May 2021. The Lagos Fisheries Forum is funded by the Kingdom of "
    "Norway and Japan. Mr. Ade Cole, Director of the Institute of Ports, opened it. The Port Safety Office (PSO) sent "
    "nobody. In March 2020, Peru and Chile signed a Headquarters Agreement with the Andean Bank."
)


def entry(name: str, text: str, language: str = "en", day: date | None = None) -> Entry:
    published = PublicationDate(day, "stated", "") if day else None
    release = Release(name, "", f"{name}.txt", "1", text, "Title", language, published)
    return Entry(release, "f", [], definitions=definitions(name, text))


def tagged(questions: Sequence[Question], tag: str) -> list[Question]:
    return [question for question in questions if tag in question.tags]


@pytest.fixture(scope="module")
def corpus(corpus_index: Path) -> list[Entry]:
    with Catalog.open(corpus_index / "catalog.sqlite", create=False) as catalog:
        return list(Stored(catalog))


@pytest.fixture(scope="module")
def drafted(corpus: list[Entry]) -> list[Question]:
    return propose(corpus)


def test_every_quote_and_its_place_are_proven(corpus: list[Entry], drafted: list[Question]) -> None:
    releases = {each.release.id: each.release for each in corpus}
    answerable = [question for question in drafted if question.answerable]
    assert len(answerable) > 20
    for question in answerable:
        place = (question.model_extra or {})["place"]
        release = releases[place["release"]]
        assert release.revision == place["revision"]
        assert (release.text[int(place["start"]) : int(place["end"])],) == question.quotes
        assert place["release"] in question.releases
        assert all(facts_found(question.facts, question.quotes[0], release.language))


def test_the_corpus_gives_questions_of_many_kinds_in_both_languages(drafted: list[Question]) -> None:
    assert {"date", "place", "who", "expansion", "office", "position"} <= {each.tags[1] for each in drafted}
    assert all(TAG in each.tags for each in drafted)
    for tag in ("cross-language", "follow-up", "unanswerable"):
        assert tagged(drafted, tag), tag
    assert {each.language for each in drafted} == {"en", "fr"}


def test_a_drafted_set_is_read_as_it_was_written(drafted: list[Question], tmp_path: Path) -> None:
    write_questions(drafted, tmp_path / "draft.yaml")
    assert read_questions(tmp_path / "draft.yaml") == tuple(drafted)


def test_the_same_seed_gives_the_same_set_and_another_one_others(corpus: list[Entry]) -> None:
    assert propose(corpus, seed=3, limit=4) == propose(corpus, seed=3, limit=4)
    assert propose(corpus, seed=3, limit=4) != propose(corpus, seed=4, limit=4)


@pytest.mark.parametrize("limit", [1, 2, 4, LIMIT, 50])
def test_no_release_gives_more_than_the_limit(corpus: list[Entry], limit: int) -> None:
    for each in corpus:
        assert len(propose([each], limit=limit)) <= limit


def test_a_question_that_two_releases_answer_alike_is_asked_once_and_names_both() -> None:
    found = propose([entry("a", FORUM), entry("b", FORUM)], limit=50)
    assert max(Counter((each.history, each.question) for each in found).values()) == 1
    assert all(set(each.releases) == {"a", "b"} for each in found if each.answerable)


def test_a_question_that_two_releases_answer_differently_is_left_out() -> None:
    other = FORUM.replace("3 May 2021", "4 June 2022")
    questions = [each.question for each in propose([entry("a", FORUM), entry("b", other)], limit=50)]
    assert "When was the Lagos Fisheries Forum held?" not in questions
    assert "Where was the Lagos Fisheries Forum held?" in questions


def test_what_a_short_name_stands_for_may_have_several_answers() -> None:
    other = "The talks were led by the Public Survey Office (PSO) in the end."
    found = propose([entry("a", FORUM), entry("b", other)], limit=50)
    question = next(each for each in found if each.question == "What does PSO stand for?")
    assert set(question.facts[0]) == {"Port Safety Office", "Public Survey Office"}


def test_a_follow_up_names_its_thing_by_a_pronoun_after_the_question_that_names_it() -> None:
    (follow_up,) = tagged(propose([entry("a", FORUM)], limit=12), "follow-up")
    assert follow_up.history[0].count("the Lagos Fisheries Forum") == 1
    assert follow_up.question in ("When was it held?", "Where was it held?", "Who funds it?")


def test_another_language_asks_the_same_with_the_same_facts() -> None:
    crossed = {
        each.question: each for each in tagged(propose([entry("a", FORUM)], limit=50), "cross-language")
    }
    question = crossed["Qui finance « Lagos Fisheries Forum » ?"]
    assert question.language == "fr"
    assert question.facts == (("Kingdom of Norway", "Norway", "Norvège"), ("Japan", "Japon"))


def test_the_day_of_the_release_is_that_of_the_answer() -> None:
    found = propose([entry("a", FORUM, day=date(2021, 5, 4))], limit=50)
    assert {each.as_of for each in found} == {date(2021, 5, 4)}


def test_unanswerable_questions_say_why(drafted: list[Question]) -> None:
    unanswerable = tagged(drafted, "unanswerable")
    assert all(not each.answerable and each.note and not each.facts for each in unanswerable)
    assert not any(each.answerable for each in unanswerable)


def doubtful(*names: str, told: str = "") -> Doubtful:
    return Doubtful("Q?", "en", names, told, "note", "not stated")


@pytest.mark.parametrize(
    ("text", "question", "is_certain"),
    [
        ("The Andean Bank met.", doubtful("Andean Bank", told="budget"), True),
        ("The ANDEAN bank met. Nothing. Its Budget grew.", doubtful("Andean Bank", told="budget"), False),
        ("The Bank of the Andes has a budget.", doubtful("Andean Bank", told="budget"), True),
        ("L'OIM a un budget.", doubtful("IOM", told="budget"), False),
        ("Elle parle de la Bolivie.", doubtful("Bolivia", "Bolivie"), False),
        ("Bolivians met.", doubtful("Bolivia", "Bolivie"), True),
        ("The 9th Summit met.", doubtful("ninth Summit", "9th Summit"), False),
        ("", doubtful("Bolivia"), True),
    ],
)
def test_only_what_stands_nowhere_is_unanswerable(text: str, question: Doubtful, is_certain: bool) -> None:
    assert unanswered([question], ["Another release.", text]) == ([question] if is_certain else [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nous voyons que le Fonds des Ports (FP) est là.", r"(?:le|du) FP"),
        ("Nous voyons que l'Office des Ports (OP) est là.", r"l['’]OP"),
    ],
)
def test_french_short_names_are_asked_about_with_their_article(text: str, name: str) -> None:
    (question,) = tagged(propose([entry("a", text, "fr")]), "unanswerable")
    assert re.search(rf"{name}\b", question.question)


def test_a_french_short_name_without_an_article_is_not_asked_about() -> None:
    found = propose([entry("a", "Nous voyons Office des Ports (OP) et rien de plus.", "fr")])
    assert [each.question for each in found] == ["Que signifie le sigle OP ?", "What does OP stand for?"]


def test_no_question_is_unanswerable_whose_answer_another_release_gives() -> None:
    answers = (
        "The Port Safety Office has a budget of 3 million euros and a staff of 40. It was founded in 1999. Call "
        "+47 22 00 00 00. Ade Cole, 45, was born in Lagos, went to a university and earns a salary. Norway and "
        "Japan gave a million dollars to the Institute of Ports and the Lagos Fisheries Forum for its staff."
    )
    asked = {each.question for each in tagged(propose([entry("a", FORUM)], limit=50, seed=1), "unanswerable")}
    assert asked
    found = propose([entry("a", FORUM), entry("b", answers)], limit=50, seed=1)
    assert not any("not stated" in each.tags for each in found)


def test_the_corpus_is_gone_through_one_release_at_a_time() -> None:
    class Counted:
        passes = 0

        def __iter__(self):  # type: ignore[no-untyped-def]
            self.passes += 1
            yield from (entry(f"r{number}", FORUM) for number in range(3))

    corpus, seen = Counted(), list[int]()
    propose(corpus, progress=seen.append)
    assert (corpus.passes, seen) == (2, [1, 2, 3])


def test_no_releases_give_no_questions() -> None:
    assert propose([]) == []
    assert propose([entry("a", "")]) == []


def test_countries_are_known_in_both_languages() -> None:
    assert country_in("Kingdom of the Netherlands", "fr") == "Pays-Bas"
    assert country_in("United States of America", "en") == "United States"
    assert not is_country("European Union")
    assert country_in("Lagos", "en") is None


def test_ids_do_not_depend_on_what_else_is_drafted() -> None:
    alone = {each.id for each in propose([entry("a", FORUM)], limit=50) if each.answerable}
    other = replace(entry("b", "The Andean Bank met in Lima on 3 May 2020."), fingerprint="g")
    beside = {each.id for each in propose([other, entry("a", FORUM)], limit=50)}
    assert alone
    assert alone <= beside


def test_any_order_of_releases_gives_the_same_questions(corpus: list[Entry]) -> None:
    turned = random.Random(1).sample(corpus, len(corpus))
    assert {each.id for each in propose(turned)} == {each.id for each in propose(corpus)}
