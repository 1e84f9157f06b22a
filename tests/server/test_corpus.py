"""The corpus over the API: only a key of the right scope changes it, and what it changes is answered from."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.keys import FILE, Keys
from tests.server.conftest import copied
from tests.server.problem import kind
from tests.server.serving import Serving, serving

SECONDS = 120.0
CHECKS = (
    *("not_a_server_error", "status_code_conformance", "content_type_conformance"),
    *(
        "response_headers_conformance",
        "response_schema_conformance",
        "unsupported_method",
        "allow_header_conformance",
    ),
)
BYTES = {"Content-Type": "application/octet-stream"}
TEXT = b"Geneva, 3 May 2025 - The office opened a branch in Geneva, funded by Atlantis.\n"


@pytest.fixture(scope="module")
def served(
    corpus_index: Path, corpus_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """A server of its own over a copy of the index and of the corpus, which these tests change."""
    data = copied(corpus_index, tmp_path_factory.mktemp("changed") / "data")
    corpus = data.parent / "corpus"
    shutil.copytree(corpus_dir, corpus)
    with serving(data, corpus) as server:
        yield server


def client(server: Serving, *scopes: str) -> httpx.Client:
    key = Keys(server.folder / FILE).create("test", scopes)[1]  # type: ignore[arg-type]
    return server.client(headers={"Authorization": f"Bearer {key}"})


def ended(api: httpx.Client) -> dict[str, Any]:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        run: dict[str, Any] = api.get("/ingests/latest").json()
        if run["state"] != "running":
            return run
        time.sleep(0.2)
    raise AssertionError("the ingest did not end")


CHANGES = [
    ("PUT", "/uploads/a.txt", {"content": b"x", "headers": BYTES}),
    ("POST", "/ingests", {"json": {}}),
    ("GET", "/ingests/latest", {}),
    ("GET", "/failures", {}),
    ("DELETE", "/releases/2022-03-27-unoct-qatar-strategic-dialogue", {}),
]


@pytest.mark.parametrize(("method", "path", "more"), CHANGES)
def test_without_a_key_even_this_machine_changes_nothing(
    api: httpx.Client, method: str, path: str, more: dict[str, object]
) -> None:
    response = api.request(method, path, **more)  # type: ignore[arg-type]
    assert (response.status_code, kind(response)) == (403, "scope-missing")


def test_an_address_names_all_the_methods_that_it_takes(api: httpx.Client) -> None:
    assert api.request("PATCH", "/releases/x").headers["allow"] == "DELETE, GET"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_file_is_sent_ingested_asked_about_and_removed(served: Serving) -> None:
    with client(served, "ask") as asks:
        for method, path, more in CHANGES:
            assert kind(asks.request(method, path, **more)) == "scope-missing"  # type: ignore[arg-type]
    with client(served, "ask", "ingest") as api:
        assert kind(api.get("/ingests/latest")) == "not-found"
        sent = api.put("/uploads/geneva.txt", content=TEXT, headers=BYTES)
        assert (sent.status_code, sent.json()) == (
            201,
            {"name": "geneva.txt", "bytes": len(TEXT), "is_new": True},
        )
        assert api.put("/uploads/geneva.txt", content=TEXT, headers=BYTES).status_code == 200
        assert kind(api.put("/uploads/geneva.txt", content=b"other", headers=BYTES)) == "conflict"
        assert kind(api.put("/uploads/manifest.yaml", content=b"x", headers=BYTES)) == "invalid"
        assert kind(api.put("/uploads/x.txt", content=b"", headers=BYTES)) == "invalid"
        assert (
            kind(api.put("/uploads/x.txt", content=b"x", headers={"Content-Type": "text/plain"}))
            == "media-type"
        )
        large = b"x" * (50 * 1024 * 1024 + 1)
        assert kind(api.put("/uploads/x.txt", content=large, headers=BYTES)) == "too-large"
        assert api.put("/uploads/empty.txt", content=b" \n", headers=BYTES).status_code == 201
        for wrong in (
            {"uploads": ["../keys.sqlite"]},
            {"addresses": ["file:///etc/passwd"]},
            {"addresses": ["--x"]},
        ):
            assert kind(api.post("/ingests", json=wrong)) == "invalid"
        assert api.post("/ingests", json={"addresses": ["http://127.0.0.1:9/feed"]}).status_code == 202
        (error,) = ended(api)["errors"]
        assert "no public address" in error

        started = api.post("/ingests", json={"uploads": ["geneva.txt", "empty.txt"]})
        assert (started.status_code, started.json()["state"]) == (202, "running")
        assert kind(api.post("/ingests", json={})) == "conflict"
        run = ended(api)
        assert run["state"] == "done"
        assert run["report"]["added"] == 1
        assert run["errors"] == [next(iter(run["report"]["failed"]))["reason"]]
        (failure,) = api.get("/failures").json()["items"]
        assert failure["file"] == "empty.txt"
        assert failure["reason"].startswith("empty.txt is empty")
        answer = api.post("/ask", json={"question": "Who funds the branch in Geneva?"}).json()
        assert "Atlantis" in answer["answer"]
        assert kind(api.delete("/releases/geneva")) == "scope-missing"
    with client(served, "admin") as admin:
        assert kind(admin.delete("/releases/nothing")) == "not-found"
        assert admin.delete("/releases/geneva").status_code == 202
        assert ended(admin)["report"]["removed"] == 1
        assert kind(admin.get("/releases/geneva")) == "not-found"
    assert [path.name for path in (served.folder / "removed").rglob("*.txt")] == ["geneva.txt"]


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_whatever_a_key_sends_the_answer_is_documented_and_no_failure(
    served: Serving, tmp_path: Path
) -> None:
    key = Keys(served.folder / FILE).create("test", ["admin"])[1]
    program = Path(sys.executable).with_name("schemathesis")
    options = ["--max-examples", "6", "--no-color", "--phases", "coverage,fuzzing", "--seed", "1"]
    options += ["--suppress-health-check", "all", "--include-path-regex", "uploads|ingests|failures|releases"]
    options += ["--header", f"Authorization: Bearer {key}", "--checks", ",".join(CHECKS)]
    ran = subprocess.run(
        [program, "run", f"{served.address}/api/openapi.json", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    print(ran.stdout[-3000:])
    assert ran.returncode == 0
