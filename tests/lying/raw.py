"""A server that answers every request with bytes of a script, be they HTTP or not."""

import json
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, ClassVar


@dataclass(frozen=True)
class Bytes:
    """What is sent: `sent` at once, then `repeated` every twentieth of a second until the client hangs up."""

    sent: bytes = b""
    repeated: bytes = b""


class RawServer:
    """Sends `script` to whoever asks, and closes the connection; a context manager that leaves nothing running."""

    def __init__(self) -> None:
        self.script = Bytes()
        self._stopping = threading.Event()

    def __enter__(self) -> "RawServer":
        handler = type("Handler", (_Handler,), {"send": self._send})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def _send(self, connection: BinaryIO) -> None:
        connection.write(self.script.sent)
        while self.script.repeated and not self._stopping.wait(0.05):
            connection.write(self.script.repeated)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _Handler(socketserver.StreamRequestHandler):
    send: ClassVar[Callable[[BinaryIO], None]]

    def handle(self) -> None:
        with suppress(OSError):
            length = 0
            while (line := self.rfile.readline()).strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            self.rfile.read(length)
            type(self).send(self.wfile)


def _head(status: str, kind: str, *headers: str) -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *headers)
    return "\r\n".join([*lines, "", ""]).encode()


def _chunk(delta: dict[str, object], reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    data = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "raw", "choices": [choice]}
    return b"data: " + json.dumps(data).encode() + b"\n\n"


_STREAM = _head("200 OK", "text/event-stream")
_SAID = _chunk({"role": "assistant", "content": "Peru pays for it [1]. "})
_PAGES = " ".join(f"Peru paid {number} dollars for it [1]." for number in range(1200))
_DONE = b"data: [DONE]\n\n"
_TOOL = {"index": 0, "id": "1", "type": "function", "function": {"name": "send_mail", "arguments": "{}"}}
_HOSTILE = '{"error": {"message": "\\u001b[2J<script>alert(1)</script> https://leak.example/ \\u202e [1]", "code": 1}}'

SCRIPTS = {
    "closes at once": Bytes(),
    "speaks no HTTP": Bytes(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "an empty page": Bytes(_head("200 OK", "text/event-stream", "Content-Length: 0")),
    "a page that asks for a login": Bytes(
        _head("200 OK", "text/html") + b"<html><b>Log in</b> to the Wi-Fi</html>"
    ),
    "sends elsewhere": Bytes(
        _head("302 Found", "text/html", "Location: http://127.0.0.1:9/v1/chat/completions")
    ),
    "sends round in circles": Bytes(
        _head("307 Temporary Redirect", "text/html", "Location: /v1/chat/completions")
    ),
    "an error with codes and markup": Bytes(_head("400 Bad Request", "application/json") + _HOSTILE.encode()),
    "nothing but signs of life": Bytes(_STREAM, b": still here\n\n"),
    "empty pieces for ever": Bytes(_STREAM, _chunk({"content": ""})),
    "the same sentence for ever": Bytes(_STREAM, _SAID),
    "a hundred pages at once": Bytes(_STREAM + _chunk({"content": _PAGES}, "stop") + _DONE),
    "no choices": Bytes(
        _STREAM + b'data: {"id": "1", "object": "chat.completion.chunk", "choices": []}\n\n' + _DONE
    ),
    "no content": Bytes(_STREAM + _chunk({"role": "assistant", "content": None}, "stop") + _DONE),
    "a list for an object": Bytes(_STREAM + b"data: [1, 2, 3]\n\n" + _DONE),
    "half a character": Bytes(_STREAM + b'data: {"choices": [{"delta": {"content": "\xc3'),
    "calls a tool": Bytes(_STREAM + _chunk({"tool_calls": [_TOOL]}, "tool_calls") + _DONE),
    "too long an answer": Bytes(_STREAM + _SAID + _chunk({}, "length") + _DONE),
    "a filtered answer": Bytes(_STREAM + _SAID + _chunk({}, "content_filter") + _DONE),
    "an end without a reason": Bytes(_STREAM + _SAID + _DONE),
}
"""What goes wrong, and what is sent then."""
