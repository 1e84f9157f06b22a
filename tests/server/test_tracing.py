"""Traces reach a real collector: a span for the request, below it the answer, below that its stages."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from bot.chain import Bot
from bot.server.tracing import Traces
from bot.settings import Settings
from bot.stages import Stage
from tests.openai_server import OpenAIServer
from tests.server.collector import Collector, attributes, collecting
from tests.server.serving import Serving

QUESTION = "who funds CT Travel?"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as started:
        yield started


def children(collector: Collector, parent: Span) -> list[str]:
    return sorted(span.name for span in collector.spans if span.parent_span_id == parent.span_id)


def test_a_request_its_answer_and_its_stages_are_one_trace(
    shared: Serving, key: str, traced: Collector
) -> None:
    with shared.client(headers={"Authorization": f"Bearer {key}"}) as client:
        response = client.post("/ask", json={"question": QUESTION})
        client.get(f"/answers/{response.json()['id']}")
    request_id = response.headers["x-request-id"]
    request = traced.wait_for(lambda span: attributes(span).get("communique.request_id") == request_id)
    assert request.name == "POST /api/v1/ask"
    assert request.kind == Span.SPAN_KIND_SERVER
    assert attributes(request)["http.response.status_code"] == 200
    answer = traced.wait_for(lambda span: span.parent_span_id == request.span_id)
    assert answer.name == "answer"
    assert attributes(answer)["communique.declined"] is False
    assert children(traced, answer) == ["read", "retrieve", "rewrite", "verify"]
    of_trace = [span for span in traced.spans if span.trace_id == request.trace_id]
    assert len(of_trace) == 6
    for span in of_trace:
        assert request.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
    traced.wait_for(lambda span: span.name == "GET /api/v1/answers/{answer_id}")
    assert traced.services == {"communique"}
    for private in (QUESTION, key, response.json()["id"]):
        assert not any(private.encode() in body for body in traced.bodies)


def test_prose_is_generated_and_its_sentences_verified_within_that(
    collector: Collector, corpus_index: Path, corpus_dir: Path
) -> None:
    with OpenAIServer(["CT Travel is co-funded by Japan [1]."]) as server:
        settings = Settings(
            data_dir=corpus_index,
            corpus_dir=corpus_dir,
            openai_base_url=server.base_url,
            chat_model="openai:scripted",
        )
        traces = Traces(collector.endpoint, tells=True)
        with closing(Bot(settings, [traces])) as bot:
            bot.ask(QUESTION)
        traces.close()
    (answer,) = [span for span in collector.spans if span.name == "answer"]
    (generate,) = [span for span in collector.spans if span.name == "generate"]
    assert generate.parent_span_id == answer.span_id
    assert set(children(collector, generate)) == {"verify"}
    told = attributes(answer)
    assert told["communique.question"] == QUESTION
    assert told["communique.mode"] == "openai:scripted"
    assert int(str(told["gen_ai.usage.input_tokens"])) > 0


def test_a_collector_that_is_down_costs_no_answer_and_little_time_at_the_end(
    corpus_index: Path, corpus_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    with collecting() as gone:
        endpoint = gone.endpoint
    traces = Traces(endpoint, tells=False)
    with closing(Bot(Settings(data_dir=corpus_index, corpus_dir=corpus_dir), [traces])) as bot:
        assert not bot.ask(QUESTION).declined
    started = time.monotonic()
    traces.close()
    assert time.monotonic() - started < 10


@pytest.mark.slow
def test_without_a_collector_nothing_of_it_is_imported() -> None:
    program = (
        "import sys; from bot.server import app; from bot.settings import Settings\n"
        "assert app._traces(Settings()) is None\n"
        "names = ('bot.server.tracing', 'opentelemetry.exporter.otlp')\n"  # others use its API
        "print([name for name in sys.modules if name.startswith(names)])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("stages", "below"),
    [
        ([], {}),
        ([("rewrite", 0, 3), ("retrieve", 1, 1), ("read", 2, 1), ("verify", 4, 1)],
         {"rewrite": "answer", "retrieve": "rewrite", "read": "rewrite", "verify": "answer"}),
        ([("rewrite", 0, 1), ("retrieve", 1, 0.0001)], {"rewrite": "answer", "retrieve": "answer"}),
    ],
)  # fmt: skip
def test_a_stage_is_below_the_one_in_which_it_ran(
    collector: Collector, stages: list[tuple[str, float, float]], below: dict[str, str]
) -> None:
    traces = Traces(collector.endpoint, tells=False)
    span = traces._tracer.start_span("answer")
    traces._add([Stage(*each) for each in stages], span)
    span.end()
    traces.close()
    names = {span.span_id: span.name for span in collector.spans}
    found = {span.name: names[span.parent_span_id] for span in collector.spans if span.parent_span_id}
    assert found == below
