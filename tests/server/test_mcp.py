"""The protocol's own client talks to the corpus: over standard input, and over HTTP as everyone who calls."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import httpx2
import jsonschema
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from bot.server import objects
from tests.server.conftest import WIKI, copied, keys
from tests.server.problem import kind
from tests.server.serving import Serving
from tests.server.test_api import DJIBOUTI, FOLLOW_UP, QUESTION

T = TypeVar("T")
MODES = ("legacy", "auto")
"""With a handshake, as clients of before 2026-07-28, and without one."""


@asynccontextmanager
async def over_http(server: Serving, mode: str = "auto", **headers: str) -> AsyncIterator[Client]:
    async with httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as requests:
        transport = streamable_http_client(f"{server.address}/mcp", http_client=requests)
        async with Client(transport, mode=mode, read_timeout_seconds=60) as client:  # type: ignore[arg-type]
            yield client


def with_client(server: Serving, talk: Callable[[Client], Awaitable[T]], **options: str) -> T:
    async def main() -> T:
        async with over_http(server, **options) as client:
            return await talk(client)

    return asyncio.run(main())


async def checked(client: Client, name: str, **arguments: Any) -> Any:
    """The object that the tool gives, which its description must fit."""
    (tool,) = [tool for tool in (await client.list_tools()).tools if tool.name == name]
    result = await client.call_tool(name, arguments)
    assert not result.is_error, result.content
    jsonschema.validate(result.structured_content, tool.output_schema)  # type: ignore[arg-type]
    return result


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_comes_as_text_with_its_quotes_and_as_an_object_with_links(own: Serving, mode: str) -> None:
    pieces: list[str] = []

    async def shown(progress: float, total: float | None, message: str | None) -> None:
        pieces.append(message or "")

    async def talk(client: Client) -> None:
        assert [tool.name for tool in (await client.list_tools()).tools] == ["ask", "search", "read_release"]
        first = await client.call_tool("ask", {"question": QUESTION}, progress_callback=shown)
        answer = first.structured_content
        (citation,) = answer["citations"]
        assert set(answer) == {*objects.Answer.model_fields, "conversation"}
        assert citation["url"].startswith(f"{own.address}/?release={DJIBOUTI}")
        (text,) = first.content
        assert f"“{citation['quote']}”" in text.text  # type: ignore[union-attr]
        assert "".join(pieces) == answer["answer"]
        second = await checked(client, "ask", question=FOLLOW_UP, conversation=answer["conversation"])
        assert "66 beneficiary" in second.structured_content["answer"]

    with_client(own, talk, mode=mode)


def test_passages_are_found_and_a_release_read_at_its_place(own: Serving) -> None:
    async def talk(client: Client) -> None:
        found = (await checked(client, "search", question=QUESTION, limit=2)).structured_content["items"]
        assert [item["release"]["id"] for item in found] == [DJIBOUTI] * 2
        read = await checked(client, "read_release", release_id=DJIBOUTI, start=3851, end=4125, limit=400)
        whole = await checked(client, "read_release", release_id=DJIBOUTI)
        part, text = read.structured_content, whole.structured_content["text"]
        assert part["highlight"]["text"] == text[3851:4125]
        assert part["text"] == text[part["offset"] : part["offset"] + 400]
        assert part["offset"] < 3851 < 4125 < part["offset"] + 400
        assert part["text"] in read.content[0].text

    with_client(own, talk)


def test_releases_are_resources(own: Serving) -> None:
    async def talk(client: Client) -> None:
        listed = (await client.list_resources()).resources
        assert len(listed) == 5
        (release,) = [resource for resource in listed if resource.name == DJIBOUTI]
        (content,) = (await client.read_resource(release.uri)).contents
        whole = await checked(client, "read_release", release_id=DJIBOUTI)
        assert content.text == whole.structured_content["text"]  # type: ignore[union-attr]
        (template,) = (await client.list_resource_templates()).resource_templates
        assert release.uri.startswith(template.uri_template.partition("{")[0])
        for address in ("communique://releases/none", "file:///etc/passwd"):
            with pytest.raises(MCPError):
                await client.read_resource(address)

    with_client(own, talk)


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("ask", {}, "question: Field required"),
        ("ask", {"question": "  "}, "The question is empty"),
        ("ask", {"question": "x" * 4001}, "4,001 characters"),
        ("ask", {"question": QUESTION, "temperature": 2}, "temperature: Extra inputs"),
        ("ask", {"question": QUESTION, "conversation": "0" * 32}, "no conversation of this id"),
        ("search", {"question": QUESTION, "limit": 51}, "limit: Input should be less"),
        ("read_release", {"release_id": "none"}, "no such release"),
        ("read_release", {"release_id": DJIBOUTI, "start": 9, "end": 9}, "name no place"),
        ("read_release", {"release_id": DJIBOUTI, "revision": "../x"}, "revision: String should match"),
    ],
)
def test_what_goes_wrong_is_told_to_the_model(
    own: Serving, name: str, arguments: dict[str, Any], told: str
) -> None:
    async def talk(client: Client) -> None:
        result = await client.call_tool(name, arguments)
        assert result.is_error
        assert told in result.content[0].text  # type: ignore[union-attr]

    with_client(own, talk)


def test_a_tool_that_is_not_there_is_an_error_of_the_protocol(own: Serving) -> None:
    async def talk(client: Client) -> None:
        with pytest.raises(MCPError, match="ask, search, read_release"):
            await client.call_tool("delete_everything", {})

    with_client(own, talk)


def test_two_callers_do_not_see_each_others_conversations(shared: Serving) -> None:
    one, other = (keys(shared.folder).create(name, ["ask"])[1] for name in ("one", "other"))

    async def begin(client: Client) -> str:
        found = await checked(client, "ask", question=QUESTION)
        conversation: str = found.structured_content["conversation"]
        return conversation

    conversation = with_client(shared, begin, Authorization=f"Bearer {one}")

    async def go_on(client: Client) -> None:
        result = await client.call_tool("ask", {"question": FOLLOW_UP, "conversation": conversation})
        assert "no conversation of this id" in result.content[0].text  # type: ignore[union-attr]

    with_client(shared, go_on, Authorization=f"Bearer {other}")


def test_questions_are_counted_as_those_of_the_api(shared: Serving, key: str) -> None:
    async def talk(client: Client) -> None:
        async def told() -> str:
            return (await client.call_tool("search", {"question": " "})).content[0].text  # type: ignore[union-attr]

        assert all(["question is empty" in await told() for _ in range(12)])
        # One more, or some: while a busy machine takes its time, the bucket fills again.
        while "question is empty" in (last := await told()):
            pass
        assert "Too many requests" in last

    with_client(shared, talk, Authorization=f"Bearer {key}")


LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


def posted(server: Serving, content: object = LIST, **headers: str) -> httpx.Response:
    accept = {"Accept": "application/json, text/event-stream"}
    address = f"{server.address}/mcp"
    return httpx.post(address, json=content, headers={**accept, **headers}, trust_env=False, timeout=30)


def test_keys_origins_and_hosts_are_those_of_the_api(shared: Serving, key: str) -> None:
    bearer = {"Authorization": f"Bearer {key}"}
    assert posted(shared, **bearer).status_code == 200
    refused = posted(shared)
    assert (refused.status_code, kind(refused)) == (401, "key-needed")
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert kind(posted(shared, Authorization="Bearer none")) == "key-refused"
    assert kind(posted(shared, **bearer, Origin="https://evil.example")) == "foreign-origin"
    assert kind(posted(shared, **bearer, Host="evil.example")) == "wrong-host"
    assert posted(shared, **bearer, Origin=WIKI).headers["access-control-allow-origin"] == WIKI
    ingest = keys(shared.folder).create("ingest only", ["ingest"])[1]
    assert kind(posted(shared, Authorization=f"Bearer {ingest}")) == "scope-missing"


def test_messages_are_posted_as_json_and_not_too_large(own: Serving) -> None:
    assert httpx.get(f"{own.address}/mcp", trust_env=False).headers["allow"] == "POST"
    assert kind(httpx.delete(f"{own.address}/mcp", trust_env=False)) == "method-not-allowed"
    assert kind(httpx.get(f"{own.address}/mcp/", trust_env=False)) == "method-not-allowed"
    assert kind(httpx.post(f"{own.address}/mcp", content=b"x", trust_env=False)) == "media-type"
    assert kind(posted(own, {**LIST, "params": {"x": "x" * 200_000}})) == "too-large"
    for broken in ([], [LIST], "x", {"jsonrpc": "2.0"}, {**LIST, "method": 7}):
        assert 400 <= posted(own, broken).status_code < 500


# standard input


@pytest.mark.slow
def test_over_standard_input_only_messages_come_out(
    corpus_index: Path, corpus_dir: Path, tmp_path: Path
) -> None:
    data = copied(corpus_index, tmp_path / "data")
    environment = {**os.environ, "COMMUNIQUE_DATA_DIR": str(data), "COMMUNIQUE_CORPUS_DIR": str(corpus_dir)}
    program = [sys.executable, "-m", "bot", "mcp"]

    async def talk() -> None:
        parameters = StdioServerParameters(
            command=program[0], args=program[1:], env=environment, cwd=str(tmp_path)
        )
        async with Client(stdio_client(parameters), read_timeout_seconds=90) as client:
            first = (await checked(client, "ask", question=QUESTION)).structured_content
            assert "Hungary" in first["answer"]
            assert first["citations"][0]["url"] is None
            second = await checked(client, "ask", question=FOLLOW_UP, conversation=first["conversation"])
            assert "66 beneficiary" in second.structured_content["answer"]

    asyncio.run(talk())
    broken = b'not a message\n{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n'
    ran = subprocess.run(
        program, input=broken, env=environment, cwd=tmp_path, capture_output=True, timeout=90, check=True
    )
    lines = ran.stdout.splitlines()
    assert lines
    assert all(line.startswith(b'{"jsonrpc":"2.0"') for line in lines), ran.stdout
    assert b"Traceback" not in ran.stderr, ran.stderr
