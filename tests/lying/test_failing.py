"""A chat model that is down, slow or cut off costs a notice, never the answer, and no more than its time."""

import time
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

import pytest
from _pytest.mark.structures import ParameterSet

from bot.domain import Answer
from tests.lying.bots import RememberingBot
from tests.lying.checker import faults
from tests.lying.conftest import CHAT_SECONDS, FUNDS
from tests.lying.prompted import ReplyingServer
from tests.lying.raw import SCRIPTS, RawServer
from tests.openai_server import EMPTY, Fault

QUESTIONS = {"English": FUNDS, "French": "Quand l'atelier avec la République de Djibouti a-t-il eu lieu ?"}
UNANSWERABLE = "What is the boiling point of mercury?"
SPARE_SECONDS = 10.0
"""What a busy machine takes beyond the time of the chat model."""
SAID = "Japan funds it [1]. "
FAULTS = {
    **{
        str(status): Fault(status=status)
        for status in (400, 401, 403, 404, 408, 418, 429, 500, 502, 503, 504)
    },
    "429 for an hour": Fault(status=429, retry_after="3600"),
    "503 until next year": Fault(status=503, retry_after="Fri, 01 Jan 2100 00:00:00 GMT"),
    "429 after a while": Fault(status=429, seconds=CHAT_SECONDS / 2),
    "empty": EMPTY,
    "white space": Fault(" \n \n"),
    "no JSON": Fault(invalid_json=True),
    "no JSON in mid-stream": Fault(SAID, invalid_json=True),
    "hung up in mid-stream": Fault(SAID, cut="connection"),
    "cut off in mid-stream": Fault(SAID, cut="stream"),
    "an error in mid-stream": Fault(SAID, error="the engine has died"),
    "silent from the start": Fault(hangs=True),
    "silent in mid-stream": Fault(SAID * 2, hangs=True),
    "slow to begin": Fault(SAID, seconds=3600),
    "slow words": Fault(SAID * 20, seconds=CHAT_SECONDS / 10),
    "without an end": Fault(SAID * 5000),
    "one word without an end": Fault("x" * 200_000),
}
FAST = frozenset(
    "401; 429; 500; 429 for an hour; empty; white space; no JSON; slow words; without an end; hung up in mid-stream; "
    "cut off in mid-stream; an error in mid-stream; silent from the start; closes at once; speaks no HTTP; no content; "
    "a page that asks for a login; sends elsewhere; an error with codes and markup; nothing but signs of life; "
    "calls a tool; a filtered answer; a hundred pages at once".split("; ")
)
"""What is tried at every check."""


def timed(bot: RememberingBot, question: str) -> tuple[Answer, float]:
    """The answer, once what it is read from was looked up, and the seconds that it took."""
    started = time.monotonic()
    answer = bot.ask(question)
    return answer, time.monotonic() - started


def assert_stands_in(answer: Answer, seconds: float, offline: Answer) -> None:
    """The offline answer and one line that says why."""
    assert answer.text == offline.text
    assert [citation.quote for citation in answer.citations] == [each.quote for each in offline.citations]
    assert answer.notice
    assert len(answer.notice) < 500
    assert [each for each in answer.notice if unicodedata.category(each) in ("Cc", "Cf")] == []
    assert seconds < CHAT_SECONDS + SPARE_SECONDS


def each(of: Iterable[str]) -> list[ParameterSet]:
    """What goes wrong, with the first question; with the second, and what is not in FAST, slow."""
    return [
        pytest.param(name, question, id=f"{name}, {language}", marks=() if is_fast else pytest.mark.slow)
        for name in of
        for language, question in QUESTIONS.items()
        for is_fast in [name in FAST and language == "English"]
    ]


@pytest.mark.parametrize(("name", "question"), each(FAULTS))
def test_a_chat_model_that_fails_leaves_the_offline_answer(
    failed: RememberingBot, reading: RememberingBot, liar_server: ReplyingServer, name: str, question: str
) -> None:
    liar_server.reply = lambda _: FAULTS[name]
    offline = reading.ask(question)
    assert_stands_in(*timed(failed, question), offline)


@pytest.mark.parametrize(("name", "question"), each(SCRIPTS))
def test_a_server_that_speaks_nonsense_leaves_the_offline_answer(
    misled: RememberingBot, reading: RememberingBot, raw_server: RawServer, name: str, question: str
) -> None:
    raw_server.script = SCRIPTS[name]
    offline = reading.ask(question)
    assert_stands_in(*timed(misled, question), offline)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_server_that_is_down_leaves_the_offline_answer(
    down: RememberingBot, reading: RememberingBot, question: str
) -> None:
    offline = reading.ask(question)
    assert_stands_in(*timed(down, question), offline)


@pytest.mark.parametrize("name", ["hung up in mid-stream", "cut off in mid-stream", "silent in mid-stream"])
def test_what_was_streamed_before_a_failure_stays_proven(
    failed: RememberingBot, liar_server: ReplyingServer, name: str
) -> None:
    liar_server.reply = lambda _: replace(FAULTS[name], text=f"Peru pays 4711 dollars [1]. {SAID * 2}")
    *pieces, answer = failed.ask_stream(FUNDS)
    assert isinstance(answer, Answer)
    assert faults(answer, failed.catalog) == []
    assert "Peru" not in answer.text
    assert "co-funded" in answer.text
    assert answer.notice
    assert "".join(str(piece) for piece in pieces) == answer.text


def test_a_question_without_an_answer_is_declined_without_a_word_to_the_model(
    failed: RememberingBot, liar_server: ReplyingServer
) -> None:
    liar_server.requests.clear()
    answer = failed.ask(UNANSWERABLE)
    assert answer.declined
    assert answer.notice is None
    assert liar_server.requests == []


def test_after_a_failure_the_model_is_asked_again(
    failed: RememberingBot, liar_server: ReplyingServer
) -> None:
    liar_server.reply = lambda _: Fault(SAID, hangs=True)
    assert failed.ask(FUNDS).notice
    liar_server.reply = lambda prompt: f"{next(iter(prompt.evidence.values()))} [1]"
    answer = failed.ask(FUNDS)
    assert answer.notice is None
    assert "co-funded" in answer.text
