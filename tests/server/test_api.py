"""The API of a running server: questions, conversations, releases, feedback."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from bot.server import objects
from tests.conftest import ROOT
from tests.server.problem import kind
from tests.server.serving import Serving

QUESTION = "who funds CT Travel?"
FOLLOW_UP = "And how many countries does it assist?"
DJIBOUTI = "2023-06-23-unoct-djibouti-ct-travel-agreement"


def ask(api: httpx.Client, question: str, **more: str) -> httpx.Response:
    response = api.post("/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return response


def events(response: httpx.Response) -> Iterator[tuple[str, object]]:
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


@pytest.fixture(scope="module")
def asked(own: Serving) -> httpx.Response:
    """One answer that several tests look at."""
    with own.client() as client:
        return ask(client, QUESTION)


def test_an_answer_is_the_object_of_the_command_line_with_its_proof(
    asked: httpx.Response, api: httpx.Client
) -> None:
    answer = asked.json()
    assert set(answer) == set(objects.Answer.model_fields)
    assert set(answer["citations"][0]) == set(objects.Citation.model_fields)
    (citation,) = answer["citations"]
    release = api.get(f"/releases/{DJIBOUTI}").json()
    assert release["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert release["revision"] == citation["revision"]


def test_a_question_in_a_conversation_is_understood_from_the_turns_before_it(api: httpx.Client) -> None:
    conversation = api.post("/conversations", json={"title": "Funding"}).json()["id"]
    first = ask(api, QUESTION, conversation=conversation)
    assert first.headers["communique-conversation"] == conversation
    assert "66 beneficiary" in ask(api, FOLLOW_UP, conversation=conversation).json()["answer"]

    stored = api.get(f"/conversations/{conversation}").json()
    assert stored["title"] == "Funding"
    assert [turn["question"] for turn in stored["turns"]] == [QUESTION, FOLLOW_UP]
    assert stored["turns"][0]["answer"] == first.json()


def test_a_stream_gives_text_then_citations_then_the_whole_answer(api: httpx.Client) -> None:
    accept = {"Accept": "text/event-stream"}
    with api.stream("POST", "/ask", json={"question": QUESTION}, headers=accept) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        seen = list(events(response))
    names = [name for name, _ in seen]
    assert names == ["text", "citations", "conversation", "answer"]
    data = dict(seen)
    answer = data["answer"]
    assert isinstance(answer, dict)
    assert data["text"] == {"text": answer["answer"]}
    assert data["citations"] == answer["citations"]
    assert api.get(f"/answers/{answer['id']}").json() == answer
    assert api.get(f"/conversations/{data['conversation']['id']}").status_code == 200  # type: ignore[index]


def test_questions_asked_at_once_get_their_own_answers(api: httpx.Client) -> None:
    questions = [QUESTION, "Who signed the agreement for Djibouti?", "Qui finance CT Travel ?"] * 2
    with ThreadPoolExecutor(len(questions)) as people:
        answers = list(people.map(lambda question: ask(api, question), questions))
    assert [answer.json()["question"] for answer in answers] == questions
    assert len({answer.headers["communique-conversation"] for answer in answers}) == len(questions)


def test_search_finds_passages_and_writes_no_answer(api: httpx.Client) -> None:
    before = api.get("/conversations", params={"limit": 1}).json()["items"]
    found = api.post("/search", json={"question": QUESTION, "limit": 3}).json()["items"]
    assert len(found) == 3
    assert found[0]["release"]["id"] == DJIBOUTI
    text = api.get(f"/releases/{DJIBOUTI}").json()["text"]
    assert text[found[0]["start"] : found[0]["end"]] == found[0]["text"]
    assert api.get("/conversations", params={"limit": 1}).json()["items"] == before


# conversations


def test_conversations_are_listed_page_by_page_the_newest_first(api: httpx.Client) -> None:
    made = [api.post("/conversations", json={"title": f"number {n}"}).json()["id"] for n in range(5)]
    found: list[str] = []
    cursor = None
    while len(found) < 5:
        page = api.get("/conversations", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        assert len(page["items"]) == 2
        found += [each["id"] for each in page["items"]]
        cursor = page["next"]
    assert found[:5] == made[::-1]


def test_the_last_page_names_no_next_one(api: httpx.Client) -> None:
    api.post("/conversations", json={})
    page, seen = api.get("/conversations", params={"limit": 100}).json(), 0
    while page["next"]:
        seen += len(page["items"])
        page = api.get("/conversations", params={"limit": 100, "cursor": page["next"]}).json()
    assert len(page["items"]) >= 1


def test_turns_come_in_pages(api: httpx.Client, asked: httpx.Response) -> None:
    conversation = asked.headers["communique-conversation"]
    ask(api, "What is the budget of CT Travel?", conversation=conversation)
    first = api.get(f"/conversations/{conversation}", params={"limit": 1}).json()
    assert [turn["question"] for turn in first["turns"]] == [QUESTION]
    second = api.get(f"/conversations/{conversation}", params={"limit": 1, "cursor": first["next"]}).json()
    assert [turn["answer"]["declined"] for turn in second["turns"]] == [True]
    assert second["next"] is None


def test_a_deleted_conversation_is_gone_with_its_answers(api: httpx.Client) -> None:
    answer = ask(api, QUESTION)
    conversation = answer.headers["communique-conversation"]
    assert api.delete(f"/conversations/{conversation}").status_code == 204
    for address in (f"/conversations/{conversation}", f"/answers/{answer.json()['id']}"):
        assert api.get(address).status_code == 404
    assert api.delete(f"/conversations/{conversation}").status_code == 404


def test_an_export_holds_question_answer_and_each_quote_with_its_place(
    api: httpx.Client, asked: httpx.Response
) -> None:
    response = api.get(f"/conversations/{asked.headers['communique-conversation']}/export")
    assert response.headers["content-type"].startswith("text/markdown")
    assert response.headers["content-disposition"].startswith("attachment")
    text = response.text.replace("\\", "")
    citation = asked.json()["citations"][0]
    assert f"## {QUESTION}" in text
    assert f"> {citation['quote']}" in text
    assert f"{citation['file']}, {citation['start']}–{citation['end']}" in text


# releases


def test_releases_are_listed_the_newest_first_and_by_page(api: httpx.Client) -> None:
    everything = api.get("/releases").json()
    dates = [each["date"] or "" for each in everything["items"]]
    assert len(dates) == 5
    assert dates == sorted(dates, reverse=True)
    first = api.get("/releases", params={"limit": 3}).json()
    rest = api.get("/releases", params={"limit": 3, "cursor": first["next"]}).json()
    assert first["items"] + rest["items"] == everything["items"]
    assert rest["next"] is None


@pytest.mark.parametrize(
    "filters",
    [
        {"since": "2023-06-23", "until": "2023-06-23"},
        {"since": "2024-01-01"},
        {"language": "en"},
        {"issuer": "counter-terrorism"},
        {"issuer": "nobody at all"},
    ],
)
def test_a_filter_leaves_those_that_fit(api: httpx.Client, filters: dict[str, str]) -> None:
    def fits(release: dict[str, str]) -> bool:
        date = release["date"] or ""
        return (
            ("since" not in filters or date >= filters["since"])
            and ("until" not in filters or "" < date <= filters["until"])
            and ("language" not in filters or release["language"] == filters["language"])
            and ("issuer" not in filters or filters["issuer"] in (release["issuer"] or "").lower())
        )

    everything = api.get("/releases").json()["items"]
    found = api.get("/releases", params=filters).json()["items"]
    assert found == [release for release in everything if fits(release)]


def test_a_release_is_read_with_a_place_marked_and_in_part(api: httpx.Client) -> None:
    whole = api.get(f"/releases/{DJIBOUTI}").json()
    assert whole["highlight"] is None
    assert whole["is_current"]
    assert len(whole["text"]) == whole["characters"]
    marked = api.get(
        f"/releases/{DJIBOUTI}", params={"start": 3851, "end": 4125, "offset": 3800, "limit": 400}
    ).json()
    assert marked["text"] == whole["text"][3800:4200]
    assert marked["highlight"] == {"start": 3851, "end": 4125, "text": whole["text"][3851:4125]}


@pytest.mark.parametrize(
    "place", [{"start": 5}, {"start": 9, "end": 9}, {"start": 0, "end": 10**6}, {"start": -1, "end": 4}]
)
def test_a_place_that_is_not_in_the_text_is_refused(api: httpx.Client, place: dict[str, int]) -> None:
    response = api.get(f"/releases/{DJIBOUTI}", params=place)
    assert (response.status_code, kind(response)) == (422, "invalid")


def test_the_original_is_the_file_that_was_read(api: httpx.Client) -> None:
    response = api.get(f"/originals/{DJIBOUTI}")
    assert response.content == (ROOT / "corpus" / f"{DJIBOUTI}.txt").read_bytes()
    assert response.headers["content-type"] == "application/octet-stream"
    assert "attachment" in response.headers["content-disposition"]


@pytest.mark.parametrize(
    "address",
    [
        "/releases/nothing",
        f"/releases/{DJIBOUTI}?revision={'0' * 64}",
        "/originals/..%2F..%2Fetc%2Fpasswd",
        f"/answers/{'0' * 32}",
        f"/conversations/{'0' * 32}",
        "/nothing",
    ],
)
def test_what_is_not_there_is_a_problem(api: httpx.Client, address: str) -> None:
    assert kind(api.get(address)) == "not-found"


# feedback


def test_feedback_is_kept_and_taken_back(api: httpx.Client, asked: httpx.Response) -> None:
    answer_id = asked.json()["id"]
    given = api.post(
        "/feedback", json={"answer_id": answer_id, "thumbs": "down", "comment": "too long"}
    ).json()
    assert (given["thumbs"], given["comment"]) == ("down", "too long")
    assert given["given"] is not None
    taken = api.post("/feedback", json={"answer_id": answer_id}).json()
    assert (taken["thumbs"], taken["comment"], taken["given"]) == (None, "", None)


def test_feedback_sent_again_with_its_key_does_not_undo_a_later_one(
    api: httpx.Client, asked: httpx.Response
) -> None:
    answer_id = asked.json()["id"]
    up, down = ({"answer_id": answer_id, "thumbs": thumbs} for thumbs in ("up", "down"))
    first = api.post("/feedback", json=up, headers={"Idempotency-Key": "one"})
    last = api.post("/feedback", json=down, headers={"Idempotency-Key": "two"})
    again = api.post("/feedback", json=up, headers={"Idempotency-Key": "one"})
    assert again.json() == first.json()
    assert api.post("/feedback", json=down, headers={"Idempotency-Key": "two"}).json() == last.json()
    assert api.post("/feedback", json=down, headers={"Idempotency-Key": "one"}).status_code == 422


# problems


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        (b"", 422, "invalid"),
        (b"{", 400, "malformed"),
        (b"[" * 60_000, 400, "malformed"),
        (b'{"question": "\xff"}', 400, "malformed"),
        (b"null", 422, "invalid"),
        (b'{"question": 7}', 422, "invalid"),
        (b'{"question": NaN}', 422, "invalid"),
        (b'{"question": "\\ud800"}', 422, "invalid"),
        (b'{"question": "  \\n "}', 422, "invalid"),
        (b'{"question": "' + b"x" * 4001 + b'"}', 422, "invalid"),
        (b'{"question": "a", "temperature": 2}', 422, "invalid"),
        (b'{"question": "a", "conversation": "../etc"}', 422, "invalid"),
        (b'{"question": "a", "conversation": "%s"}' % (b"0" * 32), 404, "not-found"),
        (b'{"question": "' + b"x" * 70_000 + b'"}', 413, "too-large"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_body_that_cannot_be_used_is_a_problem_that_says_why(
    api: httpx.Client, body: bytes, status: int, name: str, accept: str
) -> None:
    headers = {"Content-Type": "application/json", "Accept": accept}
    response = api.post("/ask", content=body, headers=headers)
    assert (response.status_code, kind(response)) == (status, name)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_body_of_another_type_is_refused(api: httpx.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = api.post("/ask", content=b'{"question": "a"}', headers=headers)
    assert (response.status_code, kind(response)) == (415, "media-type")


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("/ask", "POST"), ("/conversations", "GET, POST"), (f"/conversations/{'0' * 32}", "DELETE, GET")],
)
def test_another_method_is_refused_with_those_that_are_taken(
    api: httpx.Client, address: str, allowed: str
) -> None:
    response = api.put(address, json={})
    assert (response.status_code, kind(response)) == (405, "method-not-allowed")
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("cursor", ["x", "e30=", "WzFd", "W10=", "WyJhIiwiYiJd", "\u00e9", "W" * 1999])
def test_a_cursor_that_was_not_given_out_is_refused(api: httpx.Client, cursor: str) -> None:
    response = api.get("/conversations", params={"cursor": cursor})
    assert (response.status_code, kind(response)) == (422, "invalid")
