"""The command line, the API and the widget's endpoint give the same answers to the same questions."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import yaml

from bot.__main__ import main
from tests.server.conftest import WIKI, keys
from tests.server.serving import Serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SET = """
- {id: funders, question: "who funds CT Travel?", facts: [[Hungary]]}
- {id: donors, question: "Qui finance le programme CT Travel ?", facts: [[Hungary]]}
- {id: budget, question: "What is the budget of CT Travel?", answerable: false}
- {id: reach, question: "And how many countries does it assist?", history: ["who funds CT Travel?"], facts: [["66"]]}
- {id: signed, question: "Who signed the agreement for Djibouti?", facts: [[Djibouti]]}
- {id: mercury, question: "Quel est le point d’ébullition du mercure ?", answerable: false}
"""

Ask = Callable[[httpx.Client, str, str], dict[str, Any]]
"""Asks a question in a conversation."""


def whole(client: httpx.Client, question: str, conversation: str) -> dict[str, Any]:
    response = client.post("/ask", json={"question": question, "conversation": conversation})
    answer: dict[str, Any] = response.json()
    return answer


def streamed(client: httpx.Client, question: str, conversation: str) -> dict[str, Any]:
    body = {"question": question, "conversation": conversation}
    response = client.post("/ask", json=body, headers={"Accept": "text/event-stream"})
    events = [event.split("\n") for event in response.text.split("\n\n") if event and event[0] != ":"]
    said = [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in events]
    answer: dict[str, Any] = dict(said)["answer"]
    assert "".join(data["text"] for name, data in said if name == "text") == answer["answer"]
    assert dict(said)["citations"] == answer["citations"]
    return answer


def widget(shared: Serving) -> httpx.Client:
    """A page of the wiki with a token that its server made with a key of its own."""
    _, key = keys(shared.folder).create("wiki", ["ask"])
    with shared.client(headers={"Authorization": f"Bearer {key}"}) as back_end:
        token = back_end.post("/tokens", json={"origin": WIKI}).json()["token"]
    return shared.client(headers={"Authorization": f"Bearer {token}", "Origin": WIKI})


def answers(client: httpx.Client, ask: Ask) -> list[dict[str, Any]]:
    """What is answered to the questions of the set, each in a conversation of its own, without what no two share."""
    given = []
    for entry in yaml.safe_load(SET):
        conversation = client.post("/conversations", json={}).json()["id"]
        for question in [*entry.get("history", []), entry["question"]]:
            answer = ask(client, question, conversation)
        given.append({name: value for name, value in answer.items() if name not in ("id", "seconds")})
    return given


@pytest.fixture(scope="module")
def printed(own: Serving, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The lines of `evaluate`."""
    folder = tmp_path_factory.mktemp("printed")
    (folder / "set.yaml").write_text(SET, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COMMUNIQUE_DATA_DIR", str(own.folder))
        assert main(["evaluate", str(folder / "set.yaml"), "--out", str(folder / "out")]) == 0
    return [json.loads(line) for line in (folder / "out" / "answers.jsonl").read_text("utf-8").splitlines()]


def assert_same(given: list[dict[str, Any]], printed: list[dict[str, Any]]) -> None:
    assert given == [
        {name: line[name] for name in answer} for answer, line in zip(given, printed, strict=True)
    ]
    assert [answer["declined"] for answer in given] == [
        entry.get("answerable") is False for entry in yaml.safe_load(SET)
    ]


@pytest.mark.parametrize("ask", [whole, streamed])
def test_the_api_answers_as_the_command_line_does(
    ask: Ask, api: httpx.Client, printed: list[dict[str, Any]]
) -> None:
    assert_same(answers(api, ask), printed)


@pytest.mark.parametrize("ask", [whole, streamed])
def test_the_widgets_endpoint_answers_as_the_command_line_does(
    ask: Ask, shared: Serving, printed: list[dict[str, Any]]
) -> None:
    with widget(shared) as client:
        assert_same(answers(client, ask), printed)
