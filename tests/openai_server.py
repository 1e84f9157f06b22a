"""A small server on loopback that speaks OpenAI's protocol from a script, and remembers what it was asked."""

import base64
import json
import re
import select
import socket
import struct
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar

MODEL = "scripted"
DIMENSIONS = 64


@dataclass(frozen=True)
class Fault:
    """A reply that goes wrong; `text` is what is sent of it.

    `status` refuses the request, and `retry_after` says for how long. `cut` closes the connection in mid-stream:
    "connection" without ending the response, "stream" after ending it without a reason. `seconds` pass before each word
    or refusal. `hangs` keeps the stream open after the text, and silent; `error` ends it with an event that says so.
    `counted` tells whether the tokens are counted.
    """

    text: str = ""
    status: int | None = None
    cut: str | None = None
    seconds: float = 0.0
    invalid_json: bool = False
    hangs: bool = False
    error: str | None = None
    retry_after: str | None = None
    counted: bool = True


EMPTY = Fault()


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class OpenAIServer:
    """Serves `replies` in order, the last of them for ever; a context manager that leaves nothing running."""

    def __init__(self, replies: Sequence[str | Fault] = ("Hello.",)) -> None:
        self.replies = list(replies)
        self.requests: list[Request] = []
        self.hung_up = threading.Event()
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._answered = 0

    def __enter__(self) -> "OpenAIServer":
        handler = type("Handler", (_Handler,), {"script": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def next_reply(self) -> Fault:
        with self._lock:
            reply = self.replies[min(self._answered, len(self.replies) - 1)]
            self._answered += 1
        return reply if isinstance(reply, Fault) else Fault(reply)


class _Handler(BaseHTTPRequestHandler):
    script: ClassVar[OpenAIServer]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        self._record({})
        if self.path == "/v1/models":
            self._send(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        else:
            self._refuse(404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._record(body)
        try:
            if self.path == "/v1/embeddings":
                self._embed(body)
            elif self.path == "/v1/chat/completions":
                self._chat(body, self.script.next_reply())
            else:
                self._refuse(404)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
            self.script.hung_up.set()

    def _record(self, body: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.script.requests.append(Request(self.path, headers, body))

    def _embed(self, body: dict[str, Any]) -> None:
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        encoded = body.get("encoding_format") == "base64"
        data = [
            {"object": "embedding", "index": index, "embedding": _packed(vector) if encoded else vector}
            for index, vector in enumerate(_vector(str(text)) for text in texts)
        ]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        self._send(200, {"object": "list", "model": body["model"], "data": data, "usage": usage})

    def _chat(self, body: dict[str, Any], reply: Fault) -> None:
        if reply.status:
            self._wait(reply.seconds)
            self._refuse(reply.status, reply.retry_after)
        elif body.get("stream"):
            self._stream(body, reply)
        elif reply.invalid_json:
            self._write(200, "application/json", b'{"choices": [')
        else:
            self._wait(reply.seconds)
            message = {"role": "assistant", "content": reply.text}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self._send(200, {**_head(body, "chat.completion"), "choices": [choice], "usage": _usage(reply)})

    def _stream(self, body: dict[str, Any], reply: Fault) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        head = _head(body, "chat.completion.chunk")
        for word in re.findall(r"\s*\S+|\s+$", reply.text):
            self._wait(reply.seconds)
            delta = {"role": "assistant", "content": word}
            self._event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        if reply.invalid_json:
            self._chunk(b'data: {"choices": [\n\n')
        if reply.hangs:
            self._wait(3600)
        if reply.error:
            self._event({"error": {"message": reply.error, "type": "server_error", "code": None}})
        if reply.cut == "connection":
            self.close_connection = True
            return
        if reply.cut != "stream":
            self._event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            if reply.counted and body.get("stream_options", {}).get("include_usage"):
                self._event({**head, "choices": [], "usage": _usage(reply)})
            self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _event(self, data: dict[str, Any]) -> None:
        self._chunk(b"data: " + json.dumps(data).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def _wait(self, seconds: float) -> None:
        """Wait, unless the test ends; raises ConnectionResetError as soon as the client has hung up."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not self.script.stopping.wait(min(left, 0.05)):
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError

    def _refuse(self, status: int, retry_after: str | None = None) -> None:
        data = {"error": {"message": f"scripted {status}", "type": "scripted", "code": None}}
        self._write(status, "application/json", json.dumps(data).encode(), retry_after)

    def _send(self, status: int, data: dict[str, Any]) -> None:
        self._write(status, "application/json", json.dumps(data).encode())

    def _write(self, status: int, kind: str, data: bytes, retry_after: str | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        else:
            self.send_header("Retry-After-Ms", "1")  # so that a client's retries take no time
        self.end_headers()
        self.wfile.write(data)


def _head(body: dict[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 0, "model": body["model"]}


def _usage(reply: Fault) -> dict[str, int]:
    words = len(reply.text.split())
    return {"prompt_tokens": 10, "completion_tokens": words, "total_tokens": 10 + words}


def _vector(text: str) -> list[float]:
    """A bag of hashed words: texts that share words are near one another."""
    vector = [0.0] * DIMENSIONS
    for word in text.casefold().split():
        vector[zlib.crc32(word.encode()) % DIMENSIONS] += 1.0
    return vector


def _packed(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
