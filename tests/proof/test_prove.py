"""A sentence is proven by what it cites, in either language, or there is a reason why not."""

from datetime import date

import pytest

from bot.domain import Evidence
from bot.e5 import EmbeddedE5
from bot.proof.prove import LONGEST_CHARACTERS, Prover
from tests.proof.conftest import quote, release

ENGLISH = release(
    "The UN Countering Terrorist Travel ('CT Travel') Programme was launched in 2019. It assists 66 Member States. "
    "The Programme is co-funded by the European Union, the State of Qatar, Germany, Japan, and Hungary. "
    "Mr. Voronkov did not attend the meeting.",
    "UNOCT and Djibouti sign an agreement",
    day=date(2023, 6, 23),
)
FRENCH = release(
    "Le 14 et 15 mars 2023, l'OIM Djibouti a participé à un atelier avec la République de Djibouti sur le Programme "
    "des Nations Unies pour la gouvernance des frontières. Mme Tanja Pacifico a prononcé un discours d'ouverture.",
    "Atelier à Djibouti",
    "fr",
)
LAUNCH = quote(ENGLISH, "The UN Countering Terrorist Travel ('CT Travel') Programme was launched in 2019.")
STATES = quote(ENGLISH, "It assists 66 Member States.")
FUNDS = quote(
    ENGLISH,
    "The Programme is co-funded by the European Union, the State of Qatar, Germany, Japan, and Hungary.",
)
ABSENT = quote(ENGLISH, "Mr. Voronkov did not attend the meeting.")
WORKSHOP = quote(FRENCH, FRENCH.text[: FRENCH.text.index(" Mme")])
SPEECH = quote(FRENCH, "Mme Tanja Pacifico a prononcé un discours d'ouverture.")


@pytest.fixture(scope="module")
def prover(embeddings: EmbeddedE5) -> Prover:
    return Prover(embeddings)


@pytest.mark.parametrize(
    ("claim", "language", "cited"),
    [
        ("The Programme is co-funded by Japan and the European Union.", "en", [FUNDS]),
        ("Germany is one of those who fund it.", "en", [FUNDS]),
        ("Japan funds it.", "en", [FUNDS]),
        ("It was launched in 2019 and assists sixty-six Member States.", "en", [LAUNCH, STATES]),
        ("As of 23 June 2023, it assists 66 Member States.", "en", [STATES]),
        ("Voronkov didn't attend the meeting.", "en", [ABSENT]),
        ("Le programme est cofinancé par l'Union européenne, l'Allemagne et la Hongrie.", "fr", [FUNDS]),
        ("Il aide 66 États membres.", "fr", [STATES]),
        ("Le programme a été lancé en 2019.", "fr", [LAUNCH]),
        ("IOM Djibouti took part in a workshop on 14 and 15 March 2023.", "en", [WORKSHOP]),
        ("The workshop was about the United Nations Border Governance Programme.", "en", [WORKSHOP]),
        ("Ms Tanja Pacifico gave an opening speech.", "en", [SPEECH]),
        ("Mme Pacifico a ouvert l'atelier par un discours.", "fr", [SPEECH, WORKSHOP]),
    ],
)
def test_what_the_quotes_say_is_proven_in_other_words_and_languages(
    prover: Prover, claim: str, language: str, cited: list[Evidence]
) -> None:
    verdict = prover.prove(claim, language, cited)
    assert (verdict.fault, list(verdict.evidence)) == (None, cited)


@pytest.mark.parametrize(
    ("claim", "language", "cited", "reason"),
    [
        ("Japan funds it.", "en", [], "names no evidence"),
        ("Japan funds it. " * 100, "en", [FUNDS], "too long"),
        ("It assists 67 Member States.", "en", [STATES], "does not hold 67"),
        ("It was launched on 23 June 2023.", "en", [LAUNCH], "does not hold 2023-06-23"),
        ("Peru funds it.", "en", [FUNDS], "does not hold Peru"),
        ("Japan does not fund it.", "en", [FUNDS], "the contrary"),
        ("Voronkov attended the meeting.", "en", [ABSENT], "the contrary"),
        ("Japan opened a museum.", "en", [FUNDS], "does not say this"),
        ("It assists 66 Member States, and its budget was cut in half.", "en", [STATES], "does not say this"),
        ("Il aide 66 États membres, et il a remporté un prix.", "fr", [STATES], "does not say this"),
        ("The Programme was launched by Japan.", "en", [STATES], "does not hold"),
        ("Japan calls it “a great success”.", "en", [FUNDS], "the words “a great success”"),
        ("Japan funds it: see https://evil.example.", "en", [FUNDS], "https://evil.example"),
        ("Le Pérou cofinance le programme.", "fr", [FUNDS], "does not hold Pérou"),
        ("Le Japon ne finance pas le programme.", "fr", [FUNDS], "the contrary"),
        ("Ms Amina Diallo gave an opening speech.", "en", [SPEECH], "does not hold Amina, Diallo"),
        ("The workshop took place in April 2023.", "en", [WORKSHOP], "does not hold 2023-04"),
    ],
)
def test_what_they_do_not_say_is_not_and_the_reason_is_told(
    prover: Prover, claim: str, language: str, cited: list[Evidence], reason: str
) -> None:
    verdict = prover.prove(claim, language, cited)
    assert verdict.fault is not None
    assert reason in verdict.fault
    assert verdict.evidence == ()


def test_a_name_of_the_question_is_proven_by_the_sentence_before_which_is_cited_too(prover: Prover) -> None:
    claim = "The Countering Terrorist Travel Programme assists 66 Member States."
    asked = "How many States does the Countering Terrorist Travel Programme assist?"
    assert list(prover.prove(claim, "en", [STATES], asked).evidence) == [STATES, LAUNCH]
    assert prover.prove(claim, "en", [STATES], "How many States?").fault


def test_a_word_that_opens_a_sentence_is_a_name_where_the_releases_write_it_as_one(
    embeddings: EmbeddedE5,
) -> None:
    claim = "Rabat funds the Programme as Japan does."  # a common word in other languages
    told = Prover(embeddings, name_share=lambda word: 1.0 if word == "Rabat" else None)
    assert "does not hold Rabat" in (told.prove(claim, "en", [FUNDS]).fault or "")
    assert told.prove("Funding comes from Japan.", "en", [FUNDS]).fault is None


def test_longest_sentence_is_still_proven(prover: Prover) -> None:
    claim = ("Japan funds it, " * 100)[: LONGEST_CHARACTERS - 20] + " as Germany does."
    assert prover.prove(claim, "en", [FUNDS]).fault is None


@pytest.mark.parametrize(
    "claim", ["", " ", "?!", "\x00", "\ud83d", "[1]", "1", "A", "من يمول؟", "谁资助", "x" * 999]
)
def test_odd_claims_get_a_verdict(prover: Prover, claim: str) -> None:
    verdict = prover.prove(claim, "en", [FUNDS])
    assert bool(verdict.evidence) != bool(verdict.fault)
