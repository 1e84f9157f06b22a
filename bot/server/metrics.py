"""What the server counts and measures, for Prometheus.

It reads no question and keeps no text: labels are names from this program, so that there are never more than a few.
The only file that names prometheus_client.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from bot.errors import ChatModelError, CommuniqueError, QuestionError

if TYPE_CHECKING:
    from bot.chain import Account

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
STAGE_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Retrieval takes hundredths of a second, reading tenths, a chat model up to COMMUNIQUE_CHAT_SECONDS."""
REQUEST_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)
LANGUAGES = ("en", "fr")

Reading = Callable[[], dict[str, float]]
"""What is to be read when it is asked for, by name; nothing where it cannot be read."""


class Metrics:
    """The counts of one server process; threads may share it. It watches the answers of `bot.chain`."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self._registry = registry
        self._questions = Counter(
            "communique_questions",
            "Questions that ended, by how: answered, declined, refused (empty or too long), failed.",
            ["outcome", "mode", "language"],
            registry=registry,
        )
        self._answer_seconds = Histogram(
            "communique_answer_seconds",
            "How long an answer took, without waiting for its turn.",
            ["mode"],
            buckets=STAGE_SECONDS,
            registry=registry,
        )
        self._stage_seconds = Histogram(
            "communique_stage_seconds",
            "How long each stage of an answer took; `generate` holds the `verify` of its sentences.",
            ["stage"],
            buckets=STAGE_SECONDS,
            registry=registry,
        )
        self._removed = Counter(
            "communique_sentences_removed",
            "Sentences of the chat model that were not proven.",
            registry=registry,
        )
        self._chat_calls = Counter(
            "communique_chat_model_calls", "Calls of the chat model.", registry=registry
        )
        self._chat_failures = Counter(
            "communique_chat_model_failures", "Answers for which the chat model failed.", registry=registry
        )
        self._tokens = Counter(
            "communique_chat_model_tokens", "Tokens of the chat model.", ["direction"], registry=registry
        )
        self._cost = Counter(
            "communique_chat_model_cost_dollars",
            "What the chat model cost, as far as known.",
            registry=registry,
        )
        self._unpriced = Counter(
            "communique_chat_model_unpriced_answers", "Answers whose cost is not known.", registry=registry
        )
        self._requests = Counter(
            "communique_requests", "Requests that ended.", ["method", "route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "communique_request_seconds",
            "How long requests took, streams to their end.",
            ["route"],
            buckets=REQUEST_SECONDS,
            registry=registry,
        )
        self._problems = Counter(
            "communique_problems",
            "Requests that were refused, by kind: `busy` and others.",
            ["kind"],
            registry=registry,
        )
        self._waited = Histogram(
            "communique_queue_seconds",
            "How long a question of the API waited for its turn.",
            buckets=REQUEST_SECONDS,
            registry=registry,
        )
        self._pages = Gauge("communique_pages_open", "Chat pages that are open.", registry=registry)
        for direction in ("in", "out"):
            self._tokens.labels(direction)

    def read(self, prefix: str, described: dict[str, str], reading: Reading) -> None:
        """Also tell what `reading` gives at the time; `described` holds its names, each with what it means."""
        self._registry.register(_Read(prefix, described, reading))

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)

    def answered(self, account: "Account") -> None:
        """Count an answer."""
        answer = account.answer
        mode = "reading" if answer.mode == "reading" else "chat model"
        language = answer.language if answer.language in LANGUAGES else "other"
        self._questions.labels("declined" if answer.declined else "answered", mode, language).inc()
        self._answer_seconds.labels(mode).observe(answer.seconds)
        for stage in account.stages:
            self._stage_seconds.labels(stage.name).observe(stage.seconds)
        self._removed.inc(account.removed)
        if account.failed:
            self._chat_failures.inc()
        if usage := answer.usage:
            self._chat_calls.inc(usage.calls)
            self._tokens.labels("in").inc(usage.tokens_in)
            self._tokens.labels("out").inc(usage.tokens_out)
            if usage.cost is None:
                self._unpriced.inc()
            else:
                self._cost.inc(usage.cost)

    def failed(self, error: CommuniqueError) -> None:
        """Count a question that got no answer."""
        outcome = "refused" if isinstance(error, QuestionError) else "failed"
        self._questions.labels(outcome, "unknown", "unknown").inc()
        if isinstance(error, ChatModelError):
            self._chat_failures.inc()

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def problem(self, kind: str) -> None:
        """Count a request that was refused."""
        self._problems.labels(kind).inc()

    def waited(self, seconds: float) -> None:
        """Count a question whose turn has come."""
        self._waited.observe(seconds)

    @contextmanager
    def page_open(self) -> Iterator[None]:
        """Count a chat page as long as it is open."""
        with self._pages.track_inprogress():
            yield


class _Read(Collector):
    """Gauges that are read when they are asked for; without their values where these cannot be read."""

    def __init__(self, prefix: str, described: dict[str, str], reading: Reading) -> None:
        self._prefix = prefix
        self._described = described
        self._reading = reading

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found = self._reading()
        for name, description in self._described.items():
            if name in found:
                yield GaugeMetricFamily(f"{self._prefix}_{name}", description, value=found[name])

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing yet, so that nothing is read when it is registered."""
        return []
