"""What is too much: slow bodies, callers who leave, more questions than there is room for, a stop in mid-answer."""

import json
import shutil
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from openai import OpenAI, RateLimitError

from tests.openai_server import Fault, OpenAIServer
from tests.server.problem import kind
from tests.server.serving import Serving, serving, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # each starts a server of its own, or waits

QUESTION = {"question": "who funds CT Travel?"}
WORDS = " ".join(f"The Programme is co-funded by {donor} [1]." for donor in ("Qatar", "Japan", "Hungary"))
SECONDS_A_WORD = 0.4


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    """A chat model that takes its time: some eight seconds for an answer, a third of it for each sentence."""
    with OpenAIServer([Fault(WORDS, seconds=SECONDS_A_WORD)]) as server:
        yield server


@pytest.fixture
def slow(model: OpenAIServer, corpus_index: Path, corpus_dir: Path, tmp_path: Path) -> Iterator[Serving]:
    """A server whose answers take long, with room for two."""
    shutil.copytree(corpus_index, tmp_path / "data", symlinks=True)
    with serving(
        tmp_path / "data",
        corpus_dir,
        openai_base_url=model.base_url,
        communique_chat_model="openai:scripted",
        openai_api_key="none",
        communique_answers_at_once="1",
        communique_questions_waiting="1",
    ) as server:
        yield server


def readiness(server: Serving) -> int:
    return httpx.get(f"{server.address}/readyz", trust_env=False).status_code


def test_beyond_its_room_the_server_says_busy_and_a_stop_waits_for_the_answers_inside(
    slow: Serving, model: OpenAIServer
) -> None:
    streamed = {"Accept": "text/event-stream"}
    with slow.client() as client, ThreadPoolExecutor(3) as people:
        asked = [people.submit(client.post, "/ask", json=QUESTION, headers=streamed) for _ in range(3)]
        wait_until(lambda: any(each.done() for each in asked))
        with (
            OpenAI(base_url=f"{slow.address}/v1", api_key="none", max_retries=0) as other,
            pytest.raises(RateLimitError) as refused,
        ):
            other.chat.completions.create(
                model="communique", messages=[{"role": "user", "content": QUESTION["question"]}]
            )
        assert refused.value.code == "busy"
        assert int(refused.value.response.headers["retry-after"]) >= 1
        watched = httpx.get(f"{slow.address}/metrics", trust_env=False).text.splitlines()
        told = {
            'communique_problems_total{kind="busy"} 2.0',
            "communique_queue_length 1.0",
            "communique_answering 1.0",
        }
        assert told <= set(watched)
        slow.stop()
        wait_until(lambda: readiness(slow) != 200)
        assert kind(client.post("/ask", json=QUESTION)) == "unavailable"
        answers = [each.result(100) for each in asked]
    (busy,) = [answer for answer in answers if answer.status_code != 200]
    assert kind(busy) == "busy"
    assert int(busy.headers["retry-after"]) >= 1
    for answer in answers:
        if answer is not busy:
            assert "Qatar" in answer.text.partition("event: answer\n")[2]  # the stream was not cut
    assert slow.process.wait(30) == 0


def test_who_leaves_in_mid_stream_ends_the_work_and_nothing_is_stored(
    slow: Serving, model: OpenAIServer
) -> None:
    with slow.client() as client:
        accept = {"Accept": "text/event-stream"}
        with client.stream("POST", "/ask", json=QUESTION, headers=accept):
            wait_until(lambda: any(request.path.endswith("completions") for request in model.requests))
        assert client.post("/ask", json=QUESTION).status_code == 200
        assert len(client.get("/conversations").json()["items"]) == 1
    assert model.hung_up.is_set()


def test_who_leaves_while_waiting_makes_room_at_once(slow: Serving, model: OpenAIServer) -> None:
    with slow.client() as client, ThreadPoolExecutor(1) as people:
        first = people.submit(client.post, "/ask", json=QUESTION)
        wait_until(lambda: any(request.path.endswith("completions") for request in model.requests))
        with pytest.raises(httpx.ReadTimeout):
            client.post("/ask", json=QUESTION, timeout=0.5)
        # It is looked every second whether the caller is still there.
        while (second := client.post("/ask", json=QUESTION)).status_code == 503:
            assert kind(second) == "busy"
            assert not first.done()
            time.sleep(0.2)
        assert second.status_code == 200
        assert first.result(60).status_code == 200
    asked = [request for request in model.requests if request.path.endswith("completions")]
    assert len(asked) == 2


def test_a_body_that_does_not_arrive_is_given_up(own: Serving) -> None:
    head = (
        f"POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1:{own.port}\r\nContent-Type: application/json\r\n"
        "Content-Length: 500\r\n\r\n{"
    )
    with socket.create_connection(("127.0.0.1", own.port), timeout=40) as connection:
        connection.sendall(head.encode())
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    assert answer.startswith(b"HTTP/1.1 408")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["type"].endswith("request-too-slow")


def test_a_body_without_a_length_is_counted_as_it_comes(own: Serving) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"question": "'
        for _ in range(200):
            yield b"x" * 1000
        yield b'"}'

    with own.client() as client:
        response = client.post("/ask", content=pieces(), headers={"Content-Type": "application/json"})
    assert (response.status_code, kind(response)) == (413, "too-large")
