"""Requests and the stages of their answers as OpenTelemetry traces, sent to a collector.

It is imported only where a collector is set. It measures nothing: the stages bring their times along. The variables
of OpenTelemetry that say how to send (`OTEL_EXPORTER_OTLP_HEADERS` and others) are read by its own exporter.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from bot.errors import CommuniqueError
from bot.stages import Stage

if TYPE_CHECKING:
    from bot.chain import Account

SERVICE = "communique"
NANOSECONDS = 1_000_000_000
TOLERANCE_SECONDS = 0.001
"""Two clocks measure a stage, one its beginning and one its length."""


class Traces:
    """The traces of one server process, sent to the collector at `endpoint`; `tells` says whether with questions."""

    def __init__(self, endpoint: str, tells: bool) -> None:
        self._tells = tells
        # Of its own, so that no library of this process sends anything along.
        self._provider = TracerProvider(
            resource=Resource({"service.name": SERVICE}).merge(OTELResourceDetector().detect())
        )
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(SERVICE)

    def close(self) -> None:
        """Send what is not sent yet."""
        self._provider.shutdown()

    @contextmanager
    def request(self, request_id: str) -> Iterator["Request"]:
        """The trace of a request: what is answered inside belongs to it, in threads of its context too."""
        attributes = {"communique.request_id": request_id}
        with self._tracer.start_as_current_span(
            "request", kind=trace.SpanKind.SERVER, attributes=attributes, record_exception=False
        ) as span:
            yield Request(span)

    def answered(self, account: "Account") -> None:
        """The span of an answer, and below it those of its stages."""
        answer, usage = account.answer, account.answer.usage
        ended = time.time()
        began = min((stage.began for stage in account.stages), default=ended - answer.seconds)
        span = self._tracer.start_span(
            "answer",
            start_time=_nanoseconds(began),
            attributes={
                "communique.mode": answer.mode,
                "communique.language": answer.language,
                "communique.declined": answer.declined,
                "communique.probability": answer.probability,
                "communique.citations": len(answer.citations),
                "communique.sentences_removed": account.removed,
                "communique.chat_model_failed": account.failed,
                **({"communique.question": answer.question} if self._tells else {}),
                **(
                    {
                        "gen_ai.usage.input_tokens": usage.tokens_in,
                        "gen_ai.usage.output_tokens": usage.tokens_out,
                    }
                    if usage
                    else {}
                ),
            },
        )
        self._add(account.stages, span)
        span.end(_nanoseconds(ended))

    def failed(self, error: CommuniqueError) -> None:
        """The span of a question that got no answer."""
        span = self._tracer.start_span("answer")
        span.set_status(trace.StatusCode.ERROR, type(error).__name__)
        span.end()

    def _add(self, stages: Sequence[Stage], parent: trace.Span) -> None:
        """The spans of stages, each below the one within which it ran."""
        open_stages: list[tuple[Stage, trace.Span]] = []
        for stage in sorted(stages, key=lambda stage: (stage.began, -stage.seconds)):
            while open_stages and not _within(stage, open_stages[-1][0]):
                open_stages.pop()
            above = open_stages[-1][1] if open_stages else parent
            span = self._tracer.start_span(
                stage.name,
                context=trace.set_span_in_context(above),
                start_time=_nanoseconds(stage.began),
            )
            span.end(_nanoseconds(stage.began + stage.seconds))
            open_stages.append((stage, span))


class Request:
    """The span of a request, which gets its name at the end, when the route is known."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def ended(self, method: str, route: str, status: int) -> None:
        """Say what it was and how it ended."""
        self._span.update_name(f"{method} {route}")
        self._span.set_attributes(
            {"http.request.method": method, "http.route": route, "http.response.status_code": status}
        )
        if status >= 500:
            self._span.set_status(trace.StatusCode.ERROR)


def _within(stage: Stage, other: Stage) -> bool:
    end = other.began + other.seconds
    return stage.began < end and stage.began + stage.seconds <= end + TOLERANCE_SECONDS


def _nanoseconds(seconds: float) -> int:
    return round(seconds * NANOSECONDS)
