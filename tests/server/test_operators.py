"""What operators see of a running server: its metrics and its log, neither of which tells questions or keys."""

import json
import re
import time

import httpx
import pytest

from tests.server.conftest import BASE, keys
from tests.server.problem import kind
from tests.server.serving import Serving, wait_until

QUESTION = "who funds CT Travel?"
SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)


def metrics(server: Serving, headers: dict[str, str] | None = None) -> dict[str, float]:
    """The value of each sample, by name and labels."""
    response = httpx.get(f"{server.address}/metrics", headers=headers, trust_env=False)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/plain")
    return {f"{name}{{{labels}}}": float(value) for name, labels, value in SAMPLE.findall(response.text)}


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def test_an_answer_is_counted_with_its_stages(own: Serving) -> None:
    before = metrics(own)
    with own.client() as client:
        assert client.post("/ask", json={"question": QUESTION}).status_code == 200
        assert client.post("/ask", json={"question": "What is the budget of CT Travel?"}).status_code == 200
        assert client.get("/conversations/" + "0" * 32).status_code == 404
    after = metrics(own)
    grown = {name for name, value in after.items() if value > before.get(name, 0)}
    for outcome in ("answered", "declined"):
        name = f'communique_questions_total{{language="en",mode="reading",outcome="{outcome}"}}'
        assert after[name] == before.get(name, 0) + 1
    for stage in ("rewrite", "retrieve", "read", "verify"):
        assert f'communique_stage_seconds_count{{stage="{stage}"}}' in grown
    assert {
        'communique_requests_total{method="POST",route="/api/v1/ask",status="200"}',
        'communique_requests_total{method="GET",route="/api/v1/conversations/{conversation_id}",status="404"}',
        'communique_problems_total{kind="not-found"}',
        "communique_queue_seconds_count{}",
        'communique_request_seconds_count{route="/metrics"}',
    } <= grown
    assert after["communique_index_releases{}"] == 5
    assert after["communique_index_passages{}"] == 33
    assert after["communique_index_generation{}"] >= 1
    assert after["communique_index_failures{}"] == 0
    assert 0 < time.time() - after["communique_index_changed_timestamp_seconds{}"] < 3600
    assert after["communique_queue_length{}"] == after["communique_answering{}"] == 0


def test_no_address_makes_a_series_of_its_own(own: Serving) -> None:
    def ask_for_nothing(rest: str) -> None:
        httpx.get(f"{own.address}{rest}", trust_env=False)
        httpx.request("PROPFIND", f"{own.address}{rest}", trust_env=False)

    addresses = ("/api/v1/{}", "/api/v1/releases/{}", "/api/{}", "/{}", "/_stcore/{}", "/api/v1/answers/{}")
    for each in addresses:
        ask_for_nothing(each.format("a0"))
    before = metrics(own).keys()
    for number in range(1, 6):
        for each in addresses:
            ask_for_nothing(each.format(f"a{number}"))
    assert metrics(own).keys() == before


def test_who_may_read_metrics_holds_a_key_for_admin(shared: Serving) -> None:
    address = f"{shared.address}/metrics"
    refusals = {"": "key-needed", keys(shared.folder).create("asker", ["ask"])[1]: "scope-missing"}
    for text, name in refusals.items():
        response = httpx.get(address, headers=bearer(text) if text else {}, trust_env=False)
        assert kind(response) == name
    admin = keys(shared.folder).create("watcher", ["admin"])[1]
    assert metrics(shared, bearer(admin))["communique_queue_room{}"] == 34


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Via", "Forwarded"])
def test_a_proxy_on_this_machine_does_not_make_the_world_this_machine(own: Serving, header: str) -> None:
    response = httpx.get(f"{own.address}/metrics", headers={header: "1.2.3.4"}, trust_env=False)
    assert response.status_code in (401, 403)


def test_the_log_holds_one_object_a_line_with_request_ids_and_no_question_or_key(
    shared: Serving, key: str
) -> None:
    with shared.client(headers=bearer(key)) as client:
        answer = client.post("/ask", json={"question": QUESTION})
        client.get(f"/conversations/{answer.headers['communique-conversation']}?secret=yes")
    refused = httpx.get(f"{shared.address}/healthz", headers={"Host": "evil.example"}, trust_env=False)
    number = refused.headers["x-request-id"]
    # A request's line follows its response.
    wait_until(lambda: shared.log.read_text("utf-8").count(number) == 2)
    text = shared.log.read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    of_request = [line for line in lines if line.get("request_id") == answer.headers["x-request-id"]]
    assert [line["message"] for line in of_request] == ["answer", "request"]
    assert of_request[0].items() >= {"declined": False, "language": "en", "mode": "reading"}.items()
    assert of_request[1].items() >= {"route": "/api/v1/ask", "method": "POST", "status": 200}.items()
    told = [line for line in lines if line.get("request_id") == number]
    assert [(line["level"], line.get("route")) for line in told] == [("warning", None), ("info", "none")]
    for private in (QUESTION, key, answer.headers["communique-conversation"], answer.json()["id"], "secret"):
        assert private not in text
    assert BASE in text  # of the line that says where it is
