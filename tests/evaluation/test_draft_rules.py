"""Rules make questions of sentences: grammatical, standing alone, and answered by the sentence; or none."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Definition, Release
from bot.evaluation.draft.proposal import LONGEST_CHARACTERS, Proposal, spoken, well_formed
from bot.evaluation.draft.rules import asked_by_rules
from bot.evaluation.metrics import facts_found


def proposals(text: str, language: str = "en", definitions: Sequence[Definition] = ()) -> list[Proposal]:
    return asked_by_rules(Release("r", "", "r.txt", "1", text, "Title", language), definitions)


def asked(
    text: str, language: str = "en", definitions: Sequence[Definition] = ()
) -> dict[str, tuple[str, ...]]:
    return {each.question: each.facts for each in proposals(text, language, definitions)}


@pytest.mark.parametrize(
    ("sentence", "question", "facts"),
    [
        (
            "The Harbour Safety Programme was launched in 2019 to help small ports.",
            "When was the Harbour Safety Programme launched?",
            ["2019"],
        ),
        (
            "The Lagos Fisheries Forum was held in Abuja on 3 May 2021.",
            "Where was the Lagos Fisheries Forum held?",
            ["Abuja"],
        ),
        (
            "In March 2020, Peru and Chile signed a Headquarters Agreement with the Andean Bank.",
            "When did Peru and Chile sign a Headquarters Agreement with the Andean Bank?",
            ["March 2020"],
        ),
        (
            "He praised the second Summit of Island States, held on 4 June 2022 in Suva, for its results.",
            "When was the second Summit of Island States held?",
            ["4 June 2022"],
        ),
        (
            "The Delta Water Fund is co-funded by the Kingdom of Norway, Japan and the European Union.",
            "Who funds the Delta Water Fund?",
            ["Kingdom of Norway", "Japan", "European Union"],
        ),
        (
            "Ms. Ana Lima was sentenced by Judge Olu Bankole of the High Court.",
            "By whom was Ms. Ana Lima sentenced?",
            ["Judge Olu Bankole of the High Court"],
        ),
        (
            "The Delta Water Fund has trained 61 port officers in East Africa.",
            "How many port officers has the Delta Water Fund trained in East Africa?",
            ["61"],
        ),
        (
            "Acme Motors Inc. has agreed to pay $5.9 million to settle the claims of two cities.",
            "How much has Acme Motors Inc. agreed to pay to settle the claims of two cities?",
            ["$5.9 million"],
        ),
        (
            "Acme Motors Inc. agreed to pay a $2 million criminal fine in Oslo.",
            "How large a criminal fine did Acme Motors Inc. agree to pay in Oslo?",
            ["$2 million"],
        ),
        (
            "Minister Ada Obi commended the Port Authority of Lagos for good work.",
            "Who commended the Port Authority of Lagos for good work?",
            ["Ada Obi"],
        ),
        (
            "Twelve ministers from West Africa attended in Dakar.",
            "How many ministers from West Africa attended in Dakar?",
            ["Twelve"],
        ),
        (
            "Mr. Ade Cole, Director of the Institute of Ports, opened the talks.",
            "What is the position of Ade Cole?",
            ["Director of the Institute of Ports"],
        ),
        (
            "Mr. Ade Cole, Director of the Institute of Ports, opened the talks.",
            "Who is the Director of the Institute of Ports?",
            ["Ade Cole"],
        ),
        (
            "The talks were led by the Kingdom of Norway, which is the second largest donor to the Delta Water Fund.",
            "Which country is the second largest donor to the Delta Water Fund?",
            ["Kingdom of Norway"],
        ),
        (
            "“The sea belongs to all of us and to nobody alone”, said Minister Ada Obi of Nigeria.",
            "Who said: “The sea belongs to all of us and to nobody alone”?",
            ["Ada Obi"],
        ),
        ("Rosa Diaz, 45, of Lima, was heard by the board.", "How old is Rosa Diaz?", ["45"]),
        (
            "For more, write to Ms. Rosa Diaz, at rosa@ports.example, in Lima.",
            "What is the e-mail address of Rosa Diaz?",
            ["rosa@ports.example"],
        ),
    ],
)  # fmt: skip
def test_an_english_sentence_becomes_a_question(sentence: str, question: str, facts: list[str]) -> None:
    assert asked(sentence)[question] == tuple(facts)


@pytest.mark.parametrize(
    ("sentence", "question", "facts"),
    [
        (
            "Le Programme Ports Sûrs a été lancé le 3 mai 2021 à Dakar.",
            "Quand est-ce que le Programme Ports Sûrs a été lancé ?",
            ["3 mai 2021"],
        ),
        (
            "Le Programme Ports Sûrs a été lancé le 3 mai 2021 à Dakar.",
            "Où est-ce que le Programme Ports Sûrs a été lancé ?",
            ["Dakar"],
        ),
        (
            "Le 4 juin 2022, l'Office des Ports a signé un accord avec la Banque Andine.",
            "Quand est-ce que l'Office des Ports a signé un accord avec la Banque Andine ?",
            ["4 juin 2022"],
        ),
        (
            "Le 4 juin 2022, l'Office des Ports a signé un accord avec la Banque Andine.",
            "Qui a signé un accord avec la Banque Andine ?",
            ["Office des Ports"],
        ),
        (
            "Le Réseau des Ports regroupe 61 autorités portuaires.",
            "Combien d'autorités portuaires est-ce que le Réseau des Ports regroupe ?",
            ["61"],
        ),
        (
            "La Directrice de l'Office des Ports, Mme Rosa Diaz, a ouvert la réunion.",
            "Qui est la Directrice de l'Office des Ports ?",
            ["Rosa Diaz"],
        ),
        (
            "« La mer appartient à tous et à personne en particulier », a déclaré M. Ade Cole.",
            "Qui a dit : « La mer appartient à tous et à personne en particulier » ?",
            ["Ade Cole"],
        ),
    ],
)
def test_a_french_sentence_becomes_a_question(sentence: str, question: str, facts: list[str]) -> None:
    assert asked(sentence, "fr")[question] == tuple(facts)


def test_a_short_name_is_asked_for_what_it_stands_for() -> None:
    text = "The talks were led by the Port Safety Office (PSO) in the end."
    defined = Definition("PSO", "Port Safety Office", "r", 25, 49)
    found = {each.question: each for each in proposals(text, "en", [defined])}
    proposal = found["What does PSO stand for?"]
    assert (proposal.facts, proposal.other_question) == (
        ("Port Safety Office",),
        "Que signifie le sigle PSO ?",
    )


@pytest.mark.parametrize(
    "text",
    [
        "He was sentenced in May 2019 to two years in prison.",
        "The Programme was launched in 2019.",
        "This Agreement was signed in Rome on 4 May 2020.",
        "The defendants were convicted in 2019 of fraud.",
        "Restitution will be paid by Acme. The court ordered restitution.",
        "The next Summit of Island States will be held in Suva in 2031.",
        "Todays arrests demonstrate the strong commitment of the Port Office of Lagos.",
        "Not a sentence with an end in Rome on 4 May 2020",
        "Le Programme a été lancé.",
        "Il a été nommé directeur en 2019.",
        "Eleven ministers attended the talks in the end.",
    ],
)
def test_a_sentence_that_points_elsewhere_gives_no_question(text: str) -> None:
    assert asked(text) == asked(text, "fr") == {}


def test_a_surname_is_asked_about_with_the_given_names_of_the_release() -> None:
    text = "Rosa Diaz lives in Lima. Diaz was arrested on 3 May 2021, and then let go."
    assert asked(text)["When was Rosa Diaz arrested?"] == ("3 May 2021",)


def test_the_date_of_the_dateline_dates_what_happened_today() -> None:
    text = "Lima, 3 May 2021 – The Port Office and the Andean Bank signed a Headquarters Agreement today in town."
    found = asked(text)
    question = "When did the Port Office and the Andean Bank sign a Headquarters Agreement?"
    assert found[question] == ("3 May 2021",)


def test_sentences_without_a_space_between_them_are_told_apart() -> None:
    found = proposals("Nobody came.The Lagos Fisheries Forum was held in Abuja on 3 May 2021.Everyone left.")
    assert {each.quote for each in found} == {"The Lagos Fisheries Forum was held in Abuja on 3 May 2021."}


def test_a_release_in_another_language_gives_nothing() -> None:
    assert (
        asked("El Programa Puertos Seguros fue lanzado el 3 de mayo de 2021 en la ciudad de Lima.", "es")
        == {}
    )


WORDS = st.sampled_from(
    (
        "The the UN Office of Ports (PO) Mr. Ade Cole, Director said was held signed a to 61 $5 million states in Lima "
        "on 3 May 2021 by and , . Le la l' a été lancé le mai à par Minister trained “ ” « » : ; who that %s {} [1]"
    ).split()
)


@given(
    st.lists(WORDS, max_size=60).map(" ".join) | st.text(max_size=300),
    st.sampled_from(["en", "fr", "", "zh"]),
)
def test_whatever_is_asked_is_proven_by_its_quote(text: str, language: str) -> None:
    for proposal in proposals(text, language):
        assert proposal.release.text[proposal.start : proposal.end] == proposal.quote
        assert well_formed(proposal.question, proposal.language)
        facts = [[fact] for fact in proposal.facts]
        assert facts
        assert all(facts_found(facts, proposal.quote, proposal.language))
        assert not any(facts_found(facts, proposal.question, proposal.language))


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "part", ["A ", "Ab of ", "The Abc and ", "Mr. ", "Abc, ", "“a, said ", "1 000 ", "\n", "é"]
)
def test_hostile_releases_end_soon(part: str) -> None:
    assert asked(part * (200_000 // len(part))) == {}


@pytest.mark.parametrize(
    ("question", "language", "is_well_formed"),
    [
        ("When was the Forum held?", "en", True),
        ("Who thanked the Office and the U.S?", "en", True),
        ("Who filed a statement in College v?", "en", False),
        ("Who welcomed the work of the?", "en", False),
        ("Who was charged with a 2006?", "en", False),
        ("Who said: “so?", "en", False),
        ("Where?", "en", False),
        ("When was the Forum held", "en", False),
        ("Quand est-ce que le Forum a eu lieu ?", "fr", True),
        ("Qui a participé à un atelier sur ?", "fr", False),
        ("谁资助这个方案？", "zh", True),
        ("Who " + "x" * LONGEST_CHARACTERS + "?", "zh", False),
    ],
)
def test_a_question_is_whole(question: str, language: str, is_well_formed: bool) -> None:
    assert well_formed(question, language) is is_well_formed


def test_french_contracts_and_elides() -> None:
    assert spoken("quand est-ce que il est né ?", "fr") == "Quand est-ce qu'il est né ?"
    assert spoken("quel est le budget de le OIM ?", "fr") == "Quel est le budget du OIM ?"
    assert spoken("la fonction de Ada Obi ?", "fr") == "La fonction d'Ada Obi ?"
