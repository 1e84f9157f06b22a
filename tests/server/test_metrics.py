"""Every answer is counted where answers come about: how it ended, what it took, what the chat model did wrong."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.chain import Bot
from bot.errors import QuestionError
from bot.server.metrics import Metrics
from bot.settings import Settings
from tests.openai_server import Fault, OpenAIServer

QUESTION = "Who funds CT Travel?"
TRUE_AND_FALSE = "CT Travel is co-funded by Japan [1]. It is also funded by 912 lottery winners [1]."


def value(metrics: Metrics, name: str) -> float:
    lines = metrics.text().decode().splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"{name} ")), 0.0)


@pytest.fixture
def writing(corpus_index: Path, corpus_dir: Path) -> Iterator[tuple[Bot, OpenAIServer, Metrics]]:
    """A bot whose chat model is scripted, and what is counted of it."""
    metrics = Metrics()
    with OpenAIServer([TRUE_AND_FALSE]) as server:
        settings = Settings(
            data_dir=corpus_index,
            corpus_dir=corpus_dir,
            openai_base_url=server.base_url,
            chat_model="openai:scripted",
            chat_prices=(1.0, 10.0),
            chat_seconds=5,
        )
        with closing(Bot(settings, [metrics])) as bot:
            yield bot, server, metrics


def test_tokens_cost_and_removed_sentences_are_counted(
    writing: tuple[Bot, OpenAIServer, Metrics],
) -> None:
    bot, _, metrics = writing
    answer = bot.ask(QUESTION)
    assert answer.usage
    assert answer.usage.cost
    assert "lottery" not in answer.text
    assert value(metrics, "communique_sentences_removed_total") == 1
    assert value(metrics, "communique_chat_model_calls_total") == answer.usage.calls
    for direction, tokens in (("in", answer.usage.tokens_in), ("out", answer.usage.tokens_out)):
        assert value(metrics, f'communique_chat_model_tokens_total{{direction="{direction}"}}') == tokens > 0
    assert value(metrics, "communique_chat_model_cost_dollars_total") == pytest.approx(answer.usage.cost)
    for stage in ("rewrite", "retrieve", "read", "generate", "verify"):
        assert value(metrics, f'communique_stage_seconds_count{{stage="{stage}"}}') >= 1


def test_a_chat_model_that_fails_is_counted_and_so_is_the_answer_without_it(
    writing: tuple[Bot, OpenAIServer, Metrics],
) -> None:
    bot, server, metrics = writing
    server.replies = [Fault(status=500)]
    assert bot.ask(QUESTION).notice
    assert value(metrics, "communique_chat_model_failures_total") == 1
    name = 'communique_questions_total{language="en",mode="chat model",outcome="answered"}'
    assert value(metrics, name) == 1


def test_a_question_that_cannot_be_asked_is_counted_as_refused(
    writing: tuple[Bot, OpenAIServer, Metrics],
) -> None:
    bot, _, metrics = writing
    with pytest.raises(QuestionError):
        bot.ask(" ")
    name = 'communique_questions_total{language="unknown",mode="unknown",outcome="refused"}'
    assert value(metrics, name) == 1
