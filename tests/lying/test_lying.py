"""Whatever a chat model writes, what is shown is held by what it cites, and every quote is verbatim."""

import pytest
from _pytest.mark.structures import ParameterSet

from bot.domain import Answer, Turn
from tests.lying.bots import RememberingBot
from tests.lying.checker import faults, own_prose
from tests.lying.conftest import FUNDS
from tests.lying.liars import LIARS, Liar, tell, tells_the_truth
from tests.lying.prompted import ReplyingServer

QUESTIONS = {
    "English": ("en", FUNDS, None),
    "French": ("fr", "Quand l'atelier avec la République de Djibouti a-t-il eu lieu ?", None),
    "French to English": ("fr", "Qui finance le programme CT Travel ?", None),
    "dates": ("en", "When had the Qatari and UNOCT sides held the dialogue that went before?", None),
    "names": ("en", "Who put his name to the memorandum on behalf of Djibouti?", None),
    "follow-up": ("en", "And how many countries does it assist?", FUNDS),
    "French follow-up": ("fr", "Et combien de pays aide-t-il ?", "Qui finance le programme CT Travel ?"),
}
"""Language, question, and the question before it."""


def lies() -> list[ParameterSet]:
    """Every liar with every question; each liar is heard at every check with one of the questions in its turn."""
    return [
        pytest.param(
            liar,
            asked,
            id=f"{name}, {asked}",
            marks=() if place % len(QUESTIONS) == turn else pytest.mark.slow,
        )
        for place, (name, liar) in enumerate(LIARS.items())
        for turn, asked in enumerate(QUESTIONS)
    ]


def ask(
    liar: Liar, asked: str, bot: RememberingBot, server: ReplyingServer, reading: RememberingBot
) -> tuple[Answer, list[str], list[str]]:
    """The answer, the pieces in which it was streamed, and the words that nobody may be shown."""
    language, question, earlier = QUESTIONS[asked]
    turns = [Turn(earlier, reading.ask(earlier))] if earlier else []
    server.requests.clear()
    server.reply = lambda prompt: tell(liar, prompt, language).text
    *pieces, answer = bot.ask_stream(question, turns)
    assert isinstance(answer, Answer)
    never = {words for prompt in server.prompts for words in tell(liar, prompt, language).never}
    return answer, [str(piece) for piece in pieces], sorted(never)


@pytest.mark.parametrize(("liar", "asked"), lies())
def test_no_lie_is_shown(
    lied_to: RememberingBot, reading: RememberingBot, liar_server: ReplyingServer, liar: Liar, asked: str
) -> None:
    answer, pieces, never = ask(liar, asked, lied_to, liar_server, reading)
    assert faults(answer, lied_to.catalog) == []
    shown = [own_prose(answer), answer.notice or "", answer.standalone_question]
    shown += [citation.translation or "" for citation in answer.citations]
    assert [words for words in never if any(words in text for text in shown)] == []
    assert "".join(pieces) == answer.text
    assert answer.declined or answer.language == QUESTIONS[asked][0]


@pytest.mark.parametrize("asked", ["English", "French", "dates", "follow-up"])
def test_the_truth_is_shown(
    lied_to: RememberingBot, reading: RememberingBot, liar_server: ReplyingServer, asked: str
) -> None:
    answer, pieces, _ = ask(tells_the_truth, asked, lied_to, liar_server, reading)
    assert faults(answer, lied_to.catalog) == []
    assert not answer.declined
    assert answer.notice is None
    truth = next(iter(liar_server.prompts[-1].evidence.values()))
    assert " ".join(truth.split())[:40] in " ".join(answer.text.split())
    assert "".join(pieces) == answer.text
