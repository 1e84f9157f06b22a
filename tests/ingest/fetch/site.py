"""A web site on this machine, for tests of what fetches from one: what it answers is a table that a test fills."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ARTICLE = (
    "<!doctype html><html><head><title>{title}</title></head><body><nav>Home About</nav><article><h1>{title}</h1>"
    "<p>Geneva, 3 May 2025 – {text} The agreement was signed by both sides on Saturday, and the work begins with "
    "the training of forty officers at two border posts.</p><p>The office was founded in 2017 and works with "
    "member states on travel information.</p></article></body></html>"
)


@dataclass
class Answer:
    """What is sent: a body, or `stream`, which writes it piece by piece."""

    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stream: Callable[[Callable[[bytes], object], threading.Event], None] | None = None


class Site:
    """A server of its own port; `asked` are the paths and headers of all requests."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()
        self.address = ""

    def page(self, path: str, title: str, text: str, **headers: str) -> None:
        body = ARTICLE.format(title=title, text=text).encode()
        self.answers[path] = Answer(
            body, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def xml(self, path: str, text: str, **more: str) -> None:
        self.answers[path] = Answer(
            text.replace("SITE", self.address).encode(), "application/xml", headers=more
        )

    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


def packed(body: bytes) -> bytes:
    return gzip.compress(body)


@contextmanager
def site() -> Iterator[Site]:
    """The site, until the test is done; a validator that matches is answered with 304."""
    made = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            made.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = made.answers.get(self.path, Answer(b"nothing", "text/plain", 404))
            etag, moment = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
            same = (etag and self.headers.get("If-None-Match") == etag) or (
                moment and self.headers.get("If-Modified-Since") == moment
            )
            self.send_response(304 if same else answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if same:
                self.end_headers()
                return
            self.send_header("Content-Type", answer.kind)
            if answer.stream:
                self.close_connection = True
                self.end_headers()
                with suppress(OSError):
                    answer.stream(self.wfile.write, made.over)
                return
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield made
        finally:
            made.over.set()
            server.shutdown()
            thread.join()
