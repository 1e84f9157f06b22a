"""What is logged is one line an event, with its request, and without keys or questions."""

import json
import logging

import pytest

from bot.errors import StorageError
from bot.server.logs import REMOVED, REQUEST_ID, Lines

KEY = "cmq_0123456789ab_" + "x" * 43


def record(message: str, *values: object, error: BaseException | None = None) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("communique.server", logging.WARNING, __file__, 1, message, values, exc_info)


def caused() -> Exception:
    """An unforeseen error that quotes a question, out of which came one of ours."""
    try:
        try:
            int(" ".join(["who", "funds", "it?"]))
        except ValueError as error:
            raise StorageError("The history cannot be used.") from error
    except StorageError as error:
        return error


def test_a_line_of_json_names_its_request_and_its_facts() -> None:
    token = REQUEST_ID.set("r1")
    noted = record("two\nlines %s", "é")
    noted.fields = {"status": 200}
    line = Lines(as_json=True).format(noted)
    REQUEST_ID.reset(token)
    assert "\n" not in line
    found = json.loads(line)
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "warning",
        "logger": "communique.server",
        "message": "two\nlines é",
        "request_id": "r1",
        "status": 200,
    }


@pytest.mark.parametrize("as_json", [True, False])
def test_what_an_unforeseen_error_says_is_told_only_where_questions_may_be(as_json: bool) -> None:
    for tells in (True, False):
        line = Lines(as_json=as_json, tells=tells).format(record("failed", error=caused()))
        assert "The history cannot be used." in line
        assert "ValueError" in line
        assert "test_logs.py" in line
        assert ("who funds it?" in line) is tells


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    "secret",
    [
        KEY,
        "cmt_WyJhIiwiYiJd.c2lnbmF0dXJl-_x",
        "Authorization: Bearer abc.def-123",
        "authorization: bearer abc.def-123",
        "sk-proj-0123456789abcdef",
        "a-key-of-no-known-form",
    ],
)
def test_no_key_and_no_token_is_written(as_json: bool, secret: str) -> None:
    lines = Lines(as_json=as_json, tells=True, secrets=("a-key-of-no-known-form",))
    noted = record("sent %r", secret, error=ValueError(f"refused: {secret}"))
    noted.fields = {"header": secret}
    line = lines.format(noted)
    assert secret.split()[-1] not in line
    assert line.count(REMOVED) == 3


def test_a_message_cannot_begin_a_line_of_its_own() -> None:
    line = Lines(as_json=False).format(record("refused: %s", "x\n2026-01-01 INFO all is well"))
    assert "\n" not in line
