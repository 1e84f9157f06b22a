"""A chat model is listened to within its time: whatever it does, there is text, or one line that says what to do."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, BaseMessageChunk, HumanMessage

from bot.domain import Usage
from bot.errors import ChatModelError
from bot.model import listen
from bot.model.chat_model import CHARACTERS, open_chat_model, reply, stream
from bot.model.usage import Meter
from tests.fakes import FakeChatModel
from tests.openai_server import MODEL, Fault, OpenAIServer

PROSE = "Qatar funds it [1]. So does Japan [2]."
ASKED: list[BaseMessage] = [HumanMessage("Who funds the programme?")]
BUSY_SECONDS = 10.0
"""What a busy machine may take beside what is waited for; what fails takes at least a minute."""


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer([PROSE]) as started:
        yield started


@pytest.fixture
def model(server: OpenAIServer) -> BaseChatModel:
    return open_chat_model(f"openai:{MODEL}", api_key=None, base_url=server.base_url, seconds=600)


def failure(model: BaseChatModel, seconds: float = 20) -> str:
    """The one line that the caller gets."""
    with pytest.raises(ChatModelError) as raised:
        list(stream(model, ASKED, seconds))
    message = str(raised.value)
    assert "\n" not in message
    assert message.startswith(f"The chat model {MODEL} ")
    return message


# Time


@pytest.mark.parametrize(
    "fault",
    [
        Fault(PROSE, seconds=60),
        Fault(PROSE, hangs=True),
        Fault(hangs=True),
        Fault("word " * 10_000, seconds=0.05),
        Fault(status=429, retry_after="4"),
        Fault(status=503, seconds=0.7),
    ],
    ids=["before the first", "in mid-stream", "without a word", "slow", "wait to retry", "slow refusals"],
)
def test_no_failure_takes_longer_than_the_time_given(
    server: OpenAIServer, model: BaseChatModel, fault: Fault
) -> None:
    server.replies = [fault]
    started = time.monotonic()
    assert failure(model, 1).endswith("took too long. Ask again, or raise COMMUNIQUE_CHAT_SECONDS.")
    assert 0.9 < time.monotonic() - started < 1 + BUSY_SECONDS


def test_a_model_that_falls_silent_is_not_waited_for(
    server: OpenAIServer, model: BaseChatModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listen, "SILENCE_SECONDS", 0.3)
    server.replies = [Fault(PROSE, hangs=True)]
    started = time.monotonic()
    assert "fell silent in the middle of its answer" in failure(model, 60)
    assert time.monotonic() - started < BUSY_SECONDS
    assert server.hung_up.wait(BUSY_SECONDS)


def test_a_model_may_think_longer_than_it_may_be_silent(
    server: OpenAIServer, model: BaseChatModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listen, "SILENCE_SECONDS", 1.0)
    server.replies = [Fault("Qatar", seconds=1.5)]
    assert reply(model, ASKED, 20) == "Qatar"


# Retries


def test_a_longer_wait_than_a_reader_has_patience_for_is_not_waited(
    server: OpenAIServer, model: BaseChatModel
) -> None:
    server.replies = [Fault(status=429, retry_after="30")]
    started = time.monotonic()
    assert "is at its rate limit or quota" in failure(model, 60)
    assert len(server.requests) == 1
    assert time.monotonic() - started < BUSY_SECONDS


def test_a_date_to_retry_at_is_not_waited_for(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = [Fault(status=503, retry_after="Fri, 31 Dec 2100 23:59:59 GMT")]
    failure(model, 60)
    assert len(server.requests) == 1


def test_the_wait_that_a_server_asks_for_is_kept(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = [Fault(status=429, retry_after="1"), PROSE]
    started = time.monotonic()
    assert reply(model, ASKED, 20) == PROSE
    assert time.monotonic() - started > 1


def test_nothing_is_asked_again_in_mid_stream(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = [Fault(PROSE, cut="connection")]
    failure(model)
    assert len(server.requests) == 1


# Going away


def test_a_reader_that_goes_away_while_the_server_is_silent_ends_the_request(
    server: OpenAIServer, model: BaseChatModel
) -> None:
    server.replies = [Fault("Qatar", hangs=True)]
    pieces = stream(model, ASKED, 600)
    assert next(pieces) == "Qatar"
    pieces.close()
    assert server.hung_up.wait(BUSY_SECONDS)


def test_an_exception_of_the_reader_ends_the_request(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = [Fault("Qatar", hangs=True)]

    def read() -> None:
        for _ in stream(model, ASKED, 600):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read()
    assert server.hung_up.wait(BUSY_SECONDS)


def test_the_server_is_let_go_when_the_time_is_up(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = [Fault(PROSE, seconds=600)]
    failure(model, 0.5)
    assert server.hung_up.wait(BUSY_SECONDS)


def test_no_retry_follows_once_the_time_is_up(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = [Fault(status=429, retry_after="1")]
    failure(model, 0.5)
    asked = len(server.requests)
    time.sleep(1)
    assert len(server.requests) == asked <= 1


def test_nothing_is_sent_before_the_first_piece_is_wanted(server: OpenAIServer, model: BaseChatModel) -> None:
    stream(model, ASKED, 20)
    assert server.requests == []


def test_a_provider_without_an_asynchronous_client_is_listened_to_as_well() -> None:
    pieces = stream(FakeChatModel(replies=[PROSE]), ASKED, 20)
    assert next(pieces) == "Qatar"
    assert "".join(pieces) == PROSE.removeprefix("Qatar")


def test_a_provider_that_cannot_be_interrupted_is_left_behind() -> None:
    held = threading.Event()

    class Stuck(FakeChatModel):
        def _pieces(self, messages: list[BaseMessage]) -> list[str]:
            held.wait(30)
            return ["late"]

    started = time.monotonic()
    try:
        with pytest.raises(ChatModelError, match="took too long"):
            list(stream(Stuck(), ASKED, 0.2))
    finally:
        held.set()
    assert time.monotonic() - started < BUSY_SECONDS


def test_many_listen_at_the_same_time(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = [Fault(PROSE, seconds=0.02)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: reply(model, ASKED, 20), range(16))) == [PROSE] * 16


# What is sent


def test_an_error_in_the_stream_is_told(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = [Fault("Qatar funds", error="CUDA out of memory\nat line 3")]
    assert "CUDA out of memory" in failure(model)


def test_text_without_end_is_not_read_to_the_end(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = [Fault(f"{'x' * (CHARACTERS // 3)} {'y' * CHARACTERS} z", hangs=True)]
    assert "did not end its answer" in failure(model)
    assert server.hung_up.wait(BUSY_SECONDS)


def test_half_a_character_is_left_out(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = ["Qatar \ud83d funds it."]
    text = reply(model, ASKED, 20)
    assert text.encode().decode() == text == "Qatar  funds it."


def test_a_reply_is_the_whole_text() -> None:
    assert reply(FakeChatModel(replies=[f" {PROSE}\n"]), ASKED, 20) == PROSE


# What it costs


def meter(**options: object) -> Meter:
    return Meter(f"openai:{MODEL}", **options)  # type: ignore[arg-type]


def test_the_tokens_that_the_server_counts_are_recorded(server: OpenAIServer, model: BaseChatModel) -> None:
    spent = meter(base_url=server.base_url)
    assert spent.usage == Usage()
    reply(model, ASKED, 20, spent)
    assert spent.usage == Usage(1, 10, len(PROSE.split()), None)
    reply(model, ASKED, 20, spent)
    assert spent.usage == Usage(2, 20, 2 * len(PROSE.split()), None)


def test_a_price_of_the_settings_is_the_price(server: OpenAIServer, model: BaseChatModel) -> None:
    spent = meter(base_url=server.base_url, prices=(1.5, 100.0))
    reply(model, ASKED, 20, spent)
    assert spent.usage.cost == pytest.approx((10 * 1.5 + len(PROSE.split()) * 100) / 1e6)


def test_tokens_that_no_server_counted_are_estimated_and_have_no_price(
    server: OpenAIServer, model: BaseChatModel
) -> None:
    server.replies = [Fault(PROSE, counted=False)]
    spent = meter(prices=(1.0, 1.0))
    reply(model, ASKED, 20, spent)
    assert spent.usage.calls == 1
    assert spent.usage.tokens_in == len("Who funds the programme?") / 3
    assert spent.usage.tokens_out == pytest.approx(len(PROSE) / 3, abs=1)
    assert spent.usage.cost is None


def test_a_call_that_failed_counts_and_costs_nothing(server: OpenAIServer, model: BaseChatModel) -> None:
    server.replies = [Fault(status=401), PROSE]
    spent = meter(prices=(1.0, 1.0))
    with pytest.raises(ChatModelError):
        reply(model, ASKED, 20, spent)
    assert spent.usage == Usage(1, 0, 0, 0.0)
    reply(model, ASKED, 20, spent)
    assert spent.usage == Usage(2, 10, len(PROSE.split()), pytest.approx((10 + len(PROSE.split())) / 1e6))


def test_a_call_that_was_broken_off_has_tokens_and_no_price(
    server: OpenAIServer, model: BaseChatModel
) -> None:
    server.replies = [Fault(PROSE, hangs=True)]
    spent = meter(prices=(1.0, 1.0))
    pieces = stream(model, ASKED, 20, spent)
    next(pieces)
    pieces.close()
    assert spent.usage.calls == 1
    assert spent.usage.tokens_out > 0
    assert spent.usage.cost is None


def counted(tokens_in: int, tokens_out: int) -> list[BaseMessageChunk]:
    """The pieces of an answer whose tokens the provider counted."""
    tokens = {"input_tokens": tokens_in, "output_tokens": tokens_out, "total_tokens": tokens_in + tokens_out}
    return [AIMessageChunk("Qatar."), AIMessageChunk("", usage_metadata=tokens)]


def test_published_prices_are_those_of_the_provider_and_need_no_network() -> None:
    spent = Meter("openai:gpt-4o-2024-08-06")
    spent.record(ASKED, counted(1_000_000, 100_000))
    assert spent.usage.cost == pytest.approx(2.5 + 1.0)


@pytest.mark.parametrize(
    ("spec", "base_url"),
    [
        ("openai:a-model-of-our-own", None),
        ("openai:gpt-4o", "http://127.0.0.1:8080/v1"),
        ("openai:gpt-4o", "nonsense"),
        ("ollama:llama3.2", None),
        ("nonsense", None),
    ],
)
def test_a_price_that_is_not_known_is_not_made_up(spec: str, base_url: str | None) -> None:
    spent = Meter(spec, base_url=base_url)
    spent.record(ASKED, counted(1000, 100))
    assert spent.usage == Usage(1, 1000, 100, None)
