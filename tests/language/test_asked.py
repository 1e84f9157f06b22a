"""What a question asks for, in English and French, and what a text holds."""

import pytest

from bot.language.asked import Kind, asked, holds, lists_too_few, named_in, signs


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who chaired the meeting?", "who"),
        ("By whom was it signed?", "who"),
        ("Which agency leads it?", "who"),
        ("Qui a signé l'accord ?", "who"),
        ("When was it launched?", "when"),
        ("In what year did it start?", "when"),
        ("Quand a-t-il été signé ?", "when"),
        ("En quelle année ?", "when"),
        ("Where did they meet?", "where"),
        ("In which city is it?", "where"),
        ("Où a eu lieu la réunion ?", "where"),
        ("Dans quelle ville ?", "where"),
        ("How many states are members?", "number"),
        ("What is the number of members?", "number"),
        ("Combien de pays ?", "number"),
        ("What is the yearly budget of the office?", "number"),
        ("Quel âge a-t-elle ?", "number"),
        ("How many states are members?", "count"),
        ("Combien d'États sont membres ?", "count"),
        ("How often do they meet?", "often"),
        ("À quelle fréquence se réunissent-ils ?", "often"),
        ("What does UNODC stand for?", "expansion"),
        ("Que signifie OIM ?", "expansion"),
        ("Que veut dire PNR ?", "expansion"),
        ("PNR, c'est l'abréviation de quoi ?", "expansion"),
        ("Which countries are partners?", "list"),
        ("Quels sont les objectifs ?", "list"),
        ("Whom can I contact?", "contact"),
        ("Who should reporters write to?", "contact"),
        ("À qui doit-on écrire ?", "contact"),
        ("À qui s'adresser ?", "contact"),
        ("What is the e-mail address?", "mail"),
        ("Quel est son numéro de téléphone ?", "phone"),
    ],
)
def test_a_question_asks_for_its_kind(question: str, kind: Kind) -> None:
    assert kind in asked(question)


def test_a_price_or_a_length_is_no_count() -> None:
    assert not any("count" in asked(question) for question in ("Combien dure la visite ?", "How big is it?"))


def test_whom_others_wrote_to_is_no_contact() -> None:
    questions = ("Whom did the Minister write to?", "À qui le ministre a-t-il écrit ?")
    assert not any("contact" in asked(question) for question in questions)


def test_a_statement_asks_for_nothing() -> None:
    assert asked("Tell me more about the agreement") == frozenset()


def test_the_french_conjunction_ou_asks_for_no_place() -> None:
    assert "where" not in asked("Le Maroc ou le Qatar a-t-il signé ?")


@pytest.mark.parametrize(
    ("kind", "text", "held"),
    [
        ("when", "It began on 3 May 2021.", True),
        ("when", "Inaugurée le 24 juin.", True),
        ("when", "It began well.", False),
        ("number", "It assists 66 states.", True),
        ("number", "It has three pillars.", True),
        ("number", "It began on 3 May 2021.", False),
        ("number", "The two sides met.", False),
        ("number", "They have two hubs.", True),
        ("count", "It assists 66 states.", True),
        ("count", "It was their fourth dialogue.", True),
        ("count", "Japan, Hungary, India and Qatar pay.", False),
        ("often", "They meet annually.", True),
        ("often", "They meet twice a year.", True),
        ("often", "Ils se réunissent chaque année.", True),
        ("often", "They met in 2021.", False),
        ("who", "The talks were led by Ms. Diallo.", True),
        ("who", "The talks went well.", False),
        ("where", "They met in Geneva.", True),
        ("where", "They met at noon.", False),
        ("list", "Japan, Hungary, India and Qatar pay.", True),
        ("list", "Japan pays.", False),
        ("expansion", "The World Food Programme (WFP) came.", True),
        ("expansion", "They came (late).", False),
        ("contact", "Write to press@un.example.org.", True),
        ("contact", "Write to us.", False),
        ("mail", "Call +1 212 555 0100.", False),
        ("phone", "Call +1 212 555 0100.", True),
        ("phone", "Write to press@un.example.org.", False),
    ],
)
def test_a_text_holds_its_kind(kind: Kind, text: str, held: bool) -> None:
    assert holds(kind, text) is held


def test_what_the_question_says_itself_is_not_held() -> None:
    assert not holds("when", "The forum of 2021 went well.", frozenset({"forum", "2021"}))


@pytest.mark.parametrize(
    ("question", "text", "too_few"),
    [
        ("Name the 66 states that it helps.", "It is paid for by Peru, Chile and Cuba.", True),
        ("Name the 66 states that it helps.", "It helps 66 states.", False),
        ("List the 6 partners.", "Its partners are A, B, C, D, E and F.", False),
        ("Who pays for it?", "It is paid for by Peru.", False),
        ("Quels sont les 12 membres ?", "Ses membres sont le Pérou et le Chili.", True),
    ],
)
def test_a_list_of_so_many_is_told_from_a_shorter_one(question: str, text: str, too_few: bool) -> None:
    assert lists_too_few(question, text) is too_few


@pytest.mark.parametrize(
    ("question", "text", "signed"),
    [
        ("Who signed it for Peru?", "Mr. Paul Roe and Ambassador Ana Ruiz exchanged signatures.", True),
        ("Who put their names to it?", "It was signed by Minister Ana Ruiz.", True),
        ("Qui a signé l'accord ?", "L'accord a été signé par Mme Ana Ruiz.", True),
        ("Who signed it for Peru?", "Peru and the office signed it today.", False),
        ("When was it signed?", "It was signed by Minister Ana Ruiz.", False),
    ],
)
def test_who_signed_is_told_by_people_who_exchange_signatures(question: str, text: str, signed: bool) -> None:
    assert signs(question, text) is signed


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What does UNOCT stand for, in French?", "fr"),
        ("What is the English name of the office?", "en"),
        ("Comment dit-on « voyage » en anglais ?", "en"),
        ("What did the French minister say in Lima?", None),
        ("What does UNOCT stand for?", None),
        ("Who was the French minister?", None),
    ],
)
def test_the_language_in_which_something_is_called_is_known(question: str, language: str | None) -> None:
    assert named_in(question) == language


def test_when_behind_another_interrogative_asks_for_no_time() -> None:
    assert "when" not in asked("What did she say when they met?")
    assert "when" not in asked("Qu'a-t-elle dit quand ils sont venus ?")
    assert "when" in asked("Who came, and when?")


def test_donors_to_a_budget_are_no_figure() -> None:
    assert "number" not in asked("ct travel budget donors")
    assert "number" in asked("the budget of ct travel")
