"""What a question may mean after the turns before it, the likeliest first."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Answer, Turn
from bot.follow_up import NameShare, rewritings
from bot.follow_up.rewritings import LONGEST, REWRITINGS
from tests.follow_up.conftest import MakeTurn

SIGNED = (
    "Mr. Vladimir Voronkov, the head of the office, and Ambassador Mohamed Siad Doualeh, Permanent Representative "
    "of Djibouti, exchanged signatures."
)
OPENED = "The fair was opened by Ms. Ada Finch, Minister of Trade, on 3 May 2021 in Varna."


@pytest.mark.parametrize(
    ("before", "quote", "question", "meant"),
    [
        ("When was the fair opened?", OPENED, "Who opened it?", "Who opened the fair?"),
        ("When was the fair opened?", OPENED, "And by whom?", "By whom was the fair opened?"),
        (
            "How many Member States does UNESCO assist?",
            "It assists 194 of them.",
            "Who is paying for all this?",
            "Who is paying for UNESCO?",
        ),
        (
            "Who opened the fair?",
            OPENED,
            "OK, now about Norway: when did it sign?",
            "When did Norway sign?",
        ),
        (
            "Who opened the fair?",
            OPENED,
            "About Norway: did Ada Finch say that she met its minister?",
            "Did Ada Finch say that she met Norway's minister?",
        ),
        (
            "Who opened the fair?",
            OPENED,
            "What about UNESCO: does its programme have donors?",
            "Does UNESCO's programme have donors?",
        ),
        (
            "Who opened the fair?",
            OPENED,
            "As for Ms. Finch, what is her title?",
            "What is Ms. Finch's title?",
        ),
        (
            "What does UNESCO stand for?",
            "The United Nations Educational, Scientific and Cultural Organization (UNESCO).",
            "What post does Norway hold in it?",
            "What post does Norway hold in UNESCO?",
        ),
        (
            "Tell me about the fair in Varna in May 2021",
            OPENED,
            "Who runs the series it belongs to?",
            "Who runs the series the fair in Varna in May 2021 belongs to?",
        ),
        (
            "In which town was the conference with Qatar held?",
            "Doha, 27 March 2022 – The conference with Qatar was held today.",
            "Which offices are based there?",
            "Which offices are based in Doha?",
        ),
        (
            "What is the UN Fishing Programme?",
            "A programme.",
            "Who runs this programme?",
            "Who runs the UN Fishing Programme?",
        ),
        (
            "Who leads UNESCO?",
            "Ms. Ada Finch does.",
            "Which agencies work with it?",
            "Which agencies work with UNESCO?",
        ),
        (
            "Where was the fair held?",
            OPENED,
            "Was that part of some event?",
            "Was the fair part of some event?",
        ),
        (
            "Was there a fair in Varna?",
            OPENED,
            "What was the next step after it?",
            "What was the next step after the fair in Varna?",
        ),
        ("Who runs UNESCO?", OPENED, "When was it given that task?", "When was UNESCO given that task?"),
        (
            "What is UNESCO?",
            "A body of the United Nations.",
            "Why do Morocco and Norway consider it important?",
            "Why do Morocco and Norway consider UNESCO important?",
        ),
        (
            "Who signed the treaty with Norway?",
            "It was signed on Monday.",
            "On the sidelines of which meetings did they do so?",
            "On the sidelines of which meetings did those who signed the treaty with Norway do so?",
        ),
        (
            "What did Norway sign?",
            "Norway signed a treaty on fishing with UNESCO last week.",
            "Who drafted it?",
            "Who drafted the treaty on fishing with UNESCO?",
        ),
        (
            "Which sailor was tried in Varna?",
            "He was heard on Monday.",
            "How long was he held?",
            "How long was the sailor who was tried in Varna held?",
        ),
        (
            "Who is Major General Leo Brandt?",
            "Mr. Vladimir Voronkov met Major General Leo Brandt, a director.",
            "Which office does he lead?",
            "Which office does Leo Brandt lead?",
        ),
        (
            "Who was the Qatari chair of the talks?",
            "Mr. Vladimir Voronkov, the head, chaired the talks; Mr. Leo Brandt, a director of Qatar, came.",
            "What is his title?",
            "What is Leo Brandt's title?",
        ),
        (
            "What did Ada Finch say?",
            "She thanked Mr. Voronkov.",
            "What will she and Voronkov do next?",
            "What will Ada Finch and Voronkov do next?",
        ),
        ("Who opened the fair?", OPENED, "When was that?", "When was the fair opened?"),
        ("Who opened the fair?", OPENED, "What did she say?", "What did Ada Finch say?"),
        ("Who opened the fair?", OPENED, "What did the Minister say?", "What did Ada Finch say?"),
        ("Who opened the fair?", OPENED, "What is her title?", "What is Ada Finch's title?"),
        (
            "Who signed it with Mr. Voronkov?",
            SIGNED,
            "What did he say?",
            "What did Mohamed Siad Doualeh say?",
        ),
        (
            "Who signed for Djibouti?",
            SIGNED,
            "What is his title?",
            "What is Mohamed Siad Doualeh's title?",
        ),
        (
            "Who opened the fair?",
            "It was opened on 3 May.",
            "What is his title?",
            "What is the title of the person who opened the fair?",
        ),
        (
            "Where did Morocco and UNOCT hold their first dialogue?",
            "They met in Doha.",
            "Who chaired it?",
            "Who chaired the first dialogue of Morocco and UNOCT?",
        ),
        (
            "Who chaired the first dialogue of Morocco and UNOCT?",
            "Mr. Voronkov did.",
            "When will the next one be?",
            "When will the second dialogue of Morocco and UNOCT be?",
        ),
        (
            "Which hub is in Doha?",
            "The hub was moved to Varna.",
            "Is there a school there?",
            "Is there a school in Doha?",
        ),
        (
            "What did the dialogue with Qatar assess?",
            "Several projects.",
            "How big a donor is the country?",
            "How big a donor is Qatar?",
        ),
        (
            "What is CT Travel?",
            "A programme.",
            "how many states does it help?",
            "How many states does CT Travel help?",
        ),
        ("What is CT Travel?", "A programme.", "Are you sure?", "What is CT Travel?"),
        (
            "What is CT Travel?",
            "A programme.",
            "and its partners, who are they?",
            "CT Travel's partners, who are they?",
        ),
    ],
)
def test_an_english_question_means(
    before: str, quote: str, question: str, meant: str, turn: MakeTurn, share: NameShare
) -> None:
    assert rewritings(question, [turn(before, quote)], share)[0].text == meant


@pytest.mark.parametrize(
    ("before", "quote", "question", "meant"),
    [
        (
            "Qui a ouvert la foire de Varna ?",
            "La foire a été ouverte par Mme Ada Finch.",
            "Pour quelle organisation travaille-t-elle ?",
            "Pour quelle organisation Ada Finch travaille-t-elle ?",
        ),
        (
            "Quand l'atelier de Djibouti a-t-il eu lieu ?",
            "Il a eu lieu en mars.",
            "Et combien de temps a-t-il duré ?",
            "Combien de temps l'atelier de Djibouti a-t-il duré ?",
        ),
        (
            "Quand a eu lieu le dialogue avec le Qatar ?",
            "En mars.",
            "Et au Maroc ?",
            "Quand a eu lieu le dialogue avec le Maroc ?",
        ),
        (
            "Que fait le programme ?",
            "Il aide.",
            "Concernant la Norvège : quand a-t-elle signé ?",
            "Quand la Norvège a-t-elle signé ?",
        ),
        ("Que fait le programme ?", "Il aide.", "Qui le finance ?", "Qui finance le programme ?"),
        (
            "La Norvège ouvre-t-elle un centre de formation ?",
            "Oui.",
            "Et quand sera-t-il prêt ?",
            "Quand le centre de formation de la Norvège sera-t-il prêt ?",
        ),
        ("Que fait le programme ?", "Il aide.", "Depuis quand ?", "Depuis quand fait le programme ?"),
        (
            "Qui est la personne à joindre ?",
            "La personne à joindre est Mme Ada Finch.",
            "Et quelle est son adresse électronique ?",
            "Quelle est l'adresse électronique d'Ada Finch ?",
        ),
        (
            "Qui a participé à la foire de Varna ?",
            "Mme Ada Finch y a participé.",
            "Dans quelle salle a-t-elle eu lieu ?",
            "Dans quelle salle la foire de Varna a-t-elle eu lieu ?",
        ),
        (
            "Que fait le programme CT Travel ?",
            "Il aide.",
            "Combien d'États en bénéficient ?",
            "Combien d'États en bénéficient (le programme CT Travel) ?",
        ),
        (
            "Qui a ouvert la première foire de Varna ?",
            "Mme Ada Finch l'a ouverte.",
            "Et la prochaine, c'est pour quand ?",
            "La deuxième foire de Varna, c'est pour quand ?",
        ),
        (
            "Qui a ouvert la foire de Varna ?",
            "Mme Ada Finch l'a ouverte.",
            "Et elle, qu'a-t-elle dit ?",
            "Qu'a dit Ada Finch ?",
        ),
        (
            "Que fait la foire de Varna ?",
            "Elle expose.",
            "Qu'est-ce qu'elle a montré ?",
            "Qu'est-ce que la foire de Varna a montré ?",
        ),
        (
            "Que fait la foire de Varna ?",
            "Elle expose.",
            "Où se trouve le siège de cette dernière ?",
            "Où se trouve le siège de la foire de Varna ?",
        ),
    ],
)
def test_a_french_question_means(
    before: str, quote: str, question: str, meant: str, turn: MakeTurn, share: NameShare
) -> None:
    assert rewritings(question, [turn(before, quote, language="fr")], share)[0].text == meant


@pytest.mark.parametrize(
    "question",
    [
        "Who paid for the bridge over the Ister?",
        "What does IOM stand for?",
        "About the conference on fishing: when is it?",
        "Did Ada Finch say when she would leave?",
        "How many states did Morocco invite to its fair?",
        "Which films that Ada Finch made are known?",
        "Is it possible to fish in the Ister?",
        "Do people pay their taxes?",
        "What happens if a school loses its director?",
        "Could you define pollution in this context?",
        "",
        "...",
        "thanks!",
    ],
)
def test_what_stands_alone_stays_whatever_was_said(question: str, turn: MakeTurn, share: NameShare) -> None:
    meant = rewritings(question, [turn("Who opened the fair?", OPENED)], share)
    assert [(way.text, way.prior) for way in meant] == [(question, 1.0)]


@pytest.mark.parametrize("text", ["who " * 900, "the x of " * 440, "it " * 1300, "l'" * 2000, "?" * 4000])
def test_a_huge_text_is_read_in_time(text: str, turn: MakeTurn, share: NameShare) -> None:
    started = time.thread_time()
    for question in (text, text[:LONGEST], "What is it?"):
        rewritings(question, [turn(text, text)], share)
    assert time.thread_time() - started < 5


def test_without_turns_a_question_stays(share: NameShare) -> None:
    assert [way.text for way in rewritings("And who opened it?", [], share)] == ["And who opened it?"]


def test_what_leaves_much_out_may_or_may_not_go_on_with_the_topic(turn: MakeTurn, share: NameShare) -> None:
    meant = rewritings("And who attended?", [turn("Where was the fair held?", OPENED)], share)
    assert [way.text for way in meant] == ["Who attended?", "Who attended (the fair)?"]


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        (
            "Which fair will be held in Varna?",
            "Who opens it?",
            "Who opens the fair that will be held in Varna?",
        ),
        (
            "Quelle foire est prévue à Varna ?",
            "Qui ouvre cela ?",
            "Qui ouvre la foire qui est prévue à Varna ?",
        ),
    ],
)
def test_what_a_question_asked_for_may_be_meant(
    before: str, question: str, meant: str, turn: MakeTurn, share: NameShare
) -> None:
    assert meant in [way.text for way in rewritings(question, [turn(before, "The spring fair.")], share)]


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("Who opened it?", True),
        ("How long did the strike last?", True),
        ("And how many came?", True),
        ("And in Norway?", False),
        ("Who paid for the bridge over the Ister?", False),
        ("About Norway: when did it sign?", False),
    ],
)
def test_what_names_nothing_is_about_what_was_told(
    question: str, leans: bool, turn: MakeTurn, share: NameShare
) -> None:
    meant = rewritings(question, [turn("When was the fair opened?", OPENED)], share)
    assert {way.leans for way in meant} == {leans}


def test_two_people_of_an_answer_are_both_meant(turn: MakeTurn, share: NameShare) -> None:
    said = "The talks were led by Mr. Leo Brandt and Mr. Vladimir Voronkov."
    meant = rewritings("Where was he born?", [turn("Who led the talks?", said)], share)
    assert {way.text for way in meant[:2]} == {
        "Where was Leo Brandt born?",
        "Where was Vladimir Voronkov born?",
    }
    assert sum(way.prior for way in meant) == pytest.approx(1)


def test_he_goes_on_with_whom_he_stood_for(turn: MakeTurn, share: NameShare) -> None:
    said = "Leo Brandt married Ada Finch."
    turns = [
        turn("Who was born in Varna?", "Mr. Leo Brandt was."),
        turn("Whom did he marry?", said, asked="Whom did Leo Brandt marry?"),
    ]
    turns = [turns[0], Turn("Whom did he marry?", turns[1].answer)]
    assert rewritings("When did he leave?", turns, share)[0].text == "When did Leo Brandt leave?"


def test_an_answer_that_declined_mentions_nobody(turn: MakeTurn, share: NameShare) -> None:
    declined = Answer("1", "q", "Who came?", "The closest release is on Ada Finch.", True, "en", "reading")
    assert rewritings("What did she say?", [Turn("Who came?", declined)], share)[0].text == (
        "What did the person who came say?"
    )


def test_the_title_of_a_quoted_release_is_what_nobody_named(turn: MakeTurn, share: NameShare) -> None:
    said = turn("What happened in March?", "There was a strike.", title="Leo Brandt")
    assert rewritings("Did he leave?", [said], share)[0].text == "Did Leo Brandt leave?"


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_has_at_least_one_meaning(before: str, said: str, question: str) -> None:
    answer = Answer("1", before, before, said, False, "en", "reading")
    meant = rewritings(question, [Turn(before, answer)], lambda word: None)
    assert 1 <= len(meant) <= REWRITINGS
    assert sum(way.prior for way in meant) == pytest.approx(1)
