"""A question is read with every name that the corpus has for what it names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Definition
from bot.language.aliases import VARIANTS, Aliases, writes_out

MIGRATION = "International Organization for Migration"
MIGRATIONS = "Organisation internationale pour les migrations"
DEFINITIONS = [
    Definition("IOM", MIGRATION, "english", 0, 0),
    Definition("OIM", MIGRATIONS, "french", 0, 0),
    Definition("UNODC", "United Nations Office on Drugs and Crime", "english", 0, 0),
    Definition("CT Travel", "Countering Terrorist Travel", "english", 0, 0),
]


@pytest.mark.parametrize(
    ("question", "variant"),
    [
        ("Who leads UNODC?", "Who leads United Nations Office on Drugs and Crime?"),
        ("Who leads the United Nations Office on Drugs and Crime?", "Who leads the UNODC?"),
        ("who leads unodc", "who leads United Nations Office on Drugs and Crime"),
        ("who leads the united nations office on drugs AND crime", "who leads the UNODC"),
        ("Qui finance « CT-Travel » ?", "Qui finance « Countering Terrorist Travel » ?"),
    ],
)
def test_a_name_in_any_case_is_replaced_by_what_else_it_is_called(question: str, variant: str) -> None:
    assert Aliases(DEFINITIONS).variants(question) == [variant]


def test_short_names_of_the_same_letters_are_one_thing_in_two_languages() -> None:
    assert Aliases(DEFINITIONS).variants("Que fait l'OIM ?") == [
        f"Que fait l'{MIGRATION} ?",
        "Que fait l'IOM ?",
        f"Que fait l'{MIGRATIONS} ?",
    ]


def test_short_names_of_two_letters_are_not_taken_for_each_other() -> None:
    definitions = [
        Definition("UN", "United Nations", "a", 0, 0),
        Definition("NU", "Nations Unies", "b", 0, 0),
    ]
    assert Aliases(definitions).variants("What is the UN?") == ["What is the United Nations?"]


def test_all_names_of_a_question_are_replaced() -> None:
    assert Aliases(DEFINITIONS).variants("Did UNODC join CT Travel?") == [
        "Did United Nations Office on Drugs and Crime join Countering Terrorist Travel?"
    ]


def test_of_names_that_overlap_the_longest_is_replaced() -> None:
    definitions = [
        Definition("CT", "Counter-Terrorism", "a", 0, 0),
        Definition("OCT", "Office of Counter-Terrorism", "b", 0, 0),
    ]
    assert Aliases(definitions).variants("Where is the Office of Counter-Terrorism?") == ["Where is the OCT?"]


@pytest.mark.parametrize("question", ["", "Who came?", "What is the capital of rapid growth?", "? ! …"])
def test_a_question_without_a_name_has_no_variant(question: str) -> None:
    assert (
        Aliases([*DEFINITIONS, Definition("API", "advance passenger information", "c", 0, 0)]).variants(
            question
        )
        == []
    )


def test_a_name_with_all_its_forms_in_the_question_is_left_alone() -> None:
    assert Aliases(DEFINITIONS).variants("Is CT Travel the Countering Terrorist Travel programme?") == []


def test_there_are_few_variants_however_many_names_a_thing_has() -> None:
    definitions = [Definition("UNOCT", f"Office number {number}", "a", 0, 0) for number in range(20)]
    found = Aliases(definitions).variants("Who leads UNOCT?")
    assert len(found) == VARIANTS
    assert len(set(found)) == VARIANTS


def test_the_definitions_of_the_short_names_in_a_question_are_found() -> None:
    found = writes_out("What do OIM, unodc and capital stand for?", DEFINITIONS)
    assert [definition.acronym for definition in found] == ["OIM", "UNODC"]


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20)), max_size=4),
    st.integers(0, 3),
)
def test_hostile_names_and_questions_give_few_variants_that_differ_from_the_question(
    question: str, names: list[tuple[str, str]], place: int
) -> None:
    definitions = [Definition(short, long_form, "a", 0, 0) for short, long_form in names]
    if names:
        question += f" {names[place % len(names)][0]} "
    found = Aliases(definitions).variants(question)
    assert len(found) <= VARIANTS
    assert question not in found
