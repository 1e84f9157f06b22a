"""Who may call: by host name, by origin, by key and by token; everyone else is told why not."""

import http.client
import time
from collections.abc import Iterator

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.server.conftest import BASE, WIKI, keys
from tests.server.problem import kind
from tests.server.serving import Serving

FOREIGN = "https://evil.example"
QUESTION = {"question": "who funds CT Travel?"}


@pytest.fixture
def wiki(shared: Serving) -> Iterator[httpx.Client]:
    """A page of the wiki, and so without a key."""
    with shared.client(headers={"Origin": WIKI}) as client:
        yield client


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def token(shared: Serving, key: str, **more: object) -> str:
    with shared.client(headers=bearer(key)) as back_end:
        response = back_end.post("/tokens", json={"origin": WIKI, **more})
    assert response.status_code == 201, response.text
    text: str = response.json()["token"]
    return text


# hosts


@pytest.mark.parametrize("path", ["/", "/api/v1/releases", "/healthz", "/_stcore/host-config", "/media/x"])
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "a@localhost", "localhost/..", ""]
)
def test_a_name_that_is_not_the_servers_is_refused_everywhere(own: Serving, host: str, path: str) -> None:
    response = httpx.get(f"http://127.0.0.1:{own.port}{path}", headers={"Host": host}, trust_env=False)
    assert (response.status_code, kind(response)) == (421, "wrong-host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9", "chat.localhost", "192.0.2.7:80", "[::1]:8501"])
def test_this_machines_names_and_addresses_in_numbers_are_taken(own: Serving, host: str) -> None:
    response = httpx.get(f"{own.address}/healthz", headers={"Host": host}, trust_env=False)
    assert response.json() == {"status": "alive"}


def test_two_host_headers_are_refused(own: Serving) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=20)
    connection.putrequest("GET", "/healthz", skip_host=True)
    connection.putheader("Host", "localhost")
    connection.putheader("Host", "localhost")
    connection.endheaders()
    assert connection.getresponse().status in (400, 421)
    connection.close()


def test_a_host_that_was_allowed_is_taken(shared: Serving) -> None:
    answer = httpx.get(f"{shared.address}/healthz", headers={"Host": "chat.example.org"}, trust_env=False)
    assert answer.status_code == 200


# origins


@pytest.mark.parametrize(
    "origin",
    [
        FOREIGN,
        "null",
        "http://localhost:1",
        "http://127.0.0.1",
        "https://127.0.0.1:{port}",
        "x",
        "http://127.0.0.1:{port}.evil.example",
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/releases"),
        ("POST", "/api/v1/ask"),
        ("OPTIONS", "/api/v1/ask"),
        ("GET", "/_stcore/host-config"),
    ],
)
def test_a_page_of_another_origin_gets_nothing(own: Serving, origin: str, method: str, path: str) -> None:
    response = httpx.request(
        method,
        f"{own.address}{path}",
        headers={"Origin": origin.format(port=own.port), "Access-Control-Request-Method": "POST"},
        trust_env=False,
    )
    assert (response.status_code, kind(response)) == (403, "foreign-origin")
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_a_page_elsewhere_cannot_load_the_api_as_a_part_of_itself(own: Serving) -> None:
    for mode, dest in (("no-cors", "script"), ("no-cors", "image"), ("navigate", "iframe")):
        loaded = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
        response = httpx.get(f"{own.address}/api/v1/releases", headers=loaded, trust_env=False)
        assert kind(response) == "foreign-origin"
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert httpx.get(f"{own.address}/api/v1/releases", headers=followed, trust_env=False).status_code == 200


def test_the_servers_own_page_may_call(own: Serving) -> None:
    with own.client(headers={"Origin": own.address}) as page:
        assert page.get("/releases").status_code == 200
        assert page.post("/conversations", json={}).status_code == 201


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://localhost:8501", "http://127.0.0.1:1"])
def test_a_websocket_of_another_origin_is_refused(own: Serving, origin: str) -> None:
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://127.0.0.1:{own.port}/_stcore/stream", origin=origin, proxy=None),  # type: ignore[arg-type]
    ):
        pass
    assert refused.value.response.status_code == 403


def test_a_websocket_of_the_page_itself_is_taken(own: Serving) -> None:
    with connect(f"ws://127.0.0.1:{own.port}/_stcore/stream", origin=own.address, proxy=None) as socket:  # type: ignore[arg-type]
        assert socket.protocol.state.name == "OPEN"


def test_a_websocket_under_another_host_name_is_refused(own: Serving) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", own.port, timeout=20)
    upgrade = {"Host": "evil.example", "Connection": "Upgrade", "Upgrade": "websocket"}
    handshake = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"}
    connection.request("GET", "/_stcore/stream", headers={**upgrade, **handshake})
    assert connection.getresponse().status == 403
    connection.close()


def test_a_page_of_an_allowed_origin_may_ask_beforehand_and_is_told_what_it_may_read(
    wiki: httpx.Client, shared: Serving, key: str
) -> None:
    asks = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    before = wiki.options("/ask", headers=asks)
    assert before.status_code == 200
    assert before.headers["access-control-allow-origin"] == WIKI
    assert "access-control-allow-credentials" not in before.headers
    answer = wiki.get("/releases", headers=bearer(token(shared, key)))
    assert answer.headers["access-control-allow-origin"] == WIKI
    assert "Communique-Conversation" in answer.headers["access-control-expose-headers"]
    assert "Origin" in answer.headers["vary"]


# headers


def test_pages_may_be_embedded_by_allowed_origins_only_and_run_no_script_of_others(
    own: Serving, shared: Serving
) -> None:
    closed = httpx.get(f"{own.address}/", trust_env=False).headers
    assert closed["x-frame-options"] == "SAMEORIGIN"
    policy = dict(part.split(" ", 1) for part in closed["content-security-policy"].split("; "))
    assert policy["frame-ancestors"] == "'self'"
    assert "unsafe" not in policy["script-src"]
    assert policy["default-src"] == "'none'"
    open_ = httpx.get(f"{shared.address}/", trust_env=False).headers
    assert f"frame-ancestors 'self' {WIKI}" in open_["content-security-policy"]
    assert "x-frame-options" not in open_


@pytest.mark.parametrize(
    "path", ["/", "/api/v1/releases", "/api/none", "/healthz", "/_stcore/health", "/nothing"]
)
def test_every_answer_has_the_safety_headers(own: Serving, path: str) -> None:
    headers = httpx.get(f"{own.address}{path}", trust_env=False).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert len(headers["x-request-id"]) == 16
    if path.startswith("/api"):
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["cache-control"] == "no-store"
        assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v1/ask/", "/api/v2/ask", "/api//v1/ask"])
def test_what_is_not_in_the_api_is_no_page(own: Serving, path: str) -> None:
    response = httpx.get(f"{own.address}{path}", trust_env=False)
    assert (response.status_code, kind(response)) == (404, "not-found")


def test_pages_are_only_read(own: Serving) -> None:
    response = httpx.post(f"{own.address}/", content=b"x", trust_env=False)
    assert (response.status_code, kind(response)) == (405, "method-not-allowed")


# without a key


def test_a_proxy_that_was_not_declared_makes_nobody_a_program_of_this_machine(own: Serving) -> None:
    with own.client(headers={"X-Forwarded-For": "198.51.100.7"}) as somebody:
        assert kind(somebody.get("/releases")) == "key-needed"


def test_a_page_without_a_key_lists_no_conversations_but_reads_its_own_by_id(own: Serving) -> None:
    forwarded = {"X-Forwarded-For": "198.51.100.7", "Origin": own.address}
    with own.client(headers=forwarded) as page:
        conversation = page.post("/conversations", json={}).json()["id"]
        assert page.get(f"/conversations/{conversation}").status_code == 200
        assert kind(page.get("/conversations")) == "key-needed"


def test_the_conversations_of_the_chat_page_are_not_the_apis(own: Serving) -> None:
    from bot.history import FILE, History

    with History.open(own.folder / FILE) as history, own.client() as here:
        drawn = history.create("on the page").id
        assert here.get(f"/conversations/{drawn}").status_code == 404
        made = here.post("/conversations", json={}).json()["id"]
        assert drawn in {each.id for each in history.list()}
        assert made not in {each.id for each in history.list()}


# keys


@pytest.mark.parametrize(
    ("authorization", "name"),
    [
        (None, "key-needed"),
        ("Basic dTpw", "key-refused"),
        ("Bearer", "key-refused"),
        ("Bearer cmq_0123456789ab_" + "x" * 43, "key-refused"),
        ("Bearer \u00e9", "key-refused"),
        ("Bearer cmt_x.y", "token-refused"),
    ],
)
def test_once_there_are_keys_nobody_comes_in_without_one(
    shared: Serving, authorization: str | None, name: str
) -> None:
    headers = {"Authorization": authorization.encode()} if authorization else {}
    with shared.client() as client:
        response = client.get("/releases", headers=headers)
    assert (response.status_code, kind(response)) == (401, name)
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_key_opens_until_it_is_revoked(shared: Serving) -> None:
    store = keys(shared.folder)
    made, text = store.create("for a moment", ["ask"])
    with shared.client(headers=bearer(text)) as client:
        assert client.get("/releases").status_code == 200
        store.revoke(made.id)
        response = client.get("/releases")
    assert (response.status_code, kind(response)) == (401, "key-revoked")


def test_a_key_for_something_else_does_not_ask(shared: Serving) -> None:
    _, text = keys(shared.folder).create("ingest only", ["ingest"])
    with shared.client(headers=bearer(text)) as client:
        assert kind(client.get("/releases")) == "scope-missing"


def test_nobody_sees_the_conversations_of_another_key(shared: Serving) -> None:
    store = keys(shared.folder)
    with (
        shared.client(headers=bearer(store.create("one", ["ask"])[1])) as one,
        shared.client(headers=bearer(store.create("other", ["ask"])[1])) as other,
    ):
        conversation = one.post("/conversations", json={}).json()["id"]
        assert [each["id"] for each in one.get("/conversations").json()["items"]] == [conversation]
        assert other.get("/conversations").json()["items"] == []
        for response in (
            other.get(f"/conversations/{conversation}"),
            other.get(f"/conversations/{conversation}/export"),
            other.delete(f"/conversations/{conversation}"),
            other.post("/ask", json={**QUESTION, "conversation": conversation}),
        ):
            assert kind(response) == "not-found"
        assert one.get(f"/conversations/{conversation}").status_code == 200


def test_who_asks_too_often_is_told_when_to_come_again(shared: Serving, key: str) -> None:
    with shared.client(headers=bearer(key)) as client:
        answers = [client.post("/search", json={"question": " "}) for _ in range(12)]
        assert [answer.status_code for answer in answers] == [422] * 12
        # One more, or some: while a busy machine takes its time, the bucket fills again.
        while (last := client.post("/search", json={"question": " "})).status_code == 422:
            pass
    assert (last.status_code, kind(last)) == (429, "too-many-requests")
    assert int(last.headers["retry-after"]) in range(1, 61)


# tokens


def test_a_token_lets_pages_of_its_origin_ask_and_their_visitor_come_back(
    wiki: httpx.Client, shared: Serving, key: str
) -> None:
    first, second, other = (token(shared, key, visitor=name) for name in ("ann", "ann", "bob"))
    answer = wiki.post("/ask", json=QUESTION, headers=bearer(first))
    assert "Hungary" in answer.json()["answer"]
    conversation = answer.headers["communique-conversation"]
    assert wiki.get(f"/conversations/{conversation}", headers=bearer(second)).status_code == 200
    assert kind(wiki.get(f"/conversations/{conversation}", headers=bearer(other))) == "not-found"


def test_a_token_of_another_origin_or_none_is_refused(shared: Serving, key: str) -> None:
    text = token(shared, key)
    with shared.client(headers=bearer(text)) as client:
        assert kind(client.get("/releases")) == "token-origin"
        own = f"http://127.0.0.1:{shared.port}"
        assert kind(client.get("/releases", headers={"Origin": own})) == "token-origin"
        assert kind(client.get("/releases", headers={"Origin": FOREIGN})) == "foreign-origin"


def test_a_token_for_the_servers_own_pages_is_good_where_a_browser_names_no_origin(
    shared: Serving, key: str
) -> None:
    from bot.server.tokens import Token, written

    store = keys(shared.folder)
    holder = store.find(key)
    assert holder
    own = Token("a", holder.id, f"http://127.0.0.1:{shared.port}", int(time.time()) + 60, 5, "ann")
    with shared.client(headers=bearer(written(own, store.signing_secret()))) as client:
        assert client.get("/releases", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
        assert kind(client.get("/releases", headers={"Sec-Fetch-Site": "none"})) == "token-origin"
    with shared.client(headers=bearer(token(shared, key))) as client:
        assert kind(client.get("/releases", headers={"Sec-Fetch-Site": "same-origin"})) == "token-origin"


def test_a_token_that_was_changed_is_refused(wiki: httpx.Client, shared: Serving, key: str) -> None:
    text = token(shared, key)
    for changed in (
        text[:-8] + ("A" if text[-8] != "A" else "B") + text[-7:],  # the last one's bits do not all count
        text[:8] + "x" + text[8:],
        text.split(".")[0],
    ):
        assert kind(wiki.get("/releases", headers=bearer(changed))) == "token-refused"


def test_an_expired_token_is_refused(wiki: httpx.Client, shared: Serving, key: str) -> None:
    from bot.server.tokens import Token, written

    store = keys(shared.folder)
    holder = store.find(key)
    assert holder
    past = Token("a", holder.id, WIKI, int(time.time()) - 1, 5, "ann")
    text = written(past, store.signing_secret())
    assert kind(wiki.get("/releases", headers=bearer(text))) == "token-expired"


def test_a_token_falls_with_its_key(wiki: httpx.Client, shared: Serving, key: str) -> None:
    text = token(shared, key)
    holder = keys(shared.folder).find(key)
    assert holder
    keys(shared.folder).revoke(holder.id)
    assert kind(wiki.get("/releases", headers=bearer(text))) == "key-revoked"


def test_a_token_is_good_for_so_many_questions(wiki: httpx.Client, shared: Serving, key: str) -> None:
    text = token(shared, key, questions=2)
    answers = [wiki.post("/search", json={"question": " "}, headers=bearer(text)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert kind(answers[2]) == "quota-used"


def test_tokens_are_made_with_keys_for_allowed_origins_only(
    wiki: httpx.Client, shared: Serving, key: str
) -> None:
    with shared.client(headers=bearer(key)) as back_end:
        assert kind(back_end.post("/tokens", json={"origin": FOREIGN})) == "invalid"
    text = token(shared, key)
    assert kind(wiki.post("/tokens", json={"origin": WIKI}, headers=bearer(text))) == "key-needed"


# behind a proxy, under a path


def test_under_a_path_everything_is_below_it(shared: Serving) -> None:
    root = f"http://127.0.0.1:{shared.port}"
    for path in ("/", "/healthz", "/api/v1/releases", "/_stcore/health"):
        assert httpx.get(f"{root}{path}", trust_env=False).status_code == 404
    assert httpx.get(f"{root}{BASE}/_stcore/health", trust_env=False).text == "ok"
    document = httpx.get(f"{root}{BASE}/api/openapi.json", trust_env=False).json()
    assert document["servers"] == [{"url": f"{BASE}/api"}]


def test_a_declared_proxy_says_how_the_page_was_called(shared: Serving, key: str) -> None:
    page = {"Host": "chat.example.org", "Origin": "https://chat.example.org", **bearer(key)}
    with shared.client(headers=page) as client:
        assert kind(client.get("/releases")) == "foreign-origin"
        assert client.get("/releases", headers={"X-Forwarded-Proto": "https"}).status_code == 200
