"""What a release, a question or an earlier turn tells a chat model to do is not done: it may be quoted, and cited.

Each attack stands in a release that was ingested like any other. The chat models are the worst there are: they obey.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Sequence

import pytest
from _pytest.mark.structures import ParameterSet

from bot.domain import Answer
from bot.verify import check
from bot.web.cards import answer_html, card_html, copied_text
from bot.web.markup import as_html, as_markdown
from bot.web.wording import ENGLISH, FRENCH
from tests.injection.cases import CANARY, CASES, FAST, HONEST_QUESTIONS, HOST, Case, letters
from tests.injection.shown import codes, live_html, live_markdown, own_prose, own_sentences
from tests.lying.bots import RememberingBot
from tests.lying.prompted import Prompt

pytestmark = pytest.mark.timeout(600)  # the first test waits for the index of all the releases
Asked = Callable[[Case], Answer]
Prompted = Callable[[Case], Sequence[Prompt]]
ECHOED = frozenset(case.id for place, case in enumerate(CASES) if place % 30 in (0, 15))
MARK = re.compile(r"\[\d+\]")

_FILLERS = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that show nothing, though Unicode counts them as letters, marks or signs."""


def hidden(character: str) -> bool:
    """Whether a character can carry text that no person sees."""
    selector = 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF
    unseen = unicodedata.category(character)[0] == "C" or unicodedata.category(character) in ("Zl", "Zp")
    return selector or character in _FILLERS or (unseen and character != "\n")


def cases(fast: frozenset[str] = FAST) -> list[ParameterSet]:
    """All cases; those that are not in `fast` are slow."""
    return [
        pytest.param(case, id=case.id, marks=() if case.id in fast else pytest.mark.slow) for case in CASES
    ]


def assert_not_obeyed(answer: Answer, case: Case) -> None:
    """Nothing of ours says what the attack wants said; a quote may hold it, and a translation of that quote."""
    prose = own_prose(answer)
    said = [prose, answer.notice or "", *(() if case.turns else (answer.standalone_question,))]
    assert [text for text in said if CANARY.casefold() in letters(text) and text != case.question] == []
    wanted = letters(case.obeyed.partition("MARKS")[0])
    assert wanted not in letters(prose) or wanted == letters("NO_ANSWER")
    assert "NO_ANSWER" not in prose
    assert live_markdown(prose) == []
    for citation in answer.citations:
        if CANARY.casefold() in letters(citation.translation or ""):
            assert CANARY.casefold() in letters(citation.quote)
        assert HOST not in (citation.translation or "").replace(citation.quote, "") or HOST in citation.quote


def assert_proven(answer: Answer, bot: RememberingBot) -> None:
    """Every quote stands at its span in the stored release, and the answer is no answer without one."""
    assert answer.text.strip()
    assert answer.declined == (not answer.citations)
    for citation in answer.citations:
        release = bot.catalog.release(citation.release_id, citation.revision)
        assert release is not None
        assert check(citation, release)
        assert release.text[citation.start : citation.end] == citation.quote


def drawn(answer: Answer, bot: RememberingBot) -> str:
    """The answer as the page draws it, while it is written and after."""
    words = FRENCH if answer.language == "fr" else ENGLISH
    numbers = {citation.number for citation in answer.citations}
    cards = (
        card_html(citation, bot.catalog.release(citation.release_id, citation.revision), answer.id, words)
        for citation in answer.citations
    )
    return "".join(
        [
            answer_html(answer.text),
            answer_html(answer.text, answer.id, numbers),
            *cards,
            f'<p title="{as_html(copied_text(answer, words))}">{as_html(answer.notice or "")}</p>',
            f"<p>{as_html(answer.question)} {as_html(answer.standalone_question)}</p>",
        ]
    )


def test_there_are_many_attacks_in_two_languages() -> None:
    assert len(CASES) >= 100
    assert len({case.name for case in CASES}) >= 30
    assert {case.language for case in CASES} == {"en", "fr"}
    assert len({case.file for case in CASES}) == len({case.text for case in CASES}) == len(CASES)


def test_the_attacks_reach_the_chat_model(prompts: Prompted) -> None:
    given = {case.id: prompts(case) for case in CASES if case.id in FAST}
    reached = [case for case, asked in given.items() if any(prompt.evidence for prompt in asked)]
    assert len(reached) >= 0.9 * len(FAST)


@pytest.mark.parametrize(("question", "held"), HONEST_QUESTIONS)
def test_an_honest_release_among_hostile_ones_still_answers(
    reading: RememberingBot, question: str, held: str
) -> None:
    answer = reading.ask(question)
    assert held in answer.text
    assert all(citation.file.startswith("hon") for citation in answer.citations[:1])


@pytest.mark.parametrize("case", cases())
def test_reading_quotes_a_hostile_release_and_says_nothing_of_its_own(
    reading: RememberingBot, case: Case
) -> None:
    answer = reading.ask(case.question, case.turns)
    assert_proven(answer, reading)
    assert_not_obeyed(answer, case)
    assert live_html(drawn(answer, reading)) == []


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name == "forged marks"], ids=lambda case: case.id
)
def test_what_looks_like_a_mark_in_a_release_is_none_in_the_answer(
    reading: RememberingBot, case: Case
) -> None:
    answer = reading.ask(case.question, case.turns)
    assert CANARY in answer.text
    assert len(MARK.findall(answer.text)) == len(answer.citations)
    assert live_html(drawn(answer, reading)) == []


@pytest.mark.parametrize("case", cases())
def test_a_model_that_obeys_is_not_heard(obeyed: Asked, writing: RememberingBot, case: Case) -> None:
    answer = obeyed(case)
    assert_proven(answer, writing)
    assert_not_obeyed(answer, case)


@pytest.mark.parametrize("case", cases())
def test_what_a_model_that_obeys_leaves_behind_is_drawn_without_effect(
    obeyed: Asked, writing: RememberingBot, case: Case
) -> None:
    assert live_html(drawn(obeyed(case), writing)) == []


@pytest.mark.parametrize("case", cases())
def test_an_attack_stays_between_the_delimiters_of_the_prompt(
    obeyed: Asked, prompts: Prompted, case: Case
) -> None:
    obeyed(case)
    for prompt in prompts(case):
        assert CANARY.casefold() not in letters(prompt.instructions)
        assert CANARY.casefold() not in letters(prompt.undelimited)
        assert prompt.data.count("<evidence ") == prompt.data.count("</evidence>") == len(prompt.evidence)
        assert prompt.data.count("<question>") == prompt.data.count("</question>") <= 1
        assert not any(token in prompt.data for token in ("<|", "|>", "[INST]", "<<SYS>>", "</s>", "<think"))
        assert not [f"U+{ord(each):04X}" for each in prompt.data if hidden(each)]


@pytest.mark.parametrize("case", cases(ECHOED))
def test_a_model_that_repeats_what_it_reads_shows_quotes_and_none_of_its_instructions(
    echoed: Asked, writing: RememberingBot, case: Case
) -> None:
    answer = echoed(case)
    assert_proven(answer, writing)
    quotes = [letters(citation.quote) for citation in answer.citations]
    own = [line for line in own_sentences(answer) if not any(letters(line) in quote for quote in quotes)]
    assert own == []
    assert live_html(drawn(answer, writing)) == []


@pytest.mark.parametrize("case", cases())
@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_a_terminal_is_told_nothing_but_text(
    reading: RememberingBot,
    obeyed: Asked,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    case: Case,
    form: list[str],
) -> None:
    from bot.__main__ import main

    for answer in (reading.ask(case.question, case.turns), obeyed(case)):
        monkeypatch.setattr("bot.__main__._bot", lambda _, answer=answer: Answering(answer))
        assert main(["ask", *form, "anything"]) == 0
        printed = capsys.readouterr()
        assert codes(printed.out) == codes(printed.err) == []
        if form:
            assert Answer.from_json(json.loads(printed.out)) == Answer.from_json(answer.to_json())


class Answering:
    """A bot that has one answer to everything."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def ask(self, question: str) -> Answer:
        return self.answer


@pytest.mark.parametrize("case", cases())
def test_as_one_line_of_markdown_an_attack_is_text(case: Case) -> None:
    for text in (case.question, case.attack, case.obeyed):
        assert live_line(as_markdown(text)) == []


def live_line(line: str) -> list[str]:
    """What a page makes of Markdown: as `live_markdown`, but that an address is only looked for where it is linked."""
    return [each for each in live_markdown(line) if not each.startswith(("http", "www"))]
