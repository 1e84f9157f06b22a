"""The command line and the API give the same answers to the same questions."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from bot.__main__ import main
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


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without what no two answers share."""
    return {name: value for name, value in answer.items() if name not in ("id", "seconds")}


def over_the_api(api: httpx.Client, question: str, history: list[str]) -> dict[str, Any]:
    conversation = api.post("/conversations", json={}).json()["id"]
    for each in [*history, question]:
        response = api.post("/ask", json={"question": each, "conversation": conversation})
    answer: dict[str, Any] = response.json()
    return answer


def test_both_give_the_same_answers(
    own: Serving,
    api: httpx.Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COMMUNIQUE_DATA_DIR", str(own.folder))
    (tmp_path / "set.yaml").write_text(SET, encoding="utf-8")
    assert main(["evaluate", str(tmp_path / "set.yaml"), "--out", str(tmp_path / "out")]) == 0
    lines = (tmp_path / "out" / "answers.jsonl").read_text("utf-8").splitlines()
    printed = {line["question"]: line for line in map(json.loads, lines)}
    for each in yaml.safe_load(SET):
        answer = comparable(over_the_api(api, each["question"], each.get("history", [])))
        line = printed[each["question"]]
        assert answer == {name: line[name] for name in answer}
        assert answer["declined"] is (each.get("answerable") is False)
